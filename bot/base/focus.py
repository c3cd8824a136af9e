"""The one question that a chat is asked, kept in `focus`: a restart does not lose it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.base.outbox import Destination, queue_edit
from core.domain.messages import N_
from core.storage.chat_tables import focus

LIFE: Final = timedelta(minutes=30)
LOST: Final = N_("This question is no longer open.")


_QUESTION = select(focus).where(focus.c.chat_id == bindparam("chat"))
_OLD = select(focus).where(focus.c.expires_at <= bindparam("now"))
_END = delete(focus).where(focus.c.chat_id == bindparam("chat"))


@dataclass(frozen=True)
class Option:
    """A button below a question.  `key` is short and stays the same; `label` is translated."""

    key: str
    label: str


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
        expires_at: when it is given up; None before it is kept.
        silent: no card says that it is asked, so that none says that it is not any more.
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
    expires_at: datetime | None = None
    silent: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether the time for its answer has passed."""
        return self.expires_at is not None and self.expires_at <= now


def new_token() -> int:
    """A number that no earlier state of the chat had."""
    return secrets.randbelow(2**24) + 1


def question_of(connection: Connection, chat_id: int) -> Question | None:
    """The question that a chat is asked, also when its time is over."""
    row = connection.execute(_QUESTION, {"chat": chat_id}).one_or_none()
    return None if row is None else restored_question(row._asdict())


def restored_question(row: Mapping[str, Any]) -> Question:
    """The question that a row of the table keeps."""
    kept = json.loads(row["answers"])
    return Question(
        chat_id=row["chat_id"],
        person_id=row["person_id"],
        form=row["form"],
        step=row["step"],
        token=kept["token"],
        values=kept["values"],
        arguments=kept["arguments"],
        problem=kept["problem"],
        options=tuple(Option(key, label) for key, label in kept["options"]),
        message_id=row["message_id"],
        expires_at=row["expires_at"],
        silent=kept.get("silent", False),
    )


def keep(
    connection: Connection, question: Question, *, now: datetime, instead: Question | None
) -> Question:
    """Ask a question in its chat from now on; it ends after half an hour.

    `instead` is what the chat is asked until now.
    """
    kept = {
        "token": question.token,
        "values": dict(question.values),
        "arguments": dict(question.arguments),
        "problem": question.problem,
        "options": [[option.key, option.label] for option in question.options],
        "silent": question.silent,
    }
    question = replace(question, expires_at=now + LIFE)
    row = {
        "person_id": question.person_id,
        "form": question.form,
        "step": question.step,
        "answers": json.dumps(kept, sort_keys=True),
        "message_id": question.message_id,
        "expires_at": question.expires_at,
    }
    if instead is not None:
        of_chat = update(focus).where(focus.c.chat_id == question.chat_id)
        if connection.execute(of_chat.values(**row)).rowcount:
            return question
    connection.execute(insert(focus).values(chat_id=question.chat_id, **row))
    return question


def place_on(connection: Connection, chat_id: int, token: int, *, message_id: int) -> None:
    """The card that asks was sent: remember which one it is, if the chat is still asked that."""
    question = question_of(connection, chat_id)
    if question is not None and question.token == token:
        connection.execute(
            update(focus).where(focus.c.chat_id == chat_id).values(message_id=message_id)
        )


def end(connection: Connection, chat_id: int) -> None:
    """The question is answered or given up."""
    connection.execute(_END, {"chat": chat_id})


def lose_old(connection: Connection, now: datetime) -> int:
    """Give up all questions whose time is over; returns how many there were.

    Their cards say so.
    """
    rows = connection.execute(_OLD, {"now": now}).all()
    for row in rows:
        end(connection, row.chat_id)
        if row.message_id is not None and not restored_question(row._asdict()).silent:
            here = Destination(row.chat_id, row.person_id)
            queue_edit(connection, here, row.message_id, now=now, note=LOST)
    return len(rows)
