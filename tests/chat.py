"""A person's private chat with the bot: types, taps what is on the screen, reads.

A test gives the world, the person's user id and ``settle``, a coroutine function that runs the
bot until nothing is left to do.  Every act ends with it.  A button is named by what it does, as
`bot/base/callbacks.py` encodes it, and told from others by its argument, by figures or by a name
on its label, so that a story stays true when the bot finds better words::

    lea = Chat(world, 101, settle)
    await lea.says("High End: 20 laptop")
    await lea.taps("order_now")
    await lea.taps("convert", "DN", 14)
    lea.sees("SO-2026-0001")
    lea.sees_line(14, "Laptop")
    assert not lea.can("amend")
    assert lea.document().startswith(b"%PDF")
    assert lea.touches == 3
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.base.callbacks import Tap, decode
from bot.local_telegram.people import Json
from bot.local_telegram.transcript import transcript
from bot.local_telegram.world import World

Settle = Callable[[], Awaitable[object]]

Part = str | int | Decimal
"""What is looked for in a text: a number, or a text like "43.20", is a figure in any language's
writing; any other text stands there as it is."""
Step = str | tuple[Part, ...]
"""A tap: an action, alone or with what tells its button from others."""

# A figure is no part of a name: neither the 2 of "M2" nor the years in numbers of papers.
FIGURE = re.compile(r"(?<![\w.,-])[−+-]?\d+(?:[.,\u202f\xa0]\d+)*(?!\w)")
PLAIN_FIGURE = re.compile(r"[−+-]?\d+(?:\.\d+)?")
ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
FRENCH = re.compile(r"\d{1,3}(?:[\u202f\xa0]\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
GROUP_MARKS = str.maketrans("", "", "\u202f\xa0")


@dataclass(frozen=True)
class Toast:
    """What answers a tap: a line over the chat, or (``alert``) a window that must be closed."""

    text: str
    alert: bool = False


@dataclass(frozen=True)
class Button:
    """A button on the screen; ``message_id`` is 0 for one of the reply keyboard.

    One that calls nobody back has the Bot API's word for its action: url, copy_text, pay.
    """

    label: str
    sent: Json
    message_id: int = 0

    @property
    def data(self) -> str:
        """What it carries, when it calls back."""
        return str(self.sent.get("callback_data", ""))

    @property
    def tap(self) -> Tap:
        """What a tap on it means."""
        own = next((name for name in self.sent if name not in {"text", "style"}), self.label)
        return decode(self.data) or Tap(self.data or own)

    def does(self, action: str, id: int | None) -> bool:
        """Whether a tap does this, perhaps to what has this id."""
        return self.tap.action == action and id in {None, self.tap.id}

    def __str__(self) -> str:
        named = [self.tap.action, self.tap.argument, f"id={self.tap.id}" if self.tap.id else ""]
        return f"{' '.join(filter(None, named))} {self.label!r}"


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
        self._ever_shown: list[Button] = []
        for message in self._messages():
            self._ever_shown += _buttons(message)
        self.end = world.subscribe(user_id, self._notice)

    # --- What the person does -----------------------------------------------------

    async def says(self, *texts: str, reply_to: int | None = None) -> None:
        """Type a message, or several one after another."""
        for text in texts:
            self._touch()
            self.world.says(self.user_id, text, reply_to=reply_to)
            await self.settle()

    async def starts(self, payload: str = "") -> None:
        """Open the bot by its link, perhaps with a payload."""
        self._touch()
        self.world.starts(self.user_id, payload)
        await self.settle()

    async def taps(
        self, action: str, *which: Part, id: int | None = None, on: int | None = None
    ) -> None:
        """Tap the button that does this.

        Where several do, `which` says the argument or a part of it, or what stands on the label:
        figures, or the name of a product, party or paper. The newest message that has such a
        button wins; `on` names another message.
        """
        button = self.button(action, *which, id=id, on=on)
        self._touch()
        self._press(button)
        await self.settle()

    async def taps_all(self, *steps: Step) -> None:
        """Tap one button after another."""
        for step in steps:
            action, *which = (step,) if isinstance(step, str) else step
            await self.taps(str(action), *which)

    async def goes_back(self, *, on: int | None = None) -> None:
        """Tap the way back of the newest card, or of another message."""
        ways = [each for each in self._groups(on)[0] if each.label.startswith("‹")]
        assert ways, f"no way back\n\n{self.transcript()}"
        self._touch()
        self._press(ways[-1])
        await self.settle()

    async def taps_stale(self, action: str, *which: Part) -> None:
        """Tap a button that has meanwhile gone, as a client that has not yet drawn the edit.

        The last such button that was ever shown is meant.
        """
        shown = [each for each in self._ever_shown if each.does(action, None)]
        found = next((each for each in reversed(shown) if _narrowed([each], which)), None)
        assert found is not None, f"{action} {which} was never shown; {_listed(shown)}"
        await self.forges(found.data, on=found.message_id)

    async def forges(self, data: str, *, on: int | None = None) -> None:
        """Send a tap that no button has to offer, as a client may, on the newest card."""
        message_id = self.card["message_id"] if on is None else on
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
        self, name: str, content: bytes | str, *, caption: str | None = None
    ) -> None:
        """Send a file."""
        self._touch()
        given = content.encode() if isinstance(content, str) else content
        self.world.sends_document(self.user_id, name, given, caption=caption)
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

    def sees(self, *parts: Part) -> None:
        """Fail unless all of this is on the screen; see ``screen``."""
        shown = self.screen()
        missing = [part for part in parts if _find(part, shown) is None]
        assert not missing, f"not on the screen: {missing}\n\n{shown}\n\n{self.transcript()}"

    def sees_line(self, *parts: Part) -> None:
        """Fail unless one line of the screen has all of this, in this order."""
        shown = self.screen()
        found = any(_in_order(parts, line) for line in shown.splitlines())
        assert found, f"no line has {parts}\n\n{shown}\n\n{self.transcript()}"

    def does_not_see(self, *parts: Part) -> None:
        """Fail if any of this is on the screen; see ``screen``."""
        shown = self.screen()
        found = [part for part in parts if _find(part, shown) is not None]
        assert not found, f"on the screen: {found}\n\n{shown}\n\n{self.transcript()}"

    def screen(self) -> str:
        """What the person looks at, as one text.

        That is what appeared or changed since the last act, toasts included, with the last
        message and the newest card: never a text far up that scrolled away unchanged.
        """
        ids = set(self._changed)
        ids.update(one["message_id"] for one in (self._last(), self._card()) if one is not None)
        shown = [text_of(one) for one in self._messages() if one["message_id"] in ids]
        return "\n\n".join(shown + [toast.text for toast in self._new_toasts])

    def can(self, action: str, *which: Part, id: int | None = None, on: int | None = None) -> bool:
        """Whether the newest card, or another message, has such a button; see ``taps``."""
        there = self._groups(self.card["message_id"] if on is None else on)[0]
        return bool(_narrowed([each for each in there if each.does(action, id)], which))

    def button(
        self, action: str, *which: Part, id: int | None = None, on: int | None = None
    ) -> Button:
        """The button that ``taps`` would tap; fails, naming what is there, unless it is one."""
        try:
            return _meant(self._groups(on), action, which, id=id)
        except LookupError as problem:
            raise AssertionError(f"{problem}\n\n{self.transcript()}") from None

    def actions(self) -> list[str]:
        """What the newest card's buttons do, in order, with the argument where there is one."""
        taps = [each.tap for each in _buttons(self.card)]
        return [f"{each.action} {each.argument}".rstrip() for each in taps]

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
            self._ever_shown += _buttons(event["message"])
        elif event["type"] == "answer" and event["text"]:
            self._is_answered(Toast(event["text"], event["show_alert"]))
        elif event["type"] == "checkout" and event["error_message"]:
            self._is_answered(Toast(event["error_message"], alert=True))

    def _is_answered(self, toast: Toast) -> None:
        self.toasts.append(toast)
        self._new_toasts.append(toast)

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

    def _groups(self, on: int | None) -> list[list[Button]]:
        """All buttons, the newest message first, the reply keyboard last."""
        groups = [
            _buttons(message)
            for message in reversed(self._messages())
            if _rows(message) and on in {None, message["message_id"]}
        ]
        keyboard = self.world.record(self.user_id).reply_keyboard
        if keyboard and on is None:
            rows = keyboard["keyboard"]
            groups.append([Button(button["text"], button) for row in rows for button in row])
        assert groups, f"no message has buttons\n\n{self.transcript()}"
        return groups

    def _press(self, button: Button) -> None:
        sent = button.sent
        if not button.message_id:
            if sent.get("request_contact"):
                self.world.shares_contact(self.user_id)
            else:
                self.world.says(self.user_id, button.label)
        elif button.data:
            self._last_tap = self.world.taps(self.user_id, button.message_id, button.data)
        elif copied := sent.get("copy_text"):
            self.copied.append(copied["text"])
        elif sent.get("pay"):
            self.world.pays(self.user_id, button.message_id)
        else:
            link = rf"https://t\.me/{self.world.bot_username}\?start=([\w-]+)"
            opened = re.fullmatch(link, sent.get("url", ""))
            assert opened, f"{button.label!r} leads out of the chat: {sent}"
            self.world.starts(self.user_id, opened.group(1))


def text_of(message: Json) -> str:
    """What is written in a message: its text or caption, and its file's name."""
    name = message.get("document", {}).get("file_name", "")
    words = message.get("text") or message.get("caption") or ""
    if invoice := message.get("invoice"):
        words = f"{invoice['title']}\n{invoice['description']}"
    return f"{name}\n{words}".strip()


# --- Which button ------------------------------------------------------------------


def newest_button(messages: Sequence[Json], action: str, *which: Part) -> Button:
    """The newest button of a chat that does this.  Raises LookupError unless there is one."""
    return _meant([_buttons(each) for each in reversed(messages)], action, which)


def _meant(
    groups: Sequence[Sequence[Button]],
    action: str,
    which: Sequence[Part],
    *,
    id: int | None = None,
) -> Button:
    named = " ".join([action, *map(str, which)])
    for group in groups:
        found = _narrowed([each for each in group if each.does(action, id)], which)
        # Two that carry the same, perhaps a step and the way back, are one.
        if len({each.data or each.label for each in found}) == 1:
            return found[0]
        if found:
            raise LookupError(f"{named} can mean {_listed(found)}")
    there = "\n".join(_listed(group) for group in groups)
    raise LookupError(f"no button {named}; there are\n{there}")


def _narrowed(buttons: Sequence[Button], which: Sequence[Part]) -> list[Button]:
    """Those that all of `which` fits: by the argument where one has it, else by the label."""
    found = list(buttons)
    for part in which:
        found = next(
            (
                fitting
                for fits in (_has_argument, _has_in_argument, _has_on_label)
                if (fitting := [each for each in found if fits(each, part)])
            ),
            [],
        )
    return found


def _has_argument(button: Button, part: Part) -> bool:
    return part == button.tap.argument


def _has_in_argument(button: Button, part: Part) -> bool:
    return part in button.tap.argument.split(":")


def _has_on_label(button: Button, part: Part) -> bool:
    return _find(part, button.label) is not None


def _listed(buttons: Sequence[Button]) -> str:
    return f"[{'; '.join(map(str, buttons))}]"


def _buttons(message: Json) -> list[Button]:
    return [
        Button(button["text"], button, message["message_id"])
        for row in _rows(message)
        for button in row
    ]


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


# --- Texts and figures -------------------------------------------------------------


def has(text: str, *parts: Part) -> bool:
    """Whether all of this stands in a text."""
    return all(_find(part, text) is not None for part in parts)


def _in_order(parts: Sequence[Part], line: str) -> bool:
    place: int | None = 0
    for part in parts:
        place = _find(part, line, place or 0)
        if place is None:
            return False
    return True


def _find(part: Part, text: str, start: int = 0) -> int | None:
    """Where a part ends that stands in a text behind `start`; None when it does not."""
    if isinstance(part, str) and not PLAIN_FIGURE.fullmatch(part):
        at = text.find(part, start)
        return None if at < 0 else at + len(part)
    wanted = Decimal(str(part).replace("−", "-"))
    return next((end for end, values in _figures(text, start) if wanted in values), None)


def _figures(text: str, start: int) -> Iterator[tuple[int, set[Decimal]]]:
    """The figures of a text: where each ends, and what it can mean in one of our languages."""
    for match in FIGURE.finditer(text, start):
        sign = -1 if match[0][0] in "−-" else 1
        digits = match[0].lstrip("−+-")
        values = set()
        if ENGLISH.fullmatch(digits):
            values.add(sign * Decimal(digits.replace(",", "")))
        if FRENCH.fullmatch(digits):
            plain = digits.translate(GROUP_MARKS).replace(",", ".")
            values.add(sign * Decimal(plain))
        yield match.end(), values
