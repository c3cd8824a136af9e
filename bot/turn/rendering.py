"""Rendering of what is about to be sent: its present state, with the rights of its recipient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.base import focus
from bot.base.card_store import card_of
from bot.base.focus import Question
from bot.base.keyboards import with_way_back
from bot.base.outbox import Outgoing, restored_card
from bot.base.outbox_buffer import RenderedCard
from bot.base.recipients import Person, person_of, reader_of
from bot.base.screen import HOME, NOT_LOADED, Card, OpenScreen, Reader, italic, lines
from bot.conversation.runner import render_question
from bot.turn.registry import Context
from core.domain.errors import Refusal
from core.services.work import Work


class Withheld(Exception):
    """The person may not see this any more, or has blocked the bot."""

    def __init__(self, state: str, problem: str) -> None:
        super().__init__(problem)
        self.state = state


@dataclass(frozen=True)
class CardState:
    """What a card shows, the number of its next rendering, what its chat is asked, the view."""

    shown: OpenScreen
    rendering: int
    question: Question | None
    view: Any = NOT_LOADED


def render(connection: Connection, context: Context, outgoing: Outgoing) -> RenderedCard:
    """What a card or a notice shows now.  Raises Withheld."""
    person = recipient(connection, outgoing)
    if person is None:
        return RenderedCard(restored_card(outgoing.payload["card"]))
    reader = reader_of(connection, person.actor)
    work = Work(connection, person.actor, context.clock())
    if outgoing.form == "notice":
        return _render_notice(work, context, outgoing)
    return _render_stored_card(work, reader, context=context, outgoing=outgoing)


def recipient(connection: Connection, outgoing: Outgoing) -> Person | None:
    """For whom something is; None in a group.  Raises Withheld."""
    if outgoing.person_id is None:
        return None
    person = person_of(connection, outgoing.person_id)
    if person is None:
        raise Withheld("withheld", "nobody")
    if person.blocked:
        raise Withheld("dead", "blocked")
    return person


def _render_notice(work: Work, context: Context, outgoing: Outgoing) -> RenderedCard:
    about = outgoing.payload["about"]
    if about is not None:
        _load(work, context, OpenScreen(*about))
    if outgoing.payload.get("to_others") and not work.actor.roles:
        raise Withheld("withheld", "no role")
    return RenderedCard(restored_card(outgoing.payload["card"]))


def _render_stored_card(
    work: Work, reader: Reader, *, context: Context, outgoing: Outgoing
) -> RenderedCard:
    shown, rendering = card_state_of(work.connection, outgoing)
    question = focus.question_of(work.connection, outgoing.chat_id)
    present = CardState(shown, rendering, question)
    return render_card(work, reader, context=context, outgoing=outgoing, present=present)


def render_card(
    work: Work, reader: Reader, *, context: Context, outgoing: Outgoing, present: CardState
) -> RenderedCard:
    """The card of what is known to be shown.  Raises Withheld."""
    shown, rendering, question = present.shown, present.rendering, present.question
    if shown.screen not in context.screens:
        shown = OpenScreen(HOME)
    subject, asks = context.screens.subject_of(shown), None
    if question is not None and _asks(outgoing, question):
        form = context.registry.forms.get(question.form)
        asks = question.token
        if form is not None and not form.silent:
            card = render_question(work, reader, question=question, form=form)
            return RenderedCard(card, rendering, shown, subject, asks)
    screen = context.screens[shown.screen]
    view = _load(work, context, shown) if present.view is NOT_LOADED else present.view
    card = screen.render(view, reader)
    if note := outgoing.payload.get("note"):
        card = Card(lines(card.text, italic(reader.text(note))), card.rows)
    card = with_way_back(_without_unknown(card, context), reader, is_home=screen.is_home)
    return RenderedCard(card, rendering, shown, subject, asks)


def _without_unknown(card: Card, context: Context) -> Card:
    """Return the card without the buttons that no module of this program answers."""
    rows = [
        tuple(each for each in row if not each.if_known or context.has_button(each.action))
        for row in card.rows
    ]
    return Card(card.text, tuple(rows))


def card_state_of(connection: Connection, outgoing: Outgoing) -> tuple[OpenScreen, int]:
    """What the card shows at present, and the number of its next rendering."""
    if outgoing.message_id is None:
        return OpenScreen.from_json(outgoing.payload), 1
    card = card_of(connection, outgoing.chat_id, outgoing.message_id)
    return (OpenScreen(HOME), 1) if card is None else (card.shown, card.revision + 1)


def _asks(outgoing: Outgoing, question: Question) -> bool:
    if outgoing.message_id is not None:
        return question.message_id == outgoing.message_id
    return question.message_id is None and question.token == outgoing.payload["asks"]


def _load(work: Work, context: Context, shown: OpenScreen) -> Any:
    screen = context.screens[shown.screen]
    try:
        return screen.load(work, shown.id, shown.arguments)
    except Refusal as refusal:
        raise Withheld("withheld", refusal.code) from refusal
