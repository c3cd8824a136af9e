"""The card of a reservation: requested, answered, in force; for requester and seller.

A seller's counter-offer (less, a shorter time) is kept with the seller's card until one tap
grants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Arguments, Button, Html, Reader, Row, bold, html
from bot.screens.shared.moments import until_words
from bot.screens.shared.words import folded_lines, numbered, promised_words, quantity, state_name
from core.domain.document_type import Claims
from core.domain.documents import type_of
from core.domain.links import Track
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services.documents.viewing import DocumentView, LineView
from core.services.reservations import reservation_views
from core.services.reservations.reservation_views import HoldFacts
from core.services.work import Work

_MOMENT: Final = "%Y%m%dT%H%M"


@dataclass(frozen=True)
class Hold:
    """A reservation on its card; `less` and `until` are the counter-offer of this card."""

    view: DocumentView
    facts: HoldFacts
    less: Mapping[int, Decimal] = field(default_factory=dict)
    until: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it waits for an answer."""
        return self.view.is_draft

    @property
    def is_own_wish(self) -> bool:
        """Whether the reader requested it and may still change it."""
        return self.is_asked and self.view.can_edit and not self.facts.may_answer

    @property
    def quantities(self) -> dict[int, Decimal]:
        """The quantity of each line to reserve."""
        return {
            each.line.id: min(self.less.get(each.line.id, each.line.quantity), each.line.quantity)
            for each in self.view.lines
        }

    @property
    def end(self) -> datetime | None:
        """The end of the reservation."""
        return self.until or self.view.record.valid_until

    def figures(self) -> dict[str, Any]:
        """Return the figures that the granting tap has shown."""
        return _figures_of(self.quantities, self.end)


def _figures_of(quantities: Mapping[int, Decimal], end: datetime | None) -> dict[str, Any]:
    return {"lines": sorted([line, value] for line, value in quantities.items()), "until": end}


def moment_argument(moment: datetime) -> str:
    """Return a moment as a button carries it: UTC, to the minute."""
    return moment.astimezone(UTC).strftime(_MOMENT)


def moment_of(argument: str) -> datetime:
    """Return the moment that a button carries."""
    return datetime.strptime(argument, _MOMENT).replace(tzinfo=UTC)


def load_hold(work: Work, view: DocumentView, arguments: Arguments) -> Hold | None:
    """Return what the card of a reservation shows, or None for any other document."""
    facts = reservation_views.hold_facts(work, view)
    if facts is None:
        return None
    until = arguments.get("until")
    return Hold(
        view=view,
        facts=facts,
        less={int(line): Decimal(value) for line, value in (arguments.get("less") or {}).items()},
        until=moment_of(until) if until else None,
    )


# --- Rendering -------------------------------------------------------------------------------


def hold_lines(hold: Hold, reader: Reader) -> list[Html]:
    """Return the title, the goods, the end, and the figures that help to answer."""
    view, facts = hold.view, hold.facts
    found = [_title(hold, reader)]
    found += folded_lines((_line(each, hold, reader) for each in view.lines), reader)
    if hold.end is not None:
        zone = facts.asker.zone if facts.may_answer and facts.asker else None
        found.append(html(until_words(hold.end, reader, zone=zone)))
    if hold.is_asked and facts.orders:
        found.append(
            html(
                reader.plural("{count} order this year", "{count} orders this year", facts.orders)
            )
        )
    if hold.is_own_wish and reader.company is not None:
        found.append(reader.html(N_("{name} notified"), name=reader.company.name))
    if facts.wish is not None:
        found.append(html(_wish_words(hold, reader)))
    if view.record.reason:
        found.append(html(view.record.reason))
    return found


def _title(hold: Hold, reader: Reader) -> Html:
    view = hold.view
    parts: list[object] = [bold(hold_name(view, reader))]
    if view.party is not None:
        parts.append(view.party.name)
    if hold.is_asked and hold.facts.may_answer and hold.facts.asker is not None:
        parts.append(hold.facts.asker.name)
    if not hold.is_asked:
        parts.append(state_name(view.record.state, reader, of=view.type))
    if view.record.version > 1:
        parts.append(reader.text(N_("version {version}"), version=view.record.version))
    return html(*parts, between=" · ")


def hold_name(view: DocumentView, reader: Reader) -> str:
    """Return its number, or that it is requested."""
    if view.record.number is not None:
        return f"{view.type.sign} {view.record.number}"
    asked = reader.text(N_("Reservation requested"))
    return f"{view.type.sign} {asked}"


def _line(each: LineView, hold: Hold, reader: Reader) -> Html:
    line, facts = each.line, hold.facts
    wanted = hold.quantities[line.id] if hold.is_asked else line.quantity
    parts: list[str] = [f"{quantity(wanted, reader)} × {line.name}"]
    if hold.is_asked:
        asked = facts.asked.get(line.id, line.quantity)
        if wanted != asked:
            parts.append(reader.text(N_("{number} requested"), number=quantity(asked, reader)))
        parts += _figures(each, hold, reader)
        return html(*parts, between=" · ")
    for track, words in (
        (Track.ORDER, N_("{number} ordered")),
        (Track.DROP, N_("{number} released")),
    ):
        number = each.state.on(track)
        if number:
            parts.append(reader.text(words, number=quantity(number, reader)))
    return html(*parts, *promised_words(each.promised, reader), between=" · ")


def _figures(each: LineView, hold: Hold, reader: Reader) -> list[str]:
    """Return the available quantities and unit prices, for the person who answers."""
    product_id, facts = each.line.product_id or 0, hold.facts
    found = []
    if product_id in facts.free:
        free = quantity(facts.free[product_id], reader)
        found.append(reader.text(N_("{number} available"), number=free))
    if product_id in facts.prices:
        found.append(reader.translator.money(facts.prices[product_id], facts.currency))
    return found


def _wish_words(hold: Hold, reader: Reader) -> str:
    wish = hold.facts.wish
    assert wish is not None
    if wish.until is None:
        return reader.text(N_("{name} asked to order it"), name=wish.asker.name)
    zone = wish.asker.zone if hold.facts.may_answer else None
    until = until_words(wish.until, reader, zone=zone)
    return reader.text(N_("{name} asked to extend it {until}"), name=wish.asker.name, until=until)


# --- Actions ---------------------------------------------------------------------------------


def hold_rows(hold: Hold, reader: Reader) -> list[Row]:
    """Return the buttons for the reader in the present state."""
    if hold.is_asked:
        if hold.facts.may_answer:
            return _answers(hold, reader)
        return _own_wish(hold, reader) if hold.is_own_wish else []
    if hold.view.record.state not in hold.view.type.lifecycle.in_force or hold.facts.is_over:
        again = Button(reader.text(N_("Request again")), "hold_again", id=hold.view.record.id)
        return [(again,)] if hold.facts.may_give_up else []
    return _while_it_lasts(hold, reader)


def _button(hold: Hold, label: str, action: str, **more: Any) -> Button:
    record = hold.view.record
    return Button(label, action, id=record.id, revision=record.revision, **more)


def _answers(hold: Hold, reader: Reader) -> list[Row]:
    rows: list[Row] = [(grant_button(hold.view, reader, hold=hold),)]
    if hold.facts.asker is None:
        return rows
    less = _button(hold, reader.text(N_("Fewer")), "hold_less")
    shorter = _button(hold, reader.text(N_("Shorter")), "hold_shorter")
    decline = _button(hold, reader.text(N_("Decline")), "hold_decline", style="danger")
    return [*rows, (less, shorter, decline)]


def grant_button(view: DocumentView, reader: Reader, *, hold: Hold | None = None) -> Button:
    """Return the verb with the quantity it reserves; it asks for the end if that is unknown."""
    quantities = (
        {each.line.id: each.line.quantity for each in view.lines}
        if hold is None
        else hold.quantities
    )
    end = view.record.valid_until if hold is None else hold.end
    pieces = sum(quantities.values(), start=ZERO)
    return Button(
        reader.text(N_("Reserve {number}"), number=quantity(pieces, reader)),
        "hold_grant",
        id=view.record.id,
        revision=view.record.revision,
        digest=digest_of(_figures_of(quantities, end)),
        style="success",
    )


def _own_wish(hold: Hold, reader: Reader) -> list[Row]:
    change = _button(hold, reader.text(N_("Change")), "hold_change")
    withdraw = _button(hold, reader.text(N_("Withdraw")), "hold_withdraw", style="danger")
    return [(change, withdraw)]


def _while_it_lasts(hold: Hold, reader: Reader) -> list[Row]:
    if not hold.facts.pieces:
        return []
    rows = _wish_rows(hold, reader) if hold.facts.may_answer else []
    return [*rows, *step_rows(hold, reader)]


def _wish_rows(hold: Hold, reader: Reader) -> list[Row]:
    """Return the answers to a request; the order has its own button anyway."""
    wish = hold.facts.wish
    if wish is None:
        return []
    refuse = _button(hold, reader.text(N_("Decline")), "wish_refuse", style="danger")
    if wish.until is None:
        return [(refuse,)]
    label = reader.text(N_("Extend {until}"), until=_short_until(wish.until, reader))
    extend = _button(
        hold, label, "hold_until", argument=moment_argument(wish.until), style="success"
    )
    return [(extend,), (refuse,)]


def _short_until(moment: datetime, reader: Reader) -> str:
    """Return the end by the company's clock alone: a button has no room for two."""
    return until_words(moment, replace(reader, actor=replace(reader.actor, zone=None)))


def step_rows(hold: Hold, reader: Reader) -> list[Row]:
    """Return order, extend and release, which both sides have until the reservation ends."""
    record, facts = hold.view.record, hold.facts
    rows: list[Row] = []
    pieces = quantity(facts.pieces, reader)
    if facts.may_answer:
        rows.append(_order_row(hold, reader))
    elif facts.may_give_up and (facts.wish is None or not facts.wish.wants_order):
        label = reader.text(N_("Order {number} now"), number=pieces)
        rows.append((_button(hold, label, "wish_order", style="primary"),))
    if facts.may_give_up:
        extend = Button(reader.text(N_("Extend")), "hold_extend", id=record.id)
        release = _button(hold, reader.text(N_("Release…")), "hold_release")
        rows.append((extend, release))
    return rows


def _order_row(hold: Hold, reader: Reader) -> Row:
    """Return the way to its order, if this person may make one."""
    for each in hold.view.conversions:
        target = type_of(each.rule.target)
        if target.claims is Claims.WAITING:
            number = quantity(each.proposed, reader)
            label = numbered(each.rule.label, number, reader)
            argument = target.prefix
            return (
                Button(label, "convert", id=hold.view.record.id, argument=argument,
                       style="primary"),
            )  # fmt: skip
    return ()
