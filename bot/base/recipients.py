"""Who reads what is sent: a person's chat, rights and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from bot.base.outbox import Destination
from bot.base.screen import Reader
from bot.base.updates import Sender
from core.domain.people import Actor
from core.i18n import negotiate, translator
from core.services import company
from core.services.history import record
from core.services.people import team
from core.services.work import Work
from core.storage.sql import insert_one
from core.storage.tables import person as account


@dataclass(frozen=True)
class Person:
    """Somebody to whom something can be sent, unless he has blocked the bot."""

    actor: Actor
    destination: Destination
    blocked: bool = False


def person_of(connection: Connection, person_id: int) -> Person | None:
    """The person of an id as he is now, or None when there is nobody.

    A private chat has the id of the user that it is with.
    """
    found = team.account_of(connection, person_id)
    if found is None:
        return None
    to = Destination(found.actor.telegram_id, person_id)
    return Person(found.actor, to, found.blocked_at is not None)


def reader_of(connection: Connection, actor: Actor) -> Reader:
    """How `actor` reads: his language, the company's zone."""
    record = company.current(connection) if company.is_set_up(connection) else None
    zone = record.time_zone if record else ZoneInfo("UTC")
    return Reader(translator(actor.language), actor, zone, record)


def actor_of_sender(connection: Connection, sender: Sender, *, now: datetime) -> Actor:
    """Who has written: a person of the company, or a new one without any role.

    Whoever writes has not blocked the bot any more.
    """
    condition = account.c.telegram_id == sender.telegram_id
    row = connection.execute(select(account.c.id, account.c.blocked_at).where(condition))
    found = row.one_or_none()
    if found is None:
        person_id = insert_one(
            connection,
            account,
            telegram_id=sender.telegram_id,
            name=sender.name,
            language=negotiate(sender.language),
            created_at=now,
        )
    else:
        person_id = found.id
        if found.blocked_at is not None:
            mark_blocked(connection, sender.telegram_id, at=None)
    person = person_of(connection, person_id)
    assert person is not None
    return person.actor


def mark_blocked(connection: Connection, telegram_id: int, *, at: datetime | None) -> None:
    """Note since when a person has the bot blocked; None when it is open again."""
    condition = account.c.telegram_id == telegram_id
    connection.execute(update(account).where(condition).values(blocked_at=at))


def set_language(work: Work, language: str) -> None:
    """Talk with the actor in another language from now on."""
    condition = account.c.id == work.actor.person_id
    work.connection.execute(update(account).where(condition).values(language=language))
    record(work, "person", work.actor.person_id, action="speak", language=language)


def set_zone(work: Work, zone: str | None) -> None:
    """Show moments by this clock too, from now on; None: the company's is the actor's own."""
    condition = account.c.id == work.actor.person_id
    work.connection.execute(update(account).where(condition).values(zone=zone))
    record(work, "person", work.actor.person_id, action="zone", zone=zone or "")
