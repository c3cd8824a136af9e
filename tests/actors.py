"""The people of the core's tests, and how they join a company."""

import itertools
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from core.domain.people import Actor, Role
from core.services.people import actors, parties, team
from core.services.work import Work
from core.storage import tables
from core.storage.models import PersonRole
from core.storage.sql import insert_one

telegram_ids = itertools.count(1001)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works for the company, before they have joined it."""

    name: str
    role: Role


SAMSON = Colleague("Samson", Role.OWNER)
OLGA = Colleague("Olga", Role.OWNER)
LEA = Colleague("Lea", Role.SALES)
OMAR = Colleague("Omar", Role.STOREKEEPER)


def add_person(connection: Connection, name: str, *, at: datetime, zone: str | None = None) -> int:
    """Write the row of a person without a role; return its id."""
    return insert_one(
        connection, tables.person, telegram_id=next(telegram_ids), name=name, language="en",
        zone=zone, created_at=at,
    )  # fmt: skip


def actor_of(connection: Connection, person_id: int) -> Actor:
    """Return a person with the roles and parties that they have now."""
    account = actors.account_of(connection, person_id)
    assert account is not None
    return account.actor


def employ(connection: Connection, name: str, *roles: Role, at: datetime) -> Actor:
    """Add a person with these roles."""
    person_id = add_person(connection, name, at=at)
    for role in roles:
        connection.execute(
            insert(PersonRole).values(person_id=person_id, role=str(role), since=at)
        )
    return actor_of(connection, person_id)


def join(connection: Connection, person_id: int, token: str, *, at: datetime) -> Actor:
    """Use a one-time link as a person; return who they are then."""
    team.join(Work(connection, actor_of(connection, person_id), at), token)
    return actor_of(connection, person_id)


def introduce(
    work: Work,
    party_id: int,
    name: str = "Kim",
    *,
    role: Role = Role.CUSTOMER,
    zone: str | None = None,
    **rights: bool,
) -> Actor:
    """Add a contact of a party, and a person who joins as that contact."""
    contact_id = parties.add_contact(work, party_id, name=name, **rights)
    token = team.invite(work, role, contact_id=contact_id)
    person_id = add_person(work.connection, name, at=work.now, zone=zone)
    return join(work.connection, person_id, token, at=work.now)
