"""Questions from a customer or vendor to the company, and the answers: a few words each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.base.recipients import person_of
from bot.base.screen import Button, Card, Reader, html, lines, quote
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Text
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.domain.people import Ability, Actor, Role
from core.services.history import record
from core.services.people import parties, team
from core.services.rights import NotFound, require_ability

ASK: Final = N_("Ask {company}")
MOST: Final = 100
"""The longest question in characters: a tenth of a note."""


def ask_us(turn: Turn, _tap: Tap) -> None:
    """Ask for the question; strangers are not asked."""
    if not _is_somebody(turn.work.actor):
        raise NotFound(subject="person")
    turn.ask("ask_us")


def _is_somebody(actor: Actor) -> bool:
    """Return whether the sender works here or represents a party; a contact may have ended."""
    return actor.is_staff or bool(actor.memberships)


def finish_ask(turn: Turn, answers: Answers) -> None:
    """Forward the question to the people who can answer it."""
    actor, text = turn.work.actor, answers["question"]
    if not _is_somebody(actor):
        raise NotFound(subject="person")
    record(turn.work, "person", actor.person_id, action="ask", text=text)
    known = parties.load(turn.work.connection, actor.own_parties)
    names = [each.name for each in known.values()]

    def compose(reader: Reader) -> Card:
        who = html(actor.name, *names, between=" · ")
        button = Button(
            reader.text(N_("Reply")), "answer_ask", id=actor.person_id, style="primary"
        )
        return Card(
            lines(reader.html(N_("Message from {who}"), who=who), quote(text)), ((button,),)
        )

    for person_id in _who_answers(turn):
        turn.notice(person_id, compose)
    turn.toast(_passed_on(turn.reader))
    turn.show("home")


def _passed_on(reader: Reader) -> str:
    name = reader.company.name if reader.company else ""
    return reader.text(N_("{name} notified"), name=name)


def _who_answers(turn: Turn) -> Sequence[int]:
    """Return the sellers, for a customer; the owners for all others, or when nobody sells."""
    connection, actor = turn.work.connection, turn.work.actor
    sellers = team.people_with(connection, Role.SALES) if Role.CUSTOMER in actor.roles else []
    found = sellers or team.people_with(connection, Role.OWNER)
    return [each for each in found if each != actor.person_id]


def answer_ask(turn: Turn, tap: Tap) -> None:
    """Ask for the answer."""
    require_ability(turn.work.actor, Ability.SEE_PARTIES)
    turn.ask("answer_ask", person=tap.id)


def finish_answer(turn: Turn, answers: Answers) -> None:
    """Forward the answer, if the sender of the question is still a member here."""
    require_ability(turn.work.actor, Ability.SEE_PARTIES)
    person_id, text, name = answers.arguments["person"], answers["answer"], turn.work.actor.name
    person = person_of(turn.work.connection, person_id)
    if person is None or not _is_somebody(person.actor):
        raise NotFound(subject="person")
    record(turn.work, "person", person_id, action="answer", text=text)

    def compose(reader: Reader) -> Card:
        label = reader.text(ASK, company=reader.company.name if reader.company else "")
        title = reader.html(N_("Reply from {who}"), who=html(name))
        return Card(lines(title, quote(text)), ((Button(label, "ask_us"),),))

    turn.notice(person_id, compose)
    turn.toast(turn.reader.text(N_("Reply sent to {name}"), name=person.actor.name))
    turn.show("home")


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "ask_us": ask_us,
    "answer_ask": answer_ask,
}
FORMS: Final = (
    Form(
        "ask_us",
        steps=(
            Step("question", N_("What's your message?"), Text(note=True, most=MOST)),
        ),
        on_finish=finish_ask,
    ),
    Form(
        "answer_ask",
        steps=(Step("answer", N_("What's your reply?"), Text(note=True, most=MOST)),),
        on_finish=finish_answer,
    ),
)  # fmt: skip
