"""Products: the card, lists, the customers' catalogue, adding and changing products."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.base.focus import Option
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    Style,
    back,
    bold,
    html,
    lines,
    listed,
    opens,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.record_inputs import Party
from bot.conversation.step import Answers, Form, Step
from bot.screens.people.merging import merge_row, merged_lines, merged_rows
from bot.screens.shared.fact_fields import CleanedText, fact_lines, fields_of, step_of
from bot.screens.shared.field_editor import Editable, Editor
from bot.screens.shared.words import quantity, unit_money
from bot.screens.stock.levels import pages, start_of
from bot.screens.stock.reservations import may_ask
from bot.screens.stock.unit_input import UnitInput
from bot.screens.typing.order_preview import Understood, with_product
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kind_by_prefix, kinds
from core.domain.facts.product import ASKED, OWN, PRODUCT_FACTS
from core.domain.messages import N_
from core.domain.money import ZERO
from core.domain.people import Ability, Right
from core.domain.texts import folded
from core.domain.units import PIECE, digits_of
from core.services import shown_facts
from core.services.people import merging
from core.services.people.merging import NOT_MERGED, Merged
from core.services.products import catalog, product_views
from core.services.products.product_views import (
    Availability,
    ProductPage,
    ProductRow,
    ProductView,
    ShownPrice,
)
from core.services.rights import NotFound, may, require_ability
from core.services.work import Work

LISTS: Final = ("stock", "products", "catalogue")

AVAILABILITY: Final[Mapping[Availability, str]] = {
    Availability.IN_STOCK: N_("in stock"),
    Availability.FEW: N_("only a few left"),
    Availability.EXPECTED: N_("expected"),
    Availability.ON_REQUEST: N_("on request"),
    Availability.SERVICE: N_("service"),
}
NATURES: Final[Mapping[str, str]] = {"goods": N_("Goods"), "service": N_("Service")}


# --- The card --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A product, the list it was opened from, and what this person may begin with it."""

    view: ProductView
    origin: str
    order: DocumentType | None
    can_edit: bool
    can_hold: bool = False
    merged: Merged = NOT_MERGED


def load_product(work: Work, product_id: int, arguments: Arguments) -> Shown:
    """Return a product; `argument` is "list:offset" if it was opened from a list."""
    view = product_views.view(work, product_id)
    origin = str(arguments.get("argument", ""))
    order = None if view.record.archived else order_row(work)
    can_edit = work.actor.can(Ability.EDIT_CATALOGUE)
    can_hold = view.record.is_goods and not view.record.archived and may_ask(work)
    merged = NOT_MERGED
    if work.actor.is_staff:
        merged = merging.merged_products(work.connection, product_id)
    return Shown(view, origin, order, can_edit, can_hold, merged)


def order_row(work: Work) -> DocumentType | None:
    """Return the order row this person may use: for a customer first, else from a vendor."""
    for row in (*kinds(claims=Claims.WAITING), *kinds(incoming=True)):
        if may(work.actor, Right.DRAFT, row, party_id=None):
            return row
    return None


def render_product(shown: Shown, reader: Reader) -> Card:
    """Render what the product is, its stock and prices, and where to go from here."""
    view, record = shown.view, shown.view.record
    title: list[object] = [bold(record.name), record.sku]
    if record.shelf and view.level is not None:
        title.append(reader.text(N_("shelf {shelf}"), shelf=record.shelf))
    if record.archived:
        title.append(reader.text(N_("archived")))
    text = lines(
        html(*title, between=" · "), _numbers(view, reader), _price_line(view.prices, reader),
        *_limits(view, reader), *fact_lines(PRODUCT_FACTS, view.facts, reader),
        *merged_lines(shown.merged, reader),
    )  # fmt: skip
    rows: list[Row] = []
    beginning = []
    if shown.order is not None:
        beginning.append(
            Button(
                reader.text(N_("Order")), "order_product", id=record.id,
                argument=shown.order.prefix, style="primary",
            )
        )  # fmt: skip
    if shown.can_hold:
        style: Style | None = None if beginning else "primary"
        label = reader.text(N_("Reserve") if beginning else N_("Request a reservation"))
        beginning.append(Button(label, "ask_hold", id=record.id, style=style))
    rows.append(tuple(beginning))
    looking = []
    if view.level is not None:
        looking.append(opens(reader.text(N_("Why")), "why", id=record.id))
        looking.append(opens(reader.text(N_("History")), "history", id=record.id))
    if shown.can_edit:
        looking.append(opens(reader.text(N_("Edit")), "edit_product", id=record.id))
    rows.append(tuple(looking))
    rows += merged_rows(shown.merged, "product", reader)
    return Card(text, (*rows, (_way_back(shown.origin, reader),)))


def _way_back(origin: str, reader: Reader) -> Button:
    screen, _, offset = origin.partition(":")
    return back(reader, screen, argument=offset) if screen in LISTS else back(reader)


def _numbers(view: ProductView, reader: Reader) -> Html:
    """Return the numbers for people who may see levels, a word for everyone else."""
    level = view.level
    if level is None:
        return html(reader.text(AVAILABILITY[view.availability]))
    found = [reader.text(N_("{number} on hand"), number=quantity(level.on_hand, reader))]
    if level.claimed:
        found.append(reader.text(N_("{number} reserved"), number=quantity(level.claimed, reader)))
    found.append(reader.text(N_("{number} available"), number=quantity(level.available, reader)))
    if level.waiting:
        found.append(reader.text(N_("{number} waiting"), number=quantity(level.waiting, reader)))
    if level.incoming:
        expected = quantity(level.incoming, reader)
        words = reader.text(N_("{number} expected"), number=expected)
        day = "" if view.expected_on is None else f" {reader.translator.day(view.expected_on)}"
        found.append(words + day)
    if level.quarantine:
        aside = quantity(level.quarantine, reader)
        found.append(reader.text(N_("{number} in quarantine"), number=aside))
    return html(*found, between=" · ")


def _price_line(prices: Sequence[ShownPrice], reader: Reader) -> Html:
    return html(*(price_words(each, reader) for each in prices), between=" · ")


def price_words(price: ShownPrice, reader: Reader) -> str:
    """Return a unit price with its currency and the price book it comes from."""
    amount = unit_money(price.amount, price.currency, reader)
    return f"{amount} ({price.book})" if price.book else amount


def _limits(view: ProductView, reader: Reader) -> list[Html]:
    level = view.record.reorder_level
    if view.level is None or level is None:
        return []
    words = reader.text(N_("reorder level {number}"), number=quantity(level, reader))
    low = reader.text(N_("low stock")) if view.level.available <= level else ""
    return [html(*filter(None, (words, low)), between=" · ")]


# --- Lists -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Products:
    """A page of products, and whether this person may add one."""

    page: ProductPage
    can_add: bool


def load_products(work: Work, _id: int, arguments: Arguments) -> Products:
    """Return a page of all products by name."""
    page = product_views.page(work, offset=start_of(arguments))
    return Products(page, work.actor.can(Ability.EDIT_CATALOGUE))


def render_products(shown: Products, reader: Reader) -> Card:
    """Render all products with their prices, and the button that adds one."""
    return _list(shown, reader, screen="products", title=N_("Products"))


def render_catalogue(shown: Products, reader: Reader) -> Card:
    """Render the products available to a customer, at the customer's prices."""
    return _list(shown, reader, screen="catalogue", title=N_("Catalogue"))


def _list(shown: Products, reader: Reader, *, screen: str, title: str) -> Card:
    page = shown.page
    told, rows = listed(
        [
            (
                list_label(each, reader),
                opens(each.name, "product", id=each.id, argument=f"{screen}:{page.offset}"),
            )
            for each in page.rows
        ]
    )
    size = product_views.PAGE_SIZE
    rows.append(pages(screen, offset=page.offset, total=page.total, size=size))
    if shown.can_add:
        rows.append((Button(reader.text(N_("Add product")), "add_product"),))
    count = reader.plural("{count} product", "{count} products", page.total)
    title_line = html(bold(reader.text(title)), count, between=" · ")
    return Card(lines(title_line, *told), (*rows, (back(reader),)))


def list_label(row: ProductRow, reader: Reader) -> str:
    """Return the label of a product in a list: its name, its price, a word on availability."""
    parts = [row.name]
    if row.price is not None:
        parts.append(price_words(row.price, reader))
    if row.free is None:
        parts.append(reader.text(AVAILABILITY[row.availability]))
    return " · ".join(parts)


# --- Ordering one ----------------------------------------------------------------------------


def order_product(turn: Turn, tap: Tap) -> None:
    """Ask for the party and the quantity; a preview comes before the order."""
    product_views.view(turn.work, tap.id)
    turn.ask("order_product", product=tap.id, prefix=tap.argument)


def _unit_digits(asking: Asking) -> int:
    product_id = asking.answers.arguments["product"]
    return product_views.load(asking.work.connection, [product_id])[product_id].unit_digits


def finish_order(turn: Turn, answers: Answers) -> None:
    """Show the order preview."""
    row = kind_by_prefix(answers.arguments["prefix"])
    if row is None:
        raise NotFound(subject="document")
    product_id = answers.arguments["product"]
    name = product_views.load(turn.work.connection, [product_id])[product_id].name
    line = Understood(name, product_id, answers["quantity"], ZERO)
    turn.show(
        "ordered",
        prefix=row.prefix,
        party=answers["party"],
        candidates=[],
        lines=[line.kept()],
    )


# --- Adding one ------------------------------------------------------------------------------


class Sku(CleanedText):
    """A product's code; an unused one, derived from the name, is proposed."""

    def options(self, asking: Asking) -> Sequence[Option]:
        """Return the proposal."""
        proposed = proposed_sku(asking.work, str(asking.answers.get("name") or ""))
        return [Option(proposed, proposed)]


def proposed_sku(work: Work, name: str) -> str:
    """Return letters and number of the name ("Laptop Pro 14": LAP-14), or the next free code."""
    words = folded(name).split()
    letters = re.sub("[^a-z]", "", "".join(words))[:3].upper() or "SKU"
    number = next((word for word in words if word.isdecimal()), "")
    return catalog.free_sku(work, f"{letters}-{number[:6]}" if number else letters)


def add_product(turn: Turn, _tap: Tap) -> None:
    """Ask for a new product."""
    require_ability(turn.work.actor, Ability.EDIT_CATALOGUE)
    turn.ask("new_product")


def finish_product(turn: Turn, answers: Answers) -> None:
    """Add the product and show it; the first one leads to the first customer.

    A product missing from a typed order leads back to that order, on its line.
    """
    unit = answers["unit"] or PIECE.code
    product_id = catalog.add_product(
        turn.work,
        sku=answers["sku"],
        name=answers["name"],
        nature=answers["nature"],
        list_price=answers["price"],
        unit=unit,
        unit_digits=digits_of(unit),
    )
    turn.toast(turn.reader.text(N_("{name} added to the catalogue"), name=answers["name"]))
    if "ordered" in answers.arguments:
        given = answers.arguments
        turn.show("ordered", **with_product(given["ordered"], given["at"], product_id))
    elif catalog.count_products(turn.work) == 1:
        turn.show("first_steps")
    else:
        turn.show("product", product_id, argument="products:0")


# --- Changing one ----------------------------------------------------------------------------


FACTS: Final = {each.key: each for each in ASKED}
"""The facts that can be changed, by the keys of their fields."""


def load_facts(work: Work, product_id: int) -> Editable:
    """Return a product's facts, for people who may change them.  Raises NotAllowed, NotFound."""
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    found = product_views.load(work.connection, [product_id]).get(product_id)
    if found is None:
        raise NotFound(subject="product")
    values = shown_facts.shown(work.connection, ASKED, found.facts)
    into = merging.merged_products(work.connection, product_id).into
    more = {"archived": found.archived, "merged": into is not None}
    return Editable(product_id, found.name, values | more)


def change_fact(work: Work, product_id: int, key: str, *, value: Any) -> None:
    """Change one of the facts."""
    found = product_views.load(work.connection, [product_id])[product_id]
    catalog.change_product(work, product_id, revision=found.revision, **{key: value})


def _archive_row(record: Editable, reader: Reader) -> Sequence[Row]:
    if record.values["merged"]:
        return ()
    label = N_("Restore") if record.values["archived"] else N_("Archive")
    style: Any = None if record.values["archived"] else "danger"
    merge = merge_row("ask_product_merge", record.id, reader)
    return ((Button(reader.text(label), "archive", id=record.id, style=style),), merge)


EDITOR: Final = Editor(
    "product", fields_of(ASKED), load=load_facts, change=change_fact, more=_archive_row
)


def archive(turn: Turn, tap: Tap) -> None:
    """Archive a product; open papers go on.  The same button restores it."""
    record = load_facts(turn.work, tap.id)
    at = None if record.values["archived"] else turn.work.now
    change_fact(turn.work, tap.id, "archived_at", value=at)
    turn.show("product", tap.id)


def _is_goods(answers: Answers) -> bool:
    return answers.get("nature") == "goods"


SCREENS: Final = (
    Screen("product", load_product, render_product, subject="product"),
    Screen("products", load_products, render_products),
    Screen("catalogue", load_products, render_catalogue),
    *EDITOR.screens,
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "order_product": order_product,
    "add_product": add_product,
    "archive": archive,
    **EDITOR.actions,
}
FORMS: Final = (
    Form(
        "order_product",
        steps=(
            Step("party", N_("For which company? Type part of the name."), Party()),
            Step("quantity", N_("How many?"), QuantityInput(digits=_unit_digits)),
        ),
        on_finish=finish_order,
    ),
    Form(
        "new_product",
        title=N_("New product"),
        steps=(
            step_of(FACTS["name"]),
            Step("sku", N_("{name}: what's the SKU?"), Sku(OWN["sku"])),
            step_of(FACTS["list_price"], key="price"),
            Step("nature", N_("Goods or service?"), Choice(NATURES)),
            Step("unit", N_("Which unit is it sold in?"), UnitInput(), show_if=_is_goods),
        ),
        on_finish=finish_product,
    ),
    *EDITOR.forms,
)
