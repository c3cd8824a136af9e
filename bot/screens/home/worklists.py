"""The worklists, each the list that its home counts: to ship, to receive, to pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

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
    listed,
    opens,
)
from bot.screens.shared.words import quantity, title_of
from bot.screens.stock.levels import pages, start_of
from core.domain.documents import type_of
from core.domain.messages import N_
from core.services import overview
from core.services.documents import viewing
from core.services.documents.viewing import DocumentRow
from core.services.overview import Debt
from core.services.work import Work

PAGE_SIZE: Final = 8


@dataclass(frozen=True)
class Item:
    """A paper of a list, with the figure that matters there."""

    document_id: int
    pieces: Decimal | None = None
    debt: Debt | None = None
    on: date | None = None


def _to_deliver(work: Work) -> list[Item]:
    return [Item(each) for each in overview.open_orders(work).can_ship]


def _to_receive(work: Work) -> list[Item]:
    return [Item(each.document_id, on=each.on) for each in overview.arrivals(work)]


def _inspect(work: Work) -> list[Item]:
    return [Item(each.document_id, pieces=each.pieces) for each in overview.inspections(work)]


def _owed(work: Work) -> list[Item]:
    return [Item(each.document_id, debt=each, on=each.due_on) for each in overview.debts(work)]


def _late(work: Work) -> list[Item]:
    return [Item(each.document_id, debt=each, on=each.due_on) for each in overview.late(work)]


@dataclass(frozen=True)
class Waiting:
    """A worklist: its title, its text when empty, and the query that fills it."""

    title: str
    empty: str
    find: Callable[[Work], list[Item]]


LISTS: Final[Mapping[str, Waiting]] = {
    "to_deliver": Waiting(N_("Ready to ship"), N_("Nothing is ready to ship."), _to_deliver),
    "to_receive": Waiting(N_("Incoming"), N_("Nothing is on its way."), _to_receive),
    "inspect": Waiting(N_("To inspect"), N_("Nothing to inspect."), _inspect),
    "owed": Waiting(N_("Owed to us"), N_("Nobody owes us anything."), _owed),
    "late": Waiting(N_("Overdue"), N_("Nothing is overdue."), _late),
}


@dataclass(frozen=True)
class WorkList:
    """A page of a worklist."""

    name: str
    items: Sequence[Item]
    papers: Mapping[int, DocumentRow]
    total: int
    offset: int


def _opener(name: str) -> Callable[[Work, int, Arguments], WorkList]:
    def load(work: Work, _id: int, arguments: Arguments) -> WorkList:
        found = LISTS[name].find(work)
        offset = start_of(arguments)
        part = found[offset : offset + PAGE_SIZE]
        papers = {row.id: row for row in viewing.listed(work, [each.document_id for each in part])}
        shown = [each for each in part if each.document_id in papers]
        return WorkList(name, shown, papers, len(found), offset)

    return load


def render_worklist(shown: WorkList, reader: Reader) -> Card:
    """Render each paper as a button with its figure, or with the figure above if it is long."""
    waiting = LISTS[shown.name]
    told, buttons = listed(
        [_item(each, shown.papers[each.document_id], reader) for each in shown.items]
    )
    text = lines(
        html(bold(reader.text(waiting.title)), shown.total, between=" · ")
        if shown.total
        else bold(reader.text(waiting.title)),
        None if shown.total else reader.text(waiting.empty),
        *told,
    )
    rows: list[Row] = list(buttons)
    rows.append(pages(shown.name, offset=shown.offset, total=shown.total, size=PAGE_SIZE))
    return Card(text, (*rows, (back(reader),)))


def _item(item: Item, row: DocumentRow, reader: Reader) -> tuple[str, Button]:
    title = title_of(type_of(row.kind), row.number, reader)
    parts = [title]
    if row.party:
        parts.append(row.party)
    if item.pieces is not None:
        parts.append(quantity(item.pieces, reader))
    if item.debt is not None:
        parts.append(reader.translator.money(item.debt.amount, item.debt.currency))
    if item.on is not None:
        parts.append(reader.translator.day(item.on))
    return " · ".join(parts), opens(title, "document", id=row.id)


SCREENS: Final = tuple(Screen(name, _opener(name), render_worklist) for name in LISTS)
