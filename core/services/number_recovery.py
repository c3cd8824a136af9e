"""The last numbers of all series after an older copy of the database was put back.

What happened after the copy was made is lost, but papers with its numbers are out in the world.
A number that was given once is never given again, so the owner says of each series up to which
number it had come; he can read it from the papers in the chats.  What lies between is lost, and
kept as such: the series goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, func, insert, select, update

from core.domain.documents import DOCUMENT_TYPES
from core.domain.errors import Refusal
from core.domain.people import Ability
from core.services.history import record
from core.services.numbering import number_text
from core.services.rights import Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.locks import lock_counter
from core.storage.tables import company, counter
from core.storage.tables import series_question as question

FARTHEST: Final = 10_000
"""How many numbers can have been given out after a copy: more is a slip of the finger."""


class LastNumberTooLow(Refusal):
    """The series has given out `number` for certain: it stands in the books."""

    code = "last_number_too_low"
    fact_names = ("number",)


class LastNumberTooHigh(Refusal):
    """So many numbers cannot have been given out since the copy; `number` is the highest."""

    code = "last_number_too_high"
    fact_names = ("number",)


class NoNumberOfSeries(Refusal):
    """`text` is no number of this series; `example` is one."""

    code = "no_number_of_series"
    fact_names = ("text", "example")


@dataclass(frozen=True)
class Asked:
    """A series whose last number is in question.

    Attributes:
        id: of the question.
        series: "IN-2026".
        label: the kind of its papers, a text of the catalogues.
        last_known: the last number in the books; 0 when the series has none there.
        last_on: the date of that paper.
        copied_at: when the copy was made that was put back.
    """

    id: int
    series: str
    label: str
    last_known: int
    last_on: date | None
    copied_at: datetime

    @property
    def number(self) -> str:
        """The last number as people see it."""
        return number_text(self.series, self.last_known)


def ask_for_all(connection: Connection, *, copied_at: datetime, now: datetime) -> int:
    """Put every series in question that may have given out numbers between the two moments.

    Args:
        connection: of the copy that is about to take its place.
        copied_at: when the copy was made.
        now: the time of putting it back.

    Returns:
        how many series are asked about.
    """
    zone = connection.execute(select(company.c.zone)).scalar()
    # Before the company has a zone, the day may be another one in either direction.
    around = timedelta(0) if zone else timedelta(hours=14)
    its_zone = ZoneInfo(zone or "UTC")
    first = (copied_at - around).astimezone(its_zone).year
    last = (now + around).astimezone(its_zone).year
    known = {row.series: row.last for row in connection.execute(select(counter))}
    open_ones = set(
        connection.scalars(select(question.c.series).where(question.c.answered_at.is_(None)))
    )
    rows = [
        {"series": series, "last_known": known.get(series, 0), "copied_at": copied_at,
         "asked_at": now}
        for year in range(first, last + 1)
        for row in DOCUMENT_TYPES.values()
        if (series := f"{row.prefix}-{year}") not in open_ones
    ]  # fmt: skip
    if rows:
        connection.execute(insert(question), rows)
    return len(rows)


_ASKED = (
    select(
        question.c.id, question.c.series, question.c.last_known, question.c.copied_at,
        counter.c.last_on,
    )
    .select_from(question.outerjoin(counter, counter.c.series == question.c.series))
    .where(question.c.answered_at.is_(None))
    .order_by(question.c.id)
)  # fmt: skip


def asked(connection: Connection) -> Sequence[Asked]:
    """The series that are in question, in the order of the table of kinds."""
    labels = {row.prefix: row.label for row in DOCUMENT_TYPES.values()}
    return [
        Asked(
            row.id, row.series, labels.get(row.series.rpartition("-")[0], row.series),
            row.last_known, row.last_on, row.copied_at,
        )
        for row in connection.execute(_ASKED)
    ]  # fmt: skip


def asked_about(connection: Connection, question_id: int) -> Asked:
    """A series that is in question.

    Raises:
        NotFound: there is no such question, or it is answered.
    """
    for each in asked(connection):
        if each.id == question_id:
            return each
    raise NotFound(subject="series")


def read_last(about: Asked, text: str) -> int:
    """The number in what somebody has typed: "44", "0044" or "in-2026-0044"; 0 means none.

    Raises:
        NoNumberOfSeries: it is none of this series.
        LastNumberTooLow, LastNumberTooHigh: it cannot be the last one.
    """
    plain = re.sub(r"\s", "", text).upper()
    digits = plain.removeprefix(f"{about.series}-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise NoNumberOfSeries(text=text, example=number_text(about.series, about.last_known + 1))
    last = int(digits)
    if last < about.last_known:
        raise LastNumberTooLow(number=about.number)
    if last > about.last_known + FARTHEST:
        raise LastNumberTooHigh(number=number_text(about.series, about.last_known + FARTHEST))
    return last


def answer(work: Work, question_id: int, last_given: int) -> Asked:
    """Say up to which number a series had come; from now on it gives the next ones.

    It cannot be taken back: numbers that are said to be lost are never given again.

    Raises:
        NotAllowed: he is no owner.
        NotFound: there is no such question, or it is answered.
        LastNumberTooLow, LastNumberTooHigh: that cannot be.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    about = asked_about(work.connection, question_id)
    read_last(about, str(last_given))
    state = lock_counter(work.connection, about.series)
    changed = work.connection.execute(
        update(question)
        .where(question.c.id == question_id, question.c.answered_at.is_(None))
        .values(
            last_given=last_given, answered_at=work.now, answered_by=work.actor.person_id or None
        )
    )
    if changed.rowcount != 1 or state.last != about.last_known:
        raise Changed(subject="series", id=question_id)
    if last_given > about.last_known:
        work.connection.execute(
            update(counter).where(counter.c.series == about.series).values(last=last_given)
        )
    facts = {"series": about.series, "known": about.last_known, "given": last_given}
    record(work, "series", question_id, action="answer", **facts)
    return about


def answer_rest(work: Work, last_known: Mapping[int, int]) -> None:
    """Say of these questions that the books have the last number: nothing is lost.

    Args:
        work: the unit of work.
        last_known: the number that was shown with each question.

    Raises:
        Changed: others are open now, or they show other numbers.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    if {each.id: each.last_known for each in asked(work.connection)} != dict(last_known):
        raise Changed(subject="series", id=0)
    for question_id, last in last_known.items():
        answer(work, question_id, last)


def lost(connection: Connection) -> Mapping[str, int]:
    """How many numbers of each series were lost with an older copy; only those that have any."""
    number = func.sum(question.c.last_given - question.c.last_known, type_=Integer())
    rows = connection.execute(
        select(question.c.series, number.label("number"))
        .where(question.c.last_given > question.c.last_known)
        .group_by(question.c.series)
    )
    return {row.series: int(row.number) for row in rows}


def is_lost(connection: Connection, series: str, sequence: int) -> bool:
    """Whether this number was given out after a copy and lost when that was put back."""
    found = select(question.c.id).where(
        question.c.series == series,
        question.c.last_known < sequence,
        question.c.last_given >= sequence,
    )
    return connection.execute(found.limit(1)).first() is not None
