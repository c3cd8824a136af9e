"""Entities of texts: found by Telegram itself, or given by the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from telegram.constants import MessageLimit

from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

FINDERS = (
    ("url", re.compile(r"(?i)(?<![\w@.])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/\w{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)),
    ("mention", re.compile(r"(?ai)(?<!\w)@[a-z]\w{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}")),
)
STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
"""What may be cut into pieces; everything else stays whole or goes."""
CODES = frozenset({"code", "pre"})
"""What holds no other entity."""
BY_ITSELF = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
"""What a bot may name, but Telegram finds again by itself."""
GIVEN = (
    STYLES
    | CODES
    | {"text_link", "text_mention", "custom_emoji", "date_time"}
    | {"blockquote", "expandable_blockquote"}
)
MOST = int(MessageLimit.MESSAGE_ENTITIES)


@dataclass
class Entity:
    """One entity: its kind, offset and length in UTF-16 units, and what belongs to the kind."""

    kind: str
    offset: int
    length: int
    details: Json = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The offset behind its last unit."""
        return self.offset + self.length

    def meets(self, other: Entity) -> bool:
        """Whether both cover at least one common unit."""
        return self.offset < other.end and other.offset < self.end

    def json(self) -> Json:
        """The Bot API's ``MessageEntity``."""
        return {
            "type": self.kind,
            "offset": self.offset,
            "length": self.length,
            **self.details,
        }


@dataclass
class FormattedText:
    """A text without markup, and its entities in order."""

    text: str
    entities: list[Entity] = field(default_factory=list)

    def units(self) -> int:
        """The length in UTF-16 units."""
        return utf16_length(self.text)

    def json(self, name: str, entities_name: str) -> Json:
        """The two fields of a message that carry this text; nothing when it is empty."""
        content: Json = {name: self.text} if self.text else {}
        if self.entities:
            content[entities_name] = [entity.json() for entity in self.entities]
        return content


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which the Bot API counts."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def found_in(text: str) -> list[Json]:
    """The entities that Telegram adds to any text: links, commands, mentions, hashtags."""
    return [entity.json() for entity in _found(text)]


def _found(text: str) -> list[Entity]:
    taken: list[Entity] = []
    for kind, pattern in FINDERS:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = Entity(kind, offset, utf16_length(match.group()))
            if not any(entity.meets(other) for other in taken):
                taken.append(entity)
    return in_order(taken)


def in_order(entities: list[Entity]) -> list[Entity]:
    """By offset, the longer first: an outer one stands before its inner ones."""
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def given(values: Any) -> list[Entity]:
    """Entities that the bot gives as JSON instead of markup.

    Kinds that Telegram finds by itself are left to it.  Raises BadRequest for what is none.
    """
    if not isinstance(values, list):
        return []
    entities = []
    for value in values:
        what = "can't parse MessageEntity"
        if not isinstance(value, dict):
            raise BadRequest(f"{what}: expected an Object")
        kind = value.get("type")
        if kind in BY_ITSELF:
            continue
        if kind not in GIVEN:
            raise BadRequest(f"{what}: Unsupported type specified")
        for name in ("offset", "length"):
            if not isinstance(value.get(name), int):
                raise BadRequest(f'{what}: Can\'t find field "{name}"')
        details = {
            name: content
            for name, content in value.items()
            if name not in {"type", "offset", "length"}
        }
        entities.append(Entity(kind, value["offset"], value["length"], details))
    return entities


def finished(text: str, entities: list[Entity]) -> FormattedText:
    """A text as Telegram stores it: trimmed, entities cut to size, its own ones added.

    More than 100 entities are not refused: the rest is dropped without a word, as on the real
    server.
    """
    units = utf16_length(text)
    for entity in entities:
        if entity.end > units:
            raise BadRequest(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the "
                f"text at UTF-16 offset {units}"
            )
    kept = _without_overlaps([one for one in entities if one.length > 0 and one.offset >= 0])
    trimmed = _trimmed(text, in_order(kept))
    trimmed.entities = trimmed.entities[:MOST]
    added = [
        entity
        for entity in _found(trimmed.text)
        if not any(entity.meets(other) for other in trimmed.entities if other.kind not in STYLES)
    ]
    trimmed.entities = in_order(trimmed.entities + added)
    return trimmed


def _without_overlaps(entities: list[Entity]) -> list[Entity]:
    """Styles are cut round code; links and the like inside code go."""
    codes = [entity for entity in entities if entity.kind in CODES]
    kept = list(codes)
    for entity in entities:
        if entity.kind in CODES:
            continue
        inside = any(code.offset <= entity.offset and entity.end <= code.end for code in codes)
        if inside:
            continue
        kept.extend(_cut(entity, codes) if entity.kind in STYLES else [entity])
    return kept


def _cut(entity: Entity, holes: list[Entity]) -> list[Entity]:
    """What is left of an entity when the holes are taken out."""
    pieces = [(entity.offset, entity.end)]
    for hole in holes:
        pieces = [
            (start, end)
            for piece_start, piece_end in pieces
            for start, end in (
                (piece_start, min(piece_end, hole.offset)),
                (max(piece_start, hole.end), piece_end),
            )
            if start < end
        ]
    return [Entity(entity.kind, start, end - start, entity.details) for start, end in pieces]


def _trimmed(text: str, entities: list[Entity]) -> FormattedText:
    shorter = text.rstrip()
    units = utf16_length(shorter)
    for entity in entities:
        entity.length = min(entity.end, units) - entity.offset
    entities = [entity for entity in entities if entity.length > 0]
    first = entities[0].offset if entities else len(shorter)
    spaces = 0
    while spaces < first and shorter[spaces] in " \n":
        spaces += 1
    for entity in entities:
        entity.offset -= spaces
    return FormattedText(shorter[spaces:], entities)
