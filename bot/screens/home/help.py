"""The help screen: for each role, the commands and the texts to type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.base.handlers import Command, offered
from bot.base.screen import Arguments, Button, Card, Reader, Screen, back, bold, lines
from bot.base.turn import Tap, Turn, Typed
from core.domain.document_type import PartySide
from core.domain.messages import N_
from core.domain.people import Ability, Role
from core.i18n.filling import placeholders
from core.services import company
from core.services.people import party_views
from core.services.products import product_views
from core.services.products.product_views import Availability
from core.services.work import Work

TITLE: Final = N_("What you can do here")
# Texts to type, by role, shown as they are typed.
EXAMPLES: Final[dict[Role, tuple[str, ...]]] = {
    Role.OWNER: (
        N_("Type a product name to see its stock."),
        N_("Type a document number to open it."),
        N_("Type a customer or vendor name to see what is owed."),
    ),
    Role.SALES: (
        N_("Type a customer and items to start an order: High End: 20 laptop, 3x mouse 10%"),
        N_("Type a product name to see what is available."),
        N_("Type a document number to open it."),
    ),
    Role.STOREKEEPER: (
        N_("Type or scan a barcode to open its product."),
        N_("Type an order number to deliver or receive it."),
        N_("Type a product name to see where it is."),
    ),
    Role.CUSTOMER: (
        N_("Type a product name to see its price."),
        N_("Type a document number to open it."),
        N_("Tap a product to request a reservation."),
    ),
    Role.VENDOR: (
        N_("Type an order number to open it."),
        N_("You're notified at once if a delivery is short."),
        N_("Every order comes as a PDF."),
    ),
}


# Examples to tap instead of typing, by role.  They name existing records: a customer and a
# product of this company.
TO_TRY: Final[dict[Role, tuple[str, ...]]] = {
    Role.OWNER: (N_("who owes us?"), N_("what is overdue?"), N_("stock {product}?")),
    Role.SALES: (
        N_("{customer}: 2 {product}"),
        N_("price {product}"),
        N_("orders {customer}"),
    ),
    Role.STOREKEEPER: (
        N_("what can ship?"),
        N_("stock {product}?"),
        N_("who reserved {product}?"),
    ),
    Role.CUSTOMER: (N_("stock {product}?"), N_("price {product}"), N_("orders")),
    Role.VENDOR: (N_("orders"), N_("what is due?")),
}


@dataclass(frozen=True)
class Help:
    """The examples for a person, and those to tap: texts with the names that are put in them."""

    examples: tuple[str, ...]
    to_try: tuple[str, ...]
    names: Mapping[str, str]
    commands: tuple[Command, ...]


def load_help(commands: Iterable[Command], work: Work) -> Help:
    """Return the help, which is open to everybody."""
    roles = work.actor.roles
    examples = [each for role in Role if role in roles for each in EXAMPLES[role]]
    names = names_to_try(work)
    return Help(
        tuple(dict.fromkeys(examples)),
        tuple(each for each in texts_to_try(work) if names.keys() >= placeholders(each)),
        names,
        tuple(offered(commands, roles)),
    )


def texts_to_try(work: Work) -> tuple[str, ...]:
    """Return the examples to tap for this person, each once."""
    roles = [role for role in Role if role in work.actor.roles]
    return tuple(dict.fromkeys(each for role in roles for each in TO_TRY[role]))


def names_to_try(work: Work) -> dict[str, str]:
    """Return a product and a customer of this company, if any, that this person may see."""
    found: dict[str, str] = {}
    if not company.is_set_up(work.connection):
        return found
    if work.actor.can(Ability.SEE_CATALOGUE):
        rows = product_views.page(work).rows
        goods = [each for each in rows if each.availability is not Availability.SERVICE]
        if goods:
            found["product"] = goods[0].name
    if work.actor.can(Ability.SEE_PARTIES):
        customers = party_views.page(work, PartySide.CUSTOMER).rows
        if customers:
            found["customer"] = customers[0].name
    return found


def render_help(help_: Help, reader: Reader) -> Card:
    """Render the texts to type, with examples to tap, then the commands."""
    commands = [f"/{each.name} · {reader.text(each.description)}" for each in help_.commands]
    examples = [f"• {reader.text(each)}" for each in help_.examples]
    rows = [
        (Button(reader.text(each, **help_.names), "try_it", argument=str(at)),)
        for at, each in enumerate(help_.to_try)
    ]
    return Card(lines(bold(reader.text(TITLE)), *examples, *commands), (*rows, (back(reader),)))


def try_it(turn: Turn, tap: Tap) -> None:
    """Answer an example as if it had been typed."""
    names = names_to_try(turn.work)
    texts = [each for each in texts_to_try(turn.work) if names.keys() >= placeholders(each)]
    at = int(tap.argument) if tap.argument.isdecimal() else len(texts)
    if at >= len(texts):
        turn.show("help")
        return
    typed = Typed(turn.reader.text(texts[at], **names), tap.message_id)
    if not turn.read(typed):
        turn.show("help")


def show_help(turn: Turn, _argument: str) -> None:
    """Show the help."""
    turn.show("help")


def make_screens(commands: Mapping[str, Command]) -> tuple[Screen, ...]:
    """Return the help screen, which shows the commands of all modules."""

    def load(work: Work, _id: int, _arguments: Arguments) -> Help:
        return load_help(commands.values(), work)

    return (Screen("help", load, render_help),)


ACTIONS: Final = {"try_it": try_it}
COMMANDS = (Command("help", N_("What you can do here"), show_help),)
