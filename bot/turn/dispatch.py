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

from bot.base import telegram_limits
from bot.base.approval_offer import unless_beyond
from bot.base.callbacks import decode
from bot.base.card_store import made_from, newest_cards
from bot.base.markup import units
from bot.base.outbox import Destination, Parcel
from bot.base.outbox_buffer import Ready
from bot.base.recipients import actor_of_sender, reader_for, reader_of
from bot.base.refusal_sentences import (
    CHANGED,
    INCIDENT,
    OLD_BUTTON,
    buttons_of,
    new_incident,
    sentence_of,
)
from bot.base.screen import BACK, HOME, Button, Card, Reader
from bot.base.turn import Tap, Toast, Turn, TurnMemory, Typed
from bot.base.updates import InboxItem, Incoming, Kind
from bot.conversation.runner import FORM_ACTIONS
from bot.turn.checkouts import charge_of, look_again
from bot.turn.idempotency import Done, given_before, key_of, remember
from bot.turn.own_cards import render_own_card
from bot.turn.registry import Context
from bot.turn.session import Session, is_next, load_session
from bot.turn.unsupported_updates import LONE_PHOTO, UNUSUAL_KINDS
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import MACHINE
from core.services import online_payments
from core.services.people.actors import mark_blocked
from core.services.rights import Changed
from core.services.work import Work
from core.storage.chat_tables import inbox
from core.storage.database import savepoint
from core.storage.locks import lock_chat

LOG = logging.getLogger(__name__)


ANSWERED_ALREADY: Final = N_(
    "That message has already been answered. Make changes on its card, or type "
    "it again to start over."
)


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


def take(connection: Connection, context: Context, item: InboxItem) -> Outcome | None:
    """Answer one row of the inbox; None when it is not its turn, or done already.

    Raises what the database raises; then nothing has happened, and the row is tried again.
    """
    incoming = item.incoming
    if incoming.kind is Kind.CHECKOUT:
        return _check_out(connection, context, item)
    # Another process may answer an earlier row of the chat: this one waits until that is over.
    lock_chat(connection, incoming.chat_id)
    outcome: Outcome | None
    if incoming.kind is Kind.PAID:
        outcome = _paid(connection, context, item)
    elif incoming.kind not in UNUSUAL_KINDS:
        outcome = _converse(connection, context, item)
    elif is_next(connection, item):
        UNUSUAL_KINDS[incoming.kind](connection, context, item)
        outcome = Outcome()
    else:
        outcome = None
    if outcome is not None:
        _close(connection, context, item, incident=outcome.incident)
    return outcome


def _close(
    connection: Connection, context: Context, item: InboxItem, *, incident: str | None = None
) -> None:
    values = {"state": "done", "done_at": context.clock(), "incident": incident}
    connection.execute(_CLOSE, {"row": item.row_id, **values})


# --- What is answered by a handler ------------------------------------------------------------


def _converse(connection: Connection, context: Context, item: InboxItem) -> Outcome | None:
    """Answer a tap, a text, a command or a file."""
    incoming = item.incoming
    tap = decode(incoming.text, message_id=incoming.message_id or 0) if incoming.is_tap else None
    key = key_of(incoming, tap, context)
    session = load_session(connection, item, key.text if key else None)
    if not session.is_next:
        return None
    known = _known(session, incoming)
    reader = _reader(connection, context, item, session=session)
    source = f"{incoming.chat_id}:{incoming.message_id}"
    now = context.clock()

    def new_turn() -> Turn:
        known.undo()
        work = Work(connection, reader.actor, now, source)
        return Turn(work, reader, incoming=incoming, machinery=context, memory=known)

    turn = new_turn()
    if key is not None and session.done is not None:
        _repeat(turn, given_before(key, session.done))
        return _leave(context, turn)
    _clear_question(turn, tap)
    known.keep()
    incident = None
    try:
        with savepoint(connection):
            unless_beyond(turn, lambda: _handle(context, turn, item, tap=tap))
            _pass_on(context, turn)
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
        incident = _apologise(turn, item, error)
    _say(turn)
    return _leave(context, turn, incident)


def _known(session: Session, incoming: Incoming) -> TurnMemory:
    known = TurnMemory(session.question)
    if incoming.message_id is not None:
        known.cards[incoming.message_id] = session.card
    return known


def _reader(
    connection: Connection, context: Context, item: InboxItem, *, session: Session
) -> Reader:
    """Return who has written and how to talk to them; they no longer have the bot blocked."""
    sender = item.incoming.sender
    assert sender is not None
    if session.account is None:
        actor = actor_of_sender(connection, sender, now=context.clock())
        return reader_for(actor, session.company)
    if session.account.blocked_at is not None:
        mark_blocked(connection, sender.telegram_id, at=None)
    return reader_for(session.account.actor, session.company)


def _leave(context: Context, turn: Turn, incident: str | None = None) -> Outcome:
    """Write what is to be sent; what this chat sees next is rendered here and now."""
    left = turn.memory.outbox.write(
        turn.work.connection,
        now=turn.work.now,
        here=turn.incoming.chat_id,
        render=lambda outgoing: render_own_card(context, turn, outgoing),
    )
    return Outcome(incident, frozenset(turn.work.changed), left.ready, left.more)


def _handle(context: Context, turn: Turn, item: InboxItem, *, tap: Tap | None) -> None:
    incoming = item.incoming
    if incoming.is_tap:
        _on_tap(context, turn, tap)
    elif incoming.kind is Kind.COMMAND:
        _on_command(turn)
    else:
        _on_typed(context, turn, item)


def _on_tap(context: Context, turn: Turn, tap: Tap | None) -> None:
    registry = context.registry
    if tap is None:
        turn.toast(turn.reader.text(OLD_BUTTON))
        turn.show(HOME)
    elif tap.action in FORM_ACTIONS:
        context.runner.tap(turn, tap)
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
    if not turn.run_command(turn.incoming.name, turn.incoming.text):
        turn.show(HOME)


def _on_typed(context: Context, turn: Turn, item: InboxItem) -> None:
    incoming = item.incoming
    typed = Typed(
        incoming.text,
        incoming.message_id or 0,
        edited=incoming.edited_at is not None,
        reply_to=incoming.reply_to,
        attachment=item.attachment,
    )
    if incoming.kind is Kind.PHOTO:
        _on_photo(context, turn, typed)
    elif typed.edited:
        _on_edited(turn, typed)
    elif not context.runner.answer(turn, typed):
        _read(turn, typed)


def _on_photo(context: Context, turn: Turn, typed: Typed) -> None:
    """A photo answers a question or nothing; its caption may be changed as one likes."""
    if not typed.edited and not context.runner.answer(turn, typed):
        way_back = Button(turn.reader.text(BACK), HOME, is_back=True)
        turn.say(Card(turn.reader.text(LONE_PHOTO), ((way_back,),)))


def _read(turn: Turn, typed: Typed) -> None:
    turn.origin = typed.message_id
    if not turn.read(typed):
        turn.show(HOME)


def _on_edited(turn: Turn, typed: Typed) -> None:
    """Read a text that was changed into the card that was made from it, if it shows that yet."""
    card = made_from(turn.work.connection, turn.incoming.chat_id, typed.message_id)
    if card is None:
        turn.say(Card(turn.reader.text(ANSWERED_ALREADY)))
        return
    if turn.question is not None and turn.question.message_id == card:
        turn.lose_question(but=card)
    turn.reuse_card(card)
    _read(turn, typed)


def _clear_question(turn: Turn, tap: Tap | None) -> None:
    """A tap or a command ends the question of the chat, but not a tap that belongs to it."""
    if turn.incoming.is_typed or (tap is not None and tap.action in FORM_ACTIONS):
        return
    turn.lose_question(but=turn.card)


def _pass_on(context: Context, turn: Turn) -> None:
    """Tell others of the events, render changed cards again, then end the turn."""
    for event in turn.work.events:
        handler = context.registry.events.get(event.name)
        if handler is None:
            LOG.warning("nobody hears of the event %s", event.name)
        else:
            handler(turn, event)
    turn.finish()
    if turn.work.changed:
        changed = context.screens.affected_by(turn.work.changed)
        for row in newest_cards(turn.work.connection, changed):
            to = Destination(row.chat_id, row.person_id)
            if (row.chat_id, row.message_id) not in turn.replaced:
                turn.memory.outbox.edit(to, row.message_id)


# --- Answers ----------------------------------------------------------------------------------


def _repeat(turn: Turn, done: Done) -> None:
    """The same operation again: nothing is done, the same is said, the card is rendered."""
    if turn.card is not None:
        if turn.is_card(turn.card):
            turn.memory.outbox.edit(turn.here, turn.card)
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
        turn.memory.outbox.edit(turn.here, turn.card)


def _apologise(turn: Turn, item: InboxItem, error: Exception) -> str:
    incident = new_incident()
    if isinstance(error, StatementError):
        # What people wrote stands in the parameters, and does not belong into a log.
        error.hide_parameters = True
    LOG.error("incident %s in inbox row %d", incident, item.row_id, exc_info=error)
    sentence = turn.reader.text(INCIDENT, incident=incident)
    _tell(turn, sentence, Card(sentence))
    return incident


def _tell(turn: Turn, sentence: str, card: Card) -> None:
    """An alert where there is a tap to answer and it fits, else a message of its own."""
    if turn.card is not None and not card.rows and units(sentence) <= telegram_limits.TOAST:
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
        turn.memory.outbox.add(turn.here, Parcel("answer", payload))
    elif said is not None and said.text:
        turn.say(Card(said.text))


# --- Money ------------------------------------------------------------------------------------


def _check_out(connection: Connection, context: Context, item: InboxItem) -> Outcome | None:
    """Answer whether something may be paid: in no chat's order, since Telegram does not wait."""
    left = look_again(connection, context, item)
    if left is None:
        return None
    _close(connection, context, item)
    return Outcome(ready=left.ready, more=left.more)


def _paid(connection: Connection, context: Context, item: InboxItem) -> Outcome | None:
    """Keep money that was taken, and book it.

    Whatever goes wrong with the booking, or with the news of it, undoes no more than that: what
    was kept is tried again by a job.
    """
    incoming = item.incoming
    if not is_next(connection, item):
        return None
    assert incoming.sender is not None
    assert incoming.money is not None
    actor = actor_of_sender(connection, incoming.sender, now=context.clock())
    source = f"{incoming.chat_id}:{incoming.message_id}"
    work = Work(connection, actor, context.clock(), source)
    reader = reader_of(connection, actor)
    turn = Turn(work, reader, incoming=incoming, machinery=context, memory=TurnMemory())
    charge_id = online_payments.keep(work, charge_of(incoming.money))
    if charge_id is None:
        return Outcome()
    incident = None
    for step in (partial(_book, turn, charge_id), partial(_pass_on, context, turn)):
        try:
            with work.savepoint():
                step()
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, WRONG_STATEMENTS):
                raise
            incident = new_incident()
            LOG.exception("incident %s: money of inbox row %d", incident, item.row_id)
    return _leave(context, turn, incident)


def _book(turn: Turn, charge_id: int) -> None:
    if not online_payments.book(turn.work, charge_id):
        online_payments.tell_waiting(turn.work, charge_id)


# --- What is done by itself -------------------------------------------------------------------


def by_itself(connection: Connection, context: Context, service: Callable[[Work], None]) -> None:
    """Run a service as the machine, and tell those concerned what came of it."""
    incoming = Incoming(Kind.IGNORED, 0)
    work = Work(connection, MACHINE, context.clock(), "machine")
    reader = reader_of(connection, MACHINE)
    turn = Turn(work, reader, incoming=incoming, machinery=context, memory=TurnMemory())
    service(work)
    _pass_on(context, turn)
    turn.memory.outbox.write(connection, now=work.now, render=lambda _outgoing: None)
