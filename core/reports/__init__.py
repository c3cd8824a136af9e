"""Reports: what can be asked, as a list.  A new one is a row: question, query, columns."""

from __future__ import annotations

from typing import Final

from core.reports.accounts import ACCOUNTS_REPORT
from core.reports.goods import PRODUCTS_REPORT, STOCK_REPORT
from core.reports.papers import LINES_REPORT, PAPERS_REPORT
from core.reports.partners import PARTIES_REPORT, PRICES_REPORT
from core.reports.report import BY_KIND, BY_PERIOD, Asked, Report, name_of, sheet_of

__all__ = [
    "BY_KIND",
    "BY_PERIOD",
    "REPORTS",
    "Asked",
    "Report",
    "name_of",
    "report_of",
    "sheet_of",
]

REPORTS: Final = (
    PRODUCTS_REPORT,
    STOCK_REPORT,
    PRICES_REPORT,
    PARTIES_REPORT,
    PAPERS_REPORT,
    LINES_REPORT,
    ACCOUNTS_REPORT,
)
"""In the order in which they are offered."""


_BY_NAME: Final = {each.name: each for each in REPORTS}


def report_of(name: str) -> Report:
    """The report of a name.  Raises KeyError."""
    return _BY_NAME[name]
