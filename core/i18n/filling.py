"""Putting facts into the named placeholders of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from string import Formatter
from typing import Final

_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def fill(template: str, facts: Mapping[str, object], show: Callable[[object], str]) -> str:
    """`template` with each `{name}` replaced by the shown fact of that name.

    A fact without a placeholder is left out: a refusal brings all its facts and a sentence tells
    those that help. Raises LookupError for a placeholder without a fact.
    """
    parts = []
    for literal, name in pieces(template):
        parts.append(literal)
        if name is not None:
            if name not in facts:
                raise LookupError(f"the text {template!r} needs the fact {name!r}")
            parts.append(show(facts[name]))
    return "".join(parts)


@cache
def pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """`template` as literal texts, each with the name of the placeholder behind it, or None.

    Only plain names are placeholders: `{0}`, `{}`, `{a.b}`, `{a!r}` and `{a:>9}` raise ValueError,
    as a translator could not know what they show.
    """
    found = []
    for literal, name, specification, conversion in Formatter().parse(template):
        if name is not None and (not name.isidentifier() or specification or conversion):
            raise ValueError(f"{{{name}}} in {template!r} is no plain name")
        found.append((literal, name))
    return tuple(found)


def placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders of `template`. Raises ValueError as `pieces` does."""
    return frozenset(name for _, name in pieces(template) if name is not None)


def has_right_to_left(text: str) -> bool:
    """Whether `text` holds letters that are written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None
