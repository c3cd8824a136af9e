"""Who did what, when, from which message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from core.services.work import Work
from core.storage.sql import insert_rows
from core.storage.tables import history

MOST_TOUCHED = 100
"""So many cards are drawn again after a change of many; nobody looks at more of them."""


def record(work: Work, subject: str, subject_id: int, /, *, action: str, **facts: Any) -> None:
    """Keep that the actor did `action`; facts are kept as text, in a fixed order."""
    record_many(work, subject, action=action, facts=[(subject_id, facts)])


def record_many(
    work: Work, subject: str, /, *, action: str, facts: Sequence[tuple[int, Mapping[str, Any]]]
) -> None:
    """Keep that the actor did `action` to many at once, in one statement.

    Args:
        work: the unit of work.
        subject: what they are: "product".
        action: what was done to each.
        facts: the id of each with its own facts.
    """
    same = {
        "subject": subject,
        "action": action,
        "person_id": work.actor.person_id or None,
        "at": work.now,
        "source": work.source,
    }
    insert_rows(
        work.connection,
        history,
        [
            {
                **same,
                "subject_id": subject_id,
                "facts": json.dumps(
                    {name: str(fact) for name, fact in its_facts.items()}, sort_keys=True
                ),
            }
            for subject_id, its_facts in facts
        ],
    )
    for subject_id, _ in facts[:MOST_TOUCHED]:
        work.touch(subject, subject_id)


def last_actor(
    connection: Connection, subject: str, subject_id: int, *, action: str
) -> int | None:
    """Return the person who did `action` to something last; None for nobody or the machine."""
    found: int | None = connection.execute(
        select(history.c.person_id)
        .where(
            history.c.subject == subject,
            history.c.subject_id == subject_id,
            history.c.action == action,
        )
        .order_by(history.c.id.desc())
        .limit(1)
    ).scalar()
    return found


def last_moment(connection: Connection) -> datetime | None:
    """Return when something was recorded last; None when nothing was."""
    found: datetime | None = connection.execute(select(func.max(history.c.at))).scalar()
    return found
