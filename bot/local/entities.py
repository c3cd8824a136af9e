"""Entities of texts: those that Telegram finds by itself."""

from __future__ import annotations

import re

from bot.local.people import Json

FINDERS = (
    ("url", re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]", re.I)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/\w{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)),
    ("mention", re.compile(r"(?<!\w)@[a-z]\w{3,31}(?!\w)", re.I | re.ASCII)),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}")),
)


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which the Bot API counts."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def found_in(text: str) -> list[Json]:
    """The entities that Telegram adds to any text: links, commands, mentions, hashtags."""
    taken: list[tuple[int, int]] = []
    found: list[Json] = []
    for kind, pattern in FINDERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            taken.append((start, end))
            found.append(
                {
                    "type": kind,
                    "offset": utf16_length(text[:start]),
                    "length": utf16_length(match.group()),
                }
            )
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))
