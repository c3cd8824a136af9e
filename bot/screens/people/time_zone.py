"""The time zone of a person, whose clock also shows the moments that concern them."""

from __future__ import annotations

from typing import Final

from bot.base.handlers import Command
from bot.base.screen import HOME
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking
from bot.conversation.region_inputs import Zone
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.domain.people import Role
from core.services.people import parties
from core.services.people.actors import set_zone


def ask_zone(turn: Turn, _tap: Tap) -> None:
    """Ask for the person's place."""
    turn.ask("own_zone")


def by_command(turn: Turn, _text: str) -> None:
    """Ask for the person's place."""
    turn.ask("own_zone")


def finish_zone(turn: Turn, answers: Answers) -> None:
    """Store the zone; the company's own zone needs no second clock."""
    zone = answers["zone"]
    set_zone(turn.work, None if zone == turn.reader.zone.key else zone)
    turn.toast(turn.reader.text(N_("Time zone: {zone}"), zone=zone))
    turn.show(HOME)


def _country(asking: Asking) -> str:
    """Return the country of the person's party, or else of the company."""
    for party_id in sorted(asking.work.actor.own_parties):
        addresses, _ = parties.reach(asking.work.connection, party_id)
        if addresses:
            return addresses[0].country
    company = asking.reader.company
    return company.country if company else ""


ACTIONS: Final = {"ask_zone": ask_zone}
COMMANDS: Final = (Command("zone", N_("Change time zone"), by_command, roles=frozenset(Role)),)
FORMS: Final = (
    Form(
        "own_zone",
        steps=(Step("zone", N_("Which city are you in? For example: Sydney"), Zone(_country)),),
        on_finish=finish_zone,
    ),
)
