"""Reading numbers as people type them, strictly, in any language.

Babel reads `1,5` in English as 15 and takes `1e5`, `1_000` and NaN for numbers. Here a text is a
number only if a person would write it so, and if it has one sensible reading; else the person is
asked. A point and a comma may each stand for the decimals or for the thousands: what follows tells
which, and where it does not (`1,234`), the language's own decimal mark does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from core.domain.errors import AmbiguousNumber, NotANumber

_MOST_CHARACTERS: Final = 40
_ARABIC_DECIMAL_MARK: Final = "\u066b"
_ARABIC_GROUP_MARK: Final = "\u066c"
_QUOTES: Final = "'\u2019\u2018\u02bc`\u00b4\u2032"
_MINUS_SIGNS: Final = "-\u2212\u2013\ufe63\uff0d"
_MARKS: Final = f".,{_ARABIC_DECIMAL_MARK}"

# Digits alone, or groups of three, or the Indian groups (12,34,567); one group mark throughout.
_WHOLE: Final = re.compile(
    r"\d+|[1-9]\d{0,2}([ .,])\d{3}(?:\1\d{3})*|[1-9]\d?([ .,])\d{2}(?:\2\d{2})*\2\d{3}",
    re.ASCII,
)
_FRACTION: Final = re.compile(r"\d+", re.ASCII)


def read_number(text: str, *, decimal_mark: str, digits: int | None = None) -> Decimal:
    """The number that `text` says.

    `decimal_mark` is the language's own; `digits`, where it is known, is how many decimals can be
    meant: a reading with more is none, so that `1,234` pieces are 1234. Raises NotANumber, and
    AmbiguousNumber with the readings, the smallest first.
    """
    shown = text.strip()
    body = plain_characters(shown)
    sign = ""
    if body[:1] in {"-", "+"}:
        sign, body = body[0].replace("+", ""), body[1:].strip()
    readings = {mark: Decimal(sign + number) for mark, number in _readings(body)}
    if len(shown) > _MOST_CHARACTERS or not readings:
        raise NotANumber(text=shown)
    if len(readings) > 1 and digits is not None:
        readings = {
            mark: value
            for mark, value in readings.items()
            if not mark or _decimals(value) <= digits
        }
    if decimal_mark in readings:
        return readings[decimal_mark]
    if len(readings) > 1:
        raise AmbiguousNumber(text=shown, readings=tuple(sorted(readings.values(), key=abs)))
    return next(iter(readings.values()))


def plain_characters(text: str) -> str:
    """`text` with ASCII digits and minus, plain spaces, and without marks of writing direction.

    Spaces and quotes of every kind become a plain space, as all of them are used to group digits.
    """
    return "".join(_plain(character) for character in text).strip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Cf":
        return ""
    if category == "Zs" or character == "\t" or character in _QUOTES:
        return " "
    if character == _ARABIC_GROUP_MARK:
        return " "
    return "-" if character in _MINUS_SIGNS else character


def _readings(body: str) -> Iterator[tuple[str, str]]:
    """What `body` can say: its decimal mark ("" for a whole number) and the plain number."""
    if _WHOLE.fullmatch(body):
        yield "", _digits_of(body)
    for mark in _MARKS:
        if body.count(mark) == 1:
            whole, fraction = body.split(mark)
            if _FRACTION.fullmatch(fraction) and (not whole or _WHOLE.fullmatch(whole)):
                yield mark, f"{_digits_of(whole) or '0'}.{fraction}"


def _digits_of(whole: str) -> str:
    return re.sub(r"[ .,]", "", whole)


def _decimals(value: Decimal) -> int:
    """How many decimals were typed, zeros included: nobody types 1.000 for one piece."""
    return -int(value.as_tuple().exponent)
