"""Before a hold ends, both sides hear of it, once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.domain.links import LineState
from core.domain.money import ZERO
from core.services.history import record
from core.services.reservations.common import hold_type, open_of
from core.services.work import Work
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    documents_where,
    states_of_lines,
)
from core.storage.tables import document, history

WARNED_AHEAD = timedelta(days=1)
"""Both sides hear of the end so long before it, of a short hold when half of it is over."""
WARNED = "ends_soon"


def warn(work: Work) -> list[int]:
    """Tell both sides once that a hold will end soon, by "hold_ends_soon".

    A day before its end, or when half of a short hold is over; again when its end was moved.

    Returns:
        The holds that are told of now.
    """
    row = hold_type()
    near = documents_where(
        work.connection,
        document.c.kind == row.kind,
        document.c.state == str(row.lifecycle.issued),
        document.c.valid_until <= work.now + WARNED_AHEAD,
        document.c.valid_until > work.now,
        newest_first=False,
    )
    due = [each for each in near if _is_near(work, each)]
    if not due:
        return []
    told = _told(work, [each.id for each in due])
    due = [each for each in due if (each.id, _text(each.valid_until)) not in told]
    states = states_of_lines(work.connection, [each.id for each in due]) if due else {}
    for each in due:
        _warn(work, each, states.get(each.id, []))
    return [each.id for each in due]


def _is_near(work: Work, hold: DocumentRecord) -> bool:
    assert hold.valid_until is not None
    since = hold.numbered_at or hold.created_at
    return hold.valid_until - work.now <= min(WARNED_AHEAD, (hold.valid_until - since) / 2)


def _told(work: Work, document_ids: Sequence[int]) -> set[tuple[int, str]]:
    rows = work.connection.execute(
        select(history.c.subject_id, history.c.facts).where(
            history.c.subject == "document",
            history.c.subject_id.in_(sorted(document_ids)),
            history.c.action == WARNED,
        )
    )
    return {(row.subject_id, json.loads(row.facts)["until"]) for row in rows}


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _warn(
    work: Work, hold: DocumentRecord, states: Sequence[tuple[LineRecord, LineState]]
) -> None:
    record(work, "document", hold.id, action=WARNED, until=_text(hold.valid_until))
    left: list[dict[str, Any]] = [
        {"line_id": each.id, "product": each.name, "quantity": open_of(state)}
        for each, state in states
        if open_of(state) > ZERO
    ]
    if left:
        work.tell(
            "hold_ends_soon",
            document_id=hold.id,
            party_id=hold.party_id,
            number=hold.number,
            until=hold.valid_until,
            lines=left,
        )
