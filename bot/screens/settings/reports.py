"""Reports as files: the report, kind, period and format are chosen; then the file is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bot.base.handlers import Command
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
    side_by_side,
)
from bot.base.turn import Tap, Turn
from core.domain.documents import DOCUMENT_TYPES, kind_by_prefix
from core.domain.messages import N_
from core.domain.people import Ability, Role
from core.files.writer import FORMATS
from core.reports import BY_KIND, BY_PERIOD, REPORTS, Report, report_of
from core.services.overview import today
from core.services.rights import NotFound, require_ability
from core.services.work import Work

PERIODS: Final[Mapping[str, str]] = {
    "month": N_("This month"),
    "before": N_("Last month"),
    "year": N_("This year"),
    "last": N_("Last year"),
    "all": N_("All time"),
}
FIRST: Final = "month"


@dataclass(frozen=True)
class Chosen:
    """A report with its choices: the prefix of a kind of papers (empty: all), and a period.

    On a button it is "name:prefix:period".
    """

    report: Report
    prefix: str = ""
    period: str = FIRST

    @classmethod
    def of(cls, argument: str) -> Chosen:
        """Return the choice on a button.  Raises NotFound for one that no button carries."""
        name, prefix, period = [*argument.split(":"), "", FIRST][:3]
        try:
            report = report_of(name)
        except KeyError:
            raise NotFound(subject="report") from None
        if period not in PERIODS or (prefix and kind_by_prefix(prefix) is None):
            raise NotFound(subject="report")
        return cls(report, prefix, period)

    @property
    def argument(self) -> str:
        """The choice as a button carries it."""
        return f"{self.report.name}:{self.prefix}:{self.period}"


def days_of(period: str, day: date) -> tuple[date | None, date | None]:
    """Return the first and last day of a period, seen from `day`."""
    month = day.replace(day=1)
    year = month.replace(month=1)
    match period:
        case "month":
            return month, day
        case "before":
            end = month - timedelta(days=1)
            return end.replace(day=1), end
        case "year":
            return year, day
        case "last":
            end = year - timedelta(days=1)
            return end.replace(month=1, day=1), end
    return None, None


# --- The list ----------------------------------------------------------------------------------


def load_reports(work: Work, _id: int, _arguments: Arguments) -> None:
    """Check that this person may see reports.  Raises NotAllowed."""
    require_ability(work.actor, Ability.SEE_REPORTS)


def render_reports(_shown: None, reader: Reader) -> Card:
    """Render each report with its question."""
    text = lines(
        bold(reader.text(N_("Export"))),
        *(
            reader.html(
                N_("{report}: {question}"),
                report=bold(reader.text(each.title)),
                question=reader.text(each.question),
            )
            for each in REPORTS
        ),
    )
    buttons = [opens(reader.text(each.title), "report", argument=each.name) for each in REPORTS]
    rows = side_by_side(buttons)
    return Card(text, (*rows, (back(reader),)))


# --- One report --------------------------------------------------------------------------------


def load_report(work: Work, _id: int, arguments: Arguments) -> Chosen:
    """Return a report with its choices.  Raises NotAllowed, NotFound."""
    chosen = Chosen.of(str(arguments.get("argument", "")))
    require_ability(work.actor, chosen.report.ability)
    return chosen


def render_report(shown: Chosen, reader: Reader) -> Card:
    """Render the question, the choices, and the formats of the file."""
    report = shown.report
    rows: list[Row] = [
        tuple(
            Button(form.upper(), "export", argument=f"{shown.argument}:{form}", style="success")
            for form in FORMATS
        )
    ]
    if BY_PERIOD in report.asks:
        periods = [
            opens(
                _ticked(reader.text(label), ticked=shown.period == key),
                "report",
                argument=replace(shown, period=key).argument,
            )
            for key, label in PERIODS.items()
        ]
        rows += [tuple(periods[:2]), tuple(periods[2:])]
    if BY_KIND in report.asks:
        label = reader.text(N_("Type: {kind}"), kind=_kind(shown, reader))
        rows.append((opens(label, "report_kind", argument=shown.argument),))
    title = html(bold(reader.text(report.title)), reader.text(report.question), between="\n")
    return Card(title, (*rows, (back(reader, "reports"),)))


def _kind(shown: Chosen, reader: Reader) -> str:
    row = kind_by_prefix(shown.prefix) if shown.prefix else None
    return reader.text(N_("all")) if row is None else reader.text(row.plural)


def _ticked(label: str, *, ticked: bool) -> str:
    return f"✓ {label}" if ticked else label


def render_kinds(shown: Chosen, reader: Reader) -> Card:
    """Render the kinds of papers."""
    buttons = [
        opens(
            _ticked(reader.text(row.plural), ticked=row.prefix == shown.prefix),
            "report",
            argument=replace(shown, prefix=row.prefix).argument,
        )
        for row in DOCUMENT_TYPES.values()
    ]
    everything = opens(
        _ticked(reader.text(N_("All types")), ticked=not shown.prefix),
        "report",
        argument=replace(shown, prefix="").argument,
    )
    rows = side_by_side(buttons)
    way_back = back(reader, "report", argument=shown.argument)
    return Card(bold(reader.text(shown.report.title)), ((everything,), *rows, (way_back,)))


# --- Taps --------------------------------------------------------------------------------------


def export(turn: Turn, tap: Tap) -> None:
    """Send the file; it is made when it is sent, and rights are checked again then."""
    argument, _, form = tap.argument.rpartition(":")
    chosen = Chosen.of(argument)
    require_ability(turn.work.actor, chosen.report.ability)
    if form not in FORMATS:
        raise NotFound(subject="report")
    row = kind_by_prefix(chosen.prefix) if chosen.prefix else None
    begin, end = (None, None)
    if BY_PERIOD in chosen.report.asks:
        begin, end = days_of(chosen.period, today(turn.work))
    turn.file(
        {
            "report": chosen.report.name,
            "kind": "" if row is None else row.kind,
            "begin": None if begin is None else begin.isoformat(),
            "end": None if end is None else end.isoformat(),
            "form": form,
        }
    )
    turn.toast(turn.reader.text(N_("Your file is on its way.")))


def reports(turn: Turn, _text: str) -> None:
    """Open the list of reports."""
    turn.show("reports")


SCREENS: Final = (
    Screen("reports", load_reports, render_reports),
    Screen("report", load_report, render_report),
    Screen("report_kind", load_report, render_kinds),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {"export": export}
COMMANDS: Final = (
    Command("export", N_("Export a spreadsheet"), reports, roles=frozenset({Role.OWNER})),
)
