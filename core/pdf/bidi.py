"""Texts before they are set: freed of what would harm a page, and kept in their direction.

What a person typed may hold anything: control characters, marks that turn a line round, halves
of a character. None of it reaches a page. Numbers, codes and dates inside a page that reads
from right to left stand in isolates, or a telephone number would come out backwards.
"""

import re
import unicodedata
from functools import lru_cache

LEFT_TO_RIGHT_ISOLATE = "\u2066"
POP_ISOLATE = "\u2069"
ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
"""Marks that keep a stretch of a line together; they have no width."""
MISSING = "\ufffd"
"""The visible mark for a character that cannot be printed."""

_JOINERS = "\u200c\u200d"
_STRAY_JOINER = re.compile(
    # A joiner has a meaning between two letters of a script that joins, and nowhere else.
    r"(?<![\u0590-\u08ff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u08ff])"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    """What a page gets for one typed character: itself, a space, a mark or nothing."""
    if character in "\n" + _JOINERS:
        return character
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cf"} or "\ufe00" <= character <= "\ufe0f":
        # Controls, marks of direction, invisible operators; and which look a symbol should have.
        return ""
    return MISSING if category in {"Cs", "Co"} else character


def clean(text: str) -> str:
    """Free a text of everything that is no printable character.

    Control characters and invisible marks go, a tabulator becomes a space, all ends of lines
    become one, half characters and private ones become a visible mark, and letters with their
    accents become one character wherever there is one.

    Args:
        text: any text, also one that somebody typed to do harm.

    Returns:
        The text that can be set; lines are parted by a line feed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return _STRAY_JOINER.sub("", "".join(map(_kept, text)))


def isolated(text: str) -> str:
    """Keep a number, a date or a code together in a line that reads from right to left.

    A text with letters of its own from right to left, such as a date with its month, is in its
    order already.
    """
    if not text or any(unicodedata.bidirectional(each) in {"R", "AL"} for each in text):
        return text
    return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"
