"""The answers to "did this paper arrive?", asked when the outcome of a sending is unknown."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from bot.base import outbox as rows
from bot.base.screen import HOME
from bot.base.sent_papers import record_sent
from bot.base.turn import Tap, Turn
from core.domain.messages import N_
from core.services.rights import NotFound
from core.storage.chat_tables import outbox


def _unsure(turn: Turn, tap: Tap) -> dict[str, Any]:
    """Return the payload this chat is asked about.  Raises NotFound for anything else."""
    row = turn.work.connection.execute(
        select(outbox.c.payload).where(
            outbox.c.id == tap.id,
            outbox.c.chat_id == turn.incoming.chat_id,
            outbox.c.form.in_(("paper", "request")),
            outbox.c.state == "unsure",
        )
    ).one_or_none()
    if row is None:
        raise NotFound(subject="paper")
    payload: dict[str, Any] = json.loads(row.payload)
    return payload


def arrived(turn: Turn, tap: Tap) -> None:
    """Record that the paper arrived: mark the row as sent."""
    payload, me = _unsure(turn, tap), turn.work.actor.person_id
    record_sent(turn.work.connection, payload, to=me, now=turn.work.now)
    rows.sent(turn.work.connection, tap.id, now=turn.work.now, message_id=None)
    turn.toast(turn.reader.text(N_("Thank you.")))
    turn.show(HOME)


def send_again(turn: Turn, tap: Tap) -> None:
    """Send the paper again, marked as a copy, because it did not arrive."""
    payload = _unsure(turn, tap) | {"copy": True}
    turn.work.connection.execute(
        update(outbox)
        .where(outbox.c.id == tap.id)
        .values(state="queued", payload=json.dumps(payload), not_before=None)
    )
    turn.toast(turn.reader.text(N_("It's on its way.")))
    turn.show(HOME)


ACTIONS = {"arrived": arrived, "send_again": send_again}
