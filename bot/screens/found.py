"""Everything that is typed and is nothing else is a search over products and parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.context import Matcher
from bot.screens.base import Arguments, Card, Reader, Row, Screen, back, opens
from bot.turn import Turn, Typed
from core.domain.messages import N_
from core.domain.people import Ability
from core.domain.texts import clean_note
from core.services import search
from core.services.search import Hit
from core.services.work import Work


@dataclass(frozen=True)
class Found:
    """What a text may mean."""

    text: str
    products: Sequence[Hit]
    parties: Sequence[Hit]


def look_up(turn: Turn, typed: Typed) -> bool:
    """Search products and parties; one clear hit opens at once."""
    if not turn.work.actor.can(Ability.SEE_CATALOGUE):
        return False
    found = _search(turn.work, typed.text)
    hits = [*found.products, *found.parties]
    if len(hits) == 1 or (len(found.products) >= 1 and found.products[0].exact):
        screen = "product" if found.products else "party"
        turn.show(screen, hits[0].id)
    else:
        turn.show("found", argument=typed.text[:MOST_TEXT])
    return True


MOST_TEXT: Final = 100


def _search(work: Work, text: str) -> Found:
    wanted = clean_note(text[:MOST_TEXT]).rstrip("?!.").strip()
    its_parties = search.parties(work, wanted) if work.actor.can(Ability.SEE_PARTIES) else []
    return Found(wanted, search.products(work, wanted), its_parties)


def load_found(work: Work, _id: int, arguments: Arguments) -> Found:
    """What the text means now."""
    return _search(work, str(arguments.get("argument", "")))


def render_found(found: Found, reader: Reader) -> Card:
    """Each hit is a button; nothing found says how to go on."""
    rows: list[Row] = [(opens(each.name, "product", id=each.id),) for each in found.products]
    rows += [(opens(f"👤 {each.name}", "party", id=each.id),) for each in found.parties]
    if rows:
        text = reader.html(N_("“{text}” may mean:"), text=found.text)
    else:
        text = reader.html(
            N_(
                "Nothing is called “{text}”. Type a part of a name, a code, a paper's number, "
                "or an order like: High End: 20 laptop, 3x mouse 10%"
            ),
            text=found.text,
        )
    return Card(text, (*rows, (back(reader),)))


SCREENS: Final = (Screen("found", load_found, render_found),)
TYPED: Final = (Matcher("search", look_up),)
