"""Recipients: a person's chat, rights and language, at the moment something is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.base.outbox import Destination
from bot.base.screen import Reader
from bot.base.updates import Sender
from core.domain.people import Actor
from core.i18n import translator
from core.services import company
from core.services.company import CompanyRecord
from core.services.people import actors


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
    found = actors.account_of(connection, person_id)
    if found is None:
        return None
    to = Destination(found.actor.telegram_id, person_id)
    return Person(found.actor, to, found.blocked_at is not None)


def reader_of(connection: Connection, actor: Actor) -> Reader:
    """Return how `actor` reads: in which language, by the company's zone."""
    record = company.current(connection) if company.is_set_up(connection) else None
    return reader_for(actor, record)


def reader_for(actor: Actor, record: CompanyRecord | None) -> Reader:
    """Return how `actor` reads when the company is known already."""
    zone = record.time_zone if record else ZoneInfo("UTC")
    return Reader(translator(actor.language), actor, zone, record)


def actor_of_sender(connection: Connection, sender: Sender, *, now: datetime) -> Actor:
    """Who has written: a person of the company, or a new one without any role.

    Whoever writes has not blocked the bot any more.
    """
    person_id = actors.person_id_of(
        connection, sender.telegram_id, name=sender.name, language=sender.language, now=now
    )
    person = person_of(connection, person_id)
    assert person is not None
    return person.actor
