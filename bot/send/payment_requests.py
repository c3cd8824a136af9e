"""Sends the message with the Pay button that Telegram itself makes of an invoice.

Sending it is not idempotent.  Two of them would do no harm to the books: both name the same
request, and the question before the payment refuses what is not due any more.  But somebody who
sees two buttons may believe that he owes twice; so after an unknown outcome nothing is sent again
by itself, and the person is asked whether it has arrived.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice
from telegram.constants import InvoiceLimit
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.base import payment_currencies
from bot.base.markup import shortened
from bot.base.outbox import Destination, Outgoing, Parcel, kept_card, queue
from bot.base.recipients import reader_of
from bot.base.screen import Card
from bot.screens.money.pay_button import START
from bot.send.document_files import Unsure
from bot.send.network import was_not_sent
from bot.turn.registry import Context
from bot.turn.rendering import Withheld, recipient
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.services import online_payments
from core.services.work import Work
from core.storage.database import Database

LOG = logging.getLogger(__name__)

NOT_NOW: Final = N_(
    "{number} can't be paid in the chat right now. Please pay as stated on the document."
)


@dataclass(frozen=True)
class PayMessage:
    """What Telegram is asked to show; `total` in Telegram's smallest unit."""

    title: str
    description: str
    payload: str
    currency: str
    label: str
    total: int
    button: str
    start: str


class PayRequests:
    """Delivers the rows of form "request"; without a provider's token there are none."""

    def __init__(
        self, bot: Bot, database: Database, *, context: Context, provider_token: str
    ) -> None:
        self._bot = bot
        self._database = database
        self._context = context
        self._provider_token = provider_token

    async def deliver(self, outgoing: Outgoing) -> int:
        """Send it; returns its message.  Errors of Telegram go through.

        Raises Withheld when it cannot be paid any more or not in the chat, Unsure.
        """
        rendered = await self._database.read(render, self._context, outgoing)
        if outgoing.abandoned:
            raise Unsure(rendered.title)
        if not self._provider_token:
            await self._database.write(_tell, self._context, outgoing, label=rendered.label)
            raise Withheld("dead", "no provider")
        try:
            message = await self._bot.send_invoice(
                outgoing.chat_id, **self._content(rendered), provider_token=self._provider_token
            )
        except BadRequest as error:
            LOG.error("an invoice was refused: %s", error.message)  # noqa: TRY400 - no defect
            await self._database.write(_tell, self._context, outgoing, label=rendered.label)
            raise Withheld("dead", error.message) from error
        except RetryAfter:
            raise
        except NetworkError as error:
            if was_not_sent(error):
                raise
            raise Unsure(rendered.title) from error
        return message.message_id

    @staticmethod
    def _content(rendered: PayMessage) -> dict[str, Any]:
        button = InlineKeyboardButton(rendered.button, pay=True)
        return {
            "title": rendered.title,
            "description": rendered.description,
            "payload": rendered.payload,
            "currency": rendered.currency,
            "prices": [LabeledPrice(rendered.label, rendered.total)],
            "start_parameter": rendered.start,
            "reply_markup": InlineKeyboardMarkup([[button]]),
        }


def render(connection: Connection, context: Context, outgoing: Outgoing) -> PayMessage:
    """The invoice as it is to be paid now.  Raises Withheld when nothing is to be paid."""
    person = recipient(connection, outgoing)
    if person is None:
        raise Withheld("withheld", "nobody")
    work = Work(connection, person.actor, context.clock())
    try:
        asked, found = online_payments.still_asked(work, outgoing.payload["request"])
    except Refusal as refusal:
        raise Withheld("withheld", refusal.code) from refusal
    reader = reader_of(connection, person.actor)
    number, kind = found.number or "", reader.text(found.type.label)
    company = reader.company.name if reader.company else ""
    due = ""
    if found.due_on is not None:
        due = reader.text(N_("due {day}"), day=reader.translator.date(found.due_on))
    description = " · ".join(filter(None, (company, f"{kind} {number}", due)))
    money = reader.translator.money(asked.amount, asked.currency)
    return PayMessage(
        title=shortened(f"{kind} {number}", int(InvoiceLimit.MAX_TITLE_LENGTH)),
        description=shortened(description, int(InvoiceLimit.MAX_DESCRIPTION_LENGTH)),
        payload=asked.payload,
        currency=asked.currency,
        label=number,
        total=payment_currencies.as_sent(asked.amount, asked.currency),
        button=reader.text(N_("Pay {amount}"), amount=money),
        start=f"{START}{asked.document_id}",
    )


def _tell(connection: Connection, context: Context, outgoing: Outgoing, *, label: str) -> None:
    """Telegram does not take it: say so, and how else to pay."""
    person = recipient(connection, outgoing)
    assert person is not None
    card = Card(reader_of(connection, person.actor).text(NOT_NOW, number=label))
    parcel = Parcel("notice", {"card": kept_card(card), "about": None})
    to = Destination(outgoing.chat_id, outgoing.person_id)
    queue(connection, to, parcel, now=context.clock())
