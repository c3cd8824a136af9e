"""An order as people type it: ``High End: 20 laptop, 3x mouse 10%``, also a pasted list.

Pure and without numbers: how a number is read depends on the language of who typed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A comma between two digits belongs to a number (1,5 m); any other comma ends a line.
_BREAKS = re.compile(r"[\n;]+|,(?!\d)|(?<!\d),")
_NUMBER = r"\d[\d.,'’\u00a0\u202f]*"
# What is meant as a quantity and is none of ours: it is read as one, and refused in words.
_STRANGE = re.compile(
    r"^(?P<quantity>[-−+]\d[\d.,]*|\d[\d.,]*e[-+]?\d+|[-+]?(?:nan|inf|infinity))\s+(?P<words>.+)$",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"^(?P<quantity>{_NUMBER})\s*[x×*]?\s+(?P<words>.+)$", re.IGNORECASE)
_TIMES = re.compile(rf"^(?P<quantity>{_NUMBER})\s*[x×*]\s*(?P<words>.+)$", re.IGNORECASE)
_BEHIND = re.compile(
    rf"^(?P<words>.+?)\s+(?:[x×*]\s*)?(?P<quantity>{_NUMBER})$|"
    rf"^(?P<words_x>.+?)\s*[x×*]\s*(?P<quantity_x>{_NUMBER})$",
    re.IGNORECASE,
)
_DISCOUNT = re.compile(rf"\s*[-−]?\s*(?P<discount>{_NUMBER})\s*%\s*$")


@dataclass(frozen=True)
class EntryLine:
    """A line as it was typed; `quantity` and `discount` are still texts, maybe empty."""

    words: str
    quantity: str = ""
    discount: str = ""


@dataclass(frozen=True)
class Entry:
    """Who is meant (maybe nobody) and what."""

    party: str
    lines: tuple[EntryLine, ...]


def read_entry(text: str) -> Entry:
    """The parts of what was typed; a line without a number has none.

    The party stands before a colon in the first line.
    """
    first, _, rest = text.partition("\n")
    party, colon, ordered = first.partition(":")
    if not colon:
        party, ordered = "", first
    whole = "\n".join(part for part in (ordered, rest) if part.strip())
    lines = [_read_line(part.strip()) for part in _BREAKS.split(whole) if part.strip()]
    return Entry(party.strip(), tuple(lines))


def looks_like_order(entry: Entry) -> bool:
    """Whether it names a party, or every line has a quantity: else it is a search."""
    return bool(entry.lines) and (bool(entry.party) or all(each.quantity for each in entry.lines))


def _read_line(text: str) -> EntryLine:
    discount = ""
    found = _DISCOUNT.search(text)
    if found is not None and found.start() > 0:
        discount, text = found["discount"], text[: found.start()].strip()
    for pattern in (_TIMES, _AHEAD, _STRANGE):
        found = pattern.match(text)
        if found is not None:
            return EntryLine(found["words"].strip(), found["quantity"], discount)
    found = _BEHIND.match(text)
    if found is not None:
        words = found["words"] or found["words_x"]
        return EntryLine(words.strip(), found["quantity"] or found["quantity_x"], discount)
    return EntryLine(text, "", discount)
