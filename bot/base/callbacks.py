"""What a button carries: `v1|action|id36|revision36.rendering36|argument|digest`, 64 bytes.

It says what was tapped, never who may do it: anybody can send any bytes here.  The rendering
counts how often the card was rendered, so that a repeated update is told from a second tap.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.base import telegram_limits
from bot.base.screen import Button

VERSION = "v1"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Ids and revisions have 63 bits in the database.
NUMBER = re.compile(r"0|[1-9a-z][0-9a-z]{0,12}")
ACTION = re.compile(r"[a-z][a-z0-9_]{0,19}")
LARGEST = 2**63 - 1
DIGEST_LENGTH = 6


@dataclass(frozen=True)
class Tap:
    """A tap on a button, as its handler sees it.

    `message_id` is the card that carries the button; `rendering` is which rendering of the card
    was tapped.  Everything else is what the `Button` was made with.
    """

    action: str
    id: int = 0
    revision: int = 0
    argument: str = ""
    digest: str = ""
    rendering: int = 0
    message_id: int = 0


def encode(button: Button, *, rendering: int) -> str:
    """The data of a button.  Raises ValueError when it is longer than Telegram takes."""
    if "|" in button.argument or "|" in button.digest or not ACTION.fullmatch(button.action):
        raise ValueError(f"the button {button.action!r} carries what it must not")
    count = f"{_base36(button.revision)}.{_base36(rendering)}"
    fields = (VERSION, button.action, _base36(button.id), count, button.argument, button.digest)
    data = "|".join(fields)
    if len(data.encode()) > telegram_limits.CALLBACK_DATA:
        raise ValueError(
            f"the button {data!r} carries more than {telegram_limits.CALLBACK_DATA} bytes"
        )
    return data


def decode(data: str, *, message_id: int = 0) -> Tap | None:
    """What was tapped, or None for anything that no button of ours carries today."""
    fields = data.split("|")
    if len(fields) != 6 or fields[0] != VERSION or not ACTION.fullmatch(fields[1]):
        return None
    revision, _, rendering = fields[3].partition(".")
    numbers = [_number(text) for text in (fields[2], revision, rendering)]
    if (
        len(data.encode("utf-8", "surrogatepass")) > telegram_limits.CALLBACK_DATA
        or None in numbers
    ):
        return None
    id_, revision_, rendering_ = (number or 0 for number in numbers)
    return Tap(fields[1], id_, revision_, fields[4], fields[5], rendering_, message_id)


def digest_of(facts: Mapping[str, Any]) -> str:
    """A short digest of the figures that a step which cannot be taken back has shown.

    The same figures give the same digest on every machine; 2.0 and 2.00 are the same figure.
    """
    text = json.dumps(facts, sort_keys=True, default=_fact)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def _fact(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _base36(number: int) -> str:
    if number < 0:
        raise ValueError(f"a button cannot carry {number}")
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


def _number(text: str) -> int | None:
    if not NUMBER.fullmatch(text):
        return None
    number = int(text, 36)
    return number if number <= LARGEST else None
