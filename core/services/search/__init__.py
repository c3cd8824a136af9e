"""Finding products, parties and papers by what people type, also with typing errors.

Words are looked for in the names of all languages, in codes and barcodes, in the names of parties
and of those who speak for them.  A code or a barcode is meant exactly.  What is found is named in
the language of who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.people import Ability
from core.domain.texts import folded
from core.services.rights import require_ability
from core.services.search import index_updates
from core.services.search.index import MISSING, Index, Match
from core.services.search.papers import PaperHit, PaperNumber, papers, read_paper_number
from core.services.work import Work

__all__ = [
    "MOST",
    "Hit",
    "PaperHit",
    "PaperNumber",
    "keep_up",
    "papers",
    "parties",
    "products",
    "read_paper_number",
]

MOST = 10


@dataclass(frozen=True)
class Hit:
    """Something that was found.

    Attributes:
        exact: nothing else can be meant.
        certain: it is called just so, or it has this code.
        guessed: a word was corrected, is only a part of one, or was left out.
        partial: a word was left out.
    """

    id: int
    name: str
    exact: bool = False
    certain: bool = False
    guessed: bool = False
    partial: bool = False


def products(work: Work, text: str) -> list[Hit]:
    """The products that `text` may mean, the best first.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_CATALOGUE)
    words = folded(text).split()
    code = text.strip().casefold()
    language = work.actor.language

    def find(index: Index) -> list[Hit]:
        meant = index.by_code(code) or index.by_code("".join(words))
        if meant is not None:
            return [Hit(meant.id, meant.called(language), exact=True, certain=True)]
        return _hits(index.find(words, most=MOST), language)

    return index_updates.ask(work.connection, index_updates.PRODUCT, find)


def parties(work: Work, text: str, *, customers: bool = False, vendors: bool = False) -> list[Hit]:
    """The parties that `text` may mean, the best first.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_PARTIES)
    words = folded(text).split()
    asked = {"customer": customers, "vendor": vendors}
    marks = frozenset(name for name, wanted in asked.items() if wanted)
    return index_updates.ask(
        work.connection,
        index_updates.PARTY,
        lambda index: _hits(index.find(words, most=MOST, marks=marks), work.actor.language),
    )


def keep_up(work: Work) -> None:
    """Have the index ready before anybody asks, and forget what it needs no more."""
    index_updates.forget_old_notes(work.connection)
    index_updates.ask(work.connection, index_updates.PRODUCT, len)


def _hits(found: Sequence[Match], language: str) -> list[Hit]:
    """Hits of matches: the first one is exact if it is alone, or alone is called just so."""
    is_one = len(found) == 1 or (len(found) > 1 and found[0].is_equal and not found[1].is_equal)
    return [
        Hit(
            each.entry.id,
            each.entry.called(language),
            exact=is_one and at == 0,
            certain=each.is_equal,
            guessed=each.is_guessed,
            partial=each.distance >= MISSING,
        )
        for at, each in enumerate(found)
    ]
