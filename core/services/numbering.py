"""Numbers without gaps, dates that never fall, and a chain of hashes for each series.

The counter row is the last lock of a transaction: no network and no paper is made while it is
held.  A number is taken in the transaction of what it numbers, so a rollback gives it back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update

from core.domain.errors import Refusal
from core.services.work import Work
from core.storage.locks import lock_counter
from core.storage.tables import counter

_KEEP = update(counter).where(counter.c.series == bindparam("of_series"))

BETWEEN = "|"
"""What stands between the facts in a hash."""


class NumbersInQuestion(Refusal):
    """An older copy was put back: the owner has to say first what `series` had given out."""

    code = "numbers_in_question"
    fact_names = ("series",)


@dataclass(frozen=True)
class Number:
    """A number that was taken: `text` is what people see, the rest is how it is kept."""

    series: str
    sequence: int
    text: str
    issued_on: date
    previous_hash: str


def business_day(now: datetime, zone: str) -> date:
    """The date of `now` in the company's zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def number_text(series: str, sequence: int) -> str:
    """A number as people see it: "IN-2026-0042"."""
    return f"{series}-{sequence:04d}"


def next_number(work: Work, prefix: str, zone: str) -> Number:
    """The next number of a prefix's series; `keep_number` takes it.

    Date and year are read in the company's zone after the counter is locked; the date is never
    before the last one of the series (a clock that went back does not break the order).

    Raises:
        NumbersInQuestion: an older copy was put back, and the series' last number is not known.
    """
    today = business_day(work.now, zone)
    series = f"{prefix}-{today.year}"
    row = lock_counter(work.connection, series)
    if row.in_question:
        raise NumbersInQuestion(series=series)
    issued_on = today if row.last_on is None else max(today, row.last_on)
    sequence = row.last + 1
    return Number(
        series=series,
        sequence=sequence,
        text=number_text(series, sequence),
        issued_on=issued_on,
        previous_hash=row.head,
    )


def keep_number(work: Work, number: Number, *, head: str) -> None:
    """Take the number, and keep the end of its series' chain of hashes."""
    work.connection.execute(
        _KEEP,
        {
            "of_series": number.series,
            "last": number.sequence,
            "last_on": number.issued_on,
            "head": head,
        },
    )


def chain_hash(previous: str, *facts: object) -> str:
    """The hash of a posted document: the one before it and its facts, no names among them."""
    text = BETWEEN.join((previous, *(str(fact) for fact in facts)))
    return hashlib.sha256(text.encode()).hexdigest()
