"""The end of a document: a second tap, which states its effect in numbers before it acts.

An order is closed as a whole or line by line. A reason can be added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, html, lines
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Text
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.steps import ENDINGS
from bot.screens.shared.words import MOST_LINES, folded_lines, heading, quantity
from core.domain.lifecycles import Action
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services.documents import lifecycle, viewing
from core.services.documents.viewing import DocumentView, LineView
from core.services.rights import Changed, NotFound
from core.services.work import Work

# The people concerned ask for the reason.
WITH_REASON: Final = frozenset({Action.CANCEL, Action.CLOSE, Action.DECLINE})


def load_ending(work: Work, document_id: int, arguments: Arguments) -> tuple[DocumentView, Action]:
    """Return the document and the ending that was requested."""
    return viewing.view(work, document_id), Action(arguments["argument"])


def open_lines(view: DocumentView) -> Sequence[LineView]:
    """Return the open lines: goods that are not shipped, services that are not billed."""
    return [each for each in view.lines if each.state.remainder > ZERO]


def ending_facts(view: DocumentView, action: Action) -> dict[str, Any]:
    """Return the figures that the question shows; the tap is void once they have changed."""
    return {
        "action": str(action),
        "number": view.record.number or "",
        "state": view.record.state,
        "pieces": sum((each.line.quantity for each in view.lines), start=ZERO),
        "rest": sum((each.state.remainder for each in view.lines), start=ZERO),
    }


QUESTIONS: Final[Mapping[Action, str]] = {
    Action.CANCEL: N_("Cancel {number}? This cancels all {rest} on it."),
    Action.CLOSE: N_("Close {number}? This cancels the remaining {rest}."),
    Action.RELEASE: N_("Release {number}? This makes {pieces} available to others."),
    Action.DECLINE: N_("Decline {number}?"),
    Action.REVERSE: N_("Reverse {number}? This undoes everything it posted. Quantity: {pieces}."),
}


def render_ending(asked: tuple[DocumentView, Action], reader: Reader) -> Card:
    """Render the question in numbers, the button that confirms it, and the way back."""
    view, action = asked
    facts = ending_facts(view, action)
    text = reader.text(
        QUESTIONS[action],
        number=view.record.number or reader.text(view.type.label),
        pieces=quantity(facts["pieces"], reader),
        rest=quantity(facts["rest"], reader),
    )
    found = open_lines(view) if action is Action.CLOSE else ()
    rows: list[Row] = [(_end_button(view, action, reader),)]
    if len(found) > 1:
        rows += [(_line_button(each, view, reader),) for each in found[:MOST_LINES]]
    if action in WITH_REASON:
        label = reader.text(N_("Add a reason"))
        rows.append((Button(label, "ask_reason", id=view.record.id, argument=str(action)),))
    return Card(
        lines(
            heading(view, reader),
            *folded_lines((_open_words(each, reader) for each in found), reader),
            text,
        ),
        (*rows, (back(reader, "document", id=view.record.id),)),
    )


def _open_words(each: LineView, reader: Reader) -> Any:
    return html(
        each.line.name,
        reader.text(N_("{number} remaining"), number=quantity(each.state.remainder, reader)),
        between=" · ",
    )


def _end_button(view: DocumentView, action: Action, reader: Reader) -> Button:
    label, _ = ENDINGS[action]
    facts = ending_facts(view, action)
    words = reader.text(label)
    if action is Action.CLOSE:
        words = reader.text(N_("Cancel all {number}"), number=quantity(facts["rest"], reader))
    return Button(
        words,
        "end",
        id=view.record.id,
        revision=view.record.revision,
        argument=str(action),
        digest=digest_of(facts),
        style="danger",
    )


def _line_facts(each: LineView) -> dict[str, Any]:
    return {"line": each.line.id, "rest": each.state.remainder}


def _line_button(each: LineView, view: DocumentView, reader: Reader) -> Button:
    return Button(
        reader.text(
            N_("{name}: cancel {number}"),
            name=each.line.name,
            number=quantity(each.state.remainder, reader),
        ),
        "end_line",
        id=view.record.id,
        revision=view.record.revision,
        argument=str(each.line.id),
        digest=digest_of(_line_facts(each)),
    )


_END: Final[Mapping[Action, Callable[..., None]]] = {
    Action.CANCEL: lifecycle.cancel,
    Action.CLOSE: lifecycle.close,
    Action.RELEASE: lifecycle.release,
    Action.DECLINE: lifecycle.decline,
    Action.REVERSE: lifecycle.reverse,
}


def end(turn: Turn, tap: Tap) -> None:
    """End the document, if the figures are still those shown."""
    action = Action(tap.argument)
    turn.show("document", tap.id)
    turn.check(tap, ending_facts(viewing.view(turn.work, tap.id), action))
    _END[action](turn.work, tap.id, revision=tap.revision)


def end_line(turn: Turn, tap: Tap) -> None:
    """Drop the remaining quantity of one line, if it is still the same."""
    turn.show("document", tap.id)
    view = viewing.view(turn.work, tap.id)
    open_line = next((each for each in view.lines if str(each.line.id) == tap.argument), None)
    if open_line is None:
        raise NotFound(subject="line")
    turn.check(tap, _line_facts(open_line))
    dropped = lifecycle.close_line(turn.work, tap.id, open_line.line.id, revision=tap.revision)
    number = quantity(dropped, turn.reader)
    message = N_("{name}: {number} cancelled")
    turn.toast(turn.reader.text(message, name=open_line.line.name, number=number))


def ask_reason(turn: Turn, tap: Tap) -> None:
    """Ask for a reason; the answer ends the document if the figures still match."""
    action = Action(tap.argument)
    view = viewing.view(turn.work, tap.id)
    turn.ask(
        "end_reason",
        document=tap.id,
        action=str(action),
        revision=view.record.revision,
        digest=digest_of(ending_facts(view, action)),
    )


def finish_reason(turn: Turn, answers: Answers) -> None:
    """End the document with the reason, which its card shows from then on."""
    given = answers.arguments
    document_id, action = given["document"], Action(given["action"])
    turn.show("document", document_id)
    view = viewing.view(turn.work, document_id)
    if given["digest"] != digest_of(ending_facts(view, action)):
        raise Changed(subject="document", id=document_id)
    _END[action](turn.work, document_id, revision=given["revision"], reason=answers["reason"])


SCREENS: Final = (Screen("ask_end", load_ending, render_ending, subject="document"),)
ACTIONS: Final = {"end": end, "end_line": end_line, "ask_reason": ask_reason}
FORMS: Final = (
    Form(
        "end_reason",
        steps=(Step("reason", N_("Reason? It will appear on the card."), Text(most=200)),),
        on_finish=finish_reason,
    ),
)
