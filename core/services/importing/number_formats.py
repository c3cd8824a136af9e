"""How the numbers and days of one file are written: found out once, from all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.domain.errors import AmbiguousNumber, NotANumber
from core.i18n.numbers import plain_characters, read_number
from core.services.importing.problems import NO_DAY, NO_NUMBER, TWO_DAYS, Wrong

_PLAIN: Final = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
# One mark with three digits behind it and up to three before: decimals, or thousands.
_EITHER: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_NUMERIC: Final = re.compile(r"[-+\d.,' ]+")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
MOST_PLAIN: Final = 20
EXAMPLE: Final = "2026-11-24"


@dataclass(frozen=True)
class Convention:
    """How this file writes: its decimal mark, and whether days come before months.

    `doubt` is a number of the file that could be read in two ways, empty when none is;
    `day_first` is None where no day of the file tells, and nobody's language does.
    """

    decimal_mark: str = "."
    doubt: str = ""
    day_first: bool | None = True

    def number(self, text: str) -> Decimal:
        """The number that a text says.  Raises Wrong."""
        if len(text) < MOST_PLAIN and _PLAIN.fullmatch(text) and not _EITHER.fullmatch(text):
            # Nearly all are written so, and need not be looked at from all sides.
            return Decimal(text.replace(",", "."))
        try:
            return read_number(text, decimal_mark=self.decimal_mark)
        except AmbiguousNumber as two:
            # The mark that is not the decimal one groups the thousands: the larger reading.
            readings = two.facts["readings"]
            assert isinstance(readings, tuple)
            return Decimal(max(readings, key=abs))
        except NotANumber:
            raise Wrong(NO_NUMBER, text=text) from None

    def day(self, text: str) -> date:
        """The day that a text says.  Raises Wrong."""
        plain = plain_characters(text)
        if iso := _ISO.fullmatch(plain):
            year, month, day = (int(each) for each in iso.groups())
            return _date(text, (year, month, day))
        found = _DAY.fullmatch(plain)
        if found is None:
            raise Wrong(NO_DAY, text=text, example=EXAMPLE)
        first, second, year = (int(each) for each in found.groups())
        if self.day_first is None and first != second:
            raise Wrong(TWO_DAYS, text=text, example=EXAMPLE)
        day, month = (second, first) if self.day_first is False else (first, second)
        return _date(text, (year, month, day))


def _date(text: str, parts: tuple[int, int, int]) -> date:
    try:
        return date(*parts)
    except ValueError:
        raise Wrong(NO_DAY, text=text, example=EXAMPLE) from None


def convention_of(
    numbers: Iterable[str], days: Iterable[str], *, delimiter: str, language_mark: str,
    day_first: bool | None,
) -> Convention:  # fmt: skip
    """What the texts of a file's columns of numbers and of days say about it.

    Args:
        numbers: every text that stands for a number.
        days: every text that stands for a day.
        delimiter: that of a CSV file; a semicolon is there because a comma is in the numbers.
        language_mark: the decimal mark of the company's language, for files without a delimiter.
        day_first: whether the company's language says the day first; None where it says nothing.
    """
    votes = {".": 0, ",": 0}
    doubt = ""
    for text in numbers:
        if text.isdecimal():
            continue
        mark = _decimal_mark(text if text.isascii() else plain_characters(text))
        if mark in votes:
            votes[mark] += 1
        elif mark == "?":
            doubt = doubt or text
    if votes["."] != votes[","]:
        decimal_mark = "." if votes["."] > votes[","] else ","
        doubt = ""
    else:
        decimal_mark = {";": ",", ",": "."}.get(delimiter, language_mark)
    return Convention(decimal_mark, doubt, _day_first(days, day_first))


def _decimal_mark(text: str) -> str:
    """The decimal mark that this number proves, "?" where it could be either, else nothing."""
    text = text.lstrip("+-").strip()
    if not _NUMERIC.fullmatch(text):
        return ""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rindex(".") > text.rindex(",") else ","
    if points + commas == 0:
        return ""
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        # What stands twice groups the thousands.
        return other
    whole, _, rest = text.partition(mark)
    grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "?" if grouped else mark


def _day_first(days: Iterable[str], otherwise: bool | None) -> bool | None:  # noqa: FBT001 - a fact
    for text in days:
        found = _DAY.fullmatch(plain_characters(text))
        if found is not None:
            first, second = int(found[1]), int(found[2])
            if (first > 12) != (second > 12):
                return first > 12
    return otherwise
