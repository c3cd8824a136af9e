"""Notices of reservations: requests to sellers, answers to the party, the end to both.

A request for an answer is a living card; plain news is a short notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.base.recipients import person_of
from bot.base.screen import Arguments, Card, Html, Reader, Row, Screen, html, lines, opens
from bot.base.turn import Turn
from bot.screens.shared.goods_words import goods_words, named
from bot.screens.shared.moments import until_words
from bot.screens.shared.words import heading, quantity, state_name
from bot.screens.stock.reservation_card import (
    Hold,
    load_hold,
    moment_argument,
    moment_of,
    step_rows,
)
from core.domain.lifecycles import Action
from core.domain.messages import N_
from core.domain.people import Role
from core.services import reservations
from core.services.documents import viewing
from core.services.history import last_actor
from core.services.people import team
from core.services.rights import NotFound
from core.services.work import Event, Work

Compose = Callable[[Reader], Card]


# --- Recipients ------------------------------------------------------------------------------


def our_side(turn: Turn, document_id: int) -> list[int]:
    """Return the granter while they sell, else all sellers, else the owners; never the actor."""
    sellers = team.people_with(turn.work.connection, Role.SALES)
    owners = team.people_with(turn.work.connection, Role.OWNER)
    granted_by = last_actor(
        turn.work.connection, "document", document_id, action=str(Action.ISSUE)
    )
    sells = granted_by is not None and granted_by in (*sellers, *owners)
    found = [granted_by] if granted_by is not None and sells else sellers or owners
    return [each for each in found if each != turn.work.actor.person_id]


def their_side(turn: Turn, party_id: int | None) -> list[int]:
    """Return the people who may order for the party; never the actor."""
    if party_id is None:
        return []
    found = []
    for person_id in team.people_of_party(turn.work.connection, party_id):
        person = person_of(turn.work.connection, person_id)
        if person is not None and person.actor.orders_for(party_id):
            found.append(person_id)
    return [each for each in found if each != turn.work.actor.person_id]


def both_sides(turn: Turn, event: Event) -> list[int]:
    """Return the granter and the people who may order for the party; never the actor."""
    document_id = event.document_id or 0
    return list(
        dict.fromkeys([*our_side(turn, document_id), *their_side(turn, event.party_id)])
    )  # fmt: skip


# --- Requests --------------------------------------------------------------------------------


def to_answer(turn: Turn, event: Event) -> None:
    """Send each seller a living card: it shows the present figures and the outcome."""
    for person_id in our_side(turn, event.document_id or 0):
        turn.card_for(person_id, "document", event.document_id or 0, instead=True)


# --- News ------------------------------------------------------------------------------------


def _tell(turn: Turn, event: Event, people: Sequence[int], *, compose: Compose) -> None:
    for person_id in people:
        turn.notice(person_id, compose, about=("document", event.document_id or 0))


def _open(event: Event, reader: Reader) -> Row:
    number = str(event.facts["number"])
    label = reader.text(N_("Open {number}"), number=number)
    return (opens(label, "document", id=event.document_id or 0),)


def granted(turn: Turn, event: Event) -> None:
    """Tell the requester what is reserved, until when, and what was not granted."""
    if not event.facts["was_asked"]:
        return
    until: datetime = event.facts["until"]

    def compose(reader: Reader) -> Card:
        title = reader.text(
            N_("{number}: reserved for you {until}"),
            number=event.facts["number"],
            until=until_words(until, reader),
        )
        shorter = reader.text(N_("This is shorter than requested."))
        text = lines(
            title,
            *(_granted_line(each, reader) for each in named(turn, event, reader)),
            shorter if event.facts["shorter"] else None,
        )
        return Card(text, (_open(event, reader),))

    _tell(turn, event, their_side(turn, event.party_id), compose=compose)


def _granted_line(each: Mapping[str, Any], reader: Reader) -> Html:
    here: Decimal = each["here"]
    parts = [goods_words(each, reader)]
    if each["asked"] != each["quantity"]:
        number = quantity(each["asked"], reader)
        parts.append(reader.text(N_("{number} requested"), number=number))
    if here < each["quantity"]:
        if here:
            parts.append(reader.text(N_("{number} in stock now"), number=quantity(here, reader)))
        rest = quantity(each["quantity"] - here, reader)
        parts.append(
            reader.text(N_("{number} waiting: we'll let you know when they arrive"), number=rest)
        )
    return html(*parts, between=" · ")


def declined(turn: Turn, event: Event) -> None:
    """Tell the requester that the reservation was declined, and why."""

    def compose(reader: Reader) -> Card:
        goods = reader.translator.list(
            [goods_words(each, reader) for each in named(turn, event, reader)]
        )
        title = reader.text(N_("We can't reserve this for you: {goods}"), goods=goods)
        label = reader.text(N_("Catalogue"))
        return Card(lines(title, event.facts["reason"] or None), ((opens(label, "catalogue"),),))

    _tell(turn, event, their_side(turn, event.party_id), compose=compose)


def moved(turn: Turn, event: Event) -> None:
    """Tell the party that its reservation lasts longer, or ends earlier."""
    until, before = event.facts["until"], event.facts["before"]

    def compose(reader: Reader) -> Card:
        longer, shorter = (
            N_("{number} has been extended {until}"),
            N_("{number} has been shortened: {until}"),
        )
        message = longer if before is None or until > before else shorter
        words = until_words(until, reader)
        title = reader.text(message, number=event.facts["number"], until=words)
        return Card(lines(title), (_open(event, reader),))

    _tell(turn, event, their_side(turn, event.party_id), compose=compose)


def released(turn: Turn, event: Event) -> None:
    """Tell the other side what was released, and why."""

    def compose(reader: Reader) -> Card:
        title = reader.text(N_("{number}: released"), number=event.facts["number"])
        goods = [goods_words(each, reader) for each in named(turn, event, reader)]
        text = lines(title, *goods, event.facts["reason"] or None)
        return Card(text, (_open(event, reader),))

    _tell(turn, event, both_sides(turn, event), compose=compose)


def ends_soon(turn: Turn, event: Event) -> None:
    """Tell both sides once what they can do before the end; the card follows the reservation."""
    document_id, until = event.document_id or 0, event.facts["until"]
    for person_id in both_sides(turn, event):
        turn.card_for(
            person_id, "hold_ending", document_id,
            about=f"document:{document_id}", until=moment_argument(until),
        )  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """A reservation announced as ending soon, as it is now; `is_due` while that end stands."""

    hold: Hold
    is_due: bool


def load_ending(work: Work, document_id: int, arguments: Arguments) -> Ending:
    """Return the reservation, if this person may see it.  Raises NotFound."""
    hold = load_hold(work, viewing.view(work, document_id), {})
    if hold is None:
        raise NotFound(subject="document")
    record = hold.view.record
    in_force = record.state in hold.view.type.lifecycle.in_force and not hold.facts.is_over
    same_end = record.valid_until == moment_of(str(arguments["until"]))
    return Ending(hold, in_force and same_end and bool(hold.facts.pieces))


def render_ending(shown: Ending, reader: Reader) -> Card:
    """Render the end, the goods and the steps; after the end or a move, the present state only."""
    view, facts = shown.hold.view, shown.hold.facts
    number = view.record.number or ""
    opener = opens(reader.text(N_("Open {number}"), number=number), "document", id=view.record.id)
    until = until_words(view.record.valid_until, reader) if view.record.valid_until else ""
    if not shown.is_due:
        state = state_name(view.record.state, reader, of=view.type)
        is_over = view.record.state not in view.type.lifecycle.in_force
        return Card(
            heading(view, reader) if is_over else html(number, state, until, between=" · "),
            ((opener,),),
        )
    title = reader.text(
        N_("{number} · {party}: reserved only {until}"),
        number=number,
        party=view.party.name if view.party else "",
        until=until,
    )
    goods = [
        html(quantity(facts.open[each.line.id], reader), " × ", each.line.name)
        for each in view.lines
        if facts.open.get(each.line.id)
    ]
    return Card(lines(title, *goods), tuple(step_rows(shown.hold, reader)))


def refused(turn: Turn, event: Event) -> None:
    """Tell the party that its request was refused, and why."""

    def compose(reader: Reader) -> Card:
        message = N_("{number} stays as it is: we can't do what you asked for")
        title = reader.text(message, number=event.facts["number"])
        return Card(lines(title, event.facts["reason"] or None), (_open(event, reader),))

    _tell(turn, event, their_side(turn, event.party_id), compose=compose)


def warn_before_the_end(work: Work) -> None:
    """Announce once the reservations that end soon."""
    reservations.warn(work)


SCREENS: Final = (
    Screen("hold_ending", load_ending, render_ending, subject="hold_ending", follows="document"),
)
EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = {
    "hold_asked": to_answer,
    "order_wished": to_answer,
    "time_wished": to_answer,
    "hold_granted": granted,
    "hold_declined": declined,
    "hold_moved": moved,
    "hold_released": released,
    "hold_ends_soon": ends_soon,
    "wish_refused": refused,
}
JOBS: Final = (warn_before_the_end,)
