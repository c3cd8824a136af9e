"""Speaks with the bot as a person does: types, taps what is on the screen, reads.

A test gives the world, the person's user id and ``settle``, a coroutine function that runs the
bot until nothing is left to do.  Every act ends with it::

    lea = Chat(world, 101, settle)
    await lea.says("High End: 20 laptop")
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001")
    assert lea.document().startswith(b"%PDF")
    assert lea.touches == 2
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.local_telegram.people import Json
from bot.local_telegram.transcript import transcript
from bot.local_telegram.world import World

Settle = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Toast:
    """What answers a tap: a line over the chat, or (``alert``) a window that must be closed."""

    text: str
    alert: bool = False


@dataclass(frozen=True)
class Button:
    """A button on the screen; ``message_id`` is None for one of the reply keyboard."""

    label: str
    action: Json
    message_id: int | None = None


class Chat:
    """One person's private chat with the bot.

    ``touches`` counts messages and taps, ``toasts`` holds the answers to taps that said
    something, ``copied`` what buttons put into the clipboard.
    """

    def __init__(self, world: World, user_id: int, settle: Settle) -> None:
        self.world = world
        self.user_id = user_id
        self.settle = settle
        self.touches = 0
        self.toasts: list[Toast] = []
        self.copied: list[str] = []
        self._changed: set[int] = set()
        self._new_toasts: list[Toast] = []
        self._last_tap: int | None = None
        self._shown: dict[str, tuple[int, str]] = {}
        for message in self._messages():
            self._remember_buttons(message)
        self.end = world.subscribe(user_id, self._notice)

    # --- What the person does -----------------------------------------------------

    async def says(self, text: str, *, reply_to: int | None = None) -> None:
        """Type a message."""
        self._touch()
        self.world.says(self.user_id, text, reply_to=reply_to)
        await self.settle()

    async def starts(self, payload: str = "") -> None:
        """Open the bot by its link, perhaps with a payload."""
        self._touch()
        self.world.starts(self.user_id, payload)
        await self.settle()

    async def taps(self, label: str, *, on: int | None = None) -> None:
        """Tap a button: the label, or a part of it that only one button has.

        The newest message that has such a button wins; ``on`` names another message.
        """
        button = self._button(label, on)
        self._touch()
        self._press(button)
        await self.settle()

    async def taps_stale(self, label: str) -> None:
        """Tap a button that has meanwhile gone, as a client that has not yet drawn the edit.

        The last button with exactly this label that was ever shown is meant.
        """
        assert label in self._shown, f"no button {label!r} was ever shown; {list(self._shown)}"
        message_id, data = self._shown[label]
        self._touch()
        self._last_tap = self.world.taps(self.user_id, message_id, data, forged=True)
        await self.settle()

    async def taps_again(self) -> None:
        """The client sends the last tap once more, as after a lost connection."""
        assert self._last_tap is not None, "nothing was tapped yet"
        self.world.taps_again(self._last_tap)
        await self.settle()

    async def pays(self, *, card_fails: bool = False, forged: bool = False) -> None:
        """Pay the newest invoice, as the sheet behind its Pay button does."""
        invoices = [one["message_id"] for one in self._messages() if "invoice" in one]
        assert invoices, f"there is no invoice to pay\n\n{self.transcript()}"
        self._touch()
        self.world.pays(self.user_id, invoices[-1], card_fails=card_fails, forged=forged)
        await self.settle()

    async def edits(self, text: str, *, message_id: int | None = None) -> None:
        """Change a message of one's own; without an id the last one."""
        self._touch()
        if message_id is None:
            message_id = self._mine()[-1]["message_id"]
        self.world.edits(self.user_id, message_id, text)
        await self.settle()

    async def deletes(self, message_id: int) -> None:
        """Delete a message for both."""
        self.world.deletes(self.user_id, message_id)
        await self.settle()

    async def sends_document(
        self, name: str, content: bytes, *, caption: str | None = None
    ) -> None:
        """Send a file."""
        self._touch()
        self.world.sends_document(self.user_id, name, content, caption=caption)
        await self.settle()

    async def sends_photo(self, content: bytes, *, caption: str | None = None) -> None:
        """Send a picture."""
        self._touch()
        self.world.sends_photo(self.user_id, content, caption=caption)
        await self.settle()

    async def sends_sticker(self) -> None:
        """Send a sticker."""
        self._touch()
        self.world.sends_sticker(self.user_id)
        await self.settle()

    async def forwards(self, message_id: int, *, from_chat: int | None = None) -> None:
        """Forward a message to the bot; without a chat one of this chat."""
        self._touch()
        self.world.forwards(self.user_id, from_chat or self.user_id, message_id)
        await self.settle()

    async def blocks(self) -> None:
        """Block the bot."""
        self.world.blocks(self.user_id)
        await self.settle()

    async def unblocks(self) -> None:
        """Unblock the bot."""
        self.world.unblocks(self.user_id)
        await self.settle()

    # --- What the person sees -----------------------------------------------------

    def sees(self, *texts: str) -> bool:
        """Fail unless every text is on the screen; see ``screen``."""
        shown = self.screen()
        missing = [text for text in texts if text not in shown]
        assert not missing, f"not on the screen: {missing}\n\n{shown}\n\n{self.transcript()}"
        return True

    def does_not_see(self, *texts: str) -> bool:
        """Fail if one of the texts is on the screen; see ``screen``."""
        shown = self.screen()
        found = [text for text in texts if text in shown]
        assert not found, f"on the screen: {found}\n\n{shown}\n\n{self.transcript()}"
        return True

    def screen(self) -> str:
        """What the person looks at, as one text.

        That is what appeared or changed since the last act, toasts included, with the last
        message and the newest card: never a text far up that scrolled away unchanged.
        """
        ids = set(self._changed)
        ids.update(one["message_id"] for one in (self._last(), self._card()) if one is not None)
        shown = [text_of(one) for one in self._messages() if one["message_id"] in ids]
        return "\n\n".join(shown + [toast.text for toast in self._new_toasts])

    @property
    def messages(self) -> list[Json]:
        """All messages that are in the chat now."""
        return self.world.history(self.user_id)

    @property
    def last(self) -> Json:
        """The last message."""
        message = self._last()
        assert message is not None, "the chat is empty"
        return message

    @property
    def card(self) -> Json:
        """The newest message with an inline keyboard."""
        message = self._card()
        assert message is not None, f"no message has buttons\n\n{self.transcript()}"
        return message

    @property
    def text(self) -> str:
        """The text or caption of the last message."""
        return text_of(self.last)

    def labels(self) -> list[str]:
        """The labels of the newest card's buttons, in order."""
        return [label for row in self.rows() for label in row]

    def rows(self) -> list[list[str]]:
        """The same, by rows."""
        return [[button["text"] for button in row] for row in _rows(self.card)]

    def document(self, name: str = "") -> bytes:
        """The bytes of the last file that the bot sent, or of the last with this in its name."""
        return self.world.file(self._document(name)["file_id"]).content

    def document_name(self) -> str:
        """The name of the last file that the bot sent."""
        return str(self._document("")["file_name"])

    def transcript(self) -> str:
        """The whole chat as text."""
        return transcript(self.world, self.user_id)

    # --- Inside -------------------------------------------------------------------

    def _touch(self) -> None:
        self.touches += 1
        self._changed.clear()
        self._new_toasts.clear()

    def _notice(self, event: Json) -> None:
        if event["type"] in {"message", "edited"}:
            self._changed.add(event["message"]["message_id"])
            self._remember_buttons(event["message"])
        elif event["type"] == "answer" and event["text"]:
            toast = Toast(event["text"], event["show_alert"])
            self.toasts.append(toast)
            self._new_toasts.append(toast)
        elif event["type"] == "checkout" and event["error_message"]:
            refused = Toast(event["error_message"], alert=True)
            self.toasts.append(refused)
            self._new_toasts.append(refused)

    def _remember_buttons(self, message: Json) -> None:
        for row in _rows(message):
            for button in row:
                if data := button.get("callback_data"):
                    self._shown[button["text"]] = (message["message_id"], data)

    def _messages(self) -> list[Json]:
        """The stored messages themselves, for reading: a copy for each look is slow."""
        return list(self.world.record(self.user_id).messages.values())

    def _last(self) -> Json | None:
        return next(reversed(self._messages()), None)

    def _card(self) -> Json | None:
        return next((one for one in reversed(self._messages()) if _rows(one)), None)

    def _mine(self) -> list[Json]:
        return [one for one in self._messages() if one["from"]["id"] == self.user_id]

    def _document(self, name: str) -> Json:
        sent: list[Json] = [
            message["document"]
            for message in reversed(self._messages())
            if message["from"]["is_bot"] and "document" in message
        ]
        found = next((one for one in sent if name in one["file_name"]), None)
        assert found is not None, f"the bot sent no file {name!r}\n\n{self.transcript()}"
        return found

    def _button(self, label: str, on: int | None) -> Button:
        """The button that a person means by a label."""
        groups = self._groups(on)
        for fits in (_is, _begins, _contains):
            for group in groups:
                found = [button for button in group if fits(label, button.label)]
                if len(found) == 1 or (found and fits is _is):
                    return found[0]
                if found:
                    names = [button.label for button in found]
                    raise AssertionError(f"{label!r} can mean {names}\n\n{self.transcript()}")
        there = [[button.label for button in group] for group in groups]
        raise AssertionError(f"no button {label!r}; there are {there}\n\n{self.transcript()}")

    def _groups(self, on: int | None) -> list[list[Button]]:
        """All buttons, the newest message first, the reply keyboard last."""
        groups = [
            [
                Button(button["text"], button, message["message_id"])
                for row in _rows(message)
                for button in row
            ]
            for message in reversed(self._messages())
            if _rows(message) and on in {None, message["message_id"]}
        ]
        keyboard = self.world.record(self.user_id).reply_keyboard
        if keyboard and on is None:
            rows = keyboard["keyboard"]
            groups.append([Button(button["text"], button) for row in rows for button in row])
        return groups

    def _press(self, button: Button) -> None:
        action = button.action
        if button.message_id is None:
            if action.get("request_contact"):
                self.world.shares_contact(self.user_id)
            else:
                self.world.says(self.user_id, button.label)
        elif data := action.get("callback_data"):
            self._last_tap = self.world.taps(self.user_id, button.message_id, data)
        elif copied := action.get("copy_text"):
            self.copied.append(copied["text"])
        elif action.get("pay"):
            self.world.pays(self.user_id, button.message_id)
        else:
            link = rf"https://t\.me/{self.world.bot_username}\?start=([\w-]+)"
            opened = re.fullmatch(link, action.get("url", ""))
            assert opened, f"{button.label!r} leads out of the chat: {action}"
            self.world.starts(self.user_id, opened.group(1))


def text_of(message: Json) -> str:
    """What is written in a message: its text or caption, and its file's name."""
    name = message.get("document", {}).get("file_name", "")
    words = message.get("text") or message.get("caption") or ""
    if invoice := message.get("invoice"):
        words = f"{invoice['title']}\n{invoice['description']}"
    return f"{name}\n{words}".strip()


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _is(wanted: str, label: str) -> bool:
    return wanted == label


def _begins(wanted: str, label: str) -> bool:
    return label.startswith(wanted)


def _contains(wanted: str, label: str) -> bool:
    return wanted in label
