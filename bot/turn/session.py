"""What a turn begins with, read in one statement: who it is, what he is asked, what he sees.

One row stands for each pair of a role and a party of the person; all the rest is the same in
every row.  The statement is built once, since building it costs more than running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    literal,
    select,
    true,
)

from bot.base.card_store import KeptCard
from bot.base.focus import Question, restored_question
from bot.base.screen import Reader
from bot.base.updates import Came
from core.domain.people import Actor, Membership, Role
from core.i18n import translator
from core.services import company
from core.services.company import CompanyRecord
from core.services.people import team
from core.storage import tables
from core.storage.chat_tables import focus, inbox, operation, ui_message
from core.storage.sql import prefixed, unprefixed
from core.storage.tables import contact
from core.storage.tables import person as account
from core.storage.tables import person_role as role

_PARTS: Final[dict[str, Mapping[str, ColumnElement[Any]]]] = {
    "person": dict(account.c),
    "role": {"role": role.c.role},
    "contact": {
        name: contact.c[name] for name in ("party_id", "id", "may_see_money", "may_order")
    },
    "company": company.COLUMNS,
    "focus": dict(focus.c),
    "card": dict(ui_message.c),
    "operation": {name: operation.c[name] for name in ("key", "digest", "result")},
}

_PERSON_PARTS: Final = ("person", "role", "contact", "company")


def _columns(parts: Sequence[str]) -> list[ColumnElement[Any]]:
    return [column for part in parts for column in prefixed(part, _PARTS[part])]


def _people(start: Any, condition: ColumnElement[bool]) -> Any:
    """`start` joined with the person of a condition, his roles and parties, and the company."""
    its_contact = and_(contact.c.person_id == account.c.id, contact.c.ended_at.is_(None))
    return (
        start.outerjoin(account, condition)
        .outerjoin(role, role.c.person_id == account.c.id)
        .outerjoin(contact, its_contact)
        .outerjoin(tables.company, true())
    )


_ONE = select(literal(1).label("one")).subquery("one")
_CHAT = bindparam("chat_id", type_=inbox.c.chat_id.type)
_QUEUE = select(inbox.c.chat_id).where(inbox.c.id == bindparam("row_id")).scalar_subquery()
_FIRST = (
    select(func.min(inbox.c.id))
    .where(inbox.c.state == "new", inbox.c.chat_id == _QUEUE)
    .scalar_subquery()
)
_IS_NEXT = select(_FIRST)
_SCENE = select(_FIRST.label("first"), *_columns(tuple(_PARTS))).select_from(
    _people(_ONE, account.c.telegram_id == bindparam("telegram_id"))
    .outerjoin(focus, focus.c.chat_id == _CHAT)
    .outerjoin(
        ui_message,
        and_(ui_message.c.chat_id == _CHAT, ui_message.c.message_id == bindparam("message_id")),
    )
    .outerjoin(operation, operation.c.key == bindparam("key"))
)
_PERSON = select(*_columns(_PERSON_PARTS)).select_from(
    _people(_ONE, account.c.id == bindparam("person_id"))
)


@dataclass(frozen=True)
class Somebody:
    """A person as he is now, and how he reads."""

    actor: Actor
    reader: Reader
    blocked: bool


@dataclass(frozen=True)
class Scene:
    """What a turn begins with.

    Attributes:
        is_next: whether the row is the first open one of its chat.
        somebody: who has written; None when he is new.
        company: None until the first start is done.
        question: what the chat is asked, also when the time for it is over.
        card: what is kept of the message that was tapped, if that is a card.
        done: what was answered under the key of this operation, as it is kept.
    """

    is_next: bool
    somebody: Somebody | None
    company: CompanyRecord | None
    question: Question | None
    card: KeptCard | None
    done: Mapping[str, Any] | None


def is_next(connection: Connection, came: Came) -> bool:
    """Whether a row of the inbox is the first open one of its chat."""
    return connection.execute(_IS_NEXT, {"row_id": came.row_id}).scalar() == came.row_id


def scene_of(connection: Connection, came: Came, key: str | None) -> Scene:
    """What the turn begins with that answers a row of the inbox; `key` is the operation's."""
    incoming = came.incoming
    assert incoming.sender is not None
    rows = connection.execute(
        _SCENE,
        {
            "row_id": came.row_id,
            "telegram_id": incoming.sender.telegram_id,
            "chat_id": incoming.chat_id,
            "message_id": incoming.message_id,
            "key": key,
        },
    ).all()
    facts = rows[0]._asdict()
    focused = unprefixed("focus", facts)
    card, done = unprefixed("card", facts), unprefixed("operation", facts)
    its_company = _company_in(facts)
    return Scene(
        is_next=facts["first"] == came.row_id,
        somebody=_somebody(connection, rows, its_company),
        company=its_company,
        question=restored_question(focused) if focused["chat_id"] is not None else None,
        card=KeptCard.restored(card) if card["id"] is not None else None,
        done=done if done["key"] is not None else None,
    )


def somebody_of(connection: Connection, person_id: int) -> Somebody | None:
    """The person of an id as he is now, or None when there is nobody."""
    rows = connection.execute(_PERSON, {"person_id": person_id}).all()
    return _somebody(connection, rows, _company_in(rows[0]._asdict()))


def reader_for(actor: Actor, record: CompanyRecord | None) -> Reader:
    """How `actor` reads: his language, the company's zone."""
    zone = record.time_zone if record else ZoneInfo("UTC")
    return Reader(translator(actor.language), actor, zone, record)


def _company_in(facts: Mapping[str, Any]) -> CompanyRecord | None:
    found = unprefixed("company", facts)
    return None if found["name"] is None else CompanyRecord(**found)


def _somebody(
    connection: Connection, rows: Sequence[Row[Any]], record: CompanyRecord | None
) -> Somebody | None:
    facts = rows[0]._asdict()
    person = unprefixed("person", facts)
    if person["id"] is None:
        return None
    roles: set[Role] = set()
    memberships: dict[int, Membership] = {}
    for row in rows:
        found = row._mapping
        if found["role_of_role"] is not None:
            roles.add(Role(found["role_of_role"]))
        if found["contact_of_id"] is not None:
            memberships[found["contact_of_id"]] = Membership(
                party_id=found["contact_of_party_id"],
                contact_id=found["contact_of_id"],
                may_see_money=found["contact_of_may_see_money"],
                may_order=found["contact_of_may_order"],
            )
    actor = Actor(
        person_id=person["id"],
        telegram_id=person["telegram_id"],
        name=person["name"],
        language=person["language"],
        roles=frozenset(roles),
        zone=person["zone"],
        memberships=team.with_former(
            connection, [memberships[each] for each in sorted(memberships)]
        ),
    )
    return Somebody(actor, reader_for(actor, record), person["blocked_at"] is not None)
