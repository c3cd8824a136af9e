"""The people of the story, each with a phone, and how they come together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.local_telegram.world import World
from tests.people import KIM, LEA, OMAR, PAUL, SAMSON, WEI
from tests.releases.phone import Phone
from tests.scenarios.stage import Stage

OLGA, ANA, JANA, JOE, NADIA = 107, 108, 109, 110, 111
NEWCOMERS = (
    (OLGA, "Olga", "en"),
    (ANA, "Ana", "fr"),
    (JANA, "Jana", "en"),
    (JOE, "Joe", "en"),
    (NADIA, "Nadia", "fr"),
)
PROVIDER = "284685063:TEST:pretend"


@dataclass(frozen=True)
class Cast:
    """Who speaks with the bot."""

    samson: Phone
    olga: Phone
    lea: Phone
    omar: Phone
    kim: Phone
    paul: Phone
    ana: Phone
    jana: Phone
    joe: Phone
    nadia: Phone
    wei: Phone


def add_people(world: World) -> None:
    """Let those come who are not on the stage of the other stories."""
    for user_id, name, language in NEWCOMERS:
        world.add_person(user_id, name, language_code=language)


def cast_of(stage: Stage) -> Cast:
    """Everybody's phone, over the world of a stage."""

    def phone(user_id: int) -> Phone:
        return Phone(stage.world, user_id, stage.settle)

    people = (SAMSON, OLGA, LEA, OMAR, KIM, PAUL, ANA, JANA, JOE, NADIA, WEI)
    return Cast(*map(phone, people))


async def gather(_stage: Stage, cast: Cast) -> None:
    """A second owner, further contacts of the customers, somebody who only looks in."""
    await cast.samson.says("/start")
    await cast.samson.goes("team", "invite_staff owner")
    await cast.olga.starts(_link_in(cast.samson))
    await joins(cast.lea, "High End", "Joe", guest=cast.joe)
    await joins(cast.lea, "Martin", "Ana Martin", guest=cast.ana)
    await cast.lea.goes("contact_right may_see_money")
    await cast.nadia.says("/start")
    await cast.omar.says("/language")
    await cast.omar.goes("speak fr")
    await cast.kim.says("/zone")
    await cast.kim.presses("pick", label="Sydney")


async def joins(lea: Phone, party: str, name: str, *, guest: Phone) -> None:
    """Add a contact to a party, who opens the link."""
    await lea.says(party)
    await lea.goes("contacts", "add_contact")
    await lea.says(name)
    await lea.goes("skip", "skip", "invite_contact")
    await guest.starts(_link_in(lea))


def _link_in(phone: Phone) -> str:
    """The one-time token that the last messages show."""
    for message in reversed(phone.messages):
        found = re.search(r"start=([\w-]+)", str(message))
        if found:
            return found.group(1)
    raise AssertionError(f"there is no link\n\n{phone.choices()}")
