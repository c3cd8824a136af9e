"""What every kind of import gives: a plan, whose figures are shown and which is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from core.services.company import CompanyRecord
from core.services.importing.reading import ReadTable
from core.services.work import Work
from core.storage.columns import dump_json


@dataclass(frozen=True)
class Trace:
    """What a row of a file has made (`previous` is empty) or changed: as `import_row` keeps it.

    `previous` is JSON; `revision` is the subject's from now on, where it has one.
    """

    number: int
    subject: str
    subject_id: int
    revision: int = 0
    previous: str = ""


def traced(
    number: int,
    subject: str,
    subject_id: int,
    *,
    revision: int = 0,
    previous: Mapping[str, Any] | None = None,
) -> Trace:
    """A trace; `previous` are the values that were there before."""
    kept = "" if previous is None else dump_json(dict(previous))
    return Trace(number, subject, subject_id, revision, kept)


@dataclass
class Plan:
    """What importing a table would do.

    `facts` are further figures for the preview (what stock goes up and down), by name.
    """

    write: Callable[[Work], Sequence[Trace]]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


Planner = Callable[[Connection, ReadTable, CompanyRecord], Plan]
"""Compares a table that was read with what there is; notes in the table what is wrong."""
