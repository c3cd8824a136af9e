"""Repeat orders: a document as a new draft, and a party's last order by one tap or word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.base.focus import Option
from bot.base.handlers import Matcher
from bot.base.screen import Button, Reader, Style
from bot.base.turn import Tap, Turn, Typed
from bot.conversation.inputs import Asking, Text
from bot.screens.typing.order_parsing import named_party, words_of
from bot.screens.typing.order_preview import Understood
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kind_by_prefix, kinds
from core.domain.messages import N_
from core.domain.texts import folded
from core.services.documents import duplicating
from core.services.documents.duplicating import Again
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord

# Words typed after a customer's name to repeat the last order, separated by |.
AGAIN: Final = N_("again|the same|same again|repeat|as last time|same as last time")
REPEAT: Final = N_("Repeat {number}")
REPEATED: Final = "↻"
"""The answer of the button that repeats the last order; nobody types it."""


def last_of(work: Work, party_id: int) -> DocumentRecord | None:
    """Return the last order of a party, from the first row of orders that has one."""
    for row in (*kinds(claims=Claims.WAITING), *kinds(incoming=True)):
        found = duplicating.last_order(work, party_id, row)
        if found is not None:
            return found
    return None


def repeat_button(found: DocumentRecord, reader: Reader, *, style: Style | None = None) -> Button:
    """Return the button that shows an order again at today's terms; it makes nothing."""
    label = reader.text(REPEAT, number=found.number or "")
    return Button(label, "repeat", id=found.id, style=style)


# --- Preview -----------------------------------------------------------------------------------


def kept_of(found: Again) -> dict[str, Any]:
    """Return what the card of a typed order keeps of a repeated document."""
    lines = [
        Understood(each.name or "", each.product_id, each.quantity, each.discount_percent)
        for each in found.lines
        if each.product_id is not None
    ]
    return {
        "prefix": found.record.type.prefix,
        "party": found.record.party_id or 0,
        "candidates": [],
        "lines": [each.kept() for each in lines],
        "discount": str(found.record.discount_percent),
        "left_out": 0,
    }


def show_again(turn: Turn, document_id: int) -> None:
    """Show a document at today's terms, with the tap that confirms it."""
    found = duplicating.again(turn.work, document_id)
    turn.show("ordered", **kept_of(found))
    free = [each.name or "" for each in found.lines if each.product_id is None]
    _say_left_out(turn, [*found.left_out, *free])


def _say_left_out(turn: Turn, names: Sequence[str]) -> None:
    if names:
        words = turn.reader.translator.list(list(dict.fromkeys(names)))
        turn.toast(turn.reader.text(N_("Left out: {names}"), names=words), alert=True)


def repeat(turn: Turn, tap: Tap) -> None:
    """Show an order again."""
    show_again(turn, tap.id)


def duplicate(turn: Turn, tap: Tap) -> None:
    """Make a draft of the same lines at today's prices."""
    made = duplicating.duplicate(turn.work, tap.id)
    turn.toast(turn.reader.text(N_("New draft at today's prices.")))
    _say_left_out(turn, made.left_out)
    turn.show("document", made.document_id)


# --- Typed -------------------------------------------------------------------------------------


def is_again(text: str, reader: Reader) -> bool:
    """Return whether a text asks to repeat the last order."""
    return folded(text.strip(" .!?…")) in words_of(AGAIN, reader)


def take_again(turn: Turn, typed: Typed) -> bool:
    """Show the last order of a known party, as in ``High End: again``."""
    name, colon, rest = typed.text.partition(":")
    if not colon or not is_again(rest, turn.reader):
        return False
    party_id = named_party(turn.work, name.strip()).party_id
    if not party_id:
        return False
    found = last_of(turn.work, party_id)
    if found is None:
        turn.toast(turn.reader.text(N_("No order to repeat yet.")))
        turn.show("party", party_id)
    else:
        show_again(turn, found.id)
    return True


class Goods(Text):
    """Goods as people type them; the party's last order is offered as a button."""

    def __init__(self) -> None:
        super().__init__(note=True)

    def options(self, asking: Asking) -> Sequence[Option]:
        """Return the last order, if there is one."""
        found = _last_asked(asking)
        if found is None:
            return ()
        return (Option("again", asking.reader.text(REPEAT, number=found.number or "")),)

    def read(self, text: str, asking: Asking) -> str:
        """Return the typed text.  Raises TextMissing, TextTooLong."""
        if is_again(text, asking.reader) and _last_asked(asking) is not None:
            return REPEATED
        return super().read(text, asking)

    def pick(self, key: str, asking: Asking) -> str:
        """Return the answer behind the button."""
        del key, asking
        return REPEATED


def _last_asked(asking: Asking) -> DocumentRecord | None:
    """Return the last order of the form's party, if the form makes orders of that kind."""
    row = kind_by_prefix(str(asking.answers.arguments.get("prefix", "")))
    party_id = asking.answers.arguments.get("party") or asking.answers.get("party")
    if row is None or not party_id:
        return None
    return duplicating.last_order(asking.work, int(party_id), row)


def repeat_last(turn: Turn, row: DocumentType, party_id: int) -> None:
    """Show a party's last order again; its subject may be gone meanwhile."""
    found = duplicating.last_order(turn.work, party_id, row)
    if found is None:
        turn.show("party", party_id)
    else:
        show_again(turn, found.id)


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "repeat": repeat,
    "duplicate": duplicate,
}
TYPED: Final = (Matcher("again", take_again, during_question=True),)
