"""Help: one screen for each role, with the commands and what can be typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.commands import offered
from bot.context import Command, Registry
from bot.screens.base import Arguments, Card, Reader, Screen, back, bold, lines
from bot.turn import Turn
from core.domain.messages import N_
from core.domain.people import Role
from core.services.work import Work

TITLE: Final = N_("What you can do here")
# What can be typed, by role; it is shown as it is typed.
EXAMPLES: Final[dict[Role, tuple[str, ...]]] = {
    Role.OWNER: (
        N_("Type the name of a product to see its stock."),
        N_("Type the number of a paper to open it."),
        N_("Type the name of a customer or vendor to see what is open."),
    ),
    Role.SALES: (
        N_("Type a customer and goods to draft an order: High End: 20 laptop, 3x mouse 10%"),
        N_("Type the name of a product to see what is free."),
        N_("Type the number of a paper to open it."),
    ),
    Role.STOREKEEPER: (
        N_("Type or scan a barcode to open its product."),
        N_("Type the number of an order to deliver or receive it."),
        N_("Type the name of a product to see where it is."),
    ),
    Role.CUSTOMER: (
        N_("Type the name of a product to see its price."),
        N_("Type the number of a paper to open it."),
        N_("Tap a product to ask for a hold."),
    ),
    Role.VENDOR: (
        N_("Type the number of an order to open it."),
        N_("You hear at once when a delivery was short."),
        N_("Every order comes with its paper."),
    ),
}


@dataclass(frozen=True)
class Help:
    """What a person is told."""

    examples: tuple[str, ...]
    commands: tuple[Command, ...]


def load_help(commands: Iterable[Command], work: Work) -> Help:
    """Help is open to everybody."""
    roles = work.actor.roles
    examples = [each for role in Role if role in roles for each in EXAMPLES[role]]
    return Help(tuple(dict.fromkeys(examples)), tuple(offered(commands, roles)))


def render_help(help_: Help, reader: Reader) -> Card:
    """Examples first, then the commands."""
    commands = [f"/{each.name} · {reader.text(each.description)}" for each in help_.commands]
    examples = [f"• {reader.text(each)}" for each in help_.examples]
    return Card(lines(bold(reader.text(TITLE)), *examples, *commands), ((back(reader),),))


def show_help(turn: Turn, _argument: str) -> None:
    """Show the help."""
    turn.show("help")


def make_screens(registry: Registry) -> tuple[Screen, ...]:
    """The help knows the commands of all modules."""

    def load(work: Work, _id: int, _arguments: Arguments) -> Help:
        return load_help(registry.commands.values(), work)

    return (Screen("help", load, render_help),)


COMMANDS = (Command("help", N_("What you can do here"), show_help),)
