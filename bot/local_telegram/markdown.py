"""``parse_mode`` MarkdownV2, with the refusals of TDLib's own reader.

Custom emoji and block quotes are not modelled and refused loudly: our bot writes HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.local_telegram.entities import Entity, in_order, utf16_length
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "__": ("underline", "Underline"),
    "~": ("strikethrough", "Strikethrough"),
    "||": ("spoiler", "Spoiler"),
    "`": ("code", "Code"),
    "```": ("pre", "Pre"),
    "[": ("text_link", "TextUrl"),
}
"""Kind and TDLib's name of it, by the mark that opens it."""
ENDS = {mark: "]" if mark == "[" else mark for mark in MARKS}


@dataclass
class OpenMark:
    """A mark that waits for its end."""

    mark: str
    offset: int
    """Where its entity begins, in UTF-16 units."""
    start: int
    """Where its text begins in the output."""
    byte: int
    details: Json


class MarkdownReader:
    """Reads one text; made for a single use."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.output = ""
        self.open: list[OpenMark] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        """The text and its entities.  Raises BadRequest where Telegram refuses."""
        while self.position < len(self.source):
            character = self.source[self.position]
            following = self.source[self.position + 1 : self.position + 2]
            if character == "\\" and "\0" < following <= "~":
                self.output += following
                self.position += 2
            elif self._closes():
                self._close()
            elif character not in RESERVED or self._in_code():
                self.output += character
                self.position += 1
            else:
                self._opens(character)
        if self.open:
            last = self.open[-1]
            raise self._refusal(
                f"Can't find end of {MARKS[last.mark][1]} entity at byte offset {last.byte}"
            )
        return self.output, in_order(self.entities)

    @staticmethod
    def _refusal(reason: str) -> BadRequest:
        return BadRequest(f"can't parse entities: {reason}")

    def _in_code(self) -> bool:
        return bool(self.open) and self.open[-1].mark in {"`", "```"}

    def _closes(self) -> bool:
        if not self.open:
            return False
        end = ENDS[self.open[-1].mark]
        if not self.source.startswith(end, self.position):
            return False
        return not (end == "_" and self.source.startswith("__", self.position))

    def _opens(self, character: str) -> None:
        for mark in ("```", "__", "||", character):
            if mark in MARKS and self.source.startswith(mark, self.position):
                break
        else:
            if character == ">" and self.source[: self.position].rpartition("\n")[2] == "":
                raise BadRequest("not modelled: block quotes in MarkdownV2")
            if self.source.startswith("![", self.position):
                raise BadRequest("not modelled: custom emoji in MarkdownV2")
            raise self._refusal(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        byte = len(self.source[: self.position].encode())
        self.position += len(mark)
        details: Json = {}
        if mark == "```":
            details = self._language()
        offset, start = utf16_length(self.output), len(self.output)
        self.open.append(OpenMark(mark, offset, start, byte, details))

    def _language(self) -> Json:
        """The language behind the opening of a block, and the line break that ends it."""
        end = self.position
        while end < len(self.source) and self.source[end] not in " \t\r\n`":
            end += 1
        language = ""
        if end < len(self.source) and self.source[end] != "`":
            language = self.source[self.position : end]
            self.position = end
        if self.source.startswith("\n", self.position):
            self.position += 1
        return {"language": language} if language else {}

    def _close(self) -> None:
        mark = self.open.pop()
        self.position += len(ENDS[mark.mark])
        details = dict(mark.details)
        if mark.mark == "[":
            details["url"] = self._link(mark)
        length = utf16_length(self.output) - mark.offset
        if length > 0:
            self.entities.append(Entity(MARKS[mark.mark][0], mark.offset, length, details))

    def _link(self, mark: OpenMark) -> str:
        if not self.source.startswith("(", self.position):
            return self.output[mark.start :]
        self.position += 1
        begin = self.position
        link = ""
        while self.position < len(self.source) and self.source[self.position] != ")":
            if self.source[self.position] == "\\":
                self.position += 1
            link += self.source[self.position : self.position + 1]
            self.position += 1
        if self.position >= len(self.source):
            byte = len(self.source[:begin].encode())
            raise self._refusal(f"Can't find end of a URL at byte offset {byte}")
        self.position += 1
        return link


def read_markdown(source: str) -> tuple[str, list[Entity]]:
    """A text in MarkdownV2 as plain text and entities.  Raises BadRequest as Telegram does."""
    return MarkdownReader(source).read()
