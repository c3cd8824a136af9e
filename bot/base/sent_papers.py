"""Papers that have reached their party: what is kept of it, and the card that says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.base import card_store, outbox
from bot.base.recipients import person_of
from core.domain.people import MACHINE
from core.services.documents import sent_log
from core.services.work import Work


def record_sent(
    connection: Connection, payload: Mapping[str, Any], *, to: int | None, now: datetime
) -> None:
    """Record that a paper was sent to its party, if its outbox row says so."""
    sends = payload.get("sends")
    if sends is None or to is None:
        return
    document_id = payload["document_id"]
    work = Work(connection, MACHINE, now)
    sent_log.arrived(work, document_id, person_id=to, version=sends["version"])
    sender = person_of(connection, sends["by"])
    if sender is not None:
        here = sender.destination
        card = card_store.newest_of(connection, here.chat_id, f"document:{document_id}")
        if card is not None:
            outbox.queue_edit(connection, here, card, now=now)
