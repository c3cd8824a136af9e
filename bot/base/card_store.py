"""The rows of `ui_message`: which message shows which screen, since which of its drawings."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.turn.registry import Shown
from core.storage.chat_tables import ui_message

_CARD = select(ui_message).where(
    ui_message.c.chat_id == bindparam("chat"), ui_message.c.message_id == bindparam("message")
)
_NEWEST = (
    select(ui_message.c.message_id)
    .where(
        ui_message.c.chat_id == bindparam("chat"),
        ui_message.c.subject == bindparam("about"),
        ~ui_message.c.retired,
    )
    .order_by(ui_message.c.id.desc())
    .limit(1)
)
_BEHIND = (
    select(ui_message.c.message_id, ui_message.c.screen)
    .where(
        ui_message.c.chat_id == bindparam("chat"),
        ui_message.c.message_id > bindparam("message"),
        ~ui_message.c.retired,
    )
    .order_by(ui_message.c.message_id)
    .limit(20)
)
_SHOWING = (
    select(
        ui_message.c.chat_id,
        ui_message.c.message_id,
        ui_message.c.person_id,
        ui_message.c.subject,
    )
    .where(ui_message.c.subject.in_(bindparam("subjects", expanding=True)), ~ui_message.c.retired)
    .order_by(ui_message.c.id)
)
_CHANGE = update(ui_message).where(
    ui_message.c.chat_id == bindparam("chat"), ui_message.c.message_id == bindparam("message")
)
_ADD = insert(ui_message)


ORIGIN = "typed"
"""The argument that names the text which a card was made from."""


@dataclass(frozen=True)
class KeptCard:
    """What is kept of a card.

    Attributes:
        subject: what it is about ("document:12").
        shown: its screen with the arguments.
        since: the last of its drawings that showed another screen.
        revision: the number of its last drawing.
    """

    subject: str
    shown: Shown
    since: int
    revision: int

    @classmethod
    def restored(cls, row: Mapping[str, Any]) -> KeptCard:
        """Of a row of the table."""
        kept = json.loads(row["screen"])
        return cls(row["subject"], Shown.restored(kept), kept.get("since", 0), row["revision"])

    def since_when(self, shown: Shown) -> int:
        """Since which drawing the card shows this screen, when it shows it from now on."""
        same = (self.shown.screen, self.shown.id) == (shown.screen, shown.id)
        return self.since if same else self.revision


def card_of(connection: Connection, chat_id: int, message_id: int) -> KeptCard | None:
    """What is kept of a card, or None when that message is none."""
    row = connection.execute(_CARD, {"chat": chat_id, "message": message_id}).one_or_none()
    return None if row is None else KeptCard.restored(row._asdict())


def made_from(connection: Connection, chat_id: int, message_id: int) -> int | None:
    """The card that shows what was read in a typed text; it stands not far below it."""
    rows = connection.execute(_BEHIND, {"chat": chat_id, "message": message_id})
    for row in rows:
        if json.loads(row.screen)["arguments"].get(ORIGIN) == message_id:
            return int(row.message_id)
    return None


def newest_of(connection: Connection, chat_id: int, subject: str) -> int | None:
    """The newest card of a subject in a chat."""
    return connection.execute(_NEWEST, {"chat": chat_id, "about": subject}).scalar()


def newest_cards(connection: Connection, subjects: Collection[str]) -> Sequence[Any]:
    """The newest card of each subject in every chat: chat, message, person."""
    rows = connection.execute(_SHOWING, {"subjects": sorted(subjects)})
    newest = {(row.subject, row.chat_id): row for row in rows}
    return [row for _, row in sorted(newest.items())]


def show_from_now_on(
    connection: Connection, place: tuple[int, int], shown: Shown, *, row: Mapping[str, Any],
    before: KeptCard | None,
) -> None:  # fmt: skip
    """Note what the card of a chat and message shows.

    `row` is what else is kept of it: subject, person, moment; `before` is what is kept of it so
    far, None for a message that was no card.
    """
    since = 0 if before is None else before.since_when(shown)
    kept = json.dumps({**shown.kept(), "since": since}, sort_keys=True)
    values = {**row, "screen": kept, "retired": False}
    chat_id, message_id = place
    if before is not None:
        connection.execute(_CHANGE, {"chat": chat_id, "message": message_id, **values})
    else:
        new = {"chat_id": chat_id, "message_id": message_id, "revision": 0, **values}
        connection.execute(_ADD, new)


def drawn(connection: Connection, chat_id: int, message_id: int, *, drawing: int) -> None:
    """A card shows its next drawing."""
    values = {"chat": chat_id, "message": message_id, "revision": drawing}
    connection.execute(_CHANGE, values)


def retire(connection: Connection, chat_id: int, message_id: int) -> None:
    """A card that is gone, or whose place a newer one has taken, is refreshed no more."""
    connection.execute(_CHANGE, {"chat": chat_id, "message": message_id, "retired": True})
