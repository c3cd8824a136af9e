"""A cell becomes a value: one function for each way in which a column is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from core.domain.errors import Refusal
from core.domain.facts.fact import ValueKind, clean_value
from core.domain.identifiers import ElectronicAddressUnclear
from core.domain.messages import N_
from core.domain.money import CURRENCIES, MOST_PRICE, PRICE_DIGITS, QUANTITY_DIGITS, ZERO
from core.domain.payment_modes import PAYMENT_MODES
from core.domain.quantity import MOST_QUANTITY, plain
from core.domain.texts import MOST_LETTERS, EmailUnclear, TextMissing, TextTooLong, clean, folded
from core.domain.units import UNITS
from core.files.table import Filled, Odd
from core.i18n import LANGUAGES, translator, units
from core.services.importing import problems as say
from core.services.importing.matching import SIGNS
from core.services.importing.number_formats import EXAMPLE, Convention
from core.services.importing.problems import Wrong

EXACT_DIGITS: Final = 15
"""A spreadsheet keeps no longer numbers: what stands behind is made up."""

_SHORTENED: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
_BARE: Final = re.compile(r"[\d.,]+", re.ASCII)
_BESIDE: Final = re.compile(r"^([^\d+\-.,(\s]*)\s*(.*?)\s*([^\d.,)\s]*)$", re.DOTALL)

SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": (N_("customer"), "customers", "client", "clients", "acheteur", "c"),
    "vendor": (N_("vendor"), "vendors", "supplier", "suppliers", "fournisseur", "fournisseurs",
               "v", "f"),
    "both": (N_("customer and vendor"), "both", "customer vendor", "les deux",
             "client et fournisseur", "client fournisseur"),
}  # fmt: skip
NATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "goods": (N_("goods"), "good", "stock", "item", "article", "articles", "product", "produit",
              "marchandise", "marchandises", "bien", "biens", "storable"),
    "service": (N_("service"), "services", "work", "prestation", "prestations",
                "main d'oeuvre"),
}  # fmt: skip
FLAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "yes": (N_("yes"), "y", "true", "1", "x", "oui", "o", "vrai"),
    "no": (N_("no"), "n", "false", "0", "non", "faux"),
}


@dataclass(frozen=True)
class Known:
    """What the company has already, for the cells that name something of it.

    `taxes` are ids by their names as they are, folded, and by their percentages, `books` ids by
    folded names, `tax_names` what to offer instead; `units` are
    those in use, `currency` the company's.
    """

    currency: str
    taxes: Mapping[str, int] = field(default_factory=dict)
    tax_names: Sequence[str] = ()
    books: Mapping[str, int] = field(default_factory=dict)
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are read: the file's convention, what is known, a currency.

    `most` is the longest text or the largest number.
    """

    convention: Convention
    known: Known
    currency: str = ""
    most: int = MOST_LETTERS


Reader = Callable[[Filled, Reading], Any]


def text_of(cell: Filled) -> str:
    """A cell as a text: what is written in it.  Raises Wrong for formulas, errors and times."""
    match cell:
        case Odd("formula", _):
            raise Wrong(say.FORMULA)
        case Odd("error", text):
            raise Wrong(say.ERROR_CELL, text=text)
        case Odd(_, text):
            raise Wrong(say.MOMENT, text=text)
        case bool():
            return "1" if cell else "0"
        case Decimal():
            return f"{plain(cell):f}"
        case date():
            return cell.isoformat()
    return cell


def _text(kind: ValueKind) -> Reader:
    def read(cell: Filled, reading: Reading) -> str:
        return str(clean_value(kind, text_of(cell), most=reading.most))

    return read


def _code(cell: Filled, reading: Reading) -> str:
    """A code is a text, whatever a spreadsheet has made of it."""
    if isinstance(cell, date):
        raise Wrong(say.DATE_AS_CODE, text=cell.isoformat())
    text = text_of(cell).strip()
    if isinstance(cell, Decimal):
        if cell != cell.to_integral_value():
            raise Wrong(say.FRACTION_AS_CODE, text=text)
        if len(text.lstrip("-")) > EXACT_DIGITS:
            raise Wrong(say.SHORTENED, text=text)
    if _SHORTENED.fullmatch(text):
        raise Wrong(say.SHORTENED, text=text)
    return str(clean_value(ValueKind.CODE, text, most=reading.most))


# --- Numbers -----------------------------------------------------------------------------------


def bare_number(text: str) -> tuple[str, str]:
    """A number without what stands before or behind it, and that: "12,50 €" is "12,50", "€"."""
    if _BARE.fullmatch(text):
        return text, ""
    found = _BESIDE.match(text.strip())
    assert found is not None
    return found[2], (found[1] + found[3]).strip()


def _number(cell: Filled, reading: Reading, *, digits: int, most: Decimal) -> Decimal:
    if isinstance(cell, date):
        raise Wrong(say.NO_NUMBER, text=cell.isoformat())
    if isinstance(cell, Decimal):
        value = cell
    else:
        text = text_of(cell)
        value = reading.convention.number(bare_number(text)[0] or text)
    shown = f"{value:f}"
    if value < ZERO:
        raise Wrong(say.BELOW_ZERO, text=shown)
    if value > most:
        raise Wrong(say.TOO_LARGE, text=shown)
    if value != round(value, digits):
        raise Wrong(say.TOO_FINE, text=shown, digits=digits)
    return plain(value)


def _price(cell: Filled, reading: Reading) -> Decimal:
    if isinstance(cell, str):
        bare, beside = bare_number(cell)
        if bare and not _suits(beside, reading.currency):
            raise Wrong(say.OTHER_CURRENCY, text=cell, currency=reading.currency)
    return _number(cell, reading, digits=PRICE_DIGITS, most=MOST_PRICE)


def _suits(beside: str, currency: str) -> bool:
    """Whether what stands beside an amount can be its currency."""
    if not beside or not currency:
        return True
    if beside in SIGNS:
        return SIGNS[beside] == currency
    return beside.upper() == currency or ("$" in beside and currency.endswith("D"))


def _quantity(cell: Filled, reading: Reading) -> Decimal:
    return _number(cell, reading, digits=QUANTITY_DIGITS, most=MOST_QUANTITY)


def _whole(cell: Filled, reading: Reading) -> int:
    return int(_number(cell, reading, digits=0, most=Decimal(reading.most)))


def _date(cell: Filled, reading: Reading) -> date:
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal):
        raise Wrong(say.NO_DAY, text=text_of(cell), example=EXAMPLE)
    return reading.convention.day(text_of(cell))


# --- One of several ----------------------------------------------------------------------------


@cache
def _spoken(table: str) -> Mapping[str, str]:
    """Every word of a table of choices, folded, in every language, and its key."""
    found: dict[str, str] = {}
    for key, words in _TABLES[table].items():
        for language in LANGUAGES:
            found.setdefault(folded(translator(language).text(words[0])), key)
        for word in (key, *words):
            found.setdefault(folded(word), key)
    return found


@lru_cache(maxsize=1024)
def _meant(table: str, text: str) -> str | None:
    """The key that a word means in a table of choices; the same words come in row after row."""
    return _spoken(table).get(folded(text))


_TABLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "side": SIDES,
    "nature": NATURES,
    "payment_mode": {mode.code: (mode.label, *mode.words) for mode in PAYMENT_MODES.values()},
    "flag": FLAGS,
}


def _choice(table: str) -> Reader:
    def read(cell: Filled, _reading: Reading) -> str:
        text = text_of(cell)
        found = _meant(table, text)
        if found is None:
            choices = ", ".join(words[0] for words in _TABLES[table].values())
            raise Wrong(say.NOT_ONE_OF, text=text, choices=choices)
        return found

    return read


def _unit(cell: Filled, reading: Reading) -> str:
    """A unit of the table by any of its words, else one that the company has made up."""
    text = clean(text_of(cell), most=10**6)
    found = units.read(text)
    if found is not None:
        return found.code
    if text not in reading.known.units:
        choices = ", ".join(each.label for each in UNITS if each.is_offered)
        raise Wrong(say.NOT_ONE_OF, text=text, choices=choices)
    return text


def _flag(cell: Filled, _reading: Reading) -> bool:
    text = text_of(cell)
    found = _meant("flag", text)
    if found is None:
        raise Wrong(say.NO_FLAG, text=text)
    return found == "yes"


def _currency(cell: Filled, _reading: Reading) -> str:
    text = text_of(cell).strip()
    found = SIGNS.get(text, text.upper())
    if found not in CURRENCIES:
        raise Wrong(say.NO_CURRENCY, text=text)
    return found


def _language(cell: Filled, _reading: Reading) -> str:
    text = text_of(cell)
    spoken = _languages()
    found = spoken.get(folded(text))
    if found is None:
        raise Wrong(say.NOT_ONE_OF, text=text, choices=", ".join(LANGUAGES))
    return found


@cache
def _languages() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code in LANGUAGES:
        for language in LANGUAGES:
            name = translator(language).locale.languages.get(code, code)
            found[folded(str(name))] = code
        found[folded(code)] = code
        found[folded(str(translator(code).locale.languages.get(code, code)))] = code
    return found


def _country(cell: Filled, _reading: Reading) -> str:
    text = text_of(cell)
    found = _countries().get(folded(text))
    if found is None:
        raise Wrong(say.NO_COUNTRY, text=text)
    return found


@cache
def _countries() -> Mapping[str, str]:
    """Codes and names of countries in every language; codes have two letters."""
    found: dict[str, str] = {}
    for language in ("en", *LANGUAGES):
        for code, name in translator(language).locale.territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(folded(str(name)), str(code))
                found[folded(code)] = str(code)
    return found | {"uk": "GB", "england": "GB", "usa": "US", "u s a": "US", "angleterre": "GB"}


def _tax(cell: Filled, reading: Reading) -> int:
    """A tax by its name or by its percentage; a cell of percent in a spreadsheet holds 0.2."""
    known = reading.known
    text = text_of(cell)
    if text in known.taxes:
        return known.taxes[text]
    wanted = [folded(text)]
    if isinstance(cell, Decimal):
        as_percent = cell * 100 if ZERO < cell < 1 else cell
        wanted.append(f"{plain(as_percent):f}")
    else:
        bare, beside = bare_number(text)
        if bare and beside in ("", "%"):
            wanted.append(f"{plain(reading.convention.number(bare)):f}")
    found = next((known.taxes[each] for each in wanted if each in known.taxes), None)
    if found is None:
        raise Wrong(say.NO_TAX, text=text, choices=", ".join(known.tax_names) or "–")
    return found


def _price_book(cell: Filled, reading: Reading) -> int:
    text = text_of(cell)
    found = reading.known.books.get(folded(text))
    if found is None:
        raise Wrong(say.NO_BOOK, text=text)
    return found


READERS: Final[Mapping[ValueKind, Reader]] = {
    ValueKind.TEXT: _text(ValueKind.TEXT),
    ValueKind.NOTE: _text(ValueKind.NOTE),
    ValueKind.CODE: _code,
    ValueKind.EMAIL: _text(ValueKind.EMAIL),
    ValueKind.ELECTRONIC_ADDRESS: _text(ValueKind.ELECTRONIC_ADDRESS),
    ValueKind.PRICE: _price,
    ValueKind.QUANTITY: _quantity,
    ValueKind.WHOLE: _whole,
    ValueKind.DAYS: _whole,
    ValueKind.DIGITS: _whole,
    ValueKind.DATE: _date,
    ValueKind.SIDE: _choice("side"),
    ValueKind.NATURE: _choice("nature"),
    ValueKind.UNIT: _unit,
    ValueKind.PAYMENT_MODE: _choice("payment_mode"),
    ValueKind.FLAG: _flag,
    ValueKind.CURRENCY: _currency,
    ValueKind.LANGUAGE: _language,
    ValueKind.COUNTRY: _country,
    ValueKind.TAX: _tax,
    ValueKind.PRICE_BOOK: _price_book,
}
NUMERIC: Final = frozenset(
    {
        ValueKind.PRICE, ValueKind.QUANTITY, ValueKind.WHOLE, ValueKind.DAYS, ValueKind.DIGITS,
    }
)  # fmt: skip
"""The kinds whose texts say how a file writes its numbers."""

_WRONG: Final[Mapping[str, str]] = {
    TextMissing.code: say.EMPTY_CELL,
    TextTooLong.code: say.TOO_LONG,
    EmailUnclear.code: say.NO_EMAIL,
    ElectronicAddressUnclear.code: say.NO_ELECTRONIC_ADDRESS,
}
"""What is said of a cell that the rules of its kind refuse."""


def value_of(kind: ValueKind, cell: Filled, reading: Reading) -> Any:
    """Return what a cell holds, cleaned as its kind is.

    Raises:
        Wrong: it cannot be that.
    """
    try:
        return READERS[kind](cell, reading)
    except Refusal as refusal:
        facts: Mapping[str, Any] = refusal.facts
        raise Wrong(_WRONG[refusal.code], **facts) from None
