"""The message to a vendor about a short or faulty delivery, shown before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from bot.base import telegram_limits
from bot.base.callbacks import digest_of
from bot.base.markup import plain, units
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
    quote,
)
from bot.base.turn import Tap, Turn
from core.domain.messages import N_
from core.i18n import Translator, translator
from core.services.documents import differences
from core.services.documents.differences import Differences, LineDifference
from core.services.people import team
from core.services.rights import NotFound
from core.services.work import Work

PARTS: Final = (
    ("accepted", N_("{number} accepted")),
    ("missing", N_("{number} missing")),
    ("rejected", N_("{number} rejected")),
    ("excess", N_("{number} extra")),
)


@dataclass(frozen=True)
class Shown:
    """The differences, and the number of people at the vendor who would get the message."""

    differences: Differences
    people: int


def load_difference(work: Work, document_id: int, _arguments: Arguments) -> Shown:
    """Return the differences on a receipt.  Raises NotFound when there are none."""
    found = differences.to_tell(work, document_id)
    party = found.view.party
    people = team.people_of_party(work.connection, party.id) if party else []
    return Shown(found, len(people))


def message(found: Differences, reader: Reader) -> Html:
    """Return the message in the vendor's language: the same text is shown first and sent later."""
    party = found.view.party
    words = translator(party.language if party else reader.translator.language)
    company = reader.company.name if reader.company else ""
    first = words.text(
        N_("{company}: your delivery for {order} doesn't match the order ({receipt})."),
        company=company,
        order=found.order.number or "",
        receipt=found.view.record.number or "",
    )
    last = words.text(N_("Please let us know how you will resolve this."))
    return lines(first, *(_line(each, words) for each in found.lines), last)


def _line(each: LineDifference, words: Translator) -> str:
    ordered = words.text(
        N_("{name}: {number} ordered"), name=each.name, number=words.number(each.ordered)
    )
    parts = [
        words.text(label, number=words.number(value))
        for key, label in PARTS
        for value in [getattr(each, key)]
        if value or key == "accepted"
    ]
    return ", ".join([ordered, *parts])


def _facts(shown: Shown) -> dict[str, Any]:
    numbers: list[list[str | Decimal]] = [
        [each.name, each.ordered, each.accepted, each.missing, each.rejected, each.excess]
        for each in shown.differences.lines
    ]
    return {"number": shown.differences.view.record.number, "lines": numbers,
            "people": shown.people}  # fmt: skip


def render_difference(shown: Shown, reader: Reader) -> Card:
    """Render the message as the vendor will read it, and the tap that sends it."""
    found = shown.differences
    name = found.view.party.name if found.view.party else ""
    document_id = found.view.record.id
    text = message(found, reader)
    rows: list[Row] = []
    note = None
    if shown.people:
        label = reader.text(N_("Notify {name}"), name=name)
        digest = digest_of(_facts(shown))
        rows.append(
            (Button(label, "tell_vendor", id=document_id, digest=digest, style="success"),)
        )
    else:
        note = reader.text(N_("No one at {name} has joined yet. Forward it yourself."), name=name)
        copied = plain(text)
        if units(copied) <= telegram_limits.COPIED_TEXT:
            rows.append((Button(reader.text(N_("Copy message")), copy=copied),))
    title = html(bold(reader.text(N_("Difference"))), name, between=" · ")
    way_back = back(reader, "document", id=document_id)
    return Card(lines(title, quote(text), note), (*rows, (way_back,)))


def tell_vendor(turn: Turn, tap: Tap) -> None:
    """Send the message to the people of the vendor, if it still says what was shown."""
    turn.show("document", tap.id)
    shown = load_difference(turn.work, tap.id, {})
    turn.check(tap, _facts(shown))
    found = shown.differences
    party = found.view.party
    if party is None:
        raise NotFound(subject="party")
    text, order = message(found, turn.reader), found.order

    def compose(reader: Reader) -> Card:
        label = reader.text(N_("Open {number}"), number=order.number or "")
        return Card(text, ((opens(label, "document", id=order.id),),))

    for person_id in team.people_of_party(turn.work.connection, party.id):
        turn.notice(person_id, compose, about=("document", order.id))
    turn.toast(turn.reader.text(N_("Message sent to {name}"), name=party.name))


SCREENS: Final = (Screen("difference", load_difference, render_difference, subject="document"),)
ACTIONS: Final = {"tell_vendor": tell_vendor}
