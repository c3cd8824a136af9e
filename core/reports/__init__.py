"""Reports: what can be asked.  A new one is a file of `questions`: question, query, columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from core.reports import questions
from core.reports.report import BY_KIND, BY_PERIOD, Asked, Column, Report, name_of, sheet_of

__all__ = [
    "BY_KIND",
    "BY_PERIOD",
    "REPORTS",
    "Asked",
    "Column",
    "Report",
    "name_of",
    "report_of",
    "sheet_of",
]


def _found() -> Iterator[Report]:
    """Yield the REPORT of each file of `questions`."""
    for module in iter_modules(questions.__path__):
        report: Report = import_module(f"{questions.__name__}.{module.name}").REPORT
        yield report


REPORTS: Final = tuple(sorted(_found(), key=lambda each: each.place))
"""In the order in which they are offered."""


_BY_NAME: Final = {each.name: each for each in REPORTS}


def report_of(name: str) -> Report:
    """The report of a name.  Raises KeyError."""
    return _BY_NAME[name]
