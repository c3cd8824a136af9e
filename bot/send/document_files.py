"""Sends a paper exactly once: two ways behind one function.

The first way sends a placeholder text, keeps its message id, and edits that message into the
document; the edit can be repeated.  Should Telegram refuse that edit, the second way is taken from
then on: the document is sent once, and when nobody knows whether it has arrived, the person is
asked.  Which way is taken stands in the setting `paper_way`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from telegram import Bot, InputFile, InputMediaDocument
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.base import telegram_limits
from bot.base.bot_state import read_setting, write_setting
from bot.base.markup import shortened
from bot.base.outbox import Outgoing, placed
from bot.base.recipients import Person, reader_of
from bot.send.network import was_not_sent
from bot.turn.rendering import Withheld, recipient
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.files.produced import FileMaker, PaperMaker, ProducedFile
from core.storage.database import Database

LOG = logging.getLogger(__name__)

WAY: Final = "paper_way"
BY_PLACEHOLDER: Final = "placeholder"
BY_ASKING: Final = "asking"

PREPARING: Final = N_("Preparing your document…")
COPY: Final = N_("{caption} (copy)")

# What Telegram says of an edit that it will never take: anything else may be our own mistake.
NOT_EDITABLE: Final = ("can't be edited", "no media", "message type", "MEDIA_")


class Unsure(Exception):
    """Nobody knows whether the paper has arrived, and sending again could double it."""

    def __init__(self, caption: str) -> None:
        super().__init__("nobody knows")
        self.caption = caption


class Papers:
    """Delivers the rows of form "paper": papers of documents, and `others` by a key of the row."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        *,
        maker: PaperMaker,
        others: Mapping[str, FileMaker] | None = None,
    ) -> None:
        self._bot = bot
        self._database = database
        self._maker = maker
        self._others = others or {}

    async def deliver(self, outgoing: Outgoing) -> int:
        """Send a paper; returns its message.  Errors of Telegram go through.

        Raises Withheld when the person may not see it (any more), Unsure in the second way.
        """
        person = await self._database.read(recipient, outgoing)
        if person is None:
            raise Withheld("withheld", "nobody")
        file = await self._make(outgoing, person)
        way = await self._database.read(read_setting, WAY)
        if way == BY_ASKING:
            return await self._send_once(outgoing, file)
        return await self._edit_placeholder(outgoing, person, file=file)

    async def _make(self, outgoing: Outgoing, person: Person) -> ProducedFile:
        wanted = outgoing.payload
        try:
            other = next((make for key, make in self._others.items() if key in wanted), None)
            if other is not None:
                file = await other(wanted, person.actor)
            else:
                earlier = {"version": wanted["version"]} if wanted.get("version") else {}
                file = await self._maker(
                    wanted["document_id"], wanted["language"], person.actor, **earlier
                )
        except Refusal as refusal:
            raise Withheld("withheld", refusal.code) from refusal
        caption = file.caption
        if wanted["copy"]:
            reader = await self._database.read(reader_of, person.actor)
            caption = reader.text(COPY, caption=caption)
        return ProducedFile(file.name, file.content, shortened(caption, telegram_limits.CAPTION))

    async def _edit_placeholder(
        self, outgoing: Outgoing, person: Person, *, file: ProducedFile
    ) -> int:
        message_id = outgoing.placeholder_id
        if message_id is None:
            reader = await self._database.read(reader_of, person.actor)
            text = reader.text(PREPARING)
            message = await self._bot.send_message(outgoing.chat_id, text)
            message_id = message.message_id
            await self._database.write(placed, outgoing.id, message_id)
        media = InputMediaDocument(file.content, caption=file.caption, filename=file.name)
        try:
            await self._bot.edit_message_media(media, outgoing.chat_id, message_id)
        except BadRequest as error:
            if "not modified" in error.message:
                return message_id
            if not any(sign in error.message for sign in NOT_EDITABLE):
                raise
            LOG.warning("papers are sent and asked for from now on: %s", error.message)
            await self._database.write(write_setting, WAY, BY_ASKING)
            return await self._send_once(outgoing, file)
        return message_id

    async def _send_once(self, outgoing: Outgoing, file: ProducedFile) -> int:
        if outgoing.abandoned:
            raise Unsure(file.caption)
        document = InputFile(file.content, filename=file.name)
        try:
            message = await self._bot.send_document(
                outgoing.chat_id, document, caption=file.caption
            )
        except (BadRequest, RetryAfter):
            raise
        except NetworkError as error:
            if was_not_sent(error):
                raise
            raise Unsure(file.caption) from error
        return message.message_id
