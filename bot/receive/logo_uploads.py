"""A logo that is sent: made small before its turn, in a thread, so that no other chat waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.base.focus import question_of
from bot.base.updates import Attachment
from bot.screens.settings.logo import FORM
from core.domain.errors import Refusal
from core.files.refusals import PictureTooLarge


def is_asked(connection: Connection, chat_id: int, *, now: datetime) -> bool:
    """Whether a chat is asked for the logo just now."""
    question = question_of(connection, chat_id)
    return question is not None and question.form == FORM and not question.is_over(now)


async def with_small_picture(attachment: Attachment) -> Attachment:
    """A file with the picture that is kept of it, or with the refusal that says why none is."""
    # Pillow takes long to load, and a company has its logo once.
    from core.files.pictures import MILLION, MOST_BYTES, small_picture

    if attachment.content is None:
        return replace(attachment, refusal=PictureTooLarge(most=MOST_BYTES // MILLION))
    try:
        content = await asyncio.to_thread(small_picture, attachment.content)
    except Refusal as refusal:
        return replace(attachment, content=None, refusal=refusal)
    return replace(attachment, content=content)
