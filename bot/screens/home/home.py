"""The homes, one for each role.  A button appears once a module answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.base.handlers import Command
from bot.base.screen import (
    HOME,
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    Style,
    bold,
    html,
    lines,
)
from bot.base.turn import Turn
from bot.screens.home.counters import BEHIND, Fact, Waits, fact_words, facts_for
from bot.screens.money.pay_button import COPIED_INVOICE
from bot.screens.people.questions import ASK
from core.domain.messages import N_
from core.domain.people import ROLE_NAMES, Role
from core.services import company
from core.services.documents import viewing
from core.services.people import team
from core.services.work import Work

PRODUCT: Final = "Comptoir"
STRANGER: Final = N_("You don't have access yet. Open your invitation link.")
NO_OWNER: Final = N_("This company has no owner yet. The owner's link is in the bot's console.")


@dataclass(frozen=True)
class Entry:
    """A button of a home: its label, and the screen or action behind it.

    `only_if_waiting` hides it while nothing waits behind it.
    """

    label: str
    action: str
    style: Style | None = None
    only_if_waiting: bool = False


NEW_ORDER: Final = Entry(N_("New order"), "new_order", "success")
ORDERS: Final = Entry(N_("Orders"), "orders")
STOCK: Final = Entry(N_("Stock"), "stock")
CUSTOMERS: Final = Entry(N_("Customers"), "customers")
PAPERS: Final = Entry(N_("Documents"), "papers")
SETTINGS: Final = Entry(N_("Settings"), "settings")

# The rows of buttons of each role; a person with several roles has the rows of all, each once.
ROWS: Final[dict[Role, tuple[tuple[Entry, ...], ...]]] = {
    Role.OWNER: (
        (Entry(N_("Approvals"), "approvals", "primary", only_if_waiting=True),),
        (NEW_ORDER,),
        (ORDERS, Entry(N_("Purchases"), "purchases")),
        (STOCK, Entry(N_("Products"), "products")),
        (Entry(N_("Owed"), "owed"), Entry(N_("Overdue"), "late")),
        (Entry(N_("Customers"), "customers"), Entry(N_("Reports"), "reports")),
        (PAPERS, Entry(N_("Team"), "team"), SETTINGS),
    ),
    Role.SALES: (
        (NEW_ORDER,),
        (ORDERS, Entry(N_("Customers"), "customers")),
        (STOCK, Entry(N_("Reservations"), "holds")),
        (Entry(N_("Deliver"), "to_deliver"), PAPERS),
    ),
    Role.STOREKEEPER: (
        (Entry(N_("Pick"), "to_deliver"), Entry(N_("Receive"), "to_receive")),
        (Entry(N_("Count"), "count"), Entry(N_("Inspect"), "inspect")),
        (STOCK, PAPERS),
    ),
    Role.CUSTOMER: (
        (Entry(N_("Catalogue"), "catalogue"), Entry(N_("My reservations"), "my_holds")),
        (
            Entry(N_("Quotes"), "my_quotes"),
            Entry(N_("My orders"), "my_orders"),
            Entry(N_("Invoices"), "my_invoices"),
        ),
        (Entry(ASK, "ask_us"),),
    ),
    Role.VENDOR: (
        (Entry(N_("My orders"), "vendor_orders"), Entry(N_("My invoices"), "vendor_bills")),
        (Entry(ASK, "ask_us"),),
    ),
}
SET_UP: Final = (Entry(N_("Set up the company"), "set_up", "success"),)
"""The only button of an owner until the company exists."""
LAST_ROW: Final = (Entry(N_("Help"), "help"), Entry(N_("Language"), "language"))


@dataclass(frozen=True)
class Home:
    """The content of a home: the counters, and the number on each button."""

    roles: frozenset[Role]
    has_owner: bool
    facts: tuple[tuple[Fact, ...], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def load_home(work: Work, _id: int, _arguments: Arguments) -> Home:
    """Return the home, which everybody has."""
    roles, has_owner = work.actor.roles, team.has_owner(work.connection)
    if not roles or not company.is_set_up(work.connection):
        return Home(roles, has_owner)
    waits = Waits(work)
    actions = {entry.action for role in roles for row in ROWS[role] for entry in row}
    counts = {name: BEHIND[name](waits) for name in sorted(actions & BEHIND.keys())}
    return Home(roles, has_owner, facts_for(roles, waits), counts)


def render_home(home: Home, reader: Reader) -> Card:
    """Render the company, the person's roles, the counters, and the buttons."""
    name = reader.company.name if reader.company else PRODUCT
    if not home.roles:
        hint = STRANGER if home.has_owner else NO_OWNER
        return Card(lines(bold(name), reader.text(hint)), (_row(LAST_ROW, reader),))
    roles = [reader.text(ROLE_NAMES[role]) for role in Role if role in home.roles]
    title = html(
        bold(name), f"{reader.actor.name}, {reader.translator.list(roles)}", between=" · "
    )
    is_new = reader.company is None and Role.OWNER in home.roles
    rows = [_row(SET_UP, reader)] if is_new else rows_for(home, reader)
    waiting = [" · ".join(fact_words(fact, reader) for fact in line) for line in home.facts]
    return Card(lines(title, *waiting), (*rows, _row(LAST_ROW, reader)))


def rows_for(home: Home, reader: Reader) -> list[Row]:
    """Return the rows of all roles, each button once, with its number."""
    seen: set[str] = set()
    rows = []
    for role in Role:
        for row in ROWS[role] if role in home.roles else ():
            new = [entry for entry in row if entry.action not in seen]
            seen.update(entry.action for entry in new)
            rows.append(_row(new, reader, home.counts))
    return rows


def _row(entries: Sequence[Entry], reader: Reader, counts: Mapping[str, int] | None = None) -> Row:
    waiting = counts or {}
    return tuple(
        _button(each, reader, waiting.get(each.action, 0))
        for each in entries
        if waiting.get(each.action) or not each.only_if_waiting
    )


def _button(entry: Entry, reader: Reader, count: int) -> Button:
    label = reader.text(entry.label, company=reader.company.name if reader.company else "")
    if count:
        label = f"{label} {reader.translator.number(count)}"
    return Button(label, entry.action, if_known=True, style=entry.style)


def start(turn: Turn, token: str) -> None:
    """Begin the chat; with a token, join the company or a party by a one-time link.

    A new owner whose company does not exist yet is asked for it at once.
    """
    if paper := COPIED_INVOICE.fullmatch(token):
        _open_paper(turn, int(paper[1]))
        return
    if token:
        joined = team.join(turn.work, token)
        role = turn.reader.text(ROLE_NAMES[joined.role])
        turn.toast(turn.reader.text(N_("Welcome. Your role: {role}"), role=role))
        if joined.role is Role.OWNER and not company.is_set_up(turn.work.connection):
            turn.ask("set_up")
            return
    turn.show(HOME)


def _open_paper(turn: Turn, document_id: int) -> None:
    """Open the paper behind a copy of an invoice's message, for people who may see it."""

    def visible() -> None:
        viewing.view(turn.work, document_id)

    if turn.attempt(visible) is None:
        turn.show("document", document_id)
    else:
        turn.show(HOME)


SCREENS = (Screen(HOME, load_home, render_home, is_home=True),)
COMMANDS = (Command("start", N_("Go to the home screen"), start),)
