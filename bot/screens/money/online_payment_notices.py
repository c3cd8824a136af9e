"""Notices of a payment in the chat: to its payer, the paper's creator, the owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base.recipients import person_of
from bot.base.screen import Button, Card, Reader, Row, html, lines, opens
from bot.base.turn import Turn
from core.domain.messages import N_
from core.domain.people import Role
from core.services import online_payments
from core.services.people import parties, team
from core.services.work import Event

WAITS: Final = N_(
    "{name} paid {amount} in the chat, but it can't be posted yet. It will be "
    "posted automatically as soon as possible."
)
NOBODYS: Final = N_(
    "{name} paid {amount} in the chat, but it's unclear for which customer. "
    "Please record it manually."
)


def paid_online(turn: Turn, event: Event) -> None:
    """Send the payer a receipt, and tell the people who look after the paper."""
    payer = int(event.facts["payer"])
    _thank(turn, event, payer)
    told_already = {
        person
        for each in turn.work.events
        if each.name == "paid_twice" and each.document_id == event.document_id
        for person in team.people_with(turn.work.connection, Role.OWNER)
    }
    for person_id in _who_looks_after(turn, event) - told_already - {payer}:
        turn.notice(
            person_id,
            lambda reader: _news(turn, event, reader),
            about=("document", event.document_id or 0),
        )


def _who_looks_after(turn: Turn, event: Event) -> set[int]:
    people = set(team.people_with(turn.work.connection, Role.OWNER))
    creator = event.facts["creator"]
    somebody = None if creator is None else person_of(turn.work.connection, int(creator))
    if somebody is not None and somebody.actor.is_staff:
        people.add(int(creator))
    return people


def _thank(turn: Turn, event: Event, payer: int) -> None:
    if payer == turn.work.actor.person_id:
        turn.say(_receipt(event, turn.reader))
    else:
        turn.notice(payer, lambda reader: _receipt(event, reader))


def _receipt(event: Event, reader: Reader) -> Card:
    """Return the receipt.  Its papers open only while the payer represents the party."""
    facts = event.facts
    amount = reader.translator.money(facts["amount"], facts["currency"])
    thanks = reader.text(N_("Thank you. We've received {amount}."), amount=amount)
    receipt = reader.text(N_("Receipt {number}"), number=facts["number"])
    text = lines(thanks, html(*filter(None, (facts["paper"], receipt)), between=" · "))
    if event.party_id not in reader.actor.own_parties:
        return Card(text)
    pdf = Button(reader.text(N_("PDF")), "paper", id=event.document_id or 0)
    ways = [pdf]
    if facts["paper"]:
        label = reader.text(N_("Open {number}"), number=facts["paper"])
        ways.append(opens(label, "document", id=facts["paper_id"]))
    return Card(text, (tuple(ways),))


def _news(turn: Turn, event: Event, reader: Reader) -> Card:
    facts, party_id = event.facts, event.party_id or 0
    party_name = parties.load(turn.work.connection, [party_id])[party_id].name
    amount = reader.translator.money(facts["amount"], facts["currency"])
    if facts["paper"]:
        message = N_("{number} was paid in the chat: {amount}")
        words = reader.text(message, number=facts["paper"], amount=amount)
    else:
        words = reader.text(N_("{amount} was paid in the chat without a document"), amount=amount)
    over = ""
    if facts["over"]:
        money = reader.translator.money(facts["over"], facts["currency"])
        over = reader.text(N_("{amount} is now credit"), amount=money)
    label = reader.text(N_("Open {number}"), number=facts["number"])
    rows: tuple[Row, ...] = ((opens(label, "document", id=event.document_id or 0),),)
    return Card(lines(words, html(*filter(None, (party_name, over)), between=" · ")), rows)


def online_waits(turn: Turn, event: Event) -> None:
    """Thank the payer, and tell the owners of a payment that cannot be booked yet."""
    facts, payer = event.facts, int(event.facts["payer"])
    somebody = person_of(turn.work.connection, payer)
    name = somebody.actor.name if somebody else ""

    def thanks(reader: Reader) -> Card:
        amount = reader.translator.money(facts["amount"], facts["currency"])
        return Card(reader.text(N_("Thank you. We've received {amount}."), amount=amount))

    def news(reader: Reader) -> Card:
        amount = reader.translator.money(facts["amount"], facts["currency"])
        words = reader.text(WAITS if facts["party_known"] else NOBODYS, name=name, amount=amount)
        ids = reader.text(
            N_("Provider ID: {provider} · Telegram ID: {telegram}"),
            provider=facts["provider"],
            telegram=facts["telegram"],
        )
        return Card(lines(words, ids))

    if payer == turn.work.actor.person_id:
        turn.say(thanks(turn.reader))
    for person_id in team.people_with(turn.work.connection, Role.OWNER):
        turn.notice(person_id, news)


EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = {
    "paid_online": paid_online,
    "online_waits": online_waits,
}
JOBS: Final = (online_payments.book_waiting,)
