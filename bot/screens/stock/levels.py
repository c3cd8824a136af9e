"""Stock levels: on hand, available with the explanation, and the history of each product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.base.handlers import Command
from bot.base.screen import (
    Arguments,
    Card,
    Html,
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
from bot.base.turn import Turn
from bot.screens.shared.moments import until_words
from bot.screens.shared.words import MOST_LINES, folded_lines, quantity
from bot.screens.stock.claims import claim_label
from core.domain.documents import kinds, type_of
from core.domain.messages import N_
from core.domain.money import from_minor
from core.domain.people import STAFF, Ability, Actor, Right
from core.services import overview, stock
from core.services.products import product_views
from core.services.products.product_views import ProductPage, ProductRow
from core.services.rights import NotFound, may, require_ability
from core.services.stock import Expected, Held, HistoryEntry, Why
from core.services.work import Work

HISTORY_SIZE: Final = 8


def start_of(arguments: Arguments) -> int:
    """Return the start of a page from a button's argument."""
    text = str(arguments.get("argument", ""))
    return int(text) if text.isdigit() else 0


def pages(screen: str, *, offset: int, total: int, size: int, id: int = 0) -> Row:
    """Return the buttons to the previous and next pages, if any."""
    row = []
    if offset > 0:
        row.append(opens("«", screen, id=id, argument=str(max(0, offset - size))))
    if offset + size < total:
        row.append(opens("»", screen, id=id, argument=str(offset + size)))
    return tuple(row)


# --- All products ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Stock:
    """A page of the stock, and its value in the company's currency for those who may see it."""

    page: ProductPage
    value_minor: int | None


def load_stock(work: Work, _id: int, arguments: Arguments) -> Stock:
    """Return a page, products below their minimum first."""
    page = product_views.page(work, goods_only=True, offset=start_of(arguments))
    sees_cost = work.actor.can(Ability.SEE_COST)
    return Stock(page, overview.stock_value(work) if sees_cost else None)


def render_stock(shown: Stock, reader: Reader) -> Card:
    """Render each product with its available quantity; a tap opens it."""
    page = shown.page
    title: list[object] = [
        bold(reader.text(N_("Stock"))),
        reader.plural("{count} product", "{count} products", page.total),
    ]
    if page.low:
        title.append(reader.text(N_("{number} low on stock"), number=page.low))
    value = None
    if shown.value_minor and reader.company is not None:
        money = from_minor(shown.value_minor, reader.company.currency)
        shown_value = reader.translator.money(money, reader.company.currency)
        value = reader.html(N_("Stock value {amount}"), amount=shown_value)
    told, rows = listed(
        [
            (
                row_label(each, reader),
                opens(each.name, "product", id=each.id, argument=f"stock:{page.offset}"),
            )
            for each in page.rows
        ]
    )
    size = product_views.PAGE_SIZE
    rows.append(pages("stock", offset=page.offset, total=page.total, size=size))
    return Card(lines(html(*title, between=" · "), value, *told), (*rows, (back(reader),)))


def row_label(row: ProductRow, reader: Reader) -> str:
    """Return the label of a product in a list: its name, availability, and whether it is low."""
    parts = [row.name]
    if row.free is not None:
        parts.append(reader.text(N_("{number} available"), number=quantity(row.free, reader)))
    if row.is_low:
        parts.append(reader.text(N_("low stock")))
    return " · ".join(parts)


# --- Explanation -----------------------------------------------------------------------------


def load_why(work: Work, product_id: int, _arguments: Arguments) -> Why:
    """Return the explanation of a product's numbers, without papers this person may not see."""
    require_ability(work.actor, Ability.SEE_STOCK)
    found = stock.why(work.connection, product_id)
    named = product_views.load(work.connection, [product_id], language=work.actor.language)
    found = replace(found, name=named[product_id].name)
    if not any(may(work.actor, Right.VIEW, row, party_id=None) for row in kinds(incoming=True)):
        bare = [replace(each, document_id=0, number="", party="") for each in found.incoming]
        return replace(found, incoming=tuple(bare))
    return found


def render_why(why: Why, reader: Reader) -> Card:
    """Render on hand less each claim down to available, then who waits and what is incoming."""
    free = quantity(why.available, reader)
    title = html(
        bold(why.name), reader.text(N_("why {number} are available"), number=free), between=" · "
    )
    found = [reader.html(N_("{number} on hand"), number=quantity(why.on_hand, reader))]
    found += [_held(each, N_("− {number} reserved"), reader) for each in why.claims]
    found.append(reader.html(N_("= {number} available"), number=free))
    found += [_held(each, N_("{number} waiting"), reader) for each in why.waiting]
    found += [_comes(each, reader) for each in why.incoming]
    if why.quarantine:
        aside = quantity(why.quarantine, reader)
        found.append(reader.html(N_("{number} in quarantine"), number=aside))
    if reader.actor.can(Ability.MOVE_CLAIMS):
        rows = [*_claim_rows(why.claims, reader), *_papers([*why.waiting, *why.incoming])]
    else:
        rows = _papers([*why.claims, *why.waiting, *why.incoming])
    way_back = back(reader, "product", id=why.product_id)
    return Card(lines(title, *folded_lines(found, reader)), (*rows, (way_back,)))


def _held(each: Held, words: str, reader: Reader) -> Html:
    parts = [reader.text(words, number=quantity(each.quantity, reader)), each.number, each.party]
    if each.until is not None:
        parts.append(until_words(each.until, reader))
    return html(*filter(None, parts), between=" · ")


def _comes(each: Expected, reader: Reader) -> Html:
    number = quantity(each.quantity, reader)
    parts = [reader.text(N_("{number} expected"), number=number), each.number, each.party]
    if each.on is not None:
        parts.append(reader.translator.day(each.on))
    return html(*filter(None, parts), between=" · ")


def _claim_rows(claims: Sequence[Held], reader: Reader) -> list[Row]:
    """Return a button for each line with a claim, which leads to the actions on it."""
    quantities: dict[int, Held] = {}
    for each in claims:
        before = quantities.get(each.line_id)
        total = each.quantity + (before.quantity if before else 0)
        quantities[each.line_id] = replace(each, quantity=total)
    shown = list(quantities.values())[:MOST_LINES]
    return [(opens(claim_label(each, reader), "claim", id=each.line_id),) for each in shown]


def _papers(lines_of_papers: Sequence[Held | Expected]) -> list[Row]:
    """Return a button for each numbered paper, two in a row."""
    numbers = {each.document_id: each.number for each in lines_of_papers if each.number}
    buttons = [opens(number, "document", id=each) for each, number in numbers.items()]
    shown = buttons[:MOST_LINES]
    return [tuple(shown[at : at + 2]) for at in range(0, len(shown), 2)]


# --- History ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """A page of a product's history, the newest first; `older` begins the next page."""

    product_id: int
    name: str
    entries: Sequence[HistoryEntry]
    older: int
    is_first: bool


def load_history(work: Work, product_id: int, arguments: Arguments) -> History:
    """Return the moves before the one in `argument`, without papers this person may not see."""
    require_ability(work.actor, Ability.SEE_STOCK)
    named = product_views.load(work.connection, [product_id], language=work.actor.language)
    if product_id not in named:
        raise NotFound(subject="product")
    before = start_of(arguments) or None
    found = stock.history(work.connection, product_id, before=before, limit=HISTORY_SIZE + 1)
    shown = [_visible(work.actor, each) for each in found[:HISTORY_SIZE]]
    older = shown[-1].move_id if len(found) > HISTORY_SIZE else 0
    return History(product_id, named[product_id].name, shown, older, before is None)


def _visible(actor: Actor, entry: HistoryEntry) -> HistoryEntry:
    if may(actor, Right.VIEW, type_of(entry.kind), party_id=None):
        return entry
    return replace(entry, number="", party="")


def render_history(shown: History, reader: Reader) -> Card:
    """Render each move with its paper, and the level after it."""
    title = html(bold(shown.name), reader.text(N_("history")), between=" · ")
    found = [_entry(each, reader) for each in shown.entries]
    if not found:
        found = [reader.html(N_("No stock movements yet."))]
    numbers = {each.document_id: each.number for each in shown.entries if each.number}
    buttons = [opens(number, "document", id=each) for each, number in numbers.items()]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    turning = []
    if not shown.is_first:
        turning.append(opens(reader.text(N_("« Newest")), "history", id=shown.product_id))
    if shown.older:
        label = reader.text(N_("Older »"))
        argument = str(shown.older)
        turning.append(opens(label, "history", id=shown.product_id, argument=argument))
    way_back = back(reader, "product", id=shown.product_id)
    return Card(lines(title, *found), (*rows, tuple(turning), (way_back,)))


def _entry(each: HistoryEntry, reader: Reader) -> Html:
    sign = "+" if each.quantity > 0 else "" if each.quantity < 0 else "±"
    number = quantity(each.quantity or each.moved, reader)
    day = reader.translator.day(each.at.astimezone(reader.zone).date())
    level = reader.text(N_("balance {number}"), number=quantity(each.level, reader))
    parts = [day, f"{sign}{number}", level, each.number, each.party or each.person]
    return html(*filter(None, parts), between=" · ")


def open_stock(turn: Turn, _argument: str) -> None:
    """Open the stock levels of all products."""
    turn.show("stock")


SCREENS: Final = (
    Screen("stock", load_stock, render_stock),
    Screen("why", load_why, render_why, subject="product"),
    Screen("history", load_history, render_history, subject="product"),
)
COMMANDS: Final = (Command("stock", N_("Stock levels"), open_stock, roles=STAFF),)
