"""One turn: an inbox row, its handler inside a savepoint, what must go out, done: one transaction.

Everything here is synchronous; on PostgreSQL it may be run again from its beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    StatementError,
)

from bot.callbacks import decode
from bot.context import FORM_ACTIONS, Context
from bot.conversation import runner, store
from bot.errors import CHANGED, INCIDENT, OLD_BUTTON, buttons_of, new_incident, sentence_of
from bot.incoming import Came, Incoming, Kind
from bot.operations import Done, done_before, key_of, remember
from bot.outbox import Parcel, queue, queue_edit, refresh
from bot.people import actor_of_sender, reader_of
from bot.screens.base import HOME, Card
from bot.screens.markup import units
from bot.turn import Tap, Toast, Turn, Typed
from bot.unusual import UNUSUAL_KINDS
from core.domain.errors import Refusal
from core.domain.people import MACHINE
from core.services.rights import Changed
from core.services.work import Work
from core.storage.database import savepoint
from core.storage.models import Inbox
from core.storage.writing import table_of

LOG = logging.getLogger(__name__)

TOAST_LIMIT: Final = 200
"""UTF-16 units of the answer to a tap (Bot API, answerCallbackQuery)."""

inbox = table_of(Inbox)

# A statement that is wrong is undone by the savepoint; any other error of the driver is the
# database's own trouble, and the whole turn is done again later.
WRONG_STATEMENTS: Final = (DataError, IntegrityError, ProgrammingError)


@dataclass(frozen=True)
class Outcome:
    """What an update has led to: the id of an incident, the subjects that have changed."""

    incident: str | None = None
    changed: frozenset[str] = frozenset()


def take(connection: Connection, context: Context, came: Came) -> Outcome | None:
    """Answer one row of the inbox; None when it is not its turn, or done already.

    Raises what the database raises; then nothing has happened, and the row is tried again.
    """
    if not _is_next(connection, came):
        return None
    kind = came.incoming.kind
    if kind in UNUSUAL_KINDS:
        UNUSUAL_KINDS[kind](connection, context, came)
        outcome = Outcome()
    else:
        outcome = _converse(connection, context, came)
    values = {"state": "done", "done_at": context.clock(), "incident": outcome.incident}
    connection.execute(update(inbox).where(inbox.c.id == came.row_id).values(**values))
    return outcome


def _is_next(connection: Connection, came: Came) -> bool:
    """Whether the row is the first open one of its chat; another process waits meanwhile."""
    chat_id = came.incoming.chat_id
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(chat_id)))
    queue_of_chat = select(inbox.c.chat_id).where(inbox.c.id == came.row_id).scalar_subquery()
    first = select(func.min(inbox.c.id)).where(
        inbox.c.state == "new", inbox.c.chat_id == queue_of_chat
    )
    return connection.execute(first).scalar() == came.row_id


# --- What is answered by a handler ------------------------------------------------------------


def _converse(connection: Connection, context: Context, came: Came) -> Outcome:
    """Answer a tap, a text, a command or a file."""
    incoming = came.incoming
    now = context.clock()
    assert incoming.sender is not None
    actor = actor_of_sender(connection, incoming.sender, now=now)
    source = f"{incoming.chat_id}:{incoming.message_id}"
    reader = reader_of(connection, actor)

    def new_turn() -> Turn:
        work = Work(connection, actor, now, source)
        return Turn(work, reader, incoming=incoming, context=context)

    tap = decode(incoming.text, message_id=incoming.message_id or 0) if incoming.is_tap else None
    key = key_of(incoming, tap, context)
    done = done_before(connection, key) if key else None
    turn = new_turn()
    if done is not None:
        _repeat(turn, done)
        return Outcome()
    _clear_question(turn, tap)
    incident = None
    try:
        with savepoint(connection):
            _handle(turn, came, tap)
            _pass_on(turn)
            if key is not None:
                said = turn.said or Toast("")
                remember(connection, key, Done(said.text, said.alert), now=now)
    except Refusal as refusal:
        turn = new_turn()
        _refuse(turn, refusal)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, WRONG_STATEMENTS):
            raise
        turn = new_turn()
        incident = _apologise(turn, came, error)
    _say(turn)
    return Outcome(incident, frozenset(turn.work.changed))


def _handle(turn: Turn, came: Came, tap: Tap | None) -> None:
    incoming = came.incoming
    if incoming.is_tap:
        _on_tap(turn, tap)
    elif incoming.kind is Kind.COMMAND:
        _on_command(turn)
    else:
        _on_typed(turn, came)


def _on_tap(turn: Turn, tap: Tap | None) -> None:
    registry = turn.context.registry
    if tap is None:
        turn.toast(turn.reader.text(OLD_BUTTON))
        turn.show(HOME)
    elif tap.action in FORM_ACTIONS:
        runner.tap(turn, tap)
    elif tap.action in registry.screens:
        arguments = {"argument": tap.argument} if tap.argument else {}
        turn.show(tap.action, tap.id, **arguments)
    elif tap.action in registry.actions and turn.comes_late(tap):
        turn.toast(turn.reader.text(CHANGED))
    elif tap.action in registry.actions:
        registry.actions[tap.action](turn, tap)
    else:
        turn.toast(turn.reader.text(OLD_BUTTON))
        turn.show(HOME)


def _on_command(turn: Turn) -> None:
    command = turn.context.registry.commands.get(turn.incoming.name)
    if command is None or not command.offered_to(turn.work.actor.roles):
        turn.show(HOME)
    else:
        command.handler(turn, turn.incoming.text)


def _on_typed(turn: Turn, came: Came) -> None:
    incoming = came.incoming
    typed = Typed(
        incoming.text,
        incoming.message_id or 0,
        edited=incoming.edited_at is not None,
        reply_to=incoming.reply_to,
        attachment=came.attachment,
    )
    if runner.answer(turn, typed):
        return
    if not any(row.handler(turn, typed) for row in turn.context.registry.typed):
        turn.show(HOME)


def _clear_question(turn: Turn, tap: Tap | None) -> None:
    """A tap or a command ends the question of the chat, but not a tap that belongs to it."""
    if turn.incoming.is_typed or (tap is not None and tap.action in FORM_ACTIONS):
        return
    store.lose(turn.work.connection, turn.incoming.chat_id, now=turn.work.now, but=turn.card)


def _pass_on(turn: Turn) -> None:
    """Tell others of the events, draw changed cards again, then end the turn."""
    for event in turn.work.events:
        handler = turn.context.registry.events.get(event.name)
        if handler is None:
            LOG.warning("nobody hears of the event %s", event.name)
        else:
            handler(turn, event)
    turn.finish()
    refresh(turn.work.connection, turn.work.changed, now=turn.work.now)


# --- Answers ----------------------------------------------------------------------------------


def _repeat(turn: Turn, done: Done) -> None:
    """The same operation again: nothing is done, the same is said, the card is drawn."""
    if turn.card is not None:
        if turn.is_card(turn.card):
            queue_edit(turn.work.connection, turn.here, turn.card, now=turn.work.now)
        turn.toast(done.toast, alert=done.alert)
        _say(turn)


def _refuse(turn: Turn, refusal: Refusal) -> None:
    LOG.info("refused: %s", refusal.code)
    sentence = sentence_of(refusal, turn.reader)
    if isinstance(refusal, Changed) and turn.card is not None:
        turn.toast(turn.reader.text(CHANGED))
    else:
        _tell(turn, sentence, Card(sentence, buttons_of(refusal, turn.reader)))
    if turn.card is not None and turn.is_card(turn.card):
        queue_edit(turn.work.connection, turn.here, turn.card, now=turn.work.now)


def _apologise(turn: Turn, came: Came, error: Exception) -> str:
    incident = new_incident()
    if isinstance(error, StatementError):
        # What people wrote stands in the parameters, and does not belong into a log.
        error.hide_parameters = True
    LOG.error("incident %s in inbox row %d", incident, came.row_id, exc_info=error)
    sentence = turn.reader.text(INCIDENT, incident=incident)
    _tell(turn, sentence, Card(sentence))
    return incident


def _tell(turn: Turn, sentence: str, card: Card) -> None:
    """An alert where there is a tap to answer and it fits, else a message of its own."""
    if turn.card is not None and not card.rows and units(sentence) <= TOAST_LIMIT:
        turn.toast(sentence, alert=True)
    else:
        turn.say(card)


def _say(turn: Turn) -> None:
    """Answer the tap, with nothing if nothing was said; after a text it is a message."""
    said = turn.said
    if turn.incoming.is_tap:
        payload = {
            "query_id": turn.incoming.query_id,
            "text": said.text if said else "",
            "alert": said.alert if said else False,
        }
        queue(turn.work.connection, turn.here, Parcel("answer", payload), now=turn.work.now)
    elif said is not None and said.text:
        turn.say(Card(said.text))


# --- What is done by itself -------------------------------------------------------------------


def by_itself(connection: Connection, context: Context, service: Callable[[Work], None]) -> None:
    """Run a service as the machine, and tell those concerned what came of it."""
    incoming = Incoming(Kind.IGNORED, 0)
    work = Work(connection, MACHINE, context.clock(), "machine")
    turn = Turn(work, reader_of(connection, MACHINE), incoming=incoming, context=context)
    service(work)
    _pass_on(turn)
