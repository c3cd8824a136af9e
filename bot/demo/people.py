"""The persons of the demo: who they are, and what a newcomer can try as each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.local_telegram.page import About, PersonNote
from bot.local_telegram.world import World
from core.domain.messages import N_
from core.domain.people import ROLE_NAMES, Role
from core.i18n import translator

SHOP: Final = "Crimson"
BOT_USERNAME: Final = "crimson_demo_bot"


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """A user of the local Telegram with a role; `party` names whom he speaks for, if anybody.

    `user_id` is his id at Telegram, `language` the one of his client, `try_this` a message of
    the catalogues.
    """

    user_id: int
    first_name: str
    last_name: str
    language: str
    role: Role
    try_this: str
    party: str = ""

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first_name} {self.last_name}"


SAMSON: Final = DemoPerson(
    user_id=101,
    first_name="Samson",
    last_name="Adeyemi",
    language="en",
    role=Role.OWNER,
    try_this=N_("Type “Shenzhen: 200 computer” to order 200 computers from the vendor."),
)
LEA: Final = DemoPerson(
    user_id=102,
    first_name="Lea",
    last_name="Moreau",
    language="fr",
    role=Role.SALES,
    try_this=N_("Type “High End: 20 laptop pro, 3x mouse 10%” and confirm the order."),
)
OMAR: Final = DemoPerson(
    user_id=103,
    first_name="Omar",
    last_name="Haddad",
    language="en",
    role=Role.STOREKEEPER,
    try_this=N_(
        "Receive the delivery from Shenzhen Parts, and pick the order for Papeterie Martin."
    ),
)
GRACE: Final = DemoPerson(
    user_id=104,
    first_name="Grace",
    last_name="Miller",
    language="en",
    role=Role.CUSTOMER,
    party="High End Computers",
    try_this=N_("Type “qu 1” to see your quote, then open its PDF."),
)
CLAIRE: Final = DemoPerson(
    user_id=105,
    first_name="Claire",
    last_name="Martin",
    language="fr",
    role=Role.CUSTOMER,
    party="Papeterie Martin",
    try_this=N_("Type “so 1” to follow your order, then open its PDF."),
)
WEI: Final = DemoPerson(
    user_id=106,
    first_name="Wei",
    last_name="Chen",
    language="en",
    role=Role.VENDOR,
    party="Shenzhen Parts",
    try_this=N_("See what Crimson has ordered from you."),
)
PEOPLE: Final = (SAMSON, LEA, OMAR, GRACE, CLAIRE, WEI)


def about(people: Iterable[DemoPerson] = PEOPLE) -> About:
    """What the chat page says of each person, in that person's language."""
    notes = {}
    for each in people:
        words = translator(each.language)
        role = words.text(ROLE_NAMES[each.role])
        notes[each.user_id] = PersonNote(
            role=f"{role} · {each.party}" if each.party else role,
            try_this=words.text(each.try_this),
        )
    return About(SHOP, notes)


def populate(world: World, people: Iterable[DemoPerson] = PEOPLE) -> None:
    """Let the persons exist in a world; those who do already stay as they are."""
    for each in people:
        if each.user_id not in world.people:
            world.add_person(
                each.user_id,
                each.first_name,
                last_name=each.last_name,
                language_code=each.language,
            )
