"""A chat as text: for golden tests, and for people who read a failed one."""

from __future__ import annotations

from bot.local_telegram.people import Json
from bot.local_telegram.state import State

NAMELESS = ("photo", "voice", "sticker", "contact", "location", "video", "audio")
INDENT = "    "


def transcript(world: State, chat_id: int) -> str:
    """All messages of a chat in order, a few lines for each.

    ``[7] bot: text``, a reply as ``[8] bot (to 7): text``, a file as
    ``(document SO-2026-0012.pdf, 18 kB)``, and under it a line for each row of buttons:
    ``[Ship 17] [Back]``.
    """
    return "\n".join(line for message in world.history(chat_id) for line in _lines(message))


def _lines(message: Json) -> list[str]:
    sender = message["from"]
    name = "bot" if sender["is_bot"] else sender["first_name"]
    original = message.get("reply_to_message")
    to = f" (to {original['message_id']})" if original else ""
    mark = " (forwarded)" if "forward_origin" in message else ""
    parts = [part for part in (_attachment(message), _words(message)) if part]
    first, *rest = "\n".join(parts).split("\n")
    return [
        f"[{message['message_id']}] {name}{to}{mark}: {first}".rstrip(),
        *((INDENT + line).rstrip() for line in rest),
        *(INDENT + row for row in keyboard_rows(message)),
    ]


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _attachment(message: Json) -> str:
    if document := message.get("document"):
        return f"(document {document['file_name']}, {size(document['file_size'])})"
    if invoice := message.get("invoice"):
        return f"(invoice {invoice['title']}, {invoice['currency']} {invoice['total_amount']})"
    if payment := message.get("successful_payment"):
        return f"(payment {payment['currency']} {payment['total_amount']})"
    return next((f"({kind})" for kind in NAMELESS if kind in message), "")


def keyboard_rows(message: Json) -> list[str]:
    """The rows of buttons under a message, each as one line."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [" ".join(f"[{button['text']}]" for button in row) for row in rows]


def size(bytes_: int) -> str:
    """A size of a file as people read it: whole kB of 1,000 bytes, at least 1."""
    return f"{max(1, round(bytes_ / 1000))} kB"
