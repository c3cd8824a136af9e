"""What a template's text may name of a paper: `{party}`, `{number}`, `{due}` and a few more.

A text is what somebody typed, and stays that: nothing in it is markup.  A brace that is meant as
one is doubled, as `{{`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from core.domain.errors import Refusal
from core.domain.messages import N_


class Placeholder(StrEnum):
    """A fact of the paper that is written where its name stands in braces."""

    PARTY = "party"
    CONTACT = "contact"
    COMPANY = "company"
    NUMBER = "number"
    REFERENCE = "reference"
    DATE = "date"
    DELIVERY = "delivery"
    VALID = "valid"
    DUE = "due"
    TOTAL = "total"


LABELS: Final[Mapping[Placeholder, str]] = {
    Placeholder.PARTY: N_("the recipient"),
    Placeholder.CONTACT: N_("the contact person"),
    Placeholder.COMPANY: N_("our company"),
    Placeholder.NUMBER: N_("the number"),
    Placeholder.REFERENCE: N_("their reference"),
    Placeholder.DATE: N_("the date of issue"),
    Placeholder.DELIVERY: N_("the delivery date"),
    Placeholder.VALID: N_("the expiry date"),
    Placeholder.DUE: N_("the due date"),
    Placeholder.TOTAL: N_("the total"),
}
"""What each of them stands for."""


class UnknownPlaceholder(Refusal):
    """A text has something in braces that no paper knows, or a brace alone."""

    code = "unknown_placeholder"
    fact_names = ("text", "known")


KNOWN: Final = " ".join(f"{{{each}}}" for each in Placeholder)
"""All of them, as they are typed."""

Part = str | Placeholder

_PARTS = re.compile(r"\{\{|\}\}|\{\s*([^{}]*?)\s*\}|[{}]|[^{}]+")


def parts_of(text: str) -> list[Part]:
    """A text in its parts: what was typed, and what stands for a fact.

    Raises:
        UnknownPlaceholder.
    """
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    for found in _PARTS.finditer(text):
        piece, name = found[0], found[1]
        if name is not None and name.lower() in LABELS:
            yield Placeholder(name.lower())
        elif piece in ("{{", "}}"):
            yield piece[0]
        elif piece[0] in "{}":
            raise UnknownPlaceholder(text=piece, known=KNOWN)
        else:
            yield piece


def filled(text: str, facts: Mapping[Placeholder, str]) -> str:
    """A text with the facts of a paper; a line that names one that the paper lacks is left out.

    Args:
        text: what was typed, checked by `parts_of` when it was kept.
        facts: what each placeholder stands for, as the paper writes it; empty where it has none.
    """
    lines = (parts_of(line) for line in text.split("\n"))
    return "\n".join(
        "".join(facts[part] if isinstance(part, Placeholder) else part for part in line)
        for line in lines
        if all(facts[part] for part in line if isinstance(part, Placeholder))
    ).strip("\n")
