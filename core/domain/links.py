"""What a line offers, and what a conversion draws from it and from its ancestors.

A line keeps nothing but its quantity; everything else is the sum of the signed draws on its
*tracks*.  For an order's line (DESIGN 3.1):

    wanted       = quantity + excess - dropped
    to fulfil    = wanted - (fulfilled - returned)
    to bill      = wanted - (billed - credited)

Below zero they say what is to come back and what is to be credited.  Whichever of return and
credit comes second settles what the first opened and drops nothing again.  What an approval took
beyond the order is its excess: wanted from then on.  A vendor's bill is proposed by what was
accepted and kept, (fulfilled - returned) - (billed - credited), and may be all that is wanted.

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
from core.domain.money import ZERO


class Track(StrEnum):
    """What can be drawn from a line."""

    ORDER = "order"
    FULFIL = "fulfil"
    BILL = "bill"
    RETURN = "return"
    CREDIT = "credit"
    INSPECT = "inspect"
    # Money that was taken off a line without a piece of it: an amount of its currency.
    REDUCE = "reduce"
    # What nobody wants any more, and what was approved beyond the order.
    DROP = "drop"
    EXCESS = "excess"


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
        """Quantity and approved excess, less what nobody wants any more."""
        return self.quantity + self.on(Track.EXCESS) - self.on(Track.DROP)

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

    @property
    def remainder(self) -> Decimal:
        """What closing an order drops: goods that have not come or gone, a service not billed."""
        return max(ZERO, self.wanted - self.fulfilled)


Measure = Callable[[LineState], Decimal]
"""The most that a line gives on a track; below zero says what is owed the other way."""


def order_to_fulfil(line: LineState) -> Decimal:
    """What an order's line still has to deliver or to receive."""
    return line.to_fulfil


def order_to_bill(line: LineState) -> Decimal:
    """What an order's line still has to bill; below zero: what is to be credited."""
    return line.wanted - line.billed


def purchase_bill_proposed(line: LineState) -> Decimal:
    """What a vendor's bill proposes: accepted and kept, not yet billed."""
    return (line.wanted if line.service else line.fulfilled) - line.billed


def order_to_return(line: LineState) -> Decimal:
    """What can come back of an order's line; of a service nothing, for nothing is delivered."""
    return line.on(Track.FULFIL) - line.on(Track.RETURN)


def order_to_credit(line: LineState) -> Decimal:
    """What can be credited of an order's line: what was billed."""
    return line.billed


def offer_to_order(line: LineState) -> Decimal:
    """What a quote or a reservation still offers to be ordered."""
    return line.wanted - line.on(Track.ORDER)


def note_to_bill(line: LineState) -> Decimal:
    """What a delivery or receipt note still has to bill: kept there and not billed.

    A credit of what came back may be of a bill that was made on the other road, from the order:
    it frees nothing here.
    """
    return note_to_return(line) - max(ZERO, line.billed)


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
    """A line in a chain: its state, the rule of its kind, and whether its document is in force."""

    line: LineState
    rule: LineRule
    in_force: bool = True


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
            found += _changes_of_wishes(link, tracks[0], quantity=quantity, drops=drops)
    return found


def _changes_of_wishes(
    link: Link, track: Track, *, quantity: Decimal, drops: bool
) -> list[DrawnQuantity]:
    """What a draw changes of what is wanted of the order's line: dropped, or an excess."""
    line = link.line
    dropped = excess = ZERO
    # A closed order delivers nothing again, and of a service it bills nothing again.
    drops = drops or (not link.in_force and (track is Track.RETURN or line.service))
    if track is Track.FULFIL:
        # An approved excess is wanted from then on, so that it is kept and can be billed.
        excess = max(ZERO, quantity - max(ZERO, line.to_fulfil))
    elif track is Track.INSPECT and drops:
        # Rejected goods go back: the order still wants others, unless it is told not to.
        dropped = min(quantity, max(ZERO, line.to_fulfil))
    elif track in _OWED_BACK:
        opened = _owed_back([link], _OWED_BACK[track])
        if drops:
            dropped = max(ZERO, quantity - opened)
        elif track is Track.RETURN:
            # Pieces that nobody wanted any more come back to be replaced: wanted again.
            dropped = -min(opened, quantity, line.on(Track.DROP))
    changes = ((Track.DROP, dropped), (Track.EXCESS, excess))
    return [DrawnQuantity(line.line_id, track, each) for track, each in changes if each != ZERO]


def spread(whole: Offer, free: Sequence[Decimal]) -> list[Offer]:
    """A credit of what came back, over the lines that billed it, the oldest first.

    Args:
        whole: what the returned line offers to credit.
        free: how much of each billing line can still be credited.
    """
    found: list[Offer] = []
    for each in free:
        taken = sum((part.most for part in found), start=ZERO)
        proposed = sum((part.proposed for part in found), start=ZERO)
        most = max(ZERO, min(each, whole.most - taken))
        found.append(Offer(proposed=min(most, whole.proposed - proposed), most=most))
    return found


# What is owed in the other direction is no mistake: delivered beyond what is wanted, billed beyond
# what was kept.
_MAY_BE_OWED = frozenset(_OWED_BACK.values())


def overdrawn(link: Link) -> tuple[Track, ...]:
    """The tracks on which more was taken from a line than it has; none as long as all is right.

    A reversal that leaves a line like this would take away what others have built on.
    """
    found = [
        track
        for track, measure in link.rule.most.items()
        if measure is not None and track not in _MAY_BE_OWED and measure(link.line) < ZERO
    ]
    if link.line.wanted < ZERO:
        found.append(Track.DROP)
    return tuple(found)


def dropped_after_reversal(link: Link) -> Decimal:
    """What is added to the dropped quantity of an order's line once a paper below is reversed.

    A closed order wants none of what the reversal opened again.  And nobody wants less than
    nothing: pieces that were wanted again by the reversed paper may have been dropped since.
    """
    if not link.rule.is_root:
        return ZERO
    if link.line.wanted < ZERO:
        return link.line.wanted
    return ZERO if link.in_force else link.line.remainder
