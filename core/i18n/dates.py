"""Reading dates as people type them: 2026-11-28, 28/11, 28 nov, Fri 28 Nov, tomorrow, Friday."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton, get_date_format

from core.domain.messages import N_
from core.i18n.numbers import plain_characters

# A day without a year is the next such day, unless it has just been: a payment of last week is
# meant as that one, not as one in a year's time.
_DAYS_BACK: Final = 90

_TOKENS: Final = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN_TOKENS: Final = re.compile(r"[\s.,/()-]*")
_ORDINAL_SIGN: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|[ºª°])(?![^\W\d_])")
_YEAR: Final = re.compile(r"(?:19|20|21)\d\d")
_IDEOGRAPHS: Final = str.maketrans(
    {"年": "/", "月": "/", "日": " ", "년": "/", "월": "/", "일": " "}
)

UNREADABLE: Final = N_("Write a date like {numeric}, {named} or {relative}.")
NO_SUCH_MONTH: Final = N_("There is no month {month}. A year has 12.")
NO_SUCH_DAY: Final = N_("There is no {day} {month}: the month has {days} days.")
OTHER_WEEKDAY: Final = N_("{date} is a {weekday}.")

RELATIVE_DAYS: Final[Mapping[str, int]] = {
    N_("yesterday"): -1,
    N_("today"): 0,
    N_("tomorrow"): 1,
    N_("the day after tomorrow"): 2,
}
"""Words for days near today: the English source and how many days ahead it is."""


class UnreadableDate(ValueError):
    """Why a text is no date: one of the messages above, and its facts."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


@dataclass(frozen=True)
class _Names:
    """What words mean in dates of a language (or in English): months from 1, weekdays from 0."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    fillers: frozenset[str]
    order: str


@dataclass
class _Read:
    """What was found in a text so far."""

    numbers: list[str]
    month: int | None = None
    weekday: int | None = None


def read_date(text: str, *, today: date, locale: Locale, relative: Mapping[str, int]) -> date:
    """The day that `text` says, seen from `today`.

    `relative` has the language's own words for near days. Numbers stand in the order of the
    language, unless only another order makes a date (11/28). A weekday is the next such day after
    today; a day without a year is the next such day too, or that of the last 90 days. Raises
    UnreadableDate.
    """
    folded = _fold(text)
    said = [*RELATIVE_DAYS.items(), *relative.items()]
    near = {_joined(word): days for word, days in said}
    if _joined(text) in near:
        return today + timedelta(days=near[_joined(text)])
    names = _names(str(locale))
    read = _classify(_ORDINAL_SIGN.sub("", folded), names)
    if read.weekday is not None and read.month is None and not read.numbers:
        return today + timedelta(days=(read.weekday - today.weekday() - 1) % 7 + 1)
    year, month, day = _parts(read, names.order)
    found = _existing(year, month, day, today=today, locale=locale)
    if read.weekday not in {None, found.weekday()}:
        raise UnreadableDate(
            OTHER_WEEKDAY, date=found, weekday=format_date(found, "EEEE", locale=locale)
        )
    return found


def _fold(text: str) -> str:
    """`text` without case, accents and unusual characters: Août and aout are the same."""
    decomposed = unicodedata.normalize("NFKD", plain_characters(text.translate(_IDEOGRAPHS)))
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return " ".join(bare.casefold().split())


def _joined(text: str) -> str:
    """`text` folded and without hyphens, as après-demain is also typed après demain."""
    return _fold(text.replace("-", " "))


def _classify(folded: str, names: _Names) -> _Read:
    """Sort the words and numbers of a text. A word that means nothing in a date is refused."""
    if not _BETWEEN_TOKENS.fullmatch(_TOKENS.sub("", folded)):
        raise UnreadableDate(UNREADABLE)
    tokens = _TOKENS.findall(folded)
    read = _Read(numbers=[token for token in tokens if token.isdigit()])
    words = [token for token in tokens if not token.isdigit()]
    # French "mar" is March and Tuesday: what it means shows when the clear words are known.
    for word in sorted(words, key=lambda word: len(_kinds(word, names))):
        match _kinds(word, names):
            case {"month": month} if read.month is None and read.numbers:
                read.month = month
            case {"weekday": weekday} if read.weekday is None:
                read.weekday = weekday
            case _ if word not in names.fillers:
                raise UnreadableDate(UNREADABLE)
    return read


def _kinds(word: str, names: _Names) -> dict[str, int]:
    """What `word` can be: a "month", a "weekday", both or neither."""
    found = {
        "month": _meaning(word, names.months),
        "weekday": _meaning(word, names.weekdays),
    }
    return {kind: number for kind, number in found.items() if number is not None}


def _meaning(word: str, names: Mapping[str, int]) -> int | None:
    """The number of the name that `word` is, or begins, with three letters or more."""
    if word in names:
        return names[word]
    begun = {number for name, number in names.items() if len(word) >= 3 and name.startswith(word)}
    return begun.pop() if len(begun) == 1 else None


def _parts(read: _Read, order: str) -> tuple[int | None, int, int]:
    """Year (None if it was not said), month and day, not yet checked against the calendar."""
    numbers = read.numbers
    if read.month is not None:
        match numbers:
            case [day]:
                return None, read.month, _small(day)
            case [year, day] if len(year) == 4:
                return _year(year), read.month, _small(day)
            case [day, year]:
                return _year(year), read.month, _small(day)
        raise UnreadableDate(UNREADABLE)
    if len(numbers) not in {2, 3}:
        raise UnreadableDate(UNREADABLE)
    if len(numbers) == 2:
        order = order.replace("y", "")
    elif len(numbers[0]) == 4:
        order = "ymd"
    elif len(numbers[2]) == 4 and order == "ymd":
        order = "dmy"
    said = dict(zip(order, numbers, strict=True))
    month, month_day = _small(said["m"]), _small(said["d"])
    if month > 12 >= month_day:
        month, month_day = month_day, month
    return (_year(said["y"]) if "y" in said else None), month, month_day


def _small(number: str) -> int:
    """A day or a month."""
    if len(number) > 2:
        raise UnreadableDate(UNREADABLE)
    return int(number)


def _year(number: str) -> int:
    """A year of two digits (this century) or of four."""
    if len(number) == 2:
        return 2000 + int(number)
    if not _YEAR.fullmatch(number):
        raise UnreadableDate(UNREADABLE)
    return int(number)


def _existing(year: int | None, month: int, day: int, *, today: date, locale: Locale) -> date:
    """The day in the calendar, in the year that is meant when none was said."""
    if not 1 <= month <= 12:
        raise UnreadableDate(NO_SUCH_MONTH, month=month)
    earliest = today - timedelta(days=_DAYS_BACK)
    if year is None:
        earliest = today - timedelta(days=_DAYS_BACK)
        year = earliest.year + ((month, day) < (earliest.month, earliest.day))
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        shown = format_skeleton("yMMMM", date(year, month, 1), locale=locale)
        raise UnreadableDate(NO_SUCH_DAY, day=day, month=shown, days=days)
    return date(year, month, day)


@cache
def _names(locale_name: str) -> _Names:
    """The names of a language, with the English ones behind them."""
    locale = Locale.parse(locale_name)
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    fillers = {"of"}
    for source in (Locale("en"), locale):
        for names, found in ((months, source.months), (weekdays, source.days)):
            meanings = _meanings(found)
            names.update({word: min(said) for word, said in meanings.items() if len(said) == 1})
            # Portuguese "feira" is in five weekdays, Vietnamese "tháng" in all months.
            fillers.update(word for word, said in meanings.items() if len(said) > 1)
    for literal in re.findall(r"'([^']+)'", locale.date_formats["long"].pattern):
        fillers.update(_words(literal))
    order = _order(get_date_format("short", locale=locale).pattern)
    return _Names(months=months, weekdays=weekdays, fillers=frozenset(fillers), order=order)


def _meanings(names: Mapping[str, Mapping[str, Mapping[int, str]]]) -> dict[str, set[int]]:
    """Each word in the names of the months or weekdays, with the numbers it stands for."""
    meanings: dict[str, set[int]] = {}
    for context in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            for number, name in names[context][width].items():
                for word in _words(name):
                    meanings.setdefault(word, set()).add(number)
    return meanings


def _words(text: str) -> Sequence[str]:
    return re.findall(r"[^\W\d_]+", _fold(text))


def _order(pattern: str) -> str:
    """The order of day, month and year in a numeric date, such as "dmy"."""
    return "".join(
        dict.fromkeys(re.sub(r"'[^']*'|[^dMyu]", "", pattern).lower().replace("u", "y"))
    )
