"""What a row of the table of documents says: the columns, not the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from core.domain.lifecycles import Action, Lifecycle
from core.domain.limits import LimitName
from core.domain.links import LineRule, Track
from core.domain.messages import N_
from core.domain.papers.view import PaperLayout
from core.domain.people import Right, Role
from core.domain.places import PlaceRole

DRAFT_OF: Final = N_("{kind} draft")
"""What a document is called before it has a number."""


class PartySide(StrEnum):
    """With whom a document is made."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EITHER = "either"
    NOBODY = "nobody"


class Claims(StrEnum):
    """Whether the lines of a document in force claim goods."""

    NO = "no"
    # Claims what is there and waits for the rest, for as long as it is in force.
    WAITING = "waiting"
    # Claims until a date.
    UNTIL = "until"


@dataclass(frozen=True)
class Route:
    """Where goods go from and to; a line may choose another place among `choices`."""

    source: PlaceRole
    target: PlaceRole
    # The places that a line may name instead of the inside end of the route.
    choices: tuple[PlaceRole, ...] = ()
    # What is rejected goes there (a receipt's quarantine).
    rejected: PlaceRole | None = None

    @property
    def leaves(self) -> bool:
        """Whether goods leave the company on this route."""
        return self.source.inside and not self.target.inside

    @property
    def arrives(self) -> bool:
        """Whether goods come to the company on this route."""
        return self.target.inside and not self.source.inside


@dataclass(frozen=True)
class DocumentType:
    """A row: everything in which a kind differs from the others.

    Attributes:
        sign: the picture beside its name, the same everywhere.
        debt: +1 when the party owes us the total, -1 when we owe it, 0 when nothing is owed.
        settles: it is money itself: it moves the account by its amount and direction.
        counts: its lines are counts of what is there, not quantities that move.
        needs_source: it can only be made from another document.
        incoming: its open lines are goods that are expected.
        goes_out: it is sent to the party as a paper.
        credits: it takes back what the party owes us (or we owe it) by another document.
        own_number: the party gives it a number of its own (a vendor's bill).
        limits: which limit of the owner each of its actions has; what is beyond needs approval.
    """

    kind: str
    prefix: str
    label: str
    plural: str
    lifecycle: Lifecycle
    party: PartySide
    priced: bool
    paper: PaperLayout
    sign: str
    rights: Mapping[Role, frozenset[Right]]
    issue_label: str = ""
    route: Route | None = None
    debt: int = 0
    settles: bool = False
    claims: Claims = Claims.NO
    incoming: bool = False
    reversible: bool = False
    counts: bool = False
    needs_source: bool = False
    goes_out: bool = False
    credits: bool = False
    own_number: bool = False
    limits: Mapping[Action, LimitName] = field(default_factory=dict)
    lines: LineRule = field(default_factory=LineRule)

    @property
    def watched(self) -> Track | None:
        """The track of its lines on which something is waited for once it is in force.

        Goods that are to come, or rejected goods that are to be inspected.
        """
        if self.incoming:
            return Track.FULFIL
        return Track.INSPECT if self.route is not None and self.route.rejected else None

    @property
    def excess_by_approval(self) -> bool:
        """Whether more than is offered can be taken at all, within a limit or by approval."""
        return LimitName.OVER_RECEIPT in self.limits.values()


@dataclass(frozen=True)
class Conversion:
    """One document made from another: the tracks it draws on, the limiting one first.

    `rejected_goods` tells a second row for the same pair apart: its lines are what a receipt
    rejected, and they leave from quarantine.
    """

    source: str
    target: str
    tracks: tuple[Track, ...]
    label: str
    rejected_goods: bool = False
    # The person says of each line whether the pieces are still wanted (returns, credits).
    asks_wanted: bool = False
    # Money can be taken off a line without a piece of it (a lower price, goodwill).
    by_amount: bool = False

    @property
    def drops_unless_told(self) -> bool:
        """What is taken when nobody says: what goes back is not wanted any more.

        In place of rejected goods, others are still wanted.
        """
        return self.asks_wanted and not self.rejected_goods
