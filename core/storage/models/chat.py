"""What came in, what must go out, what each chat shows and is asked just now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Bytes, Flag, Id, Moment, Text


class Inbox(Base):
    """An update as it came, before anybody has tried to read it."""

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'done', 'unreadable', 'failed')", name="state"),
        UniqueConstraint("update_id", "received_day"),
        Index("inbox_open", "state", "chat_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    update_id: Mapped[int] = mapped_column()
    # Telegram's ids jump after a quiet week: the same id on another day is another update.
    received_day: Mapped[str] = mapped_column(Text)
    chat_id: Mapped[int] = mapped_column()
    raw: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="new")
    tries: Mapped[int] = mapped_column(default=0)
    incident: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class Outbox(Base):
    """What must go out: a card, a notice, a paper, a request to pay, or an answer."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("form IN ('card', 'notice', 'paper', 'answer', 'request')", name="form"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'unsure', 'dead', 'withheld', 'merged')",
            name="state",
        ),
        UniqueConstraint("dedup"),
        Index("outbox_open", "state", "chat_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chat_id: Mapped[int] = mapped_column()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str] = mapped_column(Text)
    # JSON: the screen and its subject for a card, the frozen facts for a notice or a paper.
    payload: Mapped[str] = mapped_column(Text)
    # The message to edit (a card), to reply to (a notice), the query to answer (an answer).
    message_id: Mapped[int | None] = mapped_column()
    reply_to: Mapped[int | None] = mapped_column()
    dedup: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    # A paper's first step: the placeholder's message id, edited into the document afterwards.
    placeholder_id: Mapped[int | None] = mapped_column()
    sent_message_id: Mapped[int | None] = mapped_column()
    problem: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class UiMessage(Base):
    """Which message shows which screen, so that it can be edited in place or refreshed."""

    __tablename__ = "ui_message"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index("ui_message_of_subject", "subject", "chat_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chat_id: Mapped[int] = mapped_column()
    message_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # What it shows: "document:12", "product:3", "home"; and the screen with its arguments as JSON.
    subject: Mapped[str] = mapped_column(Text)
    screen: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(Flag, default=False)
    at: Mapped[datetime] = mapped_column(Moment)


class Focus(Base):
    """The one question that a chat is asked just now; a crash does not lose it."""

    __tablename__ = "focus"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(Text)
    # JSON: the answers so far and the form's arguments.
    answers: Mapped[str] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Operation(Base):
    """What was done under which key: the same key again gives the same result.  Append-only."""

    __tablename__ = "operation"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Setting(Base):
    """Small facts of the running bot: the polling offset, the last audit."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class StoredFile(Base):
    """A file that somebody sent (an import, a logo), kept by its hash until it is used."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(Bytes)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
