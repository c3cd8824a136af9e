"""The session of a turn, read in one statement: the actor, the open question, the tapped card.

There is one row for each pair of a role and a party of the person; all the rest is the same in
every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select

from bot.base.card_store import KeptCard
from bot.base.focus import Question, restored_question
from bot.base.updates import InboxItem
from core.services.company import CompanyRecord
from core.services.people.actors import (
    ACTOR_COLUMNS,
    BY_TELEGRAM_ID,
    Account,
    account_in,
    company_in,
    joined_with_actor,
)
from core.storage.chat_tables import focus, inbox, operation, ui_message
from core.storage.sql import prefixed, unprefixed

_PARTS: Final[dict[str, Mapping[str, ColumnElement[Any]]]] = {
    "focus": dict(focus.c),
    "card": dict(ui_message.c),
    "operation": {name: operation.c[name] for name in ("key", "digest", "result")},
}
_CHAT_COLUMNS: Final = tuple(
    column for name, columns in _PARTS.items() for column in prefixed(name, columns)
)

_CHAT = bindparam("chat_id", type_=inbox.c.chat_id.type)
_QUEUE = select(inbox.c.chat_id).where(inbox.c.id == bindparam("row_id")).scalar_subquery()
_FIRST = (
    select(func.min(inbox.c.id))
    .where(inbox.c.state == "new", inbox.c.chat_id == _QUEUE)
    .scalar_subquery()
)
_IS_NEXT = select(_FIRST)
_SESSION = select(_FIRST.label("first"), *ACTOR_COLUMNS, *_CHAT_COLUMNS).select_from(
    joined_with_actor(BY_TELEGRAM_ID)
    .outerjoin(focus, focus.c.chat_id == _CHAT)
    .outerjoin(
        ui_message,
        and_(ui_message.c.chat_id == _CHAT, ui_message.c.message_id == bindparam("message_id")),
    )
    .outerjoin(operation, operation.c.key == bindparam("key"))
)


@dataclass(frozen=True)
class Session:
    """What a turn begins with.

    Attributes:
        is_next: whether the row is the first open one of its chat.
        account: who has written; None for somebody new.
        company: None until the company is set up.
        question: what the chat is asked, also when the time for it is over.
        card: what is kept of the message that was tapped, if that is a card.
        done: what was answered under the key of this operation, as it is kept.
    """

    is_next: bool
    account: Account | None
    company: CompanyRecord | None
    question: Question | None
    card: KeptCard | None
    done: Mapping[str, Any] | None


def is_next(connection: Connection, item: InboxItem) -> bool:
    """Tell whether a row of the inbox is the first open one of its chat."""
    return connection.execute(_IS_NEXT, {"row_id": item.row_id}).scalar() == item.row_id


def load_session(connection: Connection, item: InboxItem, key: str | None) -> Session:
    """Read what the turn that answers a row of the inbox begins with.

    Args:
        connection: the database.
        item: the row of the inbox.
        key: the key of the operation, if it has one.
    """
    incoming = item.incoming
    assert incoming.sender is not None
    rows = connection.execute(
        _SESSION,
        {
            "row_id": item.row_id,
            "telegram_id": incoming.sender.telegram_id,
            "chat_id": incoming.chat_id,
            "message_id": incoming.message_id,
            "key": key,
        },
    ).all()
    facts = rows[0]._asdict()
    focused = unprefixed("focus", facts)
    card, done = unprefixed("card", facts), unprefixed("operation", facts)
    return Session(
        is_next=facts["first"] == item.row_id,
        account=account_in(connection, rows),
        company=company_in(rows),
        question=restored_question(focused) if focused["chat_id"] is not None else None,
        card=KeptCard.restored(card) if card["id"] is not None else None,
        done=done if done["key"] is not None else None,
    )
