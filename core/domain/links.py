"""What a line offers, and what a conversion draws from it and from its ancestors.

A line keeps nothing but its quantity; everything else is the sum of the signed draws on its
*tracks*.  For an order's line (DESIGN 3.1):

    wanted       = quantity - dropped
    to fulfil    = wanted - (fulfilled - returned)
    to bill      = wanted - (billed - credited)

Below zero they say what is to come back and what is to be credited.  Whichever of return and
credit comes second settles what the first opened and drops nothing again.  A purchase is billed
by what was accepted: proposed (fulfilled - returned) - (billed - credited), at most
max(wanted, fulfilled - returned) - (billed - credited).

Two roads lead to an invoice (order, note) and two to a credit (invoice, return), so a draw is
made on the source line and on every ancestor line that has the track, and what a line offers is
the least over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.domain.errors import Refusal

ZERO = Decimal(0)


class Track(StrEnum):
    """What can be drawn from a line."""

    ORDER = "order"
    FULFIL = "fulfil"
    BILL = "bill"
    RETURN = "return"
    CREDIT = "credit"
    INSPECT = "inspect"
    DROP = "drop"


@dataclass(frozen=True)
class LineState:
    """A line with what was drawn from it.

    `rejected` is what a receipt set aside; a `service` is fulfilled when it is billed.
    """

    line_id: int
    quantity: Decimal
    drawn: Mapping[Track, Decimal] = field(default_factory=dict)
    rejected: Decimal = ZERO
    service: bool = False

    def on(self, track: Track) -> Decimal:
        """What live draws took on `track`."""
        return self.drawn.get(track, ZERO)

    @property
    def wanted(self) -> Decimal:
        """Quantity less what nobody wants any more."""
        return self.quantity - self.on(Track.DROP)

    @property
    def billed(self) -> Decimal:
        """Billed less credited."""
        return self.on(Track.BILL) - self.on(Track.CREDIT)

    @property
    def fulfilled(self) -> Decimal:
        """Delivered or accepted, less returned; a service counts when it is billed."""
        if self.service:
            return self.billed
        return self.on(Track.FULFIL) - self.on(Track.RETURN)

    @property
    def to_fulfil(self) -> Decimal:
        """What is still to come or to go; below zero: what is to come back."""
        return ZERO if self.service else self.wanted - self.fulfilled


Measure = Callable[[LineState], Decimal]
"""The most that a line gives on a track; below zero says what is owed the other way."""


def order_to_fulfil(line: LineState) -> Decimal:
    """What an order's line still has to deliver or to receive."""
    return line.to_fulfil


def order_to_bill(line: LineState) -> Decimal:
    """What a sales order's line still has to invoice."""
    return line.wanted - line.billed


def purchase_to_bill(line: LineState) -> Decimal:
    """The most that a vendor may still bill: what is wanted, or what was accepted if more."""
    if line.service:
        return line.wanted - line.billed
    return max(line.wanted, line.fulfilled) - line.billed


def purchase_bill_proposed(line: LineState) -> Decimal:
    """What a bill proposes: accepted and kept, not yet billed."""
    if line.service:
        return line.wanted - line.billed
    return line.fulfilled - line.billed


def order_to_return(line: LineState) -> Decimal:
    """What can come back of an order's line."""
    return ZERO if line.service else line.on(Track.FULFIL) - line.on(Track.RETURN)


def order_to_credit(line: LineState) -> Decimal:
    """What can be credited of an order's line: what was billed."""
    return line.billed


def offer_to_order(line: LineState) -> Decimal:
    """What a quote or a reservation still offers to be ordered."""
    return line.wanted - line.on(Track.ORDER)


def note_to_bill(line: LineState) -> Decimal:
    """What a delivery or receipt note still has to bill: kept there and not billed."""
    return line.quantity + line.on(Track.FULFIL) - line.on(Track.RETURN) - line.billed


def note_to_return(line: LineState) -> Decimal:
    """What can come back of a note's line."""
    return line.quantity + line.on(Track.FULFIL) - line.on(Track.RETURN)


def note_to_inspect(line: LineState) -> Decimal:
    """Rejected goods that are neither accepted after all nor returned."""
    return line.rejected - line.on(Track.INSPECT)


def to_credit(line: LineState) -> Decimal:
    """What a return's or an invoice's line still has to credit."""
    return line.quantity - line.on(Track.CREDIT)


@dataclass(frozen=True)
class LineRule:
    """What the lines of a kind have: the tracks, each with its measure or none.

    A track without a measure only remembers (a delivery note's line remembers what was credited
    of it, but the invoice's line is what limits it).  `is_root` marks orders: there the pieces
    that nobody wants any more are dropped, and there it is known what is to come back.
    """

    most: Mapping[Track, Measure | None] = field(default_factory=dict)
    proposed: Mapping[Track, Measure] = field(default_factory=dict)
    is_root: bool = False

    def has(self, track: Track) -> bool:
        """Whether lines of this kind have the track."""
        return track in self.most


@dataclass(frozen=True)
class Link:
    """A line in a chain: its state, and the rule of its kind."""

    line: LineState
    rule: LineRule


@dataclass(frozen=True)
class Offer:
    """What a conversion proposes for a line, and the most that it may be changed to."""

    proposed: Decimal
    most: Decimal


# What is taken of a return or of a credit is not "all that is there" but "what is owed back".
_OWED_BACK: Mapping[Track, Track] = {Track.RETURN: Track.FULFIL, Track.CREDIT: Track.BILL}


def offer(chain: Sequence[Link], tracks: Sequence[Track]) -> Offer:
    """What the first line of `chain` offers on `tracks`, the least over it and its ancestors.

    `chain` holds the source line first, then its ancestors (of all roads), each once.
    """
    most = max(ZERO, min(_measures(chain, tracks), default=ZERO))
    if tracks[0] in _OWED_BACK:
        return Offer(proposed=min(most, _owed_back(chain, _OWED_BACK[tracks[0]])), most=most)
    proposed = min(_measures(chain, tracks, proposed=True), default=ZERO)
    return Offer(proposed=max(ZERO, min(most, proposed)), most=most)


def _measures(
    chain: Sequence[Link], tracks: Iterable[Track], *, proposed: bool = False
) -> list[Decimal]:
    found = []
    for track in tracks:
        for link in chain:
            measure = link.rule.most.get(track)
            if proposed:
                measure = link.rule.proposed.get(track, measure)
            if measure is not None:
                found.append(measure(link.line))
    return found


def _owed_back(chain: Iterable[Link], forward: Track) -> Decimal:
    """What the order says is to come back (or to be credited); nothing without an order."""
    for link in chain:
        measure = link.rule.most.get(forward)
        if link.rule.is_root and measure is not None:
            return max(ZERO, -measure(link.line))
    return ZERO


class MoreThanOffered(Refusal):
    """More is asked of a line than it offers."""

    code = "more_than_offered"
    fact_names = ("name", "wanted", "offered")


@dataclass(frozen=True)
class DrawnQuantity:
    """A signed quantity to draw from a line on a track."""

    line_id: int
    track: Track
    quantity: Decimal


def draws(
    chain: Sequence[Link],
    tracks: Sequence[Track],
    quantity: Decimal,
    *,
    drops: bool,
    excess_allowed: bool = False,
) -> list[DrawnQuantity]:
    """The draws of one target line on its chain.

    Args:
        chain: the source line first, then its ancestors.
        tracks: the tracks of the conversion, the one that limits it first.
        quantity: how much, above zero.
        drops: what is returned is not replaced, what is credited is not wanted any more.
        excess_allowed: a tolerance or an approval allows more than is offered; what goes
            beyond what is wanted then counts as wanted.

    Raises:
        MoreThanOffered: `quantity` is more than the chain offers and no excess is allowed.
    """
    most = offer(chain, tracks).most
    if quantity > most and not excess_allowed:
        raise MoreThanOffered(name="", wanted=quantity, offered=most)
    found = [
        DrawnQuantity(link.line.line_id, track, quantity)
        for track in tracks
        for link in chain
        if link.rule.has(track)
    ]
    for link in chain:
        if link.rule.is_root:
            dropped = _dropped(link, tracks, quantity=quantity, drops=drops)
            if dropped != ZERO:
                found.append(DrawnQuantity(link.line.line_id, Track.DROP, dropped))
    return found


def _dropped(link: Link, tracks: Sequence[Track], *, quantity: Decimal, drops: bool) -> Decimal:
    """What this draw adds to (or takes from) what nobody wants any more on the order's line."""
    line, rule = link.line, link.rule
    track = tracks[0]
    if track is Track.INSPECT:
        # Rejected goods that go back: the order still wants others, unless it is told not to.
        return min(quantity, max(ZERO, line.to_fulfil)) if drops else ZERO
    if track in _OWED_BACK:
        measure = rule.most[_OWED_BACK[track]]
        opened = max(ZERO, -measure(line)) if measure is not None else ZERO
        if drops:
            return max(ZERO, quantity - opened)
        if track is Track.RETURN:
            return -min(opened, quantity, max(ZERO, line.on(Track.DROP)))
        return ZERO
    if track is Track.FULFIL:
        # An approved excess is wanted from then on, so that it can be billed.
        return min(ZERO, max(ZERO, line.to_fulfil) - quantity)
    return ZERO
