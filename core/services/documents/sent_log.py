"""To whom of its party a paper was sent, and when: what has arrived, not what was asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core.services.history import record
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord
from core.storage.tables import contact, history, person

ACTION = "sent"
MOST = 20
"""Arrivals that are looked at: those of one sending, to all people of a party."""


@dataclass(frozen=True)
class Sending:
    """A version of a paper has arrived: with whom, by name, and when the last of them got it."""

    names: Sequence[str]
    at: datetime
    version: int


def arrived(work: Work, document_id: int, *, person_id: int, version: int) -> None:
    """Keep that a version of a paper has arrived with a person of its party."""
    record(work, "document", document_id, action=ACTION, to=person_id, version=version)


def last_of(connection: Connection, its_record: DocumentRecord) -> Sending | None:
    """The newest sending of a paper: that of its newest version which was sent at all."""
    rows = connection.execute(
        select(history.c.at, history.c.facts)
        .where(
            history.c.subject == "document",
            history.c.subject_id == its_record.id,
            history.c.action == ACTION,
        )
        .order_by(history.c.id.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return None
    facts = [json.loads(row.facts) for row in rows]
    version = max(int(each["version"]) for each in facts)
    people = [int(each["to"]) for each in facts if int(each["version"]) == version]
    names = _names(connection, its_record.party_id, list(dict.fromkeys(reversed(people))))
    return Sending(names, rows[0].at, version)


def _names(connection: Connection, party_id: int | None, people: Sequence[int]) -> list[str]:
    """What people are called among the contacts of a party, else by their own account."""
    rows = connection.execute(
        select(person.c.id, person.c.name, contact.c.name.label("known_as"))
        .select_from(
            person.outerjoin(
                contact, (contact.c.person_id == person.c.id) & (contact.c.party_id == party_id)
            )
        )
        .where(person.c.id.in_(people))
    )
    found = {row.id: row.known_as or row.name for row in rows}
    return [found[each] for each in people if each in found]
