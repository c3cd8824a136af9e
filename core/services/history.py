"""Who did what, when, from which message."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import insert

from core.services.work import Work
from core.storage.models import History


def record(work: Work, subject: str, subject_id: int, /, *, action: str, **facts: Any) -> None:
    """Keep that the actor did `action`; facts are kept as text, in a fixed order."""
    work.connection.execute(
        insert(History).values(
            subject=subject,
            subject_id=subject_id,
            action=action,
            person_id=work.actor.person_id or None,
            at=work.now,
            source=work.source,
            facts=json.dumps({name: str(fact) for name, fact in facts.items()}, sort_keys=True),
        )
    )
    work.touch(subject, subject_id)
