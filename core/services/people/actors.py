"""Who acts: a person by id or by Telegram account, with roles, parties and language.

Reading an actor is one statement or three.  A turn reads its actor together with the state of its
chat: `ACTOR_COLUMNS`, `joined_with_actor` and `account_in` are the parts of such a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    literal,
    select,
    true,
    update,
)

from core.domain.people import ABILITIES, Ability, Actor, Membership, Role
from core.i18n import negotiate
from core.services import company
from core.services.company import CompanyRecord
from core.services.history import record
from core.services.work import Work
from core.storage import tables
from core.storage.sql import insert_one, prefixed, unprefixed
from core.storage.tables import contact, party, person, person_role


@dataclass(frozen=True)
class Account:
    """A person at this moment; `blocked_at` is since when the person has the bot blocked."""

    actor: Actor
    blocked_at: datetime | None


_PERSON = select(person).where(person.c.id == bindparam("id"))
_ROLES = select(person_role.c.role).where(person_role.c.person_id == bindparam("id"))
_MEMBERSHIPS = (
    select(contact.c.party_id, contact.c.id, contact.c.may_see_money, contact.c.may_order)
    .where(contact.c.person_id == bindparam("id"), contact.c.ended_at.is_(None))
    .order_by(contact.c.id)
)


def account_of(connection: Connection, person_id: int) -> Account | None:
    """A person with the roles and parties that he has now, or None when there is nobody."""
    its_id = {"id": person_id}
    row = connection.execute(_PERSON, its_id).one_or_none()
    if row is None:
        return None
    roles = connection.execute(_ROLES, its_id)
    memberships = connection.execute(_MEMBERSHIPS, its_id)
    actor = Actor(
        person_id=person_id,
        telegram_id=row.telegram_id,
        name=row.name,
        language=row.language,
        roles=frozenset(Role(role) for role in roles.scalars()),
        zone=row.zone,
        memberships=with_former(connection, [Membership(*each) for each in memberships]),
    )
    return Account(actor, row.blocked_at)


def with_former(
    connection: Connection, memberships: Sequence[Membership]
) -> tuple[Membership, ...]:
    """These, and the same for the parties that were merged into theirs: those papers go on."""
    if not memberships:
        return ()
    rows = connection.execute(
        select(party.c.id, party.c.merged_into)
        .where(party.c.merged_into.in_([each.party_id for each in memberships]))
        .order_by(party.c.id)
    ).all()
    former = (
        replace(each, party_id=row.id, is_former=True)
        for each in memberships
        for row in rows
        if row.merged_into == each.party_id
    )
    return (*memberships, *former)


# --- Read together with other rows ------------------------------------------------------------

_PARTS: Final[dict[str, Mapping[str, ColumnElement[Any]]]] = {
    "person": dict(person.c),
    "role": {"role": person_role.c.role},
    "contact": {
        name: contact.c[name] for name in ("party_id", "id", "may_see_money", "may_order")
    },
    "company": company.COLUMNS,
}

ACTOR_COLUMNS: Final = tuple(
    column for name, columns in _PARTS.items() for column in prefixed(name, columns)
)
"""What `account_in` and `company_in` read: one row for each pair of a role and a party."""

BY_TELEGRAM_ID: Final = person.c.telegram_id == bindparam("telegram_id")
"""The condition of a person who has just written."""

_ONE = select(literal(1).label("one")).subquery("one")


def joined_with_actor(condition: ColumnElement[bool]) -> Any:
    """One row, outer joined with a person, the person's roles and parties, and the company."""
    is_current = and_(contact.c.person_id == person.c.id, contact.c.ended_at.is_(None))
    return (
        _ONE.outerjoin(person, condition)
        .outerjoin(person_role, person_role.c.person_id == person.c.id)
        .outerjoin(contact, is_current)
        .outerjoin(tables.company, true())
    )


def company_in(rows: Sequence[Row[Any]]) -> CompanyRecord | None:
    """Return the company of rows with ACTOR_COLUMNS; None before it is set up."""
    found = unprefixed("company", rows[0]._asdict())
    return None if found["name"] is None else CompanyRecord(**found)


def account_in(connection: Connection, rows: Sequence[Row[Any]]) -> Account | None:
    """Return the person of rows with ACTOR_COLUMNS; None when there is none."""
    found = unprefixed("person", rows[0]._asdict())
    if found["id"] is None:
        return None
    roles: set[Role] = set()
    memberships: dict[int, Membership] = {}
    for row in rows:
        facts = row._mapping
        if facts["role_of_role"] is not None:
            roles.add(Role(facts["role_of_role"]))
        if facts["contact_of_id"] is not None:
            memberships[facts["contact_of_id"]] = Membership(
                party_id=facts["contact_of_party_id"],
                contact_id=facts["contact_of_id"],
                may_see_money=facts["contact_of_may_see_money"],
                may_order=facts["contact_of_may_order"],
            )
    actor = Actor(
        person_id=found["id"],
        telegram_id=found["telegram_id"],
        name=found["name"],
        language=found["language"],
        roles=frozenset(roles),
        zone=found["zone"],
        memberships=with_former(connection, [memberships[each] for each in sorted(memberships)]),
    )
    return Account(actor, found["blocked_at"])


# --- Accounts ---------------------------------------------------------------------------------


def person_id_of(
    connection: Connection, telegram_id: int, *, name: str, language: str, now: datetime
) -> int:
    """Return the person of a Telegram account, added without any role when it is new.

    Somebody who writes no longer has the bot blocked.

    Args:
        connection: the database.
        telegram_id: the Telegram user id.
        name: the name of a new person.
        language: the language code of a new person's client.
        now: the time.
    """
    row = connection.execute(
        select(person.c.id, person.c.blocked_at).where(person.c.telegram_id == telegram_id)
    ).one_or_none()
    if row is None:
        return insert_one(
            connection,
            person,
            telegram_id=telegram_id,
            name=name,
            language=negotiate(language),
            created_at=now,
        )
    if row.blocked_at is not None:
        mark_blocked(connection, telegram_id, at=None)
    found: int = row.id
    return found


def mark_blocked(connection: Connection, telegram_id: int, *, at: datetime | None) -> None:
    """Note since when a person has the bot blocked; None when it is open again."""
    condition = person.c.telegram_id == telegram_id
    connection.execute(update(person).where(condition).values(blocked_at=at))


def set_language(work: Work, language: str) -> None:
    """Talk with the actor in another language from now on."""
    condition = person.c.id == work.actor.person_id
    work.connection.execute(update(person).where(condition).values(language=language))
    record(work, "person", work.actor.person_id, action="speak", language=language)


def set_zone(work: Work, zone: str | None) -> None:
    """Show moments by this clock too, from now on; None: the actor's clock is the company's."""
    condition = person.c.id == work.actor.person_id
    work.connection.execute(update(person).where(condition).values(zone=zone))
    record(work, "person", work.actor.person_id, action="zone", zone=zone or "")


def has_ability(connection: Connection, telegram_id: int, ability: Ability) -> bool:
    """Tell whether the person of a Telegram account has an ability by a role."""
    roles = [str(role) for role in ABILITIES[ability]]
    found = connection.execute(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person.c.telegram_id == telegram_id, person_role.c.role.in_(roles))
        .limit(1)
    )
    return found.first() is not None


def people_with_roles(connection: Connection) -> list[int]:
    """Return the ids of all persons who have a role."""
    ids = connection.execute(
        select(person_role.c.person_id).distinct().order_by(person_role.c.person_id)
    )
    return list(ids.scalars())


def known_telegram_ids(connection: Connection, telegram_ids: Iterable[int]) -> set[int]:
    """Return those of some Telegram user ids that have written before."""
    wanted = person.c.telegram_id.in_(list(telegram_ids))
    return set(connection.scalars(select(person.c.telegram_id).where(wanted)))
