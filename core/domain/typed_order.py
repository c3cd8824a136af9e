"""An order as people type it: ``High End: 20 laptop, 3x mouse 10%``, also a pasted list.

Pure and without numbers: how a number is read depends on the language of who typed it, and so do
the few words that belong to a number (`EntryWords`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from core.domain.money import CURRENCIES

MOST_LINES = 200
"""How many lines are read of one text."""
LONGEST_LINE = 200

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# A comma between two digits belongs to a number (1,5 m); any other comma ends a line.
_BREAKS = re.compile(r"[\n;]+|,(?!\d)|(?<!\d),")
_NUMBER = r"\d[\d.,'’\u00a0\u202f]*"
# Thousands apart by a space, as some languages have them: only ahead of the words.
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?=[\s.,x×*]|$)")
_BULLET = re.compile(r"^\s*(?:[-–—*+•·▪◦‣●○✓☐]\s+|[•·▪◦‣●○]|\[[ x]?\]\s*)")
_COUNTED = re.compile(r"^\s*(?P<number>\d{1,3})[.)]\s+(?P<rest>\S.*)$")
# What is meant as a quantity and is none of ours: it is read as one, and refused in words.
_STRANGE = re.compile(
    r"^(?P<quantity>[-−+]\d[\d.,]*|\d[\d.,]*e[-+]?\d+|[-+]?(?:nan|inf|infinity))\s+(?P<words>.+)$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    rf"^(?:[x×]\s*)?(?P<quantity>{_NUMBER})\s*[x×*]?\s+(?P<words>.+)$", re.IGNORECASE
)
_TIMES = re.compile(rf"^(?P<quantity>{_NUMBER})\s*[x×*]\s*(?P<words>.+)$", re.IGNORECASE)
_UNIT_AHEAD = re.compile(
    rf"^(?P<quantity>{_NUMBER})\s?(?P<unit>[^\W\d_]+[23]?)\.?\s+(?:(?:of|de)\s+|d['’])?(?P<words>.+)$",
    re.IGNORECASE,
)
# A sign or a bracket says that the number is no part of the name.
_TIMES_BEHIND = re.compile(
    rf"^(?P<words>.+?)\s*(?:[x×*:=]\s*(?P<quantity>{_NUMBER})|\(\s*(?P<inside>{_NUMBER})\s*\))$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"^(?P<words>.*\S)\s+(?P<quantity>{_NUMBER})$")
_UNIT_BEHIND = re.compile(rf"^(?P<rest>.*\S\s+.*?{_NUMBER})\s*(?P<unit>[^\W\d_]+[23]?)\.?$")
_DISCOUNT = re.compile(rf"\s*[-−–]?\s*(?P<discount>{_NUMBER})\s*%\s*$")
_FOR_ALL = re.compile(
    rf"^(?P<word>[^\W\d_]*)[\s:]*[-−–]?\s*(?P<discount>{_NUMBER})\s*%\s*(?P<behind>[^\W\d_]*)$"
)
_PRICE = re.compile(
    rf"\s+(?P<mark>@\s*|[^\W\d_]+\s+)?(?P<before>[A-Z]{{3}}\s*|[€$£¥]\s*)?(?P<price>{_NUMBER})"
    r"\s*(?P<after>[A-Z]{3}|[€$£¥])?$"
)
# Money that is taken off: behind a minus that touches it, or beside a word like "off".
_OFF = re.compile(
    r"(?:^|\s)(?P<sign>[-−–])?(?P<before>[A-Z]{3}\s*|[€$£¥]\s*)?"
    rf"(?P<off>\d{{1,3}}(?: \d{{3}})+(?!\d)|{_NUMBER})\s*(?P<after>[A-Z]{{3}}|[€$£¥])?$",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"(?:^|\s+)(?:de\s+)?(?P<word>[^\W\d_]+)\s*:?$")
_ONLY_NUMBER = re.compile(rf"^[x×]?\s*{_NUMBER}$", re.IGNORECASE)
_SHORTEST_BARCODE = 8
_IT = "it"
"""Stands for the goods where only figures are typed."""


@dataclass(frozen=True)
class EntryWords:
    """Words that belong to numbers in the languages that are understood, folded.

    Attributes:
        units: "pcs": what stands beside a quantity and is no part of the name.
        measures: those of them that stand in names too: "m" in "HDMI Cable 2 m".
        at: "at": what stands before a price.
        discount: "discount": what stands beside a percentage for the whole order.
        spaced: whether thousands are set apart by a space.
    """

    units: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()
    discount: frozenset[str] = frozenset()
    spaced: bool = False


NO_WORDS = EntryWords()


@dataclass(frozen=True)
class EntryLine:
    """A line as it was typed; everything but its words is still a text, maybe empty.

    Attributes:
        price: the price of one, with `currency` as it was typed: a code, a sign or nothing.
        off: what is taken off the price of one, in that currency.
        whole: the words with the number behind them, where that may be a part of the name.
        with_unit: the words with the unit ahead of them, which may be a part of the name too.
    """

    words: str
    quantity: str = ""
    discount: str = ""
    price: str = ""
    currency: str = ""
    off: str = ""
    whole: str = field(default="", compare=False)
    with_unit: str = field(default="", compare=False)


@dataclass(frozen=True)
class Off:
    """Money that is taken off, as it was typed: the amount, and a code or sign of its currency."""

    amount: str
    currency: str


@dataclass(frozen=True)
class Entry:
    """Who is meant (maybe nobody) and what.

    Attributes:
        discount: the percentage on everything.
        off: the money that is taken off everything.
        heading: the first line, where it may name the party: it has no number, those below have.
        left_out: how many lines were too many to be read.
    """

    party: str
    lines: tuple[EntryLine, ...]
    discount: str = ""
    off: Off | None = None
    heading: str = field(default="", compare=False)
    left_out: int = field(default=0, compare=False)

    def without_heading(self) -> Entry:
        """The same with the heading as the party."""
        return replace(self, party=self.heading, lines=self.lines[1:], heading="")


def read_entry(text: str, words: EntryWords = NO_WORDS) -> Entry:
    """The parts of what was typed; a line without a number has none.

    The party stands before a colon in the first line.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
    first, _, rest = plain.partition("\n")
    party, colon, ordered = first.partition(":")
    if not colon or "\t" in party or _ONLY_NUMBER.match(ordered.strip()):
        party, ordered = "", first
    whole = "\n".join(part for part in (ordered, rest) if part.strip())
    parts = _uncounted([part.strip() for part in _split(whole) if part.strip()])
    discount, off, lines = "", None, list[EntryLine]()
    for part in parts[:MOST_LINES]:
        for_all, off_all = _discount_for_all(part, words), _money_off(part[:LONGEST_LINE], words)
        if for_all:
            discount = for_all
        elif off_all is not None and not off_all[0]:
            off = off_all[1]
        else:
            lines.append(_read_line(part[:LONGEST_LINE], words))
    named = party.strip()[:LONGEST_LINE]
    heading = "" if named else _heading(lines, typed=first.strip())
    left_out = max(0, len(parts) - MOST_LINES)
    return Entry(named, tuple(lines), discount, off, heading=heading, left_out=left_out)


def read_figures(text: str, words: EntryWords = NO_WORDS) -> EntryLine | None:
    """Quantity, price and discount, typed for goods that are known: ``25 @ 2300 10%``.

    None where there is anything else, or nothing of them.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
    if "\n" in plain or "\t" in plain or len(plain) > LONGEST_LINE:
        return None
    for_all = _discount_for_all(plain, words)
    line = EntryLine(_IT, discount=for_all) if for_all else _figures(plain, words)
    has_figures = line.quantity or line.price or line.discount or line.off
    return line if line.words == _IT and has_figures else None


def _figures(text: str, words: EntryWords) -> EntryLine:
    joined = _joined(text, words)
    if _ONLY_NUMBER.match(joined):
        return EntryLine(_IT, joined.lstrip("xX× "))
    return _read_line(f"{_IT} {joined}", words)


def looks_like_order(entry: Entry) -> bool:
    """Whether it names a party, or quantities: else it is a search."""
    counted = sum(1 for each in entry.lines if each.quantity)
    return bool(entry.lines) and (bool(entry.party) or counted == len(entry.lines) or counted > 1)


def _split(text: str) -> list[str]:
    """The lines; cells of a table that was pasted stay together, whatever is between them."""
    if "\t" in text:
        return text.split("\n")
    return _BREAKS.split(text)


def _uncounted(parts: list[str]) -> list[str]:
    """The lines without bullets, and without the numbers of a list that counts its lines."""
    bare = [_BULLET.sub("", part) for part in parts]
    counted = [_COUNTED.match(part) for part in bare]
    if len(bare) < 2 or any(
        found is None or int(found["number"]) != at for at, found in enumerate(counted, 1)
    ):
        return [part for part in bare if part]
    return [found["rest"] for found in counted if found is not None]


def _heading(lines: list[EntryLine], *, typed: str) -> str:
    if len(lines) < 2 or lines[0].quantity or not all(each.quantity for each in lines[1:]):
        return ""
    return typed if lines[0].words == typed else ""


def _folded(word: str) -> str:
    """A word for comparing; `core.domain.texts.folded` does the same for whole texts."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def _discount_for_all(text: str, words: EntryWords) -> str:
    """The percentage of a line that has nothing else, or only a word like "discount"."""
    found = _FOR_ALL.match(text)
    if found is None:
        return ""
    beside = [_folded(each) for each in (found["word"], found["behind"]) if each]
    return found["discount"] if all(each in words.discount for each in beside) else ""


def _percent_off(text: str) -> tuple[str, str]:
    """What stands before a percentage at the end of a line, and that, if there is one."""
    found = _DISCOUNT.search(text)
    if found is None or found.start() == 0:
        return text, ""
    return text[: found.start()].strip(), found["discount"]


def _money_off(text: str, words: EntryWords) -> tuple[str, Off] | None:
    """What stands before money that is taken off at the end of a line, and that money.

    Only with its currency, and behind a minus or beside a word like "off": else it is a price.
    """
    bare = _without_last(text, words.discount)
    found = _OFF.search(bare)
    if found is None:
        return None
    rest = bare[: found.start()]
    named = _without_last(rest, words.discount)
    currency = (found["before"] or found["after"] or "").strip().upper()
    is_money = currency in CURRENCIES or (bool(currency) and not currency.isalpha())
    if not is_money or not (found["sign"] or bare != text or named != rest):
        return None
    return named.strip(), Off(found["off"], currency)


def _without_last(text: str, words: frozenset[str]) -> str:
    """The text without its last word, if that is one of these."""
    found = _LAST_WORD.search(text)
    is_one = found is not None and _folded(found["word"]) in words
    return text[: found.start()] if found is not None and is_one else text


def _read_line(text: str, words: EntryWords) -> EntryLine:
    if "\t" in text:
        return _read_cells(text, words)
    price = currency = off = ""
    text, discount = _percent_off(text)
    taken_off = _money_off(text, words)
    if taken_off is not None and taken_off[0]:
        text, off, currency = taken_off[0], taken_off[1].amount, taken_off[1].currency
        text, before = _percent_off(text)
        discount = discount or before
    text = _joined(text, words)
    priced = _price_in(text, words)
    if priced is not None:
        text, price = priced[:2]
        currency = priced[2] or currency
    line = _counted_line(text, words)
    return replace(line, discount=discount, price=price, currency=currency, off=off)


def _joined(text: str, words: EntryWords) -> str:
    """The text with the groups of thousands of its first number held together."""
    if not words.spaced:
        return text
    return _SPACED.sub(lambda grouped: grouped[0].replace(" ", "\u202f"), text)


def _price_in(text: str, words: EntryWords) -> tuple[str, str, str] | None:
    """What stands before a price at the end of a line, the price, and its currency.

    Only a word like "at", "@" or a currency makes a price of a number.
    """
    before, _, last = text.rpartition(" ")
    if _folded(last.strip("/.")) in words.units:
        text = before.rstrip(" /") if _PRICE.search(before.rstrip(" /")) else text
    found = _PRICE.search(text)
    if found is None or found.start() == 0:
        return None
    mark = (found["mark"] or "").strip()
    currency = (found["before"] or found["after"] or "").strip()
    if currency.isalpha() and currency not in CURRENCIES:
        return None
    if mark == "@" or _folded(mark) in words.at:
        return text[: found.start()].strip(), found["price"], currency
    if not currency:
        return None
    end = found.end("mark") if mark else found.start()
    return text[:end].strip(), found["price"], currency


def _counted_line(text: str, words: EntryWords) -> EntryLine:
    """The words and the quantity, whichever stands first."""
    codes = text.split()
    if len(codes) == 2 and all(each.isdecimal() for each in codes):
        code, quantity = sorted(codes, key=len, reverse=True)
        if len(code) >= _SHORTEST_BARCODE > len(quantity):
            return EntryLine(code, quantity)
    found = _UNIT_AHEAD.match(text)
    if found is not None and _folded(found["unit"]) in words.units:
        named = text[found.start("unit") :].strip()
        return EntryLine(found["words"].strip(), found["quantity"], with_unit=named)
    for pattern in (_TIMES, _AHEAD, _STRANGE):
        found = pattern.match(text)
        if found is not None:
            return EntryLine(found["words"].strip(), found["quantity"])
    found = _UNIT_BEHIND.match(text)
    unit = "" if found is None else _folded(found["unit"])
    whole = "" if unit in words.units - words.measures else text
    if found is not None and unit in words.units:
        text = found["rest"].strip()
    found = _TIMES_BEHIND.match(text)
    if found is not None:
        return EntryLine(found["words"].strip(), found["quantity"] or found["inside"])
    found = _BEHIND.match(text)
    if found is not None:
        return EntryLine(found["words"].strip(), found["quantity"], whole=whole)
    return EntryLine(text)


def _read_cells(text: str, words: EntryWords) -> EntryLine:
    """A line of a table: the first number is the quantity, the next one the price of one."""
    names, numbers, discount = list[str](), list[str](), ""
    for cell in (each.strip() for each in text.split("\t")):
        percent = _DISCOUNT.fullmatch(cell)
        if percent is not None:
            discount = percent["discount"]
        elif _ONLY_NUMBER.match(cell) and not _is_barcode(cell):
            numbers.append(cell.lstrip("x×X "))
        elif cell and _folded(cell.rstrip(".")) not in words.units:
            names.append(cell)
    quantity, price = (*numbers, "", "")[:2]
    named = " ".join(names) or " ".join(text.split())
    return EntryLine(named, quantity, discount, price)


def _is_barcode(cell: str) -> bool:
    return cell.isdecimal() and len(cell) >= _SHORTEST_BARCODE
