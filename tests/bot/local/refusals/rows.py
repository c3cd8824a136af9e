"""What a row of the table of refusals is, and short ways to write one.

A text that begins with ``$`` stands for something of the scene, such as ``$own_text``, the id of
a text of the bot.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.local_telegram.files import StoredFile
from PIL import Image


class Origin(StrEnum):
    """How we know what Telegram says."""

    SOURCE = "source"
    """It stands in the open source of the Bot API server or of TDLib."""
    REPORTED = "reported"
    """The closed part of the server says it, as bots' authors report."""
    OURS = "ours"
    """Telegram refuses in words that we do not know, or not at all: then we are stricter."""


@dataclass(frozen=True)
class Row:
    """A wrong call and its answer."""

    name: str
    method: str
    parameters: dict[str, Any]
    description: str
    status: int = 400
    origin: Origin = Origin.SOURCE
    files: dict[str, StoredFile] = field(default_factory=dict)


SOURCE, REPORTED, OURS = Origin.SOURCE, Origin.REPORTED, Origin.OURS
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def picture(width: int, height: int) -> bytes:
    """A PNG of this size in pixels."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def says(text: str, **more: Any) -> dict[str, Any]:
    """Parameters of sendMessage to Lea."""
    return {"chat_id": "$lea", "text": text, **more}


def html(text: str) -> dict[str, Any]:
    """The same in HTML."""
    return says(text, parse_mode="HTML")


def markdown(text: str) -> dict[str, Any]:
    """The same in MarkdownV2."""
    return says(text, parse_mode="MarkdownV2")


def buttons(*rows: list[Any]) -> dict[str, Any]:
    """A text with these buttons under it."""
    return says("Stock", reply_markup=json.dumps({"inline_keyboard": list(rows)}))


def button(**fields: Any) -> dict[str, Any]:
    """A text with one button."""
    return buttons([{"text": "Go", **fields}])


def file(content: bytes, name: str = "paper.pdf") -> StoredFile:
    """An upload."""
    return StoredFile.named(name, content)


def invoice(**changed: Any) -> dict[str, Any]:
    """A good invoice, with something changed."""
    return {
        "chat_id": "$lea",
        "title": "Order",
        "description": "Three mice",
        "payload": "SO-1",
        "provider_token": "1:TEST:2",
        "currency": "EUR",
        "prices": '[{"label": "Mice", "amount": 2900}]',
        **changed,
    }


def edit(message: str, **more: Any) -> dict[str, Any]:
    """Parameters of an edit of a message of the scene."""
    return {"chat_id": "$lea", "message_id": message, **more}


def album(*kinds: str) -> dict[str, Any]:
    """Parameters of sendMediaGroup with files that were sent before."""
    media = [{"type": kind, "media": f"${kind}_id"} for kind in kinds]
    return {"chat_id": "$lea", "media": media}


def commands(name: str, description: str = "Begin") -> dict[str, Any]:
    """Parameters of setMyCommands with one command."""
    return {"commands": [{"command": name, "description": description}]}
