"""A fact of a record as one row: how its value is cleaned, and everywhere that it stands.

`party`, `product` and `company` are the tables beside this file. Services clean by them, and what
shows or reads a fact derives itself from the row by its kind of value: the question in the chat,
the line on a card, the column of a file, the line on a paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from core.domain.errors import QuantityNegative
from core.domain.identifiers import electronic_address
from core.domain.money import QUANTITY_DIGITS, check_unit_price, digits, to_scaled
from core.domain.people import Ability
from core.domain.quantity import check_quantity
from core.domain.texts import MOST_LETTERS, TextMissing, clean, clean_email, clean_note
from core.domain.units import code_of


class ValueKind(StrEnum):
    """What a fact's value is: by this it is cleaned, asked for, read from a cell and shown."""

    TEXT = "text"
    # A text of several lines.
    NOTE = "note"
    # A text that a spreadsheet must not take for a number or a day.
    CODE = "code"
    EMAIL = "email"
    ELECTRONIC_ADDRESS = "electronic_address"
    PRICE = "price"
    QUANTITY = "quantity"
    WHOLE = "whole"
    DAYS = "days"
    DIGITS = "digits"
    DATE = "date"
    FLAG = "flag"
    CURRENCY = "currency"
    LANGUAGE = "language"
    COUNTRY = "country"
    ZONE = "zone"
    SIDE = "side"
    NATURE = "nature"
    UNIT = "unit"
    PAYMENT_MODE = "payment_mode"
    # The id of another record, which people know by its name.
    TAX = "tax"
    PRICE_BOOK = "price_book"
    TEMPLATE = "template"
    # Street, postal code and town in one answer, kept by three other facts.
    ADDRESS = "address"


REFERENCES: Final = frozenset({ValueKind.TAX, ValueKind.PRICE_BOOK, ValueKind.TEMPLATE})
"""The kinds whose value is the id of another record."""


@dataclass(frozen=True)
class Question:
    """What the chat asks for a fact; an `optional` one can be skipped."""

    text: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class OnCard:
    """A fact on the card of its record, for those who have the ability.

    It is a line, "label: value", unless the card has a place of its own for it.
    """

    seen_with: Ability
    has_own_place: bool = False


@dataclass(frozen=True)
class FileColumn:
    """The column of a fact in a file that is imported or exported.

    `names` are other headings for it, in English and French; `key` is its name where that is not
    the fact's.
    """

    heading: str
    names: tuple[str, ...] = ()
    key: str = ""
    required: bool = False


@dataclass(frozen=True)
class OnPaper:
    """A fact on papers: a line below the party's address, "label: value".

    What `core.pdf` and `core.einvoice` know by name has a `place`, the field of the paper's view;
    `term` is its business term in an e-invoice (EN 16931).
    """

    place: str = ""
    term: str = ""


@dataclass(frozen=True)
class Fact:
    """A row of a table of facts.

    Attributes:
        key: its name: of its form, and of its column unless `column` says otherwise.
        kind: what its value is.
        label: what people call it, a message.
        column: the column that keeps it, where that is not called `key`; empty for what is kept
            by several columns.
        holder: whose row has the column; empty for the record's own.
        most: the longest text, or the largest number; None for what its kind allows.
        needed: whether there is always a value.
        empty: what is kept where nothing is known.
        folds: with it, a column `folded_...` keeps the value as it is compared.
        asked: the question on the Edit card; None where it is not changed there.
        card: where the record's card shows it.
        file: its column in files.
        paper: where papers show it.
    """

    key: str
    kind: ValueKind
    label: str
    column: str | None = None
    holder: str = ""
    most: int | None = None
    needed: bool = False
    empty: Any = None
    folds: Callable[[str], str] | None = None
    asked: Question | None = None
    card: OnCard | None = None
    file: FileColumn | None = None
    paper: OnPaper | None = None

    @property
    def kept_in(self) -> str:
        """The name of its column."""
        return self.key if self.column is None else self.column

    @property
    def file_key(self) -> str:
        """The name of its column in files."""
        return (self.file.key if self.file is not None else "") or self.key

    @property
    def limit(self) -> int:
        """The longest text or the largest number that it takes."""
        return limit_of(self.kind, self.most)

    def cleaned(self, value: Any) -> Any:
        """Return the value as it is kept.

        Raises:
            TextMissing: it is needed, and there is none.
            Refusal: it is none of its kind, too long or too large.
        """
        if value is None or value == "":
            if self.needed:
                raise TextMissing
            return self.empty
        return clean_value(self.kind, value, most=self.limit)


LIMITS: Final[Mapping[ValueKind, int]] = {
    ValueKind.NOTE: 10 * MOST_LETTERS,
    ValueKind.CODE: 64,
    ValueKind.EMAIL: 80,
    ValueKind.ELECTRONIC_ADDRESS: 120,
    ValueKind.WHOLE: 10**9,
    ValueKind.DAYS: 365,
    ValueKind.DIGITS: QUANTITY_DIGITS,
}
"""The longest text or the largest number of a kind; other texts are names."""


def limit_of(kind: ValueKind, most: int | None = None) -> int:
    """Return the longest text or the largest number of a kind, or `most` where it is given."""
    return LIMITS.get(kind, MOST_LETTERS) if most is None else most


def clean_value(kind: ValueKind, value: Any, *, most: int) -> Any:
    """Return a value of a kind as it is kept; `most` is the longest text or largest number.

    Raises:
        Refusal: it is none of its kind, too long or too large.
    """
    clean_it = _CLEANERS.get(kind)
    return value if clean_it is None else clean_it(value, most)


def _text(value: str, most: int) -> str:
    return clean(value, most=most)


def _unit(value: str, most: int) -> str:
    return code_of(clean(value, most=most))


def _note(value: str, most: int) -> str:
    return clean_note(value, most=most)


def _email(value: str, most: int) -> str:
    return clean_email(value, most=most)


def _electronic_address(value: str, most: int) -> str:
    return str(electronic_address(clean(value, most=most)))


def _currency(value: str, _most: int) -> str:
    digits(value)
    return value


def _price(value: Decimal, _most: int) -> Decimal:
    return check_unit_price(value)


def _quantity(value: Decimal, _most: int) -> Decimal:
    return check_quantity(value, unit_digits=QUANTITY_DIGITS, zero_allowed=True)


def _whole(value: Decimal | int, most: int) -> int:
    scaled = to_scaled(Decimal(value), 0, most=Decimal(most))
    if scaled < 0:
        raise QuantityNegative(quantity=Decimal(value))
    return scaled


def _flag(value: bool | str, _most: int) -> bool:  # noqa: FBT001 - it is the value itself
    return value in (True, YES)


def _reference(value: int | str, _most: int) -> int:
    return int(value)


YES: Final = "yes"
"""What an answer says for true."""
_CLEANERS: Final[Mapping[ValueKind, Callable[[Any, int], Any]]] = {
    ValueKind.TEXT: _text,
    ValueKind.NOTE: _note,
    ValueKind.CODE: _text,
    ValueKind.EMAIL: _email,
    ValueKind.ELECTRONIC_ADDRESS: _electronic_address,
    ValueKind.PRICE: _price,
    ValueKind.QUANTITY: _quantity,
    ValueKind.WHOLE: _whole,
    ValueKind.DAYS: _whole,
    ValueKind.DIGITS: _whole,
    ValueKind.FLAG: _flag,
    ValueKind.CURRENCY: _currency,
    ValueKind.COUNTRY: _text,
    ValueKind.UNIT: _unit,
    **dict.fromkeys(REFERENCES, _reference),
}
"""The kinds of which not every value is kept as it comes."""


# --- The facts of one row of the database ------------------------------------------------------


def columns_of(table: Iterable[Fact], holder: str = "") -> dict[str, Fact]:
    """Return the facts that a row of `holder` keeps, by their columns."""
    return {each.kept_in: each for each in table if each.holder == holder and each.kept_in}


def asked_facts(table: Iterable[Fact], *, first: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    """Return the facts that the Edit card asks: these first, the others as in the table."""
    asked = {each.key: each for each in table if each.asked is not None}
    return tuple(asked[key] for key in dict.fromkeys((*first, *asked)))


def values_of(
    columns: Mapping[str, Fact], values: Mapping[str, Any], *, restored: bool = False
) -> dict[str, Any]:
    """Return the values of a row's columns as they are kept, with those that compare them.

    What is no fact stays as it is; `restored` values were kept before and are not cleaned again,
    since a rule may be stricter than it was.

    Raises:
        Refusal: a value is refused by its fact.
    """
    found = dict(values)
    for name, value in values.items():
        fact = columns.get(name)
        if fact is None:
            continue
        found[name] = value if restored else fact.cleaned(value)
        if fact.folds is not None:
            found[f"folded_{name}"] = fact.folds(found[name])
    return found


def empty_values(columns: Mapping[str, Fact]) -> dict[str, Any]:
    """Return what is kept in the columns of a new row of which nothing is said."""
    return {name: each.empty for name, each in columns.items() if not each.needed}
