"""A trading company for the tests of stock: papers are written straight into their tables.

What a posting of documents does with stock stands here in a few lines; whatever concerns stock
itself is done by the services under test.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.storage.sql import insert_one
from core.storage.tables import (
    claim,
    claim_end,
    document,
    draw,
    move,
    value_difference,
    waiting,
)
from core.storage.tables import document_line as line
from sqlalchemy import Connection, func, insert, select

from core.domain.documents import type_of
from core.domain.people import MACHINE, Actor
from core.domain.places import PlaceRole
from core.services import company, stock
from core.services.stock import Demand, Handover, Leg, Moved, StockLevel
from core.services.work import Event, Work
from core.storage import tables
from core.storage.database import Database, open_database
from core.storage.schema import migrate

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)
WAREHOUSE, QUARANTINE = PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE
VENDOR, CUSTOMER, LOSS = PlaceRole.VENDOR, PlaceRole.CUSTOMER, PlaceRole.LOSS

numbers = itertools.count(1)


def clock() -> datetime:
    """The database itself needs no other time."""
    return MORNING


def build(url: str) -> None:
    """Migrate the empty database at `url` and found the company."""

    def founded(connection: Connection) -> None:
        company.set_up(
            Work(connection, MACHINE, MORNING),
            name="Crimson", country="FR", currency="EUR", zone="Europe/Paris", language="en",
        )  # fmt: skip

    async def built() -> None:
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)
            await database.write(founded)

    asyncio.run(built())


def story(function: Callable[["Shop"], None]) -> Callable[[Database], Awaitable[None]]:
    """A test that happens in one transaction of a shop, on each database."""

    async def test(database: Database) -> None:
        await database.write(lambda connection: function(Shop(connection)))

    test.__name__, test.__doc__ = function.__name__, function.__doc__
    return test


@dataclass
class Shop:
    """The company; its clock stands still until a test moves it."""

    connection: Connection
    now: datetime = MORNING
    actor: Actor = MACHINE

    def __post_init__(self) -> None:
        self.places = company.places(self.connection)
        self.parties: dict[str, int] = {}
        self.events: list[Event] = []
        self.changed: set[str] = set()
        self.open: dict[int, Decimal] = defaultdict(Decimal)
        self.until: dict[int, datetime | None] = {}
        self.computer = self.product("Computer")

    # --- Work -------------------------------------------------------------------------------

    def work(self) -> Work:
        """A unit of work at this time, whose events the shop collects."""
        return Work(
            self.connection, self.actor, self.now, events=self.events, changed=self.changed
        )

    def passes(self, **time: int) -> None:
        """Time goes by."""
        self.now += timedelta(**time)

    def told(self, name: str) -> dict[str, Decimal]:
        """How much the parties were told of in events `name`, by party; then it is forgotten."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        names = {party_id: party for party, party_id in self.parties.items()}
        for event in self.events:
            if event.name == name:
                for each in event.facts["lines"]:
                    found[names[event.party_id]] += each["quantity"]
        self.events[:] = [event for event in self.events if event.name != name]
        return dict(found)

    # --- Things -----------------------------------------------------------------------------

    def product(self, name: str, **values: Any) -> int:
        """A product; goods unless said otherwise."""
        number = next(numbers)
        columns = {"nature": "goods", "unit_digits": 6} | values
        return insert_one(
            self.connection, tables.product, sku=f"P{number}", folded_sku=f"p{number}",
            name=name, folded_name=name.lower(), created_at=self.now, **columns,
        )  # fmt: skip

    def party(self, name: str) -> int:
        """A party, made when its name is heard first."""
        if name not in self.parties:
            self.parties[name] = insert_one(
                self.connection, tables.party, name=name, folded_name=name.lower(),
                is_customer=True, is_vendor=True, language="en", created_at=self.now,
            )  # fmt: skip
        return self.parties[name]

    def paper(
        self, kind: str, party: str | None, lines: Sequence[dict[str, Any]], **values: Any
    ) -> list[int]:
        """A document in force with lines; returns the lines' ids."""
        number = next(numbers)
        columns = {"state": "posted", "watched": type_of(kind).watched} | values
        document_id = insert_one(
            self.connection, document, kind=kind, party_id=party and self.party(party),
            series=f"S{number}", sequence=1, number=f"{kind}-{number}", created_at=self.now,
            **columns,
        )  # fmt: skip
        return [
            insert_one(
                self.connection,
                line,
                document_id=document_id,
                position=position,
                name="goods",
                **each,
            )
            for position, each in enumerate(lines)
        ]

    def document_of(self, line_id: int) -> int:
        """The document of a line."""
        wanted = select(line.c.document_id).where(line.c.id == line_id)
        return int(self.connection.execute(wanted).scalar_one())

    # --- Orders and reservations ------------------------------------------------------------

    def orders(self, party: str, *wanted: tuple[int, int], complete: bool = False) -> list[int]:
        """A confirmed sales order: (product, quantity) for each line."""
        lines = [{"product_id": each, "quantity": Decimal(many)} for each, many in wanted]
        ids = self.paper("sales_order", party, lines, state="confirmed", ships_complete=complete)
        for line_id, (_, many) in zip(ids, wanted, strict=True):
            self.open[line_id] = Decimal(many)
        self.demands(*ids, complete=complete)
        stock.allocate(self.work(), {product for product, _ in wanted})
        return ids

    def order(self, party: str, quantity: int, *, complete: bool = False) -> int:
        """A confirmed sales order for computers; its line."""
        (line_id,) = self.orders(party, (self.computer, quantity), complete=complete)
        return line_id

    def reserve(self, party: str, quantity: int, *, hours: int = 10) -> int:
        """A reservation of computers for some hours; its line."""
        until = self.now + timedelta(hours=hours)
        lines = [{"product_id": self.computer, "quantity": Decimal(quantity)}]
        (line_id,) = self.paper("reservation", party, lines, state="active", valid_until=until)
        self.open[line_id], self.until[line_id] = Decimal(quantity), until
        self.demands(line_id)
        stock.allocate(self.work(), [self.computer])
        return line_id

    def demands(self, *line_ids: int, complete: bool = False) -> None:
        """Let claims and waiting follow what the lines still want."""
        stock.set_demand(
            self.work(),
            [
                Demand(
                    each,
                    self.open[each],
                    self.now,
                    until=self.until.get(each),
                    complete_only=complete,
                )
                for each in line_ids
            ],
        )

    def order_reserved(self, reserved: int, quantity: int) -> int:
        """An order made from a reservation's line and confirmed; its line."""
        wanted = select(line.c.product_id, document.c.party_id).select_from(
            line.join(document, document.c.id == line.c.document_id)
        )
        row = self.connection.execute(wanted.where(line.c.id == reserved)).one()
        party = next(name for name, party_id in self.parties.items() if party_id == row.party_id)
        (line_id,) = self.paper(
            "sales_order",
            party,
            [
                {
                    "product_id": row.product_id,
                    "quantity": Decimal(quantity),
                    "source_line_id": reserved,
                }
            ],
            state="confirmed",
        )
        self.open[line_id] = Decimal(quantity)
        self.open[reserved] -= quantity
        stock.hand_over(self.work(), [Handover(reserved, line_id, Decimal(quantity))])
        self.demands(line_id)
        stock.allocate(self.work(), [row.product_id])
        return line_id

    def buys(self, party: str, quantity: int, *, on: date | None = None) -> int:
        """A confirmed purchase order for computers; its line."""
        lines = [{"product_id": self.computer, "quantity": Decimal(quantity)}]
        (line_id,) = self.paper("purchase_order", party, lines, state="confirmed", delivery_on=on)
        return line_id

    def drawn(self, line_id: int, track: str, quantity: int) -> None:
        """A draw on a line, by itself."""
        self.connection.execute(
            insert(draw).values(
                line_id=line_id,
                by_line_id=line_id,
                track=track,
                quantity=Decimal(quantity),
                at=self.now,
            )
        )

    # --- Goods ------------------------------------------------------------------------------

    def moves(
        self,
        kind: str,
        *wanted: tuple[int, Decimal],
        source: PlaceRole,
        target: PlaceRole,
        displace: bool = False,
        source_lines: Sequence[int | None] = (),
        order_lines: Sequence[int | None] = (),
        values: Sequence[int | None] = (),
        party: str | None = None,
        rejected: bool = False,
    ) -> list[Moved]:
        """A posted paper with one leg for each (product, quantity)."""
        nothing = [None] * len(wanted)
        ids = self.paper(
            kind,
            party,
            [
                {
                    "product_id": product,
                    "quantity": quantity,
                    "source_line_id": of,
                    "rejected_goods": rejected,
                }
                for (product, quantity), of in zip(wanted, source_lines or nothing, strict=True)
            ],
        )
        return stock.move_goods(
            self.work(),
            [
                Leg(
                    line_id,
                    product,
                    quantity,
                    self.places[source],
                    self.places[target],
                    order_line_id=order_line,
                    value_minor=value,
                )
                for line_id, (product, quantity), order_line, value in zip(
                    ids, wanted, order_lines or nothing, values or nothing, strict=True
                )
            ],
            displace=displace,
        )

    def receives(self, quantity: int, value: int = 0, *, product: int | None = None) -> Moved:
        """Goods come from a vendor; those who wait get theirs."""
        product = product or self.computer
        (moved,) = self.moves(
            "receipt_note", (product, Decimal(quantity)), source=VENDOR, target=WAREHOUSE,
            values=[value], party="Vendor",
        )  # fmt: skip
        stock.allocate(self.work(), [product])
        return moved

    def delivers(self, order_line: int, quantity: int) -> Moved:
        """Goods of an order's line are shipped."""
        product, party = self.connection.execute(
            select(line.c.product_id, tables.party.c.name)
            .select_from(
                line.join(document, document.c.id == line.c.document_id).join(
                    tables.party, tables.party.c.id == document.c.party_id
                )
            )
            .where(line.c.id == order_line)
        ).one()
        (moved,) = self.moves(
            "delivery_note", (product, Decimal(quantity)), source=WAREHOUSE, target=CUSTOMER,
            source_lines=[order_line], order_lines=[order_line], party=party,
        )  # fmt: skip
        self.open[order_line] -= quantity
        self.demands(order_line)
        stock.allocate(self.work(), [product])
        return moved

    def reverses(self, moved: Moved, *, order_line: int | None = None) -> list[Moved]:
        """A posting of one move is reversed by its opposite; its claims are made again."""
        first = self.connection.execute(select(move).where(move.c.id == moved.move_id)).one()
        leg = Leg(
            moved.line_id, first.product_id, first.quantity, first.to_place_id,
            first.from_place_id, reverses=moved.move_id,
        )  # fmt: skip
        done = stock.move_goods(self.work(), [leg], displace=True)
        stock.give_back(self.work(), [moved.line_id])
        if order_line is not None:
            self.open[order_line] += first.quantity
            self.demands(order_line)
        stock.allocate(self.work(), [first.product_id])
        return done

    def finds(self, difference: Decimal | int) -> list[Moved]:
        """A count posts its difference of computers."""
        source, target = (LOSS, WAREHOUSE) if difference > 0 else (WAREHOUSE, LOSS)
        moved = self.moves(
            "stock_adjustment", (self.computer, abs(Decimal(difference))), source=source,
            target=target, displace=True,
        )  # fmt: skip
        stock.allocate(self.work(), [self.computer])
        return moved

    # --- What there is ----------------------------------------------------------------------

    def level(self, product: int | None = None) -> StockLevel:
        """A product's numbers."""
        product = product or self.computer
        return stock.levels(self.connection, [product])[product]

    def claimed(self, line_id: int) -> Decimal:
        """What is open of a line's claims."""
        total = select(func.coalesce(func.sum(claim.c.open), 0))
        return Decimal(
            self.connection.execute(total.where(claim.c.line_id == line_id)).scalar_one()
        )

    def waits(self, line_id: int) -> Decimal:
        """What a line waits for."""
        total = select(func.coalesce(func.sum(waiting.c.quantity), 0))
        return Decimal(
            self.connection.execute(total.where(waiting.c.line_id == line_id)).scalar_one()
        )

    def ends(self, line_id: int) -> dict[str, Decimal]:
        """How the claims of a line ended, by reason."""
        rows = self.connection.execute(
            select(claim_end.c.reason, func.sum(claim_end.c.quantity).label("quantity"))
            .select_from(claim_end.join(claim, claim.c.id == claim_end.c.claim_id))
            .where(claim.c.line_id == line_id)
            .group_by(claim_end.c.reason)
        )
        return {row.reason: row.quantity for row in rows}

    def differences(self) -> list[tuple[int, str]]:
        """The value differences, in their order."""
        columns = value_difference.c.amount_minor, value_difference.c.cause
        rows = self.connection.execute(select(*columns).order_by(value_difference.c.id))
        return [(row.amount_minor, row.cause) for row in rows]

    def as_person(self, actor: Actor) -> "Shop":
        """The same shop, with somebody else acting."""
        other = replace(self, actor=actor)
        other.parties, other.events = self.parties, self.events
        return other
