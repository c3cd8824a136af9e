"""Who reads what is sent: a person's chat, rights and language."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.outbox import Destination
from bot.screens.base import Reader
from core.domain.people import Actor, Membership, Role
from core.i18n import translator
from core.services import company
from core.storage.models import Contact, PersonRole
from core.storage.models import Person as Account


@dataclass(frozen=True)
class Person:
    """Somebody to whom something can be sent."""

    actor: Actor
    destination: Destination


def person_of(connection: Connection, person_id: int) -> Person | None:
    """The person of an id as he is now, or None when there is nobody.

    A private chat has the id of the user that it is with.
    """
    row = connection.execute(
        select(Account.__table__).where(Account.id == person_id)
    ).one_or_none()
    if row is None:
        return None
    roles = connection.execute(select(PersonRole.role).where(PersonRole.person_id == person_id))
    memberships = connection.execute(
        select(Contact.party_id, Contact.id, Contact.may_see_money, Contact.may_order)
        .where(Contact.person_id == person_id, Contact.ended_at.is_(None))
        .order_by(Contact.id)
    )
    actor = Actor(
        person_id=person_id,
        telegram_id=row.telegram_id,
        name=row.name,
        language=row.language,
        roles=frozenset(Role(role) for role in roles.scalars()),
        zone=row.zone,
        memberships=tuple(Membership(*each) for each in memberships),
    )
    return Person(actor, Destination(row.telegram_id, person_id))


def reader_of(connection: Connection, actor: Actor) -> Reader:
    """How `actor` reads: his language, the company's zone."""
    record = company.current(connection) if company.is_set_up(connection) else None
    zone = record.time_zone if record else ZoneInfo("UTC")
    return Reader(translator(actor.language), actor, zone, record)
