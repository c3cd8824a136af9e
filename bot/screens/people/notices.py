"""Notices of events that concern other people's goods or contacts; all other events are silent.

The actor gets no notice, and cards that show the subject are rendered again anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base.recipients import person_of
from bot.base.screen import Card, Reader, html, lines, opens
from bot.base.turn import Turn
from bot.screens.shared.goods_words import goods_words, named
from bot.screens.stock.reservation_notices import both_sides
from core.domain.document_type import Claims
from core.domain.messages import N_
from core.domain.people import ROLE_NAMES, Role
from core.services.documents import lifecycle
from core.services.people import parties, team
from core.services.work import Event, Work
from core.storage.queries.document_queries import documents

# Events about the goods of a paper; the line below the sentence lists the goods.
SENTENCES: Final[Mapping[str, str]] = {
    "claimed": N_("{number}: these items are now in stock"),
    "displaced": N_("{number}: these items are no longer reserved and are waiting again"),
    "expired": N_("{number} has ended: these items are available again"),
    "released": N_("{number}: these items were released"),
    "claim_taken": N_("{number}: these items went to another order"),
    "claim_given": N_("{number}: these items were assigned to it"),
}


def _creator(turn: Turn, creator: int | None) -> int | None:
    """Return the document's creator, if still a member here and not the actor."""
    if creator is None or creator == turn.work.actor.person_id:
        return None
    person = person_of(turn.work.connection, creator)
    return creator if person is not None and person.actor.roles else None


def about_goods(turn: Turn, event: Event) -> None:
    """Tell the paper's creator, or both sides of a reservation, what happened to its goods."""
    if event.document_id is None:
        return
    record = documents(turn.work.connection, [event.document_id])[event.document_id]
    if record.type.claims is Claims.UNTIL:
        for person_id in both_sides(turn, event):
            _tell(turn, person_id, event)
    elif (creator := _creator(turn, record.created_by)) is not None:
        _tell(turn, creator, event)


def _tell(turn: Turn, person_id: int, event: Event) -> None:
    document_id, number = event.document_id or 0, str(event.facts["number"])

    def compose(reader: Reader) -> Card:
        words = reader.text(SENTENCES[event.name], number=number)
        goods = [goods_words(each, reader) for each in named(turn, event, reader)]
        text = lines(words, *goods, str(event.facts.get("reason") or ""))
        label = reader.text(N_("Open {number}"), number=number)
        return Card(text, ((opens(label, "document", id=document_id),),))

    turn.notice(person_id, compose, about=("document", document_id))


def joined(turn: Turn, event: Event) -> None:
    """Tell the owners who has joined, in which role and for which party."""
    party_name = ""
    if event.party_id is not None:
        party_name = parties.load(turn.work.connection, [event.party_id])[event.party_id].name

    def compose(reader: Reader) -> Card:
        role = reader.text(ROLE_NAMES[Role(event.facts["role"])])
        who = reader.text(N_("{name} joined. Role: {role}"), name=event.facts["name"], role=role)
        return Card(html(*filter(None, (who, party_name)), between=" · "))

    for person_id in team.people_with(turn.work.connection, Role.OWNER):
        if person_id != turn.work.actor.person_id:
            turn.notice(person_id, compose)


def paid_twice(turn: Turn, event: Event) -> None:
    """Tell the owners that two payments paid one debt: the excess is now credit.

    This includes the owner who booked the second one: the first may have come in while they typed.
    """
    facts, document_id = event.facts, event.document_id or 0
    party_id = event.party_id or 0
    party_name = parties.load(turn.work.connection, [party_id])[party_id].name

    def compose(reader: Reader) -> Card:
        words = reader.text(
            N_("{number} was paid twice: {payment} came after {earlier}"),
            number=facts["number"],
            payment=facts["later"],
            earlier=reader.translator.list(facts["earlier"]),
        )
        amount = reader.translator.money(facts["amount"], facts["currency"])
        credit = reader.text(N_("{amount} is now credit"), amount=amount)
        label = reader.text(N_("Open {number}"), number=facts["later"])
        text = lines(words, html(party_name, credit, between=" · "))
        return Card(text, ((opens(label, "document", id=document_id),),))

    for person_id in team.people_with(turn.work.connection, Role.OWNER):
        turn.notice(person_id, compose, about=("document", document_id))


def end_what_is_due(work: Work) -> None:
    """End the reservations and offers whose time is over."""
    lifecycle.expire(work)


EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = {
    "joined": joined,
    "paid_twice": paid_twice,
    **dict.fromkeys(SENTENCES, about_goods),
}
JOBS: Final = (end_what_is_due,)
