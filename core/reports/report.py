"""What a report is: a question, a query and its columns; what is asked of it, and its sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_decimal_symbol
from sqlalchemy import RowMapping

from core.domain.documents import type_of
from core.domain.money import PRICE_DIGITS
from core.domain.people import Ability
from core.domain.quantity import plain
from core.files.writer import Sheet, Value
from core.i18n import Translator
from core.services.importing.cells import FLAGS
from core.services.rights import require_ability
from core.services.work import Work

BY_KIND: Final = "kind"
BY_PERIOD: Final = "period"


@dataclass(frozen=True)
class Asked:
    """What is asked of a report: whose words, one kind of paper or all, from and to which day."""

    words: Translator
    kind: str = ""
    begin: date | None = None
    end: date | None = None


Row = RowMapping | Mapping[str, Any]
"""What a query found: values by their names."""
Cell = Callable[[Row, Asked], Value]
Query = Callable[[Work, Asked], Iterable[Row]]


@dataclass(frozen=True)
class Column:
    """A column: its heading in English, and the value of a row that stands in it, by its name.

    What is put together from a row, or said in the reader's words, is a function of it.
    """

    heading: str
    value: str | Cell

    def of(self, row: Row, asked: Asked) -> Value:
        """What a row has in this column."""
        if isinstance(self.value, str):
            found: Value = row[self.value]
            return found
        return self.value(row, asked)


Columns = Callable[[Work, Asked], Sequence[Column]]
"""Columns that are not the same for everybody."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What can be asked, and the table that answers it: REPORT of a file of `questions`.

    `place` says where it stands among the others, `asks` what can be chosen: BY_KIND, BY_PERIOD.
    """

    name: str
    title: str
    question: str
    columns: Sequence[Column] | Columns
    query: Query
    place: int
    asks: frozenset[str] = frozenset()
    ability: Ability = Ability.SEE_REPORTS


def sheet_of(work: Work, report: Report, asked: Asked) -> Sheet:
    """A report's answer as a table in the reader's language.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, report.ability)
    words, columns = asked.words, report.columns
    if callable(columns):
        columns = columns(work, asked)
    return Sheet(
        title=words.text(report.title),
        headings=[words.text(each.heading) for each in columns],
        rows=[
            [_short(each.of(row, asked)) for each in columns] for row in report.query(work, asked)
        ],
        decimal_mark=get_decimal_symbol(words.locale),
        yes=words.text(FLAGS["yes"][0]),
        no=words.text(FLAGS["no"][0]),
    )


def _short(value: Value) -> Value:
    """A quantity or a price without the zeros that say nothing; amounts keep their currency's."""
    if isinstance(value, Decimal) and value.as_tuple().exponent == -PRICE_DIGITS:
        return plain(value)
    return value


def name_of(report: Report, asked: Asked, *, today: date) -> str:
    """What the file is called, without its ending: "Papers 2026-11-01 2026-11-24"."""
    words = asked.words
    title = words.text(report.title)
    if asked.kind:
        title += f", {words.text(type_of(asked.kind).plural)}"
    days = [each.isoformat() for each in (asked.begin, asked.end) if each is not None]
    return " ".join([title.replace("/", "-"), *(days or [today.isoformat()])])
