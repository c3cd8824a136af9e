"""How a document ends: one more tap, which says in numbers what it does before it does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.callbacks import digest_of
from bot.screens.base import Arguments, Button, Card, Reader, Screen, back, lines
from bot.screens.document_card import ENDINGS
from bot.screens.words import heading, quantity
from bot.turn import Tap, Turn
from core.domain.lifecycles import Action
from core.domain.messages import N_
from core.services.documents import ending, viewing
from core.services.documents.viewing import DocumentView
from core.services.work import Work

ZERO = Decimal(0)


def load_ending(work: Work, document_id: int, arguments: Arguments) -> tuple[DocumentView, Action]:
    """The document and what is about to be done to it."""
    return viewing.view(work, document_id), Action(arguments["argument"])


def ending_facts(view: DocumentView, action: Action) -> dict[str, Any]:
    """The figures that the question shows; the tap is void when they have changed."""
    rest = sum((max(ZERO, each.state.to_fulfil) for each in view.lines), start=ZERO)
    return {
        "action": str(action),
        "number": view.record.number or "",
        "state": view.record.state,
        "pieces": sum((each.line.quantity for each in view.lines), start=ZERO),
        "rest": rest,
    }


QUESTIONS: Final[Mapping[Action, str]] = {
    Action.CANCEL: N_("Cancel {number}? {rest} pieces are not wanted any more."),
    Action.CLOSE: N_("Close {number}? The {rest} pieces that are open are dropped."),
    Action.RELEASE: N_("Release {number}? {pieces} pieces become free for others."),
    Action.DECLINE: N_("Decline {number}?"),
    Action.REVERSE: N_("Reverse {number}? {pieces} pieces, and all that it booked, go back."),
}


def render_ending(asked: tuple[DocumentView, Action], reader: Reader) -> Card:
    """The question in numbers, the button that does it, and the way back."""
    view, action = asked
    facts = ending_facts(view, action)
    text = reader.text(
        QUESTIONS[action],
        number=view.record.number or reader.text(view.type.label),
        pieces=quantity(facts["pieces"], reader),
        rest=quantity(facts["rest"], reader),
    )
    label, _ = ENDINGS[action]
    button = Button(
        reader.text(label),
        "end",
        id=view.record.id,
        revision=view.record.revision,
        argument=str(action),
        digest=digest_of(facts),
        style="danger",
    )
    return Card(
        lines(heading(view, reader), text),
        ((button,), (back(reader, "document", id=view.record.id),)),
    )


_END: Final[Mapping[Action, Callable[..., None]]] = {
    Action.CANCEL: ending.cancel,
    Action.CLOSE: ending.close,
    Action.RELEASE: ending.release,
    Action.DECLINE: ending.decline,
    Action.REVERSE: ending.reverse,
}


def end(turn: Turn, tap: Tap) -> None:
    """Do it, if the figures are still those that were shown."""
    action = Action(tap.argument)
    turn.show("document", tap.id)
    turn.check(tap, ending_facts(viewing.view(turn.work, tap.id), action))
    _END[action](turn.work, tap.id, revision=tap.revision)


SCREENS: Final = (Screen("ask_end", load_ending, render_ending, subject="document"),)
ACTIONS: Final = {"end": end}
