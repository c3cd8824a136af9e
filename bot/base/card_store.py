"""The rows of `ui_message`: which message shows which screen, since which of its renderings."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.base.bot_state import RESTORED, read_setting
from bot.base.screen import OpenScreen
from core.storage.chat_tables import outbox, ui_message

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
        since: the last of its renderings that showed another screen.
        revision: the number of its last rendering.
    """

    subject: str
    shown: OpenScreen
    since: int
    revision: int

    @classmethod
    def restored(cls, row: Mapping[str, Any]) -> KeptCard:
        """Of a row of the table."""
        kept = json.loads(row["screen"])
        return cls(
            row["subject"], OpenScreen.from_json(kept), kept.get("since", 0), row["revision"]
        )

    def since_when(self, shown: OpenScreen) -> int:
        """Since which rendering the card shows this screen, when it shows it from now on."""
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
    connection: Connection, place: tuple[int, int], shown: OpenScreen, *, row: Mapping[str, Any],
    before: KeptCard | None,
) -> None:  # fmt: skip
    """Note what the card of a chat and message shows.

    `row` is what else is kept of it: subject, person, moment; `before` is what is kept of it so
    far, None for a message that was no card.
    """
    since = 0 if before is None else before.since_when(shown)
    kept = json.dumps({**shown.to_json(), "since": since}, sort_keys=True)
    values = {**row, "screen": kept, "retired": False}
    chat_id, message_id = place
    if before is not None:
        connection.execute(_CHANGE, {"chat": chat_id, "message": message_id, **values})
    else:
        new = {"chat_id": chat_id, "message_id": message_id, "revision": 0, **values}
        connection.execute(_ADD, new)


def rendered(connection: Connection, chat_id: int, message_id: int, *, rendering: int) -> None:
    """A card shows its next rendering."""
    values = {"chat": chat_id, "message": message_id, "revision": rendering}
    connection.execute(_CHANGE, values)


def retire(connection: Connection, chat_id: int, message_id: int) -> None:
    """A card that is gone, or whose place a newer one has taken, is refreshed no more."""
    connection.execute(_CHANGE, {"chat": chat_id, "message": message_id, "retired": True})


def is_from_lost_time(connection: Connection, chat_id: int, message_id: int) -> bool:
    """Tell whether a message that is no card of ours was sent after the copy that was put back.

    Its buttons are about something that no longer exists, or is something else by now.
    """
    if read_setting(connection, RESTORED) is None:
        return False
    known = select(outbox.c.id).where(
        outbox.c.chat_id == chat_id, outbox.c.sent_message_id == message_id
    )
    return connection.execute(known.limit(1)).first() is None
