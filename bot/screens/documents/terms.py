"""The dates and terms of a draft, one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, lines, side_by_side
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Date, Input, Number, Text
from bot.conversation.region_inputs import address_line
from bot.conversation.step import Answers, Form, Step
from bot.screens.settings.template_words import chosen_words
from bot.screens.shared.discounts import Discount, DiscountAnswer
from bot.screens.shared.words import day, heading
from core.domain.document_type import Claims, DocumentType, PartySide
from core.domain.lifecycles import OFFER
from core.domain.messages import N_
from core.domain.money import ZERO, from_minor, to_minor
from core.domain.papers.templates import UNSAID, Chosen
from core.domain.payment_modes import LABELS as PAYMENT_LABELS
from core.domain.people import Ability
from core.services import templates
from core.services.documents import drafting, viewing
from core.services.documents.drafting import NotADraft
from core.services.documents.viewing import DocumentView
from core.services.people import parties
from core.services.people.parties import AddressRecord
from core.services.work import Work


def load_draft(work: Work, document_id: int, _arguments: Arguments) -> DocumentView:
    """Return a draft that this person may edit.  Raises NotFound, NotADraft."""
    view = viewing.view(work, document_id)
    if not view.can_edit:
        raise NotADraft(number=view.record.number or "")
    return view


# --- What can be changed -----------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """A field of a draft's header: its label, its question, its reader."""

    column: str
    label: str
    prompt: str
    input: Input
    shown: Callable[[Any, Reader], str]
    optional: bool = False


def _as_text(value: Any, _reader: Reader) -> str:
    return str(value)


def _as_moment(value: Any, reader: Reader) -> str:
    return reader.translator.moment(value, reader.zone)


def _as_days(value: Any, reader: Reader) -> str:
    return reader.plural("{count} day", "{count} days", value)


def _as_percent(value: Any, reader: Reader) -> str:
    return reader.translator.percent(value)


def _as_mode(value: Any, reader: Reader) -> str:
    return reader.text(PAYMENT_LABELS[value]) if value in PAYMENT_LABELS else str(value)


SHIPPING: Final[Mapping[str, str]] = {
    "part": N_("In parts, as available"),
    "whole": N_("All at once"),
}


def _as_shipping(value: Any, reader: Reader) -> str:
    return reader.text(SHIPPING["whole" if value else "part"])


def place_words(found: AddressRecord) -> str:
    """Return an address in one line."""
    return address_line(found.street, found.postal_code, found.city)


def _places(asking: Asking) -> Mapping[str, str]:
    """Return the addresses of the party of the edited draft."""
    its_record = viewing.view(asking.work, asking.answers.arguments["document"]).record
    if its_record.party_id is None:
        return {}
    found = parties.addresses(asking.work.connection, its_record.party_id)
    return {str(each.id): place_words(each) for each in found}


def _templates(asking: Asking) -> Mapping[str, str]:
    """Return the templates that the paper of the edited draft may follow."""
    row = viewing.view(asking.work, asking.answers.arguments["document"]).type
    return {
        str(each.id): each.name
        for each in templates.every(asking.work.connection)
        if each.suits(row)
    }


FIELDS: Final[Mapping[str, Field]] = {
    each.column: each
    for each in (
        Field(
            "valid_until", N_("Until"), N_("Valid until the end of which day?"), Date(past=False),
            _as_moment,
        ),
        Field("delivery_on", N_("Delivery date"), N_("Which delivery date?"), Date(), day),
        Field(
            "delivery_address_id", N_("Deliver to"), N_("Deliver to which address?"),
            Choice(_places, translated=False), _as_text,
        ),
        Field(
            "ships_complete", N_("Shipping"), N_("Ship in parts, or all at once?"),
            Choice(SHIPPING), _as_shipping,
        ),
        Field(
            "payment_days", N_("Payment terms"), N_("Payment due within how many days?"),
            Number(least=ZERO, most=Decimal(365)), _as_days,
        ),
        Field(
            "payment_mode", N_("Payment method"), N_("How will it be paid?"),
            Choice(PAYMENT_LABELS),
            _as_mode,
        ),
        Field(
            "discount_percent", N_("Discount"),
            N_("What discount on the total? 10%, or 50 {currency}"), Discount(), _as_percent,
        ),
        Field(
            "reference", N_("Reference"), N_("What's their reference?"), Text(most=60),
            _as_text,
        ),
        Field(
            "notes", N_("Notes"), N_("What notes should the document show?"), Text(note=True),
            _as_text
        ),
        Field(
            "template_id", N_("Template"),
            N_("Which template? Skip to use the default."),
            Choice(_templates, translated=False), _as_text, optional=True,
        ),
    )
}  # fmt: skip
IN_MONEY: Final = "discount_minor"
"""The column of a discount on the whole in money; one question asks for it or a percentage."""
LABELS: Final[Mapping[str, str]] = {
    **{column: each.label for column, each in FIELDS.items()},
    IN_MONEY: FIELDS["discount_percent"].label,
}
_PRICED_ONLY: Final = frozenset({"payment_days", "payment_mode", "discount_percent"})


def applies(column: str, row: DocumentType) -> bool:
    """Return whether a field applies: money if there is any, an end for reservations, quotes."""
    if column == "valid_until":
        return row.claims is Claims.UNTIL or row.lifecycle is OFFER
    if column == "ships_complete":
        return row.claims is Claims.WAITING
    if column == "delivery_address_id":
        return row.paper.shows_delivery_address and row.party is PartySide.CUSTOMER
    return row.priced or column not in _PRICED_ONLY


def term_words(
    column: str,
    value: Any,
    reader: Reader,
    *,
    places: Mapping[int, AddressRecord],
    currency: str | None,
    named: Mapping[int, str] | None = None,
) -> str:
    """Return a date or term in words, empty if there is none.  `named` maps templates to names."""
    if column == "template_id":
        return (named or {}).get(value, "")
    if column == IN_MONEY and currency is not None:
        return reader.translator.money(from_minor(value, currency), currency) if value else ""
    if column == "delivery_address_id":
        return place_words(places[value]) if value in places else ""
    if column == "ships_complete":
        return _as_shipping(value, reader)
    return FIELDS[column].shown(value, reader) if value else ""


# --- The card of dates and terms -----------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """A draft with the addresses where its goods may go."""

    view: DocumentView
    places: Mapping[int, AddressRecord]
    template: Chosen = UNSAID
    may_choose: bool = False

    @property
    def fields(self) -> Sequence[Field]:
        """The fields that can be changed."""
        row = self.view.type
        return [
            each
            for each in FIELDS.values()
            if applies(each.column, row)
            and (each.column != "delivery_address_id" or len(self.places) > 1)
            and (each.column != "template_id" or self.may_choose)
        ]


def places_of(work: Work, party_id: int | None) -> dict[int, AddressRecord]:
    """Return the addresses of a party by their ids."""
    if party_id is None:
        return {}
    return {each.id: each for each in parties.addresses(work.connection, party_id)}


def load_terms(work: Work, document_id: int, arguments: Arguments) -> Terms:
    """Return a draft that this person may edit.  Raises NotFound, NotADraft."""
    view = load_draft(work, document_id, arguments)
    return Terms(
        view,
        places_of(work, view.record.party_id),
        template=templates.of_document(work.connection, document_id),
        may_choose=work.actor.can(Ability.CHOOSE_TEMPLATES),
    )


def _words(each: Field, shown: Terms, reader: Reader) -> str:
    """Return what a field says now; a template comes with the rule that chose it."""
    if each.column == "template_id":
        return chosen_words(shown.template, reader)
    record = shown.view.record
    columns = [each.column, IN_MONEY] if each.column == "discount_percent" else [each.column]
    words = [
        term_words(
            column, getattr(record, column), reader,
            places=shown.places, currency=record.currency,
        )
        for column in columns
    ]  # fmt: skip
    return reader.translator.list([word for word in words if word])


def render_terms(shown: Terms, reader: Reader) -> Card:
    """Render each field with its present value; a tap asks for another."""
    view = shown.view
    found = []
    for each in shown.fields:
        value = _words(each, shown, reader)
        if value:
            found.append(
                reader.html(N_("{what}: {value}"), what=reader.text(each.label), value=value)
            )
    buttons = [
        Button(reader.text(each.label), "ask_term", id=view.record.id, argument=each.column)
        for each in shown.fields
    ]
    rows: list[Row] = side_by_side(buttons)
    return Card(
        lines(heading(view, reader), *found),
        (*rows, (back(reader, "document", id=view.record.id),)),
    )


def ask_term(turn: Turn, tap: Tap) -> None:
    """Ask for one field."""
    if tap.argument in FIELDS:
        currency = viewing.view(turn.work, tap.id).record.currency
        turn.ask(f"term_{tap.argument}", document=tap.id, currency=currency)
    else:
        turn.show("draft_terms", tap.id)


def _end_of(last_day: date, reader: Reader) -> datetime:
    """Return the end of a day in the company's zone as a fixed moment (DESIGN 4, Languages)."""
    next_day = last_day + timedelta(days=1)
    return datetime.combine(next_day, time(), tzinfo=reader.zone).astimezone(UTC)


_KEPT_AS: Final[Mapping[str, Callable[[Any, Reader], Any]]] = {
    "payment_days": lambda value, _reader: int(value),
    "valid_until": _end_of,
    "delivery_address_id": lambda value, _reader: int(value),
    "template_id": lambda value, _reader: None if value is None else int(value),
    "ships_complete": lambda value, _reader: value == "whole",
}
"""Conversions of answers that are not stored as given."""


def _as_given(value: Any, _reader: Reader) -> Any:
    return value


def _finish_term(column: str) -> Callable[[Turn, Answers], None]:
    def finish(turn: Turn, answers: Answers) -> None:
        document_id = answers.arguments["document"]
        revision = viewing.view(turn.work, document_id).record.revision
        answer = answers["value"]
        if isinstance(answer, DiscountAnswer):
            amount = to_minor(answer.amount, answers.arguments["currency"])
            changes: dict[str, Any] = {column: answer.percent, IN_MONEY: amount}
        else:
            changes = {column: _KEPT_AS.get(column, _as_given)(answer, turn.reader)}
        drafting.change_header(turn.work, document_id, revision=revision, **changes)
        turn.show("draft_terms", document_id)

    return finish


SCREENS: Final = (Screen("draft_terms", load_terms, render_terms, subject="document"),)
ACTIONS: Final = {"ask_term": ask_term}
FORMS: Final = tuple(
    Form(
        f"term_{each.column}",
        steps=(Step("value", each.prompt, each.input, optional=each.optional),),
        on_finish=_finish_term(each.column),
    )
    for each in FIELDS.values()
)
