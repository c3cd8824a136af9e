"""The people of Crimson and those it trades with, and the class through which a story speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.base.refusal_sentences import SENTENCES
from bot.local_telegram.world import World
from bot.screens.documents.card import SETTLED_WORDS
from bot.screens.documents.quotes import SENTENCES as OF_QUOTES
from bot.screens.money.approvals import MESSAGES as OF_APPROVALS
from bot.screens.people.notices import SENTENCES as OF_GOODS
from core.domain.documents import DOCUMENT_TYPES
from core.domain.lifecycles import STATE_NAMES, State
from core.domain.people import Role
from core.i18n import translator
from tests.chat import Chat, Part, Settle, has
from tests.pdf.reading import folded, words_of

SAMSON, LEA, OMAR, KIM, PAUL, WEI = 101, 102, 103, 104, 105, 106
"""Who they are at Telegram. Whoever joins in a single story has a number from 107 on."""

NOTICES = {**OF_GOODS, **OF_QUOTES, **OF_APPROVALS}
GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Known:
    """What is known of somebody: a name, a role, and whom they speak for, if not Crimson."""

    name: str
    role: Role
    party: str = ""
    contact: str = ""


PEOPLE = {
    SAMSON: Known("Samson", Role.OWNER),
    LEA: Known("Lea", Role.SALES),
    OMAR: Known("Omar", Role.STOREKEEPER),
    KIM: Known("Kim", Role.CUSTOMER, "high_end", "Kim Tan"),
    PAUL: Known("Paul", Role.CUSTOMER, "martin", "Paul Martin"),
    WEI: Known("Wei", Role.VENDOR, "vendor", "Wei Chen"),
}
FRENCH = frozenset({PAUL})
"""Who speaks French in every story; the others speak the language in which it is played."""


class Person(Chat):
    """Somebody's chat, in the language of their Telegram, with the acts of a day's work."""

    def __init__(self, world: World, user_id: int, settle: Settle) -> None:
        super().__init__(world, user_id, settle)
        self.language = world.people[user_id].language_code
        self.words = translator(self.language)

    # --- What is done every day ------------------------------------------------------

    async def orders(self, text: str) -> None:
        """Type an order and confirm it."""
        await self.says(text)
        await self.taps("order_now")

    async def buys(self, goods: str) -> None:
        """Order goods from the vendor and receive them whole."""
        await self.orders(f"Shenzhen: {goods}")
        await self.makes("RN")

    async def makes(self, kind: str, *figures: Part) -> None:
        """Make the next paper from the one on the card, as it is proposed: two taps.

        `kind` is the beginning of its numbers: DN, IN.
        """
        await self.taps("convert", kind, *figures)
        await self.taps("make", kind, *figures)

    async def ends(self, action: str) -> None:
        """Reverse, cancel, close or decline the paper on the card: two taps."""
        await self.taps("ask_end", action)
        await self.taps("end", action)

    # --- What is read -----------------------------------------------------------------

    def reads(self, message: str, **facts: object) -> None:
        """Fail unless a sentence, which is named by its English source, is on the screen."""
        self.sees(self.words.text(message, **facts))

    def is_refused(self, code: str, *parts: Part) -> None:
        """Fail unless the refusal with this code is told, with these facts in its line."""
        self._is_told(SENTENCES[code].message, parts)

    def is_told(self, event: str, *parts: Part) -> None:
        """Fail unless a notice tells of an event, with these facts in its line."""
        self._is_told(NOTICES[event], parts)

    def _is_told(self, message: str, parts: Sequence[Part]) -> None:
        gaps = dict.fromkeys(GAP.findall(message), "\0")
        sentence = re.escape(self.words.text(message, **gaps)).replace("\0", ".+?")
        found = [each for each in self.screen().splitlines() if re.search(sentence, each)]
        told = any(has(each, *parts) for each in found)
        assert told, f"{message!r} {parts} is not told\n\n{self.screen()}\n\n{self.transcript()}"

    def sees_state(self, kind: str, state: State) -> None:
        """Fail unless a paper of a kind is shown to be in a state."""
        self.sees(self.state(kind, state))

    def state(self, kind: str, state: State) -> str:
        """The state of a kind of paper as this person reads it."""
        return self.words.agreeing(STATE_NAMES[state], noun=DOCUMENT_TYPES[kind].label)

    def sees_settled(self, kind: str, state: str, *parts: Part) -> None:
        """Fail unless a paper of a kind is shown to be settled so far, with this on its line.

        `state` is open, part, paid, credited or settled.
        """
        words = self.words.agreeing(SETTLED_WORDS[state], noun=DOCUMENT_TYPES[kind].label)
        self.sees_line(words, *parts)

    def money(self, amount: str, currency: str = "EUR") -> str:
        """An amount as this person reads it."""
        return self.words.money(Decimal(amount), currency)

    def printed(self, amount: str, currency: str = "EUR") -> str:
        """An amount as a paper in this person's language has it, read back with plain spaces."""
        return folded(self.money(amount, currency))

    def day(self, day: int, month: int = 11) -> str:
        """A day of the year of the stories as this person reads it."""
        return self.words.day(date(2026, month, day))

    def paper(self) -> str:
        """The text of the last paper, its spaces made plain."""
        return words_of(self.document())
