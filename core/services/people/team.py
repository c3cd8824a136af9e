"""Who belongs to the company and to its parties: invited by one-time links, removed at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from core.domain.errors import Refusal
from core.domain.people import ABILITIES, STAFF, Ability, Role
from core.services.history import record
from core.services.rights import NotFound, require_ability
from core.services.work import Work
from core.storage.tables import contact, invitation, party, person, person_role

LIFE = timedelta(days=3)
"""How long a link can be used."""
TOKEN_BYTES = 16
"""128 random bits, 22 letters in the link: Telegram allows 64 of `A-Za-z0-9_-`."""


PARTY_ROLES: Final = {Role.CUSTOMER: party.c.is_customer, Role.VENDOR: party.c.is_vendor}
"""The roles of those who speak for a party, each with the parties that can give it."""


class LinkInvalid(Refusal):
    """The link was used, has ended, or never was one."""

    code = "link_invalid"


class LastOwner(Refusal):
    """A company always has an owner."""

    code = "last_owner"


@dataclass(frozen=True)
class Joined:
    """What a link made of the person who used it."""

    role: Role
    party_id: int | None


@dataclass(frozen=True)
class Member:
    """A person with a role in the company."""

    person_id: int
    name: str
    roles: frozenset[Role]


def invite(work: Work, role: Role, *, contact_id: int | None = None) -> str:
    """A token for a one-time link; only its hash is kept.

    Args:
        work: the unit of work.
        role: what the link makes of who uses it.
        contact_id: for customers and vendors: as whom he speaks for his party.

    Raises:
        NotAllowed: only who manages the team invites staff, who edits parties their contacts.
    """
    of_party = role in (Role.CUSTOMER, Role.VENDOR)
    require_ability(work.actor, Ability.EDIT_PARTIES if of_party else Ability.MANAGE_TEAM)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.connection.execute(
        insert(invitation).values(
            token_hash=_hash(token),
            role=str(role),
            contact_id=contact_id,
            created_by=work.actor.person_id or None,
            created_at=work.now,
            expires_at=work.now + LIFE,
        )
    )
    return token


def join(work: Work, token: str) -> Joined:
    """Use a link: the actor gets its role, and becomes its contact.

    Raises:
        LinkInvalid: it was used, has ended, or never was one; or its contact has ended.
    """
    row = work.connection.execute(
        update(invitation)
        .where(
            invitation.c.token_hash == _hash(token),
            invitation.c.used_at.is_(None),
            invitation.c.expires_at > work.now,
        )
        .values(used_by=work.actor.person_id, used_at=work.now)
        .returning(invitation.c.role, invitation.c.contact_id)
    ).one_or_none()
    if row is None:
        raise LinkInvalid
    role = Role(row.role)
    if role not in work.actor.roles:
        work.connection.execute(
            insert(person_role).values(
                person_id=work.actor.person_id, role=str(role), since=work.now
            )
        )
    party_id = None
    if row.contact_id is not None:
        party_id = work.connection.execute(
            update(contact)
            .where(contact.c.id == row.contact_id, contact.c.ended_at.is_(None))
            .values(person_id=work.actor.person_id)
            .returning(contact.c.party_id)
        ).scalar_one_or_none()
        if party_id is None:
            raise LinkInvalid
    record(work, "person", work.actor.person_id, action="join", role=role)
    work.tell("joined", name=work.actor.name, role=str(role), party_id=party_id)
    return Joined(role, party_id)


def members(connection: Connection) -> list[Member]:
    """Everybody with a role in the company, by name."""
    rows = connection.execute(
        select(person.c.id, person.c.name, person_role.c.role)
        .select_from(person.join(person_role, person_role.c.person_id == person.c.id))
        .order_by(person.c.name, person.c.id)
    )
    found: dict[int, tuple[str, set[Role]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.name, set()))[1].add(Role(row.role))
    return [Member(each, name, frozenset(roles)) for each, (name, roles) in found.items()]


def people_with(connection: Connection, *roles: Role) -> list[int]:
    """The ids of the persons with one of these roles."""
    rows = connection.execute(
        select(person_role.c.person_id)
        .where(person_role.c.role.in_([str(role) for role in roles]))
        .distinct()
        .order_by(person_role.c.person_id)
    )
    return list(rows.scalars())


def people_who_can(connection: Connection, ability: Ability) -> list[int]:
    """The ids of the persons who have an ability by one of their roles."""
    return people_with(connection, *sorted(ABILITIES[ability]))


def people_of_party(connection: Connection, party_id: int) -> list[int]:
    """The ids of the persons who speak for a party, or for the one that it was merged into."""
    into = select(party.c.merged_into).where(party.c.id == party_id).scalar_subquery()
    rows = connection.execute(
        select(contact.c.person_id)
        .where(
            or_(contact.c.party_id == party_id, contact.c.party_id == into),
            contact.c.person_id.is_not(None),
            contact.c.ended_at.is_(None),
        )
        .order_by(contact.c.id)
    )
    return [int(each) for each in rows.scalars()]


def has_owner(connection: Connection) -> bool:
    """Whether somebody owns the company already."""
    return bool(people_with(connection, Role.OWNER))


def remove(work: Work, person_id: int, role: Role) -> None:
    """Take a role from a person; what waits for him in the outbox is withheld.

    Raises:
        NotAllowed, LastOwner.
    """
    require_ability(work.actor, Ability.MANAGE_TEAM)
    if role is Role.OWNER and people_with(work.connection, Role.OWNER) == [person_id]:
        raise LastOwner
    work.connection.execute(
        delete(person_role).where(
            person_role.c.person_id == person_id, person_role.c.role == str(role)
        )
    )
    record(work, "person", person_id, action="remove", role=role)


def add_role(work: Work, person_id: int, role: Role) -> None:
    """Give somebody who works here a further role, at once.

    Raises:
        NotAllowed, NotFound: he does not work here, or this is no role of the staff.
    """
    require_ability(work.actor, Ability.MANAGE_TEAM)
    held = {each.person_id: each.roles for each in members(work.connection)}
    roles = held.get(person_id, frozenset())
    if role not in STAFF or not roles & STAFF:
        raise NotFound(subject="person")
    if role in roles:
        return
    work.connection.execute(
        insert(person_role).values(person_id=person_id, role=str(role), since=work.now)
    )
    record(work, "person", person_id, action="add_role", role=role)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def end_open_invitations(connection: Connection, *, now: datetime) -> None:
    """End every link that was not used yet."""
    connection.execute(
        update(invitation)
        .where(invitation.c.used_at.is_(None), invitation.c.expires_at > now)
        .values(expires_at=now)
    )


def contacts_to_invite(connection: Connection, role: Role) -> Sequence[Any]:
    """Return the contacts who can be invited with a role of parties: id, name, party.

    Args:
        connection: the database.
        role: one of PARTY_ROLES.
    """
    return connection.execute(
        select(contact.c.id, contact.c.name, party.c.name.label("party"))
        .join(party, party.c.id == contact.c.party_id)
        .where(contact.c.ended_at.is_(None), PARTY_ROLES[role])
        .order_by(party.c.name, contact.c.id)
    ).all()
