"""A picture as an answer: a photo, or a picture that was sent as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.base.updates import Attachment
from bot.conversation.inputs import Asking, File, FileAnswer, Input, Unclear
from core.domain.messages import N_
from core.services.attachments import SentPicture
from core.storage.chat_tables import stored_file

NEEDED = N_("Please send a photo.")


class Picture(Input):
    """A picture, kept by Telegram: only its id is kept here."""

    wants_file = True

    def read(self, text: str, asking: Asking) -> Any:
        """A text is no picture."""
        del text, asking
        raise Unclear(NEEDED)

    def read_file(self, attachment: Attachment, asking: Asking) -> SentPicture:
        """What was sent.  Raises Unclear for a file that is no picture."""
        del asking
        if not attachment.mime.startswith("image/") or not attachment.file_id:
            raise Unclear(N_("That isn't an image. Please send a photo."))
        return SentPicture(attachment.name, attachment.mime, attachment.file_id)

    def keep(self, value: SentPicture) -> dict[str, str]:
        """Its fields."""
        return asdict(value)

    def restore(self, kept: dict[str, str]) -> SentPicture:
        """The same."""
        return SentPicture(**kept)

    def shown(self, value: SentPicture, asking: Asking) -> str:
        """Its name; a photo has none."""
        del asking
        return value.name


class SmallPicture(File):
    """A picture that we keep ourselves, as it was made small before its turn."""

    def read(self, text: str, asking: Asking) -> Any:
        """A text is no picture."""
        del text, asking
        raise Unclear(NEEDED)

    def read_file(self, attachment: Attachment, asking: Asking) -> FileAnswer:
        """Keep it.  Raises the refusal of what is no picture, or too large."""
        if attachment.refusal is not None:
            raise attachment.refusal
        return super().read_file(attachment, asking)


def taken(connection: Connection, answer: FileAnswer) -> bytes:
    """The bytes of a file that was kept as an answer; it is used now, and kept no longer."""
    kept = stored_file.c.sha256 == answer.sha256
    content: bytes = connection.execute(select(stored_file.c.content).where(kept)).scalar_one()
    connection.execute(delete(stored_file).where(kept))
    return content
