"""Lists of papers: by kind and state with counts, by party, and those that wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    html,
    lines,
    listed,
    opens,
    side_by_side,
)
from bot.base.turn import Turn
from bot.screens.shared.words import STATE_SIGNS, state_name, title_of
from core.domain.document_type import Claims, DocumentType, PartySide
from core.domain.documents import DOCUMENT_TYPES, kind_by_prefix, kinds, type_of
from core.domain.lifecycles import OFFER, State
from core.domain.messages import N_
from core.domain.people import STAFF, Right
from core.services.documents import viewing
from core.services.documents.viewing import PAGE_SIZE, DocumentRow, Page
from core.services.rights import may
from core.services.work import Work


def _entry(row: DocumentRow, reader: Reader) -> tuple[str, Button]:
    """Return a paper of a list (state, number, party, money) and the button that opens it."""
    title = title_of(type_of(row.kind), row.number, reader)
    parts = [title]
    # People who see only their own papers know whose they are.
    if row.party and (reader.actor.is_staff or len(reader.actor.own_parties) > 1):
        parts.append(row.party)
    if row.currency is not None:
        parts.append(reader.translator.money(row.total, row.currency))
    words = f"{STATE_SIGNS[State(row.state)]} " + " · ".join(parts)
    return words, opens(title, "document", id=row.id)


# --- All papers by kind ----------------------------------------------------------------------


@dataclass(frozen=True)
class Kinds:
    """The number of visible papers of each kind, and the kinds that this person may begin."""

    counts: Mapping[str, Mapping[str, int]]
    rows: tuple[DocumentType, ...]
    startable: frozenset[str]


def load_kinds(work: Work, _id: int, _arguments: Arguments) -> Kinds:
    """Return the kinds that have papers, and those that this person may begin."""
    counts = viewing.counts(work)
    startable = frozenset(
        row.kind
        for row in DOCUMENT_TYPES.values()
        if not row.needs_source and may(work.actor, Right.DRAFT, row, party_id=None)
    )
    rows = tuple(
        row for row in DOCUMENT_TYPES.values() if row.kind in counts or row.kind in startable
    )
    return Kinds(counts, rows, startable)


def render_kinds(shown: Kinds, reader: Reader) -> Card:
    """Render two kinds in a row, each with its count."""
    buttons = [
        opens(
            f"{row.sign} {reader.text(row.plural)} {sum(shown.counts.get(row.kind, {}).values())}",
            "paper_list",
            argument=row.prefix,
        )
        for row in shown.rows
    ]
    rows: list[Row] = side_by_side(buttons)
    return Card(reader.text(N_("Documents")), (*rows, (back(reader),)))


# --- One kind --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperList:
    """A page of papers: of a kind in a state, or of a party; `argument` opens it again."""

    page: Page
    row: DocumentType | None
    counts: Mapping[str, int]
    state: str
    party_id: int
    can_start: bool
    from_home: bool = False


def load_list(work: Work, party_id: int, arguments: Arguments) -> PaperList:
    """Return a page of papers; `argument` is prefix:state:offset, and each part is optional."""
    prefix, state, offset = (*str(arguments.get("argument", "")).split(":"), "", "", "")[:3]
    row = kind_by_prefix(prefix)
    states = [state] if state in {str(each) for each in State} else []
    page = viewing.page(
        work,
        kind=None if row is None else row.kind,
        states=states,
        party_id=party_id or None,
        offset=int(offset) if offset.isdigit() else 0,
    )
    counts = {} if row is None or party_id else viewing.counts(work).get(row.kind, {})
    can_start = (
        row is not None
        and not row.needs_source
        and may(work.actor, Right.DRAFT, row, party_id=party_id or None)
    )
    return PaperList(page, row, counts, states[0] if states else "", party_id, can_start)


def render_list(shown: PaperList, reader: Reader) -> Card:
    """Render the states with counts, then the papers, newest first, then the pages."""
    prefix = shown.row.prefix if shown.row else ""
    title = reader.text(shown.row.plural) if shown.row else reader.text(N_("Documents"))
    text = html(title, reader.translator.number(shown.page.total), between=" · ")
    if shown.state and shown.row is not None:
        text = html(text, state_name(shown.state, reader, of=shown.row), between=" · ")
    rows: list[Row] = []
    if shown.can_start and shown.row is not None:
        label = reader.text(N_("New {kind}"), kind=reader.text(shown.row.label))
        rows.append((Button(label, "begin", id=shown.party_id, argument=prefix),))
    states = [
        opens(
            f"{state_name(state, reader, of=shown.row)} {count}",
            "paper_list",
            id=shown.party_id,
            argument=f"{prefix}:{state}",
        )
        for state, count in sorted(shown.counts.items())
        # With a single state, its button would only show the same list again.
        if shown.row and state != shown.state and (shown.state or len(shown.counts) > 1)
    ]
    rows += side_by_side(states)
    told, buttons = listed([_entry(each, reader) for each in shown.page.rows])
    text = lines(text, *told)
    rows += buttons
    rows.append(_pages(shown, prefix))
    if not shown.page.rows:
        text = lines(text, reader.text(N_("Nothing here yet.")))
    if shown.from_home:
        way_back = back(reader)
    elif shown.party_id:
        way_back = back(reader, "party", id=shown.party_id)
    else:
        way_back = back(reader, "papers")
    return Card(text, (*rows, (way_back,)))


def _pages(shown: PaperList, prefix: str) -> Row:
    row = []
    start = f"{prefix}:{shown.state}"
    if shown.page.offset > 0:
        before = max(0, shown.page.offset - PAGE_SIZE)
        row.append(opens("«", "paper_list", id=shown.party_id, argument=f"{start}:{before}"))
    if shown.page.offset + PAGE_SIZE < shown.page.total:
        after = shown.page.offset + PAGE_SIZE
        row.append(opens("»", "paper_list", id=shown.party_id, argument=f"{start}:{after}"))
    return tuple(row)


# --- Lists opened from a home ----------------------------------------------------------------

Features = Mapping[str, object]

# What each button of a home lists: papers whose row has these features, in this state.
LISTS: Final[Mapping[str, tuple[Features, State | None]]] = {
    "orders": ({"claims": Claims.WAITING}, None),
    "purchases": ({"incoming": True}, None),
    "holds": ({"claims": Claims.UNTIL}, None),
    "my_orders": ({"claims": Claims.WAITING}, None),
    "my_quotes": ({"lifecycle": OFFER}, None),
    "my_holds": ({"claims": Claims.UNTIL}, None),
    "my_invoices": ({"debt": 1, "credits": False}, None),
    "vendor_orders": ({"incoming": True}, None),
    "vendor_bills": ({"debt": -1, "credits": False}, None),
}


def _opener(name: str) -> Callable[[Work, int, Arguments], PaperList]:
    features, state = LISTS[name]
    row = kinds(**features)[0]
    assert row.party is not PartySide.NOBODY

    def load(work: Work, _id: int, _arguments: Arguments) -> PaperList:
        found = load_list(work, 0, {"argument": f"{row.prefix}:{state or ''}"})
        return replace(found, from_home=True)

    return load


def open_papers(turn: Turn, _argument: str) -> None:
    """Open all papers by kind."""
    turn.show("papers")


SCREENS: Final = (
    Screen("papers", load_kinds, render_kinds),
    Screen("paper_list", load_list, render_list),
    *(Screen(name, _opener(name), render_list) for name in LISTS),
)
COMMANDS: Final = (Command("papers", N_("All documents by type"), open_papers, roles=STAFF),)
