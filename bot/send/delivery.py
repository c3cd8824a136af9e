"""How each form of the outbox goes to Telegram.  Errors go through to the sender."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection
from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.base import outbox, telegram_limits
from bot.base.keyboards import keyboard
from bot.base.markup import plain, shortened
from bot.base.outbox import Outgoing
from bot.base.outbox_buffer import RenderedCard
from bot.base.recipients import person_of, reader_of
from bot.base.refusal_sentences import INCIDENT, new_incident
from bot.base.screen import Card
from bot.send.delivery_results import Arrival, arrived, paper_arrived
from bot.send.document_files import Papers
from bot.send.payment_requests import PayRequests
from bot.send.qr import as_picture
from bot.turn.registry import Context
from bot.turn.rendering import Withheld, render
from core.services import online_payments
from core.storage.database import Database

LOG = logging.getLogger(__name__)


# How Telegram says that a message cannot be edited: it is gone, or it is no text.
NOT_EDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "no text in the message to edit",
    "message_id_invalid",
)
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Delivered:
    """A row has arrived: what is to be written of it, and the card that it replaces."""

    outgoing: Outgoing
    write: Callable[[Connection], None]
    replaced: tuple[int, int] | None = None


class Delivery:
    """Delivers rows and writes down what came of it.

    `answered_early` holds the taps that were answered with nothing because their turn took
    long; what their turn says comes as a message, if it is an alert.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        *,
        context: Context,
        papers: Papers | None,
        pay_requests: PayRequests,
    ) -> None:
        self._bot = bot
        self._database = database
        self._context = context
        self._papers = papers
        self._pay_requests = pay_requests
        self.answered_early: set[str] = set()

    async def deliver(self, outgoing: Outgoing, rendered: RenderedCard | None = None) -> Delivered:
        """Deliver a row; what it shows is rendered now unless it was already.

        Raises Withheld, Unsure and the errors of Telegram.
        """
        if outgoing.form == "answer":
            return await self._answer(outgoing)
        if outgoing.form == "paper":
            if self._papers is None:
                raise Withheld("dead", "no papers are made here")
            message_id = await self._papers.deliver(outgoing)
            write = partial(
                paper_arrived, outgoing=outgoing, message_id=message_id, now=self._context.clock()
            )
            return Delivered(outgoing, write)
        if outgoing.form == "request":
            return self._sent(outgoing, await self._pay_requests.deliver(outgoing))
        return await self._show(outgoing, rendered or await self._render(outgoing))

    async def end(self, delivered: Sequence[Delivered]) -> None:
        """Write down what was delivered, and take away the cards that it replaces."""

        def write(connection: Connection) -> None:
            for each in delivered:
                each.write(connection)

        await self._database.write(write)
        for each in delivered:
            if each.replaced is not None:
                await self._take_away(*each.replaced)

    async def apologise(self, outgoing: Outgoing, error: Exception) -> str:
        """What a row should have shown is a defect: tell the person its id, and return that."""
        incident = new_incident()
        LOG.error("incident %s in outbox row %d", incident, outgoing.id, exc_info=error)
        if outgoing.form in ("card", "paper") and outgoing.person_id is not None:
            person = await self._database.read(person_of, outgoing.person_id)
            if person is not None:
                reader = await self._database.read(reader_of, person.actor)
                text = reader.text(INCIDENT, incident=incident)
                await self._say_instead(outgoing, text)
        return incident

    async def _say_instead(self, outgoing: Outgoing, text: str) -> None:
        """In the place of what cannot be shown; a paper may have its placeholder already."""
        placeholder = await self._database.read(outbox.placeholder_of, outgoing.id)
        if placeholder is None:
            await self._bot.send_message(outgoing.chat_id, text)
        else:
            await self._bot.edit_message_text(
                text, chat_id=outgoing.chat_id, message_id=placeholder
            )

    async def _render(self, outgoing: Outgoing) -> RenderedCard:
        return await self._database.read(render, self._context, outgoing)

    def _sent(self, outgoing: Outgoing, message_id: int | None) -> Delivered:
        now = self._context.clock()
        write = partial(outbox.sent, row_id=outgoing.id, now=now, message_id=message_id)
        return Delivered(outgoing, write)

    # --- Cards and notices ----------------------------------------------------------------

    async def _show(self, outgoing: Outgoing, rendered: RenderedCard) -> Delivered:
        lost = None
        message_id = outgoing.message_id
        if message_id is None or not await self._edit(outgoing, rendered):
            lost = message_id
            message = await self._send(outgoing, rendered)
            message_id = message.message_id
        arrival = Arrival(rendered, message_id, lost)
        now = self._context.clock()
        replaced = outgoing.payload.get("replaces")
        return Delivered(
            outgoing,
            partial(arrived, outgoing=outgoing, arrival=arrival, now=now),
            (outgoing.chat_id, replaced) if replaced else None,
        )

    async def _send(self, outgoing: Outgoing, rendered: RenderedCard) -> Message:
        reply = None
        if outgoing.reply_to is not None:
            reply = ReplyParameters(outgoing.reply_to, allow_sending_without_reply=True)
        if picture := outgoing.payload.get("picture"):
            message = await self._picture(outgoing, rendered, picture=picture, reply=reply)
            if message is not None:
                return message
        content = self._content(rendered) | {"reply_parameters": reply}
        try:
            return await self._bot.send_message(outgoing.chat_id, **content)
        except BadRequest as error:
            return await self._bot.send_message(
                outgoing.chat_id, **_without_markup(content, rendered.card, error)
            )

    async def _picture(
        self,
        outgoing: Outgoing,
        rendered: RenderedCard,
        *,
        picture: Mapping[str, str],
        reply: ReplyParameters | None,
    ) -> Message | None:
        """A notice with a picture that Telegram keeps, or with one that is rendered now.

        None when Telegram does not know it any more.
        """
        content: dict[str, Any] = {
            "caption": rendered.card.text,
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(rendered.card.rows, rendering=rendered.rendering),
            "reply_parameters": reply,
        }
        send = self._bot.send_document if picture["name"] else self._bot.send_photo
        drawn_now = picture.get("code")
        file = as_picture(drawn_now) if drawn_now else picture["file_id"]
        try:
            return await send(outgoing.chat_id, file, **content)
        except BadRequest as error:
            LOG.warning("a picture could not be sent: %s", error.message)
            return None

    async def _edit(self, outgoing: Outgoing, rendered: RenderedCard) -> bool:
        """Edit a card; False when there is nothing left to edit."""
        content = self._content(rendered) | {
            "chat_id": outgoing.chat_id,
            "message_id": outgoing.message_id,
        }
        try:
            try:
                await self._bot.edit_message_text(**content)
            except BadRequest as error:
                await self._bot.edit_message_text(**_without_markup(content, rendered.card, error))
        except BadRequest as error:
            reason = error.message.lower()
            if any(sign in reason for sign in NOT_EDITABLE):
                return False
            if "message is not modified" not in reason:
                raise
        return True

    @staticmethod
    def _content(rendered: RenderedCard) -> dict[str, Any]:
        return {
            "text": rendered.card.text,
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(rendered.card.rows, rendering=rendered.rendering),
            "link_preview_options": NO_PREVIEW,
        }

    async def _take_away(self, chat_id: int, message_id: int) -> None:
        """Delete a card whose place a newer one below has taken; it does not matter much.

        Telegram deletes nothing that is older than two days: of such a card the buttons go.
        """
        try:
            try:
                await self._bot.delete_message(chat_id, message_id)
            except BadRequest:
                await self._bot.edit_message_reply_markup(chat_id, message_id)
        except TelegramError as error:
            LOG.info("an old card stays: %s", error.message)

    # --- Answers --------------------------------------------------------------------------

    async def _answer(self, outgoing: Outgoing) -> Delivered:
        payload = outgoing.payload
        if "checkout_id" in payload:
            return await self._answer_checkout(outgoing)
        text = shortened(payload["text"], telegram_limits.TOAST)
        try:
            if payload["query_id"] not in self.answered_early:
                await self._bot.answer_callback_query(
                    payload["query_id"], text or None, show_alert=payload["alert"]
                )
            elif payload["alert"]:
                await self._bot.send_message(outgoing.chat_id, payload["text"])
        except BadRequest as error:
            # Too old, or answered before: the person's screen has stopped waiting.
            raise Withheld("dead", error.message) from error
        self.answered_early.discard(payload["query_id"])
        return self._sent(outgoing, None)

    async def _answer_checkout(self, outgoing: Outgoing) -> Delivered:
        """Yes, or no with its sentence; a yes that comes too late holds nobody else up."""
        query_id, problem = outgoing.payload["checkout_id"], outgoing.payload["text"]
        try:
            await self._bot.answer_pre_checkout_query(
                query_id,
                ok=not problem,
                error_message=shortened(problem, telegram_limits.TOAST) if problem else None,
            )
        except BadRequest as error:
            # After a first try without an answer this may have been answered then.
            if outgoing.tries == 1:
                await self._database.write(online_payments.give_up, query_id)
            raise Withheld("dead", error.message) from error
        return self._sent(outgoing, None)


def _without_markup(content: dict[str, Any], card: Card, error: BadRequest) -> dict[str, Any]:
    """The same as plain text, when Telegram cannot parse it; any other error goes on."""
    if "can't parse entities" not in error.message.lower():
        raise error
    LOG.error("a card could not be parsed: %s", error.message)
    return content | {"text": plain(card.text), "parse_mode": None}
