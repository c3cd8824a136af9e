"""Which kind of table a file is, and which of its columns is what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from core.domain.money import CURRENCIES
from core.domain.texts import folded
from core.i18n import LANGUAGES, translator
from core.services.importing.columns import KINDS, UNIT_WORDS, Column, ImportKind
from core.services.importing.problems import (
    MISSING_COLUMN,
    NO_KIND,
    NOT_KNOWN_COLUMN,
    TWICE_COLUMN,
    Problem,
)

SIGNS: Final[Mapping[str, str]] = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
"""Signs that stand for one currency; a dollar is many."""

_BRACKETS: Final = re.compile(r"[\(\[].*?[\)\]]")


@dataclass(frozen=True)
class Matched:
    """What a file's headings mean.

    `columns` has the place of each column that was recognised, `currencies` the currency that a
    heading names; `unknown` are headings that mean nothing here.
    """

    kind: ImportKind
    columns: Mapping[str, int]
    currencies: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def read(self) -> list[Column]:
        """The columns whose cells are read, in the order of the file."""
        found = [each for each in self.kind.columns if each.tells and each.key in self.columns]
        return sorted(found, key=lambda each: self.columns[each.key])


@cache
def names_of(kind: ImportKind) -> Mapping[str, str]:
    """Every name of a kind's columns, folded, in every language, and the column's key.

    A heading is stronger than a synonym, and an earlier column than a later one.
    """
    found: dict[str, str] = {}
    for column in kind.columns:
        for language in LANGUAGES:
            found.setdefault(folded(translator(language).text(column.heading)), column.key)
        found.setdefault(folded(column.heading), column.key)
        found.setdefault(folded(column.key), column.key)
    for column in kind.columns:
        for name in column.names:
            found.setdefault(folded(name), column.key)
    return found


def match(headings: Sequence[str], *, kind: str = "", left_out: bool = False) -> Matched | Problem:
    """What the headings of a file mean: the kind that leaves fewest of them unexplained.

    Args:
        headings: as they stand in the file.
        kind: of KINDS, where somebody has said it; else the file is recognised.
        left_out: columns that mean nothing are left out, not complained of.
    """
    tried = [_match(headings, each) for each in KINDS.values() if kind in ("", each.name)]
    whole = [each for each in tried if not _missing(each)]
    if not whole and not kind:
        return Problem(0, "", NO_KIND, {name: _needs(each) for name, each in KINDS.items()})
    best = max(whole or tried, key=_fit)
    problems = [*best.problems, *_missing(best)]
    if not left_out:
        problems += [Problem(0, each, NOT_KNOWN_COLUMN) for each in best.unknown]
    return Matched(
        best.kind, best.columns, best.currencies, best.unknown, tuple(problems)
    )  # fmt: skip


def _fit(matched: Matched) -> tuple[int, int]:
    """How few headings are left unexplained, then how many say something that is read."""
    told = {each.key for each in matched.kind.columns if each.tells}
    return -len(matched.unknown), len(matched.columns.keys() & told)


def _needs(kind: ImportKind) -> str:
    needed = [each for each in kind.columns if each.required]
    if len(needed) < 2:
        needed = list(kind.columns[:2])
    return " + ".join(each.heading for each in needed)


def _missing(matched: Matched) -> list[Problem]:
    needed = [each for each in matched.kind.columns if each.required]
    found = [
        Problem(0, "", MISSING_COLUMN, {"column": each.heading})
        for each in needed
        if each.key not in matched.columns
    ]
    if not found and len(matched.columns) < 2:
        # One column alone changes nothing.
        found.append(Problem(0, "", MISSING_COLUMN, {"column": matched.kind.columns[1].heading}))
    return found


def _match(headings: Sequence[str], kind: ImportKind) -> Matched:
    columns: dict[str, int] = {}
    currencies: dict[str, str] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for at, heading in enumerate(headings):
        if not heading.strip():
            continue
        key, currency = column_of(heading, kind)
        if key is None:
            unknown.append(heading)
        elif key in columns:
            facts = {"first": headings[columns[key]]}
            problems.append(Problem(0, heading, TWICE_COLUMN, facts))
        else:
            columns[key] = at
            if currency:
                currencies[key] = currency
    return Matched(kind, columns, currencies, tuple(unknown), tuple(problems))


def column_of(heading: str, kind: ImportKind) -> tuple[str | None, str]:
    """The column that a heading means, with the currency that it names: "Price (EUR)"."""
    names = names_of(kind)
    currency = _currency_in(heading)
    whole = folded(heading)
    bare = folded(_BRACKETS.sub(" ", heading))
    for text in (whole, bare, _without_units(bare), _without_units(whole)):
        if text in names:
            return names[text], currency
    return None, currency


def _without_units(text: str) -> str:
    """A heading without the words that say in what it is counted, at its end and its beginning."""
    words = text.split()
    while len(words) > 1 and _is_unit(words[-1]):
        words.pop()
    while len(words) > 1 and _is_unit(words[0]):
        words.pop(0)
    return " ".join(words)


def _is_unit(word: str) -> bool:
    return word in UNIT_WORDS or word.upper() in CURRENCIES


def _currency_in(heading: str) -> str:
    for sign, currency in SIGNS.items():
        if sign in heading:
            return currency
    for word in re.findall(r"\b[A-Z]{3}\b", heading):
        if word in CURRENCIES:
            return str(word)
    return ""
