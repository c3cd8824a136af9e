"""Photos and files that people sent for a document; Telegram keeps them, we keep their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from core.domain.people import Right
from core.services.history import record
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.queries.document_queries import documents
from core.storage.tables import attachment, person


@dataclass(frozen=True)
class SentPicture:
    """A picture as it was sent; one that was sent as a file has a name, a photo has none."""

    name: str
    mime: str
    telegram_file_id: str


@dataclass(frozen=True)
class KeptPicture:
    """A picture of a document: who sent it, and when."""

    picture: SentPicture
    person: str
    at: datetime


def attach(work: Work, document_id: int, pictures: Sequence[SentPicture]) -> None:
    """Keep pictures with a document, whatever its state: they prove what was seen.

    Raises:
        NotFound, NotAllowed: he may not make such a document.
    """
    if not pictures:
        return
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require(work.actor, Right.DRAFT, found.type, party_id=found.party_id)
    work.connection.execute(
        insert(attachment),
        [
            {
                "document_id": document_id,
                "name": each.name,
                "mime": each.mime,
                "telegram_file_id": each.telegram_file_id,
                "person_id": work.actor.person_id or None,
                "at": work.now,
            }
            for each in pictures
        ],
    )
    record(work, "document", document_id, action="attach", count=len(pictures))


def of_document(work: Work, document_id: int) -> list[KeptPicture]:
    """The pictures of a document, the oldest first.

    Raises:
        NotFound: there is no such document, or he may not see it.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require(work.actor, Right.VIEW, found.type, party_id=found.party_id)
    rows = work.connection.execute(
        select(attachment, func.coalesce(person.c.name, "").label("who"))
        .select_from(attachment.outerjoin(person, person.c.id == attachment.c.person_id))
        .where(attachment.c.document_id == document_id)
        .order_by(attachment.c.id)
    )
    return [
        KeptPicture(SentPicture(row.name, row.mime, row.telegram_file_id), row.who, row.at)
        for row in rows
    ]


def count_of(work: Work, document_id: int) -> int:
    """How many pictures a document has."""
    counting = (
        select(func.count()).select_from(attachment).where(attachment.c.document_id == document_id)
    )
    return int(work.connection.execute(counting).scalar_one())
