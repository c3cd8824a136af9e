"""The interpretation of a typed order: its party, its lines, and its doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from bot.base.refusal_sentences import sentence_of
from bot.base.screen import Reader
from bot.base.turn import Turn
from bot.screens.typing.order_preview import Understood
from core.domain.errors import DiscountOutOfRange, Refusal
from core.domain.messages import N_
from core.domain.money import ONE, ZERO, check_unit_price
from core.domain.quantity import check_quantity
from core.domain.texts import folded
from core.domain.typed_order import Entry, EntryLine, EntryWords
from core.i18n import LANGUAGES, translator, units
from core.services import search
from core.services.products import product_views
from core.services.search import Hit
from core.services.work import Work

HUNDRED: Final = Decimal(100)
OTHERS: Final = 3
"""Alternative products offered for a doubtful word."""

# Words that belong to numbers, apart by |; a translator lists all that people use.
AT: Final = N_("at|for")
DISCOUNT: Final = N_("discount|off|rebate")
SIGNS: Final = {"€": "EUR", "£": "GBP", "¥": "JPY", "$": ""}
"""Currencies by their sign; a dollar sign means the party's dollar."""


def words_of(message: str, reader: Reader) -> frozenset[str]:
    """Return the folded words of a list separated by |, in the reader's language and English."""
    said = (reader.text(message), message)
    return frozenset(folded(word) for text in said for word in text.split("|") if word.strip())


def words_of_all(message: str) -> frozenset[str]:
    """Return the folded words of a list separated by |, in all languages."""
    texts = [message, *(translator(language).text(message) for language in sorted(LANGUAGES))]
    return frozenset(folded(word) for text in texts for word in text.split("|") if word.strip())


def entry_words(reader: Reader) -> EntryWords:
    """Return the words by which the reader's orders are parsed."""
    thousand = reader.translator.number(Decimal(1000))
    return EntryWords(
        units=frozenset(units.words()),
        measures=units.measures(),
        at=words_of(AT, reader),
        discount=words_of(DISCOUNT, reader),
        spaced=any(each.isspace() for each in thousand),
    )


@dataclass(frozen=True)
class Named:
    """The party that a text names (0 if uncertain), and the candidates."""

    party_id: int = 0
    candidates: tuple[int, ...] = ()


def named_party(work: Work, text: str) -> Named:
    """Return the party named by the text before the goods."""
    hits = search.parties(work, text) if text else []
    meant = hits[0].id if hits and (hits[0].exact or len(hits) == 1) else 0
    return Named(meant, tuple(each.id for each in hits))


def with_party(work: Work, entry: Entry) -> tuple[Entry, Named]:
    """Return the entry and its party; a first line that names a party is not a product."""
    if entry.party or not entry.heading:
        return entry, named_party(work, entry.party)
    named = named_party(work, entry.heading)
    hits = search.products(work, entry.heading)
    is_product = bool(hits) and not hits[0].guessed
    if not named.candidates or is_product:
        return entry, Named()
    return entry.without_heading(), named


def understood(turn: Turn, lines: Iterable[EntryLine]) -> list[Understood]:
    """Return each line as understood.  The problem of an invalid number is kept with its line."""
    return [_line(turn, each) for each in lines]


def _line(turn: Turn, typed: EntryLine) -> Understood:
    meant, hits = _meant(turn.work, typed)
    numbers: dict[str, Any] = {"quantity": ONE, "discount": ZERO, "price": None, "off": ZERO}
    problem = ""
    try:
        numbers |= _numbers(turn, meant, product_id=hits[0].id if hits else 0)
    except Refusal as refusal:
        problem = sentence_of(refusal, turn.reader)
    is_doubtful = bool(hits) and (hits[0].guessed or not (hits[0].exact or hits[0].certain))
    others = hits[1 : OTHERS + 1] if is_doubtful or meant.whole else ()
    return Understood(
        typed.words if meant is typed else meant.words,
        hits[0].id if hits else 0,
        numbers["quantity"],
        numbers["discount"],
        tuple(each.id for each in others),
        price=numbers["price"],
        off=numbers["off"],
        currency=currency_of(typed.currency),
        doubtful=is_doubtful,
        problem=problem,
    )


def _meant(work: Work, typed: EntryLine) -> tuple[EntryLine, list[Hit]]:
    """The line and its products.

    A number behind may belong to a name, and so may a unit; a number ahead may be a code.
    """
    hits = search.products(work, typed.words)
    if typed.with_unit and not (hits and hits[0].certain):
        named = search.products(work, typed.with_unit)
        if named and named[0].certain:
            return replace(typed, words=typed.with_unit, with_unit=""), named
    if typed.whole and not (hits and hits[0].certain):
        whole = search.products(work, typed.whole)
        if whole and whole[0].certain:
            return replace(typed, words=typed.whole, quantity="", whole=""), whole
    if typed.words.isdecimal() and not (hits and hits[0].certain):
        swapped = search.products(work, typed.quantity)
        if swapped and swapped[0].certain:
            line = replace(typed, words=typed.quantity, quantity=typed.words, whole="")
            return line, swapped
    return typed, hits


def _numbers(turn: Turn, typed: EntryLine, *, product_id: int) -> dict[str, Any]:
    """Return a line's numbers in the product's units.  Raises the refusal of an invalid one."""
    words = turn.reader.translator
    found = product_views.load(turn.work.connection, [product_id]) if product_id else {}
    digits = found[product_id].unit_digits if product_id in found else 6
    quantity = words.parse_number(typed.quantity) if typed.quantity else ONE
    read: dict[str, Any] = {
        "quantity": check_quantity(quantity, unit_digits=digits),
        "discount": checked_discount(words.parse_number(typed.discount or "0")),
    }
    if typed.price:
        read["price"] = check_unit_price(words.parse_number(typed.price))
    if typed.off:
        read["off"] = check_unit_price(words.parse_number(typed.off))
    return read


def currency_of(typed: str) -> str:
    """Return the currency code of a typed code or sign; empty for the party's own currency."""
    return SIGNS.get(typed, typed)


def checked_discount(percent: Decimal) -> Decimal:
    """Return a valid discount percentage.  Raises DiscountOutOfRange."""
    if not ZERO <= percent <= HUNDRED:
        raise DiscountOutOfRange(percent=percent)
    return percent
