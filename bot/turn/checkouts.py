"""Questions before a payment: may this person pay this money now?

Telegram waits ten seconds for the answer, so that a checkout waits neither in its chat's queue nor
behind other work: it has a lane of its own, one short transaction, and its answer leaves at once.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.base import payment_currencies
from bot.base.outbox import Destination, Parcel
from bot.base.outbox_buffer import Left, OutboxBuffer
from bot.base.recipients import actor_of_sender, reader_of
from bot.base.refusal_sentences import sentence_of
from bot.base.updates import InboxItem, PaidMoney
from bot.turn.registry import Context
from core.domain.errors import Refusal
from core.services import online_payments
from core.services.work import Work
from core.storage.chat_tables import inbox


def look_again(connection: Connection, context: Context, item: InboxItem) -> Left | None:
    """Look at what would be paid as it is now, and leave the answer; None when that is done."""
    state = select(inbox.c.state).where(inbox.c.id == item.row_id)
    if connection.execute(state).scalar_one() != "new":
        return None
    incoming = item.incoming
    assert incoming.sender is not None
    now = context.clock()
    actor = actor_of_sender(connection, incoming.sender, now=now)
    work = Work(connection, actor, now, f"checkout:{incoming.query_id}")
    problem = ""
    try:
        with work.savepoint():
            _check_out(work, item)
    except Refusal as refusal:
        problem = sentence_of(refusal, reader_of(connection, actor))
    # An answer without a problem is a yes.
    payload = {"checkout_id": incoming.query_id, "text": problem}
    buffer = OutboxBuffer()
    buffer.add(Destination(incoming.chat_id, actor.person_id), Parcel("answer", payload))
    return buffer.write(connection, now=now, render=lambda _outgoing: None)


def charge_of(money: PaidMoney) -> online_payments.Charge:
    """Money that was taken, as the books know it.  Raises KeyError for an unknown currency."""
    return online_payments.Charge(
        money.payload,
        money.telegram_charge_id,
        money.provider_charge_id,
        money.currency,
        payment_currencies.as_said(money.total, money.currency),
    )


def _check_out(work: Work, item: InboxItem) -> None:
    money = item.incoming.money
    if money is None or money.currency not in payment_currencies.CURRENCIES:
        raise online_payments.NothingToPay
    online_payments.check_out(
        work,
        money.payload,
        query_id=item.incoming.query_id,
        amount=payment_currencies.as_said(money.total, money.currency),
        currency=money.currency,
    )
