"""The questions and displays of facts, by their kind of value.

A record's table of facts yields its Edit card, the questions, and the lines of its card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.base.screen import Html, Reader
from bot.conversation.inputs import Asking, Choice, Date, Input, Money, Number
from bot.conversation.region_inputs import Address, Country, Currency, Language, Zone
from bot.conversation.step import Step
from bot.screens.shared.field_editor import Field, as_text
from bot.screens.shared.words import day, quantity, unit_money
from core.domain.facts.fact import YES, Fact, ValueKind
from core.domain.messages import N_
from core.domain.money import QUANTITY_DIGITS
from core.domain.payment_modes import LABELS
from core.services import shown_facts

ZERO: Final = Decimal(0)
YES_OR_NO: Final[Mapping[str, str]] = {YES: N_("Yes"), "no": N_("No")}


class CleanedText(Input):
    """A text that its fact cleans and checks."""

    takes_any_text = True

    def __init__(self, fact: Fact) -> None:
        self._fact = fact

    def read(self, text: str, asking: Asking) -> Any:
        """Return the cleaned text.  Raises the refusal of its fact."""
        del asking
        return self._fact.cleaned(text)


# --- Questions ---------------------------------------------------------------------------------


def _whole(fact: Fact) -> Input:
    return Number(least=ZERO, most=Decimal(fact.limit))


def _own_country(asking: Asking) -> str:
    return asking.reader.company.country if asking.reader.company else ""


def _names(fact: Fact) -> Input:
    """Return an input for a choice among records."""

    def choices(asking: Asking) -> Mapping[str, str]:
        found = shown_facts.choices(asking.work.connection, fact.kind)
        return {str(id): name for id, name in found.items()}

    return Choice(choices, translated=False)


_INPUTS: Final[Mapping[ValueKind, Callable[[Fact], Input]]] = {
    ValueKind.TEXT: CleanedText,
    ValueKind.NOTE: CleanedText,
    ValueKind.CODE: CleanedText,
    ValueKind.EMAIL: CleanedText,
    ValueKind.ELECTRONIC_ADDRESS: CleanedText,
    ValueKind.PRICE: lambda _fact: Money(unit_price=True),
    ValueKind.QUANTITY: lambda _fact: Number(digits=QUANTITY_DIGITS, least=ZERO),
    ValueKind.WHOLE: _whole,
    ValueKind.DAYS: _whole,
    ValueKind.DATE: lambda _fact: Date(),
    ValueKind.FLAG: lambda _fact: Choice(YES_OR_NO),
    ValueKind.CURRENCY: lambda _fact: Currency(),
    ValueKind.LANGUAGE: lambda _fact: Language(),
    ValueKind.COUNTRY: lambda _fact: Country(),
    ValueKind.ZONE: lambda _fact: Zone(_own_country),
    ValueKind.PAYMENT_MODE: lambda _fact: Choice(LABELS),
    ValueKind.TAX: _names,
    ValueKind.PRICE_BOOK: _names,
    ValueKind.TEMPLATE: _names,
    ValueKind.ADDRESS: lambda _fact: Address(),
}
"""The inputs of the kinds that are asked; others come with a new record, or from a file."""


def input_of(fact: Fact) -> Input:
    """Return the input for answers about a fact.  Raises KeyError for a fact that is not asked."""
    return _INPUTS[fact.kind](fact)


def step_of(
    fact: Fact, *, key: str = "", read_by: Input | None = None, optional: bool | None = None
) -> Step:
    """Return the question about a fact as a step of a longer form.

    Args:
        fact: the fact to ask for.
        key: the key of the answer, if it is not the fact's.
        read_by: the input, if it proposes an answer.
        optional: whether it can be skipped, if that differs from the Edit card.
    """
    assert fact.asked is not None
    may_be_skipped = fact.asked.optional if optional is None else optional
    answer_input = input_of(fact) if read_by is None else read_by
    return Step(key or fact.key, fact.asked.text, answer_input, optional=may_be_skipped)


# --- Display -----------------------------------------------------------------------------------


def _as_language(value: Any, reader: Reader) -> str:
    return str(reader.translator.locale.languages.get(value, value))


def _as_country(value: Any, reader: Reader) -> str:
    return str(reader.translator.locale.territories.get(value, value))


def _as_days(value: Any, reader: Reader) -> str:
    return reader.plural("{count} day", "{count} days", value)


def _as_price(value: Any, reader: Reader) -> str:
    return unit_money(value, reader.company.currency, reader) if reader.company else str(value)


def _as_yes_or_no(value: Any, reader: Reader) -> str:
    return reader.text(YES_OR_NO[YES if value else "no"])


def _as_payment_mode(value: Any, reader: Reader) -> str:
    return reader.text(LABELS[value]) if value in LABELS else str(value)


_SHOWN: Final[Mapping[ValueKind, Callable[[Any, Reader], str]]] = {
    ValueKind.PRICE: _as_price,
    ValueKind.QUANTITY: quantity,
    ValueKind.DAYS: _as_days,
    ValueKind.DATE: day,
    ValueKind.FLAG: _as_yes_or_no,
    ValueKind.LANGUAGE: _as_language,
    ValueKind.COUNTRY: _as_country,
    ValueKind.PAYMENT_MODE: _as_payment_mode,
}
"""The displays of the kinds that are not shown as stored."""


def shown_value(fact: Fact, value: Any, reader: Reader) -> str:
    """Return a value in the reader's words."""
    return _SHOWN.get(fact.kind, as_text)(value, reader)


def fields_of(facts: Iterable[Fact]) -> tuple[Field, ...]:
    """Return the fields of an Edit card for the facts that can be asked."""
    return tuple(
        Field(
            each.key,
            each.label,
            each.asked.text,
            input_of(each),
            _SHOWN.get(each.kind, as_text),
            optional=each.asked.optional,
            empty=each.empty,
        )
        for each in facts
        if each.asked is not None
    )


def fact_lines(facts: Iterable[Fact], values: Mapping[str, Any], reader: Reader) -> list[Html]:
    """Return the lines of a card for the facts whose keys are in `values`."""
    return [
        reader.html(
            N_("{what}: {value}"),
            what=reader.text(each.label),
            value=shown_value(each, value, reader),
        )
        for each in facts
        for value in [values.get(each.key)]
        if value not in (None, "")
    ]
