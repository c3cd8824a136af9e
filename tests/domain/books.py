"""Documents of one line each in memory: draws, chains, conversions, reversals, closing.

They follow the real table of kinds and the real rules of links; only the database is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.domain import links
from core.domain.document_type import Conversion, DocumentType
from core.domain.documents import CONVERSIONS, DOCUMENT_TYPES
from core.domain.links import DrawnQuantity, LineState, Link, Offer, Track
from core.domain.money import ZERO


class Refused(Exception):
    """A reversal that other documents stand in the way of."""


@dataclass
class Entry:
    """A document with its one line."""

    id: int
    kind: str
    quantity: Decimal
    rejected: Decimal = ZERO
    service: bool = False
    rejected_goods: bool = False
    source: int | None = None
    credited: int | None = None
    state: str = "in force"
    draws: list[DrawnQuantity] = field(default_factory=list)


@dataclass(frozen=True)
class Proposal:
    """A way on from a document: what is offered, and for a credit the line that is credited."""

    source: int
    rule: Conversion
    offer: Offer
    credited: int | None = None


class Books:
    """All entries, by id."""

    def __init__(
        self,
        types: Mapping[str, DocumentType] = DOCUMENT_TYPES,
        conversions: Sequence[Conversion] = CONVERSIONS,
    ) -> None:
        self.types = types
        self.conversions = conversions
        self.entries: dict[int, Entry] = {}

    def add(self, kind: str, quantity: int | Decimal, **more) -> int:
        """Add a document without a source; return its id."""
        id = len(self.entries) + 1
        self.entries[id] = Entry(id, kind, Decimal(quantity), **more)
        return id

    def line(self, id: int) -> LineState:
        """Return a line with all that was drawn from it."""
        entry = self.entries[id]
        drawn: dict[Track, Decimal] = {}
        for other in self.entries.values():
            for each in other.draws:
                if each.line_id == id:
                    drawn[each.track] = drawn.get(each.track, ZERO) + each.quantity
        return LineState(id, entry.quantity, drawn, rejected=entry.rejected, service=entry.service)

    def chain(self, *ids: int | None) -> list[Link]:
        """Return these lines first, then all their ancestors by every way, each once."""
        found = dict.fromkeys(each for each in ids if each is not None)
        todo = list(found)
        above: set[int] = set()
        while todo:
            entry = self.entries[todo.pop()]
            todo += [each for each in (entry.source, entry.credited) if each is not None]
            above.add(entry.id)
        found |= dict.fromkeys(sorted(above, reverse=True))
        return [self.link(each) for each in found]

    def link(self, id: int) -> Link:
        """Return a line with the rule of its kind."""
        entry = self.entries[id]
        return Link(self.line(id), self.types[entry.kind].lines, entry.state == "in force")

    def rule(self, source: int, target: str, *, rejected_goods: bool = False) -> Conversion:
        """Return the row that converts a document into a kind."""
        kind = self.entries[source].kind
        (found,) = [
            each
            for each in self.conversions
            if (each.source, each.target, each.rejected_goods) == (kind, target, rejected_goods)
        ]
        return found

    def rule_of(self, id: int) -> Conversion:
        """Return the row by which a document was made."""
        entry = self.entries[id]
        assert entry.source is not None
        return self.rule(entry.source, entry.kind, rejected_goods=entry.rejected_goods)

    def offered(self, source: int, rule: Conversion) -> list[Proposal]:
        """Return what a document offers; for a credit of a return, once for each billing line."""
        entry = self.entries[source]
        if entry.service and self.types[rule.target].route is not None:
            return []
        whole = links.offer(self.chain(source), rule.tracks)
        if rule.tracks[0] is not Track.CREDIT or self.types[entry.kind].route is None:
            return [Proposal(source, rule, whole)]
        billing = self.billing(source)
        free = [links.offer(self.chain(each), rule.tracks).most for each in billing]
        parts = links.spread(whole, free)
        return [
            Proposal(source, rule, part, each) for each, part in zip(billing, parts, strict=True)
        ]

    def billing(self, source: int) -> list[int]:
        """Return the lines in force that billed what came back: the note's, then the order's."""
        found: dict[int, None] = {}
        for link in self.chain(source):
            for other in self.entries.values():
                if other.state == "in force" and any(
                    each.line_id == link.line.line_id and each.track is Track.BILL
                    for each in other.draws
                ):
                    found[other.id] = None
        return list(found)

    def proposals(self) -> Iterator[Proposal]:
        """Return all ways on, even those that offer nothing at the moment."""
        for entry in list(self.entries.values()):
            if entry.state == "in force":
                for rule in self.conversions:
                    if rule.source == entry.kind:
                        yield from self.offered(entry.id, rule)

    def convert(
        self,
        source: int,
        target: str,
        quantity: int | Decimal,
        *,
        rejected: int | Decimal = ZERO,
        drops: bool = False,
        rejected_goods: bool = False,
        excess: bool = False,
        credited: int | None = None,
    ) -> int:
        """Make a document in force from another; return its id."""
        assert self.entries[source].state == "in force"
        rule = self.rule(source, target, rejected_goods=rejected_goods)
        drawn = []
        if quantity:
            drawn = links.draws(
                self.chain(source, credited),
                rule.tracks,
                Decimal(quantity),
                drops=drops and rule.asks_wanted,
                excess_allowed=excess and self.types[target].excess_by_approval,
            )
        id = self.add(
            target,
            quantity,
            rejected=Decimal(rejected),
            service=self.entries[source].service,
            rejected_goods=rejected_goods,
            source=source,
            credited=credited,
        )
        self.entries[id].draws = drawn
        return id

    def credit(self, source: int, target: str, quantity: int | Decimal) -> list[int]:
        """Credit a quantity of a return over the lines that billed it; return the quantities."""
        left = Decimal(quantity)
        taken = []
        for each in self.offered(source, self.rule(source, target)):
            part = min(left, each.offer.most)
            if part > ZERO:
                self.convert(source, target, part, credited=each.credited)
                taken.append(int(part))
                left -= part
        assert left == ZERO
        return taken

    def close(self, id: int) -> Decimal:
        """Close an order: drop its remainder, and make nothing more from it."""
        rest = self.line(id).remainder
        self.entries[id].state = "closed"
        if rest:
            self.entries[id].draws.append(DrawnQuantity(id, Track.DROP, rest))
        return rest

    def reverse(self, id: int) -> None:
        """Reverse a document: undo its draws, if nothing was built on it."""
        entry = self.entries[id]
        for other in self.entries.values():
            living = other.id != id and other.state == "in force"
            if living and any(each.line_id == id for each in other.draws):
                raise Refused("has children")
        kept = list(entry.draws)
        entry.draws = []
        if any(links.overdrawn(link) for link in self.chain(id) if not link.rule.is_root):
            entry.draws = kept
            raise Refused("others have built on it")
        entry.state = "reversed"
        for link in self.chain(id):
            more = links.dropped_after_reversal(link)
            if more:
                root = self.entries[link.line.line_id]
                root.draws.append(DrawnQuantity(root.id, Track.DROP, more))

    def offer(self, source: int, target: str, *, rejected_goods: bool = False) -> Offer:
        """Return what a document offers to a kind, over all its parts."""
        rule = self.rule(source, target, rejected_goods=rejected_goods)
        parts = self.offered(source, rule)
        return Offer(
            proposed=sum((each.offer.proposed for each in parts), start=ZERO),
            most=sum((each.offer.most for each in parts), start=ZERO),
        )

    def total(self, *kinds: str) -> Decimal:
        """Return the quantity of all documents of these kinds that are not reversed."""
        return sum(
            (
                each.quantity
                for each in self.entries.values()
                if each.kind in kinds and each.state != "reversed"
            ),
            start=ZERO,
        )
