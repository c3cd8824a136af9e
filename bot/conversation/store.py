"""The one question that a chat is asked, kept in `focus`: a restart does not lose it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from bot.conversation.inputs import Option
from bot.outbox import Destination, queue_edit
from core.domain.messages import N_
from core.storage.models import Focus
from core.storage.writing import table_of

LIFE: Final = timedelta(minutes=30)
LOST: Final = N_("This is not waiting for an answer any more.")

focus = table_of(Focus)


@dataclass(frozen=True)
class Question:
    """What is asked, with everything that was answered before.

    Attributes:
        step: the key of the step; empty where the form waits for its confirmation.
        token: changes with every state, so that a tap on an earlier one is known.
        values: the answers as their inputs keep them.
        problem: why the last answer was none, in the person's language.
        options: what may have been meant by it.
        message_id: the card that asks; None while that is on its way.
    """

    chat_id: int
    person_id: int
    form: str
    step: str
    token: int
    values: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    options: tuple[Option, ...] = ()
    message_id: int | None = None


def new_token() -> int:
    """A number that no earlier state of the chat had."""
    return secrets.randbelow(2**24) + 1


def question_of(connection: Connection, chat_id: int) -> Question | None:
    """The question that a chat is asked, also when its time is over."""
    row = connection.execute(select(focus).where(focus.c.chat_id == chat_id)).one_or_none()
    if row is None:
        return None
    kept = json.loads(row.answers)
    return Question(
        chat_id=row.chat_id,
        person_id=row.person_id,
        form=row.form,
        step=row.step,
        token=kept["token"],
        values=kept["values"],
        arguments=kept["arguments"],
        problem=kept["problem"],
        options=tuple(Option(key, label) for key, label in kept["options"]),
        message_id=row.message_id,
    )


def keep(connection: Connection, question: Question, *, now: datetime) -> None:
    """Ask this question in its chat from now on; it ends after half an hour."""
    connection.execute(delete(focus).where(focus.c.chat_id == question.chat_id))
    kept = {
        "token": question.token,
        "values": dict(question.values),
        "arguments": dict(question.arguments),
        "problem": question.problem,
        "options": [[option.key, option.label] for option in question.options],
    }
    connection.execute(
        insert(focus).values(
            chat_id=question.chat_id,
            person_id=question.person_id,
            form=question.form,
            step=question.step,
            answers=json.dumps(kept, sort_keys=True),
            message_id=question.message_id,
            expires_at=now + LIFE,
        )
    )


def place_on(connection: Connection, chat_id: int, token: int, *, message_id: int) -> None:
    """The card that asks was sent: remember which one it is, if the chat is still asked that."""
    question = question_of(connection, chat_id)
    if question is not None and question.token == token:
        connection.execute(
            update(focus).where(focus.c.chat_id == chat_id).values(message_id=message_id)
        )


def end(connection: Connection, chat_id: int) -> None:
    """The question is answered or given up."""
    connection.execute(delete(focus).where(focus.c.chat_id == chat_id))


def lose(connection: Connection, chat_id: int, *, now: datetime, but: int | None = None) -> None:
    """Give the question up; its card says so, unless it is `but`, which is drawn anyway."""
    question = question_of(connection, chat_id)
    if question is None:
        return
    end(connection, chat_id)
    if question.message_id is not None and question.message_id != but:
        here = Destination(chat_id, question.person_id)
        queue_edit(connection, here, question.message_id, now=now, note=LOST)


def lose_old(connection: Connection, now: datetime) -> int:
    """Give up all questions whose time is over; returns how many there were."""
    chats = connection.execute(select(focus.c.chat_id).where(focus.c.expires_at <= now))
    found = list(chats.scalars())
    for chat_id in found:
        lose(connection, chat_id, now=now)
    return len(found)


def is_over(connection: Connection, chat_id: int, *, now: datetime) -> bool:
    """Whether the time of a chat's question has passed."""
    over = select(focus.c.chat_id).where(focus.c.chat_id == chat_id, focus.c.expires_at <= now)
    return connection.execute(over).one_or_none() is not None
