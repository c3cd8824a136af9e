"""One turn: an inbox row, its handler inside a savepoint, what must go out, done: one transaction.

Everything here is synchronous; on PostgreSQL it may be run again from its beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    StatementError,
)

from bot.base.approval_offer import unless_beyond
from bot.base.callbacks import decode
from bot.base.card_store import made_from, newest_cards
from bot.base.markup import units
from bot.base.outbox import Destination, Parcel
from bot.base.outbox_buffer import Ready
from bot.base.recipients import actor_of_sender, mark_blocked, reader_of
from bot.base.refusal_sentences import (
    CHANGED,
    INCIDENT,
    OLD_BUTTON,
    buttons_of,
    new_incident,
    sentence_of,
)
from bot.base.screen import BACK, HOME, Button, Card, Reader
from bot.base.turn import Known, Tap, Toast, Turn, Typed
from bot.base.updates import Came, Incoming, Kind
from bot.conversation import runner
from bot.turn.checkouts import charge_of, look_again
from bot.turn.idempotency import Done, given_before, key_of, remember
from bot.turn.own_cards import draw_at_once
from bot.turn.registry import FORM_ACTIONS, Context
from bot.turn.session import Scene, is_next, reader_for, scene_of
from bot.turn.unsupported_updates import LONE_PHOTO, UNUSUAL_KINDS
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import MACHINE
from core.services import online_payments
from core.services.rights import Changed
from core.services.work import Work
from core.storage.database import savepoint
from core.storage.locks import lock_chat
from core.storage.models import Inbox
from core.storage.sql import table_of

LOG = logging.getLogger(__name__)

TOAST_LIMIT: Final = 200
"""UTF-16 units of the answer to a tap (Bot API, answerCallbackQuery)."""

ANSWERED_ALREADY: Final = N_(
    "That message was answered before. What came of it is changed in its own card; "
    "to begin anew, type it again."
)

inbox = table_of(Inbox)

_CLOSE = update(inbox).where(inbox.c.id == bindparam("row"))

# A statement that is wrong is undone by the savepoint; any other error of the driver is the
# database's own trouble, and the whole turn is done again later.
WRONG_STATEMENTS: Final = (DataError, IntegrityError, ProgrammingError)


@dataclass(frozen=True)
class Outcome:
    """What an update has led to: the id of an incident, the subjects that have changed.

    `ready` can be sent at once; `more` says whether more waits in the outbox.  `as_of` is how
    many writes there were with this one: with more of them, what is ready may be outdated.
    """

    incident: str | None = None
    changed: frozenset[str] = frozenset()
    ready: tuple[Ready, ...] = ()
    more: bool = True
    as_of: int = 0


def take(connection: Connection, context: Context, came: Came) -> Outcome | None:
    """Answer one row of the inbox; None when it is not its turn, or done already.

    Raises what the database raises; then nothing has happened, and the row is tried again.
    """
    incoming = came.incoming
    if incoming.kind is Kind.CHECKOUT:
        return _check_out(connection, context, came)
    # Another process may answer an earlier row of the chat: this one waits until that is over.
    lock_chat(connection, incoming.chat_id)
    outcome: Outcome | None
    if incoming.kind is Kind.PAID:
        outcome = _paid(connection, context, came)
    elif incoming.kind not in UNUSUAL_KINDS:
        outcome = _converse(connection, context, came)
    elif is_next(connection, came):
        UNUSUAL_KINDS[incoming.kind](connection, context, came)
        outcome = Outcome()
    else:
        outcome = None
    if outcome is not None:
        _close(connection, context, came, incident=outcome.incident)
    return outcome


def _close(
    connection: Connection, context: Context, came: Came, *, incident: str | None = None
) -> None:
    values = {"state": "done", "done_at": context.clock(), "incident": incident}
    connection.execute(_CLOSE, {"row": came.row_id, **values})


# --- What is answered by a handler ------------------------------------------------------------


def _converse(connection: Connection, context: Context, came: Came) -> Outcome | None:
    """Answer a tap, a text, a command or a file."""
    incoming = came.incoming
    tap = decode(incoming.text, message_id=incoming.message_id or 0) if incoming.is_tap else None
    key = key_of(incoming, tap, context)
    scene = scene_of(connection, came, key.text if key else None)
    if not scene.is_next:
        return None
    known = _known(scene, incoming)
    reader = _who_reads(connection, context, came, scene=scene)
    source = f"{incoming.chat_id}:{incoming.message_id}"
    now = context.clock()

    def new_turn() -> Turn:
        known.undo()
        work = Work(connection, reader.actor, now, source)
        return Turn(work, reader, incoming=incoming, context=context, known=known)

    turn = new_turn()
    if key is not None and scene.done is not None:
        _repeat(turn, given_before(key, scene.done))
        return _leave(turn)
    _clear_question(turn, tap)
    known.keep()
    incident = None
    try:
        with savepoint(connection):
            unless_beyond(turn, lambda: _handle(turn, came, tap))
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
    return _leave(turn, incident)


def _known(scene: Scene, incoming: Incoming) -> Known:
    known = Known(scene.question)
    if incoming.message_id is not None:
        known.cards[incoming.message_id] = scene.card
    return known


def _who_reads(connection: Connection, context: Context, came: Came, *, scene: Scene) -> Reader:
    """Who has written, as he reads; he has not blocked the bot any more."""
    sender = came.incoming.sender
    assert sender is not None
    if scene.somebody is None:
        actor = actor_of_sender(connection, sender, now=context.clock())
        return reader_for(actor, scene.company)
    if scene.somebody.blocked:
        mark_blocked(connection, sender.telegram_id, at=None)
    return scene.somebody.reader


def _leave(turn: Turn, incident: str | None = None) -> Outcome:
    """Write what is to be sent; what this chat sees next is drawn here and now."""
    left = turn.known_chat.tray.write(
        turn.work.connection,
        now=turn.work.now,
        here=turn.incoming.chat_id,
        draw=lambda outgoing: draw_at_once(turn, outgoing),
    )
    return Outcome(incident, frozenset(turn.work.changed), left.ready, left.more)


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
        turn.keep_origin()
        turn.show(tap.action, tap.id, **arguments)
    elif tap.action in registry.actions and turn.comes_late(tap):
        turn.toast(turn.reader.text(CHANGED))
        if not turn.is_card(turn.card):
            turn.show(HOME)
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
    if incoming.kind is Kind.PHOTO:
        _on_photo(turn, typed)
    elif typed.edited:
        _on_edited(turn, typed)
    elif not runner.answer(turn, typed):
        _read(turn, typed)


def _on_photo(turn: Turn, typed: Typed) -> None:
    """A photo answers a question or nothing; its caption may be changed as one likes."""
    if not typed.edited and not runner.answer(turn, typed):
        way_back = Button(turn.reader.text(BACK), HOME, is_back=True)
        turn.say(Card(turn.reader.text(LONE_PHOTO), ((way_back,),)))


def _read(turn: Turn, typed: Typed) -> None:
    turn.origin = typed.message_id
    if not any(row.handler(turn, typed) for row in turn.context.registry.typed):
        turn.show(HOME)


def _on_edited(turn: Turn, typed: Typed) -> None:
    """Read a text that was changed into the card that was made from it, if it shows that yet."""
    card = made_from(turn.work.connection, turn.incoming.chat_id, typed.message_id)
    if card is None:
        turn.say(Card(turn.reader.text(ANSWERED_ALREADY)))
        return
    if turn.question is not None and turn.question.message_id == card:
        turn.lose_question(but=card)
    turn.redraw(card)
    _read(turn, typed)


def _clear_question(turn: Turn, tap: Tap | None) -> None:
    """A tap or a command ends the question of the chat, but not a tap that belongs to it."""
    if turn.incoming.is_typed or (tap is not None and tap.action in FORM_ACTIONS):
        return
    turn.lose_question(but=turn.card)


def _pass_on(turn: Turn) -> None:
    """Tell others of the events, draw changed cards again, then end the turn."""
    for event in turn.work.events:
        handler = turn.context.registry.events.get(event.name)
        if handler is None:
            LOG.warning("nobody hears of the event %s", event.name)
        else:
            handler(turn, event)
    turn.finish()
    if turn.work.changed:
        changed = turn.context.shown_with(turn.work.changed)
        for row in newest_cards(turn.work.connection, changed):
            to = Destination(row.chat_id, row.person_id)
            if (row.chat_id, row.message_id) not in turn.replaced:
                turn.known_chat.tray.edit(to, row.message_id)


# --- Answers ----------------------------------------------------------------------------------


def _repeat(turn: Turn, done: Done) -> None:
    """The same operation again: nothing is done, the same is said, the card is drawn."""
    if turn.card is not None:
        if turn.is_card(turn.card):
            turn.known_chat.tray.edit(turn.here, turn.card)
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
        turn.listen()
        turn.known_chat.tray.edit(turn.here, turn.card)


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
        turn.known_chat.tray.add(turn.here, Parcel("answer", payload))
    elif said is not None and said.text:
        turn.say(Card(said.text))


# --- Money ------------------------------------------------------------------------------------


def _check_out(connection: Connection, context: Context, came: Came) -> Outcome | None:
    """Answer whether something may be paid: in no chat's order, since Telegram does not wait."""
    left = look_again(connection, context, came)
    if left is None:
        return None
    _close(connection, context, came)
    return Outcome(ready=left.ready, more=left.more)


def _paid(connection: Connection, context: Context, came: Came) -> Outcome | None:
    """Keep money that was taken, and book it.

    Whatever goes wrong with the booking, or with the news of it, undoes no more than that: what
    was kept is tried again by a job.
    """
    incoming = came.incoming
    if not is_next(connection, came):
        return None
    assert incoming.sender is not None
    assert incoming.money is not None
    actor = actor_of_sender(connection, incoming.sender, now=context.clock())
    source = f"{incoming.chat_id}:{incoming.message_id}"
    work = Work(connection, actor, context.clock(), source)
    reader = reader_of(connection, actor)
    turn = Turn(work, reader, incoming=incoming, context=context, known=Known())
    charge_id = online_payments.keep(work, charge_of(incoming.money))
    if charge_id is None:
        return Outcome()
    incident = None
    for step in (partial(_book, turn, charge_id), partial(_pass_on, turn)):
        try:
            with work.savepoint():
                step()
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, WRONG_STATEMENTS):
                raise
            incident = new_incident()
            LOG.exception("incident %s: money of inbox row %d", incident, came.row_id)
    return _leave(turn, incident)


def _book(turn: Turn, charge_id: int) -> None:
    if not online_payments.book(turn.work, charge_id):
        online_payments.tell_waiting(turn.work, charge_id)


# --- What is done by itself -------------------------------------------------------------------


def by_itself(connection: Connection, context: Context, service: Callable[[Work], None]) -> None:
    """Run a service as the machine, and tell those concerned what came of it."""
    incoming = Incoming(Kind.IGNORED, 0)
    work = Work(connection, MACHINE, context.clock(), "machine")
    reader = reader_of(connection, MACHINE)
    turn = Turn(work, reader, incoming=incoming, context=context, known=Known())
    service(work)
    _pass_on(turn)
    turn.known_chat.tray.write(connection, now=work.now, draw=lambda _outgoing: None)
