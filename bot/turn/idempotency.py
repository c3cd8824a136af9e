"""Operation keys: a tap or a text that arrives twice has one effect.

A tap is (card, rendering, action and what it carries), a text is (chat, message).  A card is
rendered again after every tap, so that the same button tapped later is another operation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from bot.base.callbacks import Tap
from bot.base.updates import Incoming, Kind
from bot.turn.registry import Context
from core.storage.chat_tables import operation

_REMEMBER = insert(operation)


class OtherContents(Exception):
    """A key has come again with other contents, which no honest sender does."""


@dataclass(frozen=True)
class Done:
    """What the first answer to an operation said, to be said again."""

    toast: str = ""
    alert: bool = False


@dataclass(frozen=True)
class Key:
    """The key of an operation, and a digest of its contents."""

    text: str
    digest: str


def key_of(incoming: Incoming, tap: Tap | None, context: Context) -> Key | None:
    """The key of what came in, or None where doing it twice changes nothing.

    Opening a screen changes nothing, and the buttons of a form carry the state they belong to.
    """
    place = f"{incoming.chat_id}:{incoming.message_id}"
    if tap is not None:
        if tap.action not in context.registry.actions:
            return None
        name = f"tap:{place}:{tap.rendering}:{tap.revision}:{tap.action}:{tap.id}:{tap.argument}"
        return Key(name, _digest(incoming.text))
    if incoming.kind in (Kind.TEXT, Kind.FILE, Kind.PHOTO, Kind.COMMAND):
        contents = _digest(incoming.name + "\n" + incoming.text)
        # A text can be changed twice in the second that Telegram names.
        edited = f"{incoming.edited_at}:{contents[:8]}" if incoming.edited_at else "0"
        return Key(f"text:{place}:{edited}", contents)
    return None


def given_before(key: Key, kept: Mapping[str, Any]) -> Done:
    """The answer that was given under this key, as it is kept.  Raises OtherContents."""
    if kept["digest"] != key.digest:
        raise OtherContents(key.text)
    return Done(**json.loads(kept["result"]))


def remember(connection: Connection, key: Key, done: Done, *, now: datetime) -> None:
    """Keep what was answered under a key; PostgreSQL refuses a second one at the same time."""
    result = json.dumps(vars(done))
    row = {"key": key.text, "digest": key.digest, "result": result, "at": now}
    connection.execute(_REMEMBER, row)


def _digest(contents: str) -> str:
    return hashlib.sha256(contents.encode("utf-8", "surrogatepass")).hexdigest()
