"""``parse_mode`` HTML, with the refusals of TDLib's own reader (td/telegram/MessageEntity.cpp)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.local_telegram.entities import Entity, in_order, utf16_length
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#(\d+)|([a-zA-Z]+));?")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
LINK = re.compile(r"(?i)(?:(?:https?|tg|ton)://)?[^\s/]+\.[^\s]{2,}|(?:https?|tg|ton)://\S+")
SPACES = " \t\r\n\f\v"


@dataclass
class OpenTag:
    """A tag that waits for its end."""

    name: str
    attributes: dict[str, str]
    offset: int
    """Where its entity begins, in UTF-16 units."""
    start: int
    """Where its text begins in the output."""


class HtmlReader:
    """Reads one text; made for a single use."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.output = ""
        self.units = 0
        self.open: list[OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        """The text and its entities.  Raises BadRequest where Telegram refuses."""
        while self.position < len(self.source):
            character = self._at(self.position)
            if character == "<":
                if self._at(self.position + 1) == "/":
                    self._end_tag()
                else:
                    self._start_tag()
            elif character == "&":
                self._write(self._reference())
            else:
                self._write(character)
                self.position += 1
        if self.open:
            name = self.open[-1].name
            raise self._refusal(f"Can't find end tag corresponding to start tag {name}")
        return self.output, in_order(self.entities)

    def _at(self, position: int) -> str:
        """The character there; a NUL behind the end."""
        return self.source[position] if position < len(self.source) else "\0"

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    @staticmethod
    def _refusal(reason: str) -> BadRequest:
        return BadRequest(f"can't parse entities: {reason}")

    def _write(self, text: str) -> None:
        self.output += text
        self.units += utf16_length(text)

    def _reference(self) -> str:
        """What a character reference stands for; what is none stays as it is."""
        match = REFERENCE.match(self.source, self.position)
        if match:
            hexadecimal, decimal, name = match.groups()
            if name is None:
                code = int(hexadecimal, 16) if hexadecimal else int(decimal)
                if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                    self.position = match.end()
                    return chr(code)
            elif name in CHARACTERS:
                self.position = match.end()
                return CHARACTERS[name]
        self.position += 1
        return "&"

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        while self._at(self.position) not in SPACES + ">\0":
            self.position += 1
        if self._at(self.position) == "\0":
            raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        name = self.source[begin + 1 : self.position].lower()
        if name not in KINDS:
            where = f'"{name}" at byte offset {self._bytes(begin)}'
            raise self._refusal(f"Unsupported start tag {where}")
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            where = f"at byte offset {self._bytes(begin)}"
            raise self._refusal(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(OpenTag(name, attributes, self.units, len(self.output)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        """The attributes up to and with the closing bracket."""
        attributes: dict[str, str] = {}
        where = f'the tag "{tag}" at byte offset {self._bytes(begin)}'
        while True:
            self._skip_spaces()
            if self._at(self.position) == ">":
                self.position += 1
                return attributes
            start = self.position
            while self._at(self.position) not in SPACES + "=>\0":
                self.position += 1
            name = self.source[start : self.position].lower()
            if not name:
                raise self._refusal(f"Empty attribute name in {where}")
            self._skip_spaces()
            if self._at(self.position) == "=":
                self.position += 1
                attributes[name] = self._value(begin)
            elif tag == "blockquote" and name == "expandable":
                attributes[name] = ""
            else:
                what = "Expected equal sign in declaration of an attribute of"
                raise self._refusal(f"{what} {where}")

    def _value(self, begin: int) -> str:
        self._skip_spaces()
        quote = self._at(self.position)
        if quote not in "'\"":
            start = self.position
            token = NAME_TOKEN.match(self.source, start)
            self.position = token.end() if token else start
            if self._at(self.position) == "\0":
                raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(begin)}")
            if self._at(self.position) not in SPACES + ">":
                where = f"at byte offset {self._bytes(start)}"
                raise self._refusal(f"Unexpected end of name token {where}")
            return self.source[start : self.position].lower()
        self.position += 1
        value = ""
        while self._at(self.position) not in {quote, "\0"}:
            if self._at(self.position) == "&":
                value += self._reference()
            else:
                value += self._at(self.position)
                self.position += 1
        if self._at(self.position) == "\0":
            raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        self.position += 1
        return value

    def _skip_spaces(self) -> None:
        while self._at(self.position) in SPACES:
            self.position += 1

    def _end_tag(self) -> None:
        begin = self.position
        if not self.open:
            raise self._refusal(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self.position += 2
        start = self.position
        while self._at(self.position) not in SPACES + ">\0":
            self.position += 1
        name = self.source[start : self.position].lower()
        self._skip_spaces()
        if self._at(self.position) != ">":
            raise self._refusal(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.position += 1
        tag = self.open.pop()
        if name and name != tag.name:
            raise self._refusal(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self.units > tag.offset:
            self._close(tag)

    def _close(self, tag: OpenTag) -> None:
        kind, details = KINDS[tag.name], self._details(tag)
        if details is None:
            return
        length = self.units - tag.offset
        last = self.entities[-1] if self.entities else None
        same_place = last is not None and (last.offset, last.length) == (tag.offset, length)
        if kind == "pre" and last and same_place and last.kind == "code":
            # <pre><code class="language-x"> is one block of code in a language.
            last.kind = "pre"
            return
        if kind == "code" and last and same_place and last.kind == "pre":
            last.details = details
            return
        if kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        self.entities.append(Entity(kind, tag.offset, length, details))

    def _details(self, tag: OpenTag) -> Json | None:
        """What belongs to the kind; None when the tag makes no entity."""
        if tag.name == "a":
            link = tag.attributes.get("href") or self.output[tag.start :]
            # A link that is none is shown as plain text, without a refusal.
            return {"url": link} if LINK.fullmatch(link) else None
        if tag.name == "code":
            language = tag.attributes.get("class", "")
            if language.startswith("language-"):
                return {"language": language.removeprefix("language-")}
            return {}
        if tag.name == "tg-emoji":
            identifier = tag.attributes.get("emoji-id", "")
            if not re.fullmatch(r"-?[1-9]\d*", identifier):
                raise self._refusal("Invalid custom emoji identifier specified")
            return {"custom_emoji_id": identifier}
        if tag.name == "tg-time":
            return self._time(tag.attributes)
        return {}

    def _time(self, attributes: dict[str, str]) -> Json:
        moment = attributes.get("unix", "")
        if not re.fullmatch(r"\d{1,10}", moment):
            raise self._refusal("Invalid Unix time specified")
        details: Json = {"unix_time": int(moment)}
        if "format" in attributes:
            details["date_time_format"] = attributes["format"]
        return details


def read_html(source: str) -> tuple[str, list[Entity]]:
    """A text in HTML as plain text and entities.  Raises BadRequest where Telegram refuses."""
    text, entities = HtmlReader(source).read()
    for entity in entities:
        if entity.kind == "code":
            # A language belongs to a block; inline code loses it.
            entity.details.pop("language", None)
    return text, entities
