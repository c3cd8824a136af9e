"""Search over products, parties and papers, for any text that is nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.base.handlers import Matcher
from bot.base.screen import Arguments, Card, Reader, Row, Screen, back, lines, listed, opens
from bot.base.turn import Turn, Typed
from bot.screens.shared.words import title_of
from bot.screens.stock.levels import row_label
from bot.screens.stock.products import list_label
from core.domain.documents import type_of
from core.domain.messages import N_
from core.domain.people import Ability
from core.domain.texts import clean_note
from core.services import number_recovery, search
from core.services.products import product_views
from core.services.products.product_views import ProductRow
from core.services.search import Hit, PaperHit
from core.services.work import Work

MOST_TEXT: Final = 100
NOTHING: Final = N_(
    "No match for “{text}”. Type part of a name, SKU or document number, or an "
    "order like: High End: 20 laptop, 3x mouse 10%"
)
NOTHING_TO_BUY: Final = N_("No match for “{text}”. Type part of a name or a document number.")


@dataclass(frozen=True)
class Hits:
    """The matches of a text."""

    products: Sequence[Hit] = ()
    parties: Sequence[Hit] = ()
    papers: Sequence[PaperHit] = ()

    @property
    def all(self) -> list[tuple[str, int]]:
        """Each match as the screen that shows it, and its id."""
        return [
            *(("document", each.id) for each in self.papers),
            *(("product", each.id) for each in self.products),
            *(("party", each.id) for each in self.parties),
        ]

    @property
    def only(self) -> tuple[str, int] | None:
        """The one unambiguous match, if any."""
        found = self.all
        if len(found) == 1:
            return found[0]
        certain = [*self.products[:1], *self.parties[:1]]
        if not self.papers and sum(each.exact and each.certain for each in certain) == 1:
            screen = "product" if self.products and self.products[0].certain else "party"
            return screen, next(each.id for each in certain if each.certain)
        return None


@dataclass(frozen=True)
class Found:
    """The matches as shown: `guessed` says that no word matches exactly as typed.

    `missing` is the number of a paper that does not exist; `lost` says that it was issued after a
    backup, and lost when that backup was restored.
    """

    text: str
    products: Sequence[ProductRow]
    hits: Hits
    guessed: bool
    missing: str
    lost: bool = False


def look_up(turn: Turn, typed: Typed) -> bool:
    """Search everything that this person may see; one clear match opens at once."""
    if not turn.work.actor.roles:
        return False
    only = searched(turn.work, wanted(typed.text)).only
    if only is not None:
        turn.show(*only)
    else:
        turn.show("found", argument=typed.text[:MOST_TEXT])
    return True


def wanted(text: str) -> str:
    """Return the search text, without control characters and closing punctuation."""
    return clean_note(text[:MOST_TEXT]).rstrip("?!. ").strip()


def searched(work: Work, text: str) -> Hits:
    """Return the matches among everything that this person may see."""
    actor = work.actor
    asked = search.read_paper_number(text)
    papers = search.papers(work, asked) if asked is not None else ()
    found = search.products(work, text) if actor.can(Ability.SEE_CATALOGUE) else []
    if asked is not None and asked.prefix and not (found and found[0].certain):
        return Hits(papers=papers)
    matched_parties = search.parties(work, text) if actor.can(Ability.SEE_PARTIES) else []
    if asked is not None and papers:
        # A number stands first for a paper: a name that merely contains it is no answer.
        return Hits([each for each in found if each.certain], matched_parties[:0], papers)
    return Hits(found, matched_parties, papers)


def load_found(work: Work, _id: int, arguments: Arguments) -> Found:
    """Return the present matches of the text."""
    text = wanted(str(arguments.get("argument", "")))
    hits = searched(work, text)
    asked = search.read_paper_number(text)
    first = [*hits.products[:1], *hits.parties[:1]]
    return Found(
        text,
        product_views.rows(work, [each.id for each in hits.products]) if hits.products else (),
        hits,
        guessed=bool(first) and all(each.guessed for each in first),
        missing=str(asked) if asked is not None and asked.prefix and not hits.papers else "",
        lost=asked is not None and not hits.papers and _is_lost(work, asked),
    )


def _is_lost(work: Work, asked: search.PaperNumber) -> bool:
    """Return whether staff asks for a paper that the books have lost."""
    name = f"{asked.prefix}-{asked.year}"
    return work.actor.is_staff and number_recovery.is_lost(work.connection, name, asked.sequence)


def render_found(found: Found, reader: Reader) -> Card:
    """Render each match as a button with its main figure; without one, say how to go on."""
    rows: list[Row] = [
        (opens(title_of(type_of(each.kind), each.number, reader), "document", id=each.id),)
        for each in found.hits.papers
    ]
    told, of_products = listed(
        [
            (_words(each, reader), opens(each.name, "product", id=each.id))
            for each in found.products
        ]
    )
    rows += of_products
    rows += [(opens(f"👤 {each.name}", "party", id=each.id),) for each in found.hits.parties]
    if found.lost:
        text = reader.html(
            N_(
                "{number} was created after the restored backup, so it's missing"
                " here. Its number won't be used again."
            ),
            number=found.missing,
        )
    elif found.missing:
        text = reader.html(N_("There is no document {number}."), number=found.missing)
    elif not rows:
        staff = reader.actor.is_staff
        text = reader.html(NOTHING if staff else NOTHING_TO_BUY, text=found.text)
    elif found.guessed:
        text = reader.html(N_("No exact match for “{text}”. Close matches:"), text=found.text)
    else:
        text = reader.html(N_("“{text}” could be:"), text=found.text)
    return Card(lines(text, *told), (*rows, (back(reader),)))


def _words(row: ProductRow, reader: Reader) -> str:
    return row_label(row, reader) if row.free is not None else list_label(row, reader)


SCREENS: Final = (Screen("found", load_found, render_found),)
TYPED: Final = (Matcher("search", look_up),)
JOBS: Final = (search.keep_up,)
