"""A card of nearly every screen, left in the chats with its buttons."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator

from bot.base.callbacks import encode
from bot.base.screen import Button
from tests.releases.phone import KeptButton, Phone

MOST_ALIKE = 6
"""How many cards of one screen are opened, which differ in what they list or convert to."""


async def opens_papers(phone: Phone, numbers: Iterable[str]) -> None:
    """Open papers by their numbers, each in a card of its own."""
    for number in numbers:
        await phone.says(number)


async def opens_screens(phone: Phone, screens: Iterable[str]) -> int:
    """Follow all buttons that only show something, each in a new card; how many cards it took."""
    known, seen, opened = set(screens), set[tuple[str, ...]](), Counter[str]()
    waiting = deque(phone.all_buttons())
    while waiting:
        button = waiting.popleft()
        screen = button.tap.action
        if screen not in known or _kind(button) in seen or opened[screen] == MOST_ALIKE:
            continue
        seen.add(_kind(button))
        opened[screen] += 1
        waiting.extend(await _opens(phone, button))
    return opened.total()


def _kind(button: KeptButton) -> tuple[str, ...]:
    """Buttons of one kind lead to one kind of card."""
    return button.tap.action, *_named(button.tap.argument)


def _named(argument: str) -> Iterator[str]:
    for part in argument.split(":"):
        if part and not part.lstrip("-").isdigit():
            yield part


async def _opens(phone: Phone, button: KeptButton) -> list[KeptButton]:
    """Show what a button shows in a new card, as its client would if it had the button there."""
    tap = button.tap
    await phone.says("/start")
    card = phone.buttons()[0].message_id
    copied = Button("", tap.action, id=tap.id, argument=tap.argument, digest=tap.digest)
    phone.world.taps(phone.user_id, card, encode(copied, rendering=1), forged=True)
    await phone.settle()
    return phone.buttons(card)
