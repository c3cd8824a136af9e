"""What a tap on a button leads to, found out without anything having happened.

The tap is answered in a real turn, whose transaction is rolled back: so each button can be tried
over the same state of the shop, those that ship and pay too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.app import App
from bot.base.card_store import card_of
from bot.base.focus import question_of
from bot.base.outbox import claim
from bot.base.refusal_sentences import CHANGED, OLD_BUTTON
from bot.base.screen import OpenScreen
from bot.base.updates import InboxItem, read_update
from bot.local_telegram.world import World
from bot.receive.inbox import keep
from bot.turn.dispatch import Outcome, take
from bot.turn.registry import Context
from bot.turn.rendering import Withheld, render
from core.i18n import LANGUAGES, translator
from core.storage.chat_tables import outbox
from tests.releases.phone import KeptButton

LATE: Final = "late"
OLD: Final = "a button of an older version"
"""What nobody may be told of a button that a release has sent."""


class _RolledBack(Exception):
    """Ends the transaction of a tap."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("nothing has happened")
        self.answer = answer


@dataclass
class Answer:
    """What a tap has led to.

    Attributes:
        outcome: in one word, with the subjects that have changed: the same whatever texts say.
        incident: the id under which a defect is logged.
        toast: what the tap is answered with.
    """

    outcome: str = ""
    incident: str | None = None
    toast: str = ""
    drawn: list[str] = field(default_factory=list)


async def answer_to(app: App, world: World, button: KeptButton) -> Answer:
    """Tap a button and take it back; what has come of it meanwhile."""
    world.taps(button.user_id, button.message_id, button.data, forged=True)
    update = world.updates.waiting.pop()

    def tapped(connection: Connection) -> None:
        raise _RolledBack(_answered(connection, app.context, button, update=update))

    try:
        await app.database.write(tapped)
    except _RolledBack as rolled_back:
        return rolled_back.answer
    raise AssertionError("a tap was not rolled back")


def _answered(
    connection: Connection, context: Context, button: KeptButton, *, update: dict[str, Any]
) -> Answer:
    last = connection.execute(select(func.max(outbox.c.id))).scalar_one()
    shown = _shown(connection, button)
    (row,) = keep(connection, [update], now=context.clock())
    turn = take(connection, context, InboxItem(row.id, read_update(row.raw)))
    assert turn is not None, f"{button} has to wait for something in its chat"
    answer = Answer(incident=turn.incident)
    rows = connection.execute(select(outbox).where(outbox.c.id > last).order_by(outbox.c.id)).all()
    for each in rows:
        payload = json.loads(each.payload)
        if each.form == "answer":
            answer.toast = payload["text"]
        elif each.form in ("card", "notice") and each.state == "queued":
            _render(connection, context, each.id)
    answer.outcome = _outcome(connection, button, answer, turn=turn, shown=shown)
    return answer


def _render(connection: Connection, context: Context, row_id: int) -> None:
    """Render what waits to be sent, as the sender would."""
    outgoing = claim(connection, row_id, context.clock())
    if outgoing is not None:
        try:
            render(connection, context, outgoing)
        except Withheld:
            # The person may not see it any more: that is no defect.
            return


def _outcome(
    connection: Connection,
    button: KeptButton,
    answer: Answer,
    *,
    turn: Outcome,
    shown: OpenScreen | None,
) -> str:
    """The strongest of what has happened."""
    if _says(answer.toast, OLD_BUTTON):
        return OLD
    if _says(answer.toast, CHANGED):
        return LATE
    if turn.changed:
        kinds = sorted({subject.partition(":")[0] for subject in turn.changed})
        return " ".join(["changes", *kinds])
    question = question_of(connection, button.user_id)
    if question is not None and not question.silent:
        return "asks"
    return "says" if _shown(connection, button) == shown else "shows"


def _shown(connection: Connection, button: KeptButton) -> OpenScreen | None:
    card = card_of(connection, button.user_id, button.message_id)
    return None if card is None else card.shown


def _says(toast: str, text: str) -> bool:
    return any(toast == translator(language).text(text) for language in LANGUAGES)
