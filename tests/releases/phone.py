"""A person's chat whose buttons are named by what they do, not by how they are labelled.

The names of actions and screens stay from release to release; labels are improved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.base.callbacks import Tap, decode
from bot.local_telegram.people import Json
from tests.chat import Chat


@dataclass(frozen=True)
class KeptButton:
    """A button of a message: whose chat, which message, and what it carries."""

    user_id: int
    message_id: int
    label: str
    data: str

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.user_id} {self.message_id} {self.data}"

    @property
    def tap(self) -> Tap:
        """What a tap on it says."""
        found = decode(self.data, message_id=self.message_id)
        assert found is not None, f"{self.label!r} carries {self.data!r}"
        return found


def buttons_of(user_id: int, message: Json) -> Iterator[KeptButton]:
    """The buttons of a message that come back to the bot, in order."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button:
                yield KeptButton(
                    user_id, message["message_id"], button["text"], button["callback_data"]
                )


class Phone(Chat):
    """Types and taps as one person."""

    async def presses(
        self, action: str, argument: str | None = None, *, label: str = "", on: int | None = None
    ) -> None:
        """Tap a button of the newest card, or of the message `on`, by its action.

        `argument` is what the button carries, or a part of that between colons; `label` is a part
        of its label, for one of several lines.  The first button that fits is meant.
        """
        for each in self.buttons(on):
            tap = each.tap
            carried = (None, tap.argument, *tap.argument.split(":"))
            if tap.action == action and argument in carried and label in each.label:
                self._touch()
                self._last_tap = self.world.taps(self.user_id, each.message_id, each.data)
                await self.settle()
                return
        raise AssertionError(f"no button {action} {argument or ''} {label}\n\n{self.choices()}")

    def buttons(self, on: int | None = None) -> list[KeptButton]:
        """The buttons of the newest message that has any, or of the message `on`."""
        for message in reversed(self._messages()):
            found = list(buttons_of(self.user_id, message))
            if found and on in (None, message["message_id"]):
                return found
        return []

    def all_buttons(self) -> list[KeptButton]:
        """The buttons of all messages, the newest message first."""
        messages = reversed(self._messages())
        return [each for message in messages for each in buttons_of(self.user_id, message)]

    async def goes(self, *actions: str) -> None:
        """Tap one button after another; each is an action, perhaps with its argument."""
        for each in actions:
            action, _, argument = each.partition(" ")
            await self.presses(action, argument or None)

    async def types(self, *texts: str) -> None:
        """Type one message after another."""
        for each in texts:
            await self.says(each)

    async def home(self, *actions: str) -> None:
        """Begin anew at the home, in a new card, and go on from there."""
        await self.says("/start")
        await self.goes(*actions)

    def choices(self) -> str:
        """The last messages with what their buttons do, for whoever writes a story."""
        shown = []
        for message in self._messages()[-3:]:
            shown.append(f"[{message['message_id']}] {message.get('text', '')}")
            shown += [
                f"    [{each.label}] {each.tap.action} {each.tap.id} {each.tap.argument}"
                for each in buttons_of(self.user_id, message)
            ]
        return "\n".join(shown)
