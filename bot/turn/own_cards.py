"""Renders what a turn leaves to be seen in its own chat, within the turn.

The handler's view is loaded and its right asked already, so that only the card has to be made of
it.  What cannot be rendered here, for whatever reason, waits in the outbox: the sender renders it
again and knows what to do.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Final

from bot.base.outbox import Outgoing, restored_card
from bot.base.outbox_buffer import RenderedCard
from bot.base.screen import NOT_LOADED
from bot.base.turn import Turn
from bot.turn.registry import Context
from bot.turn.rendering import CardState, Withheld, card_state_of, render_card
from core.storage.database import savepoint

LOG = logging.getLogger(__name__)

OF_READER: Final = frozenset({"person", "party", "company"})
"""The subjects that decide who reads and how: his rights, his language, the company's zone."""


def render_own_card(context: Context, turn: Turn, outgoing: Outgoing) -> RenderedCard | None:
    """The card or notice as the turn leaves it; None when the sender has to render it."""
    if OF_READER & {subject.partition(":")[0] for subject in turn.work.changed}:
        return None
    if outgoing.form == "card":
        return _card(context, turn, outgoing)
    payload = outgoing.payload
    if outgoing.form == "notice" and payload["about"] is None and "to_others" not in payload:
        return RenderedCard(restored_card(payload["card"]))
    return None


def _card(context: Context, turn: Turn, outgoing: Outgoing) -> RenderedCard | None:
    present = _present(turn, outgoing)
    is_loaded = present.view is not NOT_LOADED
    try:
        # Loading it can fail in the database, which must not end the turn.
        with nullcontext() if is_loaded else savepoint(turn.work.connection):
            return render_card(
                turn.work, turn.reader, context=context, outgoing=outgoing, present=present
            )
    except Withheld as withheld:
        LOG.info("what a turn shows is %s: %s", withheld.state, withheld)
    except Exception as error:  # noqa: BLE001 - the sender meets it again, tells and logs it
        LOG.info("what a turn shows cannot be drawn: %s", type(error).__name__)
    return None


def _present(turn: Turn, outgoing: Outgoing) -> CardState:
    message_id = outgoing.message_id
    if message_id is not None and message_id == turn.card:
        card = turn.card_at(message_id)
        shown = turn.shown_in_card
        rendering = 1 if card is None else card.revision + 1
    else:
        shown, rendering = card_state_of(turn.work.connection, outgoing)
    return CardState(shown, rendering, turn.question, turn.view_of(shown))
