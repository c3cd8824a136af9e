"""A company for the tests of stock alone: its documents are written straight into their tables.

What posting a document does with stock stands here in a few lines; everything about stock itself
is done by the services under test.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select

from core.domain.documents import type_of
from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.services import stock
from core.services.stock import Demand, Handover, Moved, StockLevel, StockMovement
from core.storage import tables
from core.storage.sql import insert_one
from core.storage.tables import claim_end, document, draw, move, party, value_difference
from core.storage.tables import document_line as line
from tests.company import Company, claim, story_in

WAREHOUSE, QUARANTINE = PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE
VENDOR, CUSTOMER, LOSS = PlaceRole.VENDOR, PlaceRole.CUSTOMER, PlaceRole.LOSS

numbers = itertools.count(1)


class Stockroom(Company):
    """A founded company with one product, the computer; parties come when they are first named.

    `open` is what each line still wants, `until` the end of each reservation's line.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.parties: dict[str, int] = {}
        self.open: dict[int, Decimal] = defaultdict(Decimal)
        self.until: dict[int, datetime] = {}
        self.computer = self.product("Computer")

    def pieces_told(self, name: str) -> dict[str, Decimal]:
        """Return how many pieces each party was told of in these events, and forget them."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        names = {party_id: each for each, party_id in self.parties.items()}
        for event in self.told(name):
            for each in event.facts["lines"]:
                found[names[event.party_id or 0]] += each["quantity"]
        self.events[:] = [event for event in self.events if event.name != name]
        return dict(found)

    # --- Rows -------------------------------------------------------------------------------

    def product(self, name: str, **values: Any) -> int:
        """Add a product: goods unless told otherwise."""
        number = next(numbers)
        columns = {"nature": "goods", "unit_digits": 6} | values
        return insert_one(
            self.connection, tables.product, sku=f"P{number}", folded_sku=f"p{number}",
            name=name, folded_name=name.lower(), created_at=self.now, **columns,
        )  # fmt: skip

    def party(self, name: str) -> int:
        """Return the party of this name, added when it is first named."""
        if name not in self.parties:
            self.parties[name] = insert_one(
                self.connection, party, name=name, folded_name=name.lower(),
                is_customer=True, is_vendor=True, language="en", created_at=self.now,
            )  # fmt: skip
        return self.parties[name]

    def write(
        self, kind: str, named: str | None, *lines: dict[str, Any], **values: Any
    ) -> list[int]:
        """Write a document in force for a named party; return the ids of its lines."""
        number = next(numbers)
        columns = {"state": "posted", "watched": type_of(kind).watched} | values
        document_id = insert_one(
            self.connection, document, kind=kind, party_id=named and self.party(named),
            series=f"S{number}", sequence=1, number=f"{kind}-{number}", created_at=self.now,
            **columns,
        )  # fmt: skip
        return [
            insert_one(
                self.connection, line, document_id=document_id, position=position, name="goods",
                **each,
            )
            for position, each in enumerate(lines)
        ]  # fmt: skip

    def computers(self, quantity: object, **values: Any) -> dict[str, Any]:
        """Return the columns of a line of computers."""
        return {"product_id": self.computer, "quantity": Decimal(str(quantity))} | values

    def document_of(self, line_id: int) -> int:
        """Return the document of a line."""
        wanted = select(line.c.document_id).where(line.c.id == line_id)
        return int(self.connection.execute(wanted).scalar_one())

    # --- Orders and reservations ------------------------------------------------------------

    def orders(self, named: str, *wanted: tuple[int, int], complete: bool = False) -> list[int]:
        """Confirm a sales order of (product, quantity); return its lines."""
        lines = [{"product_id": each, "quantity": Decimal(many)} for each, many in wanted]
        ids = self.write("sales_order", named, *lines, state="confirmed", ships_complete=complete)
        for line_id, (_, many) in zip(ids, wanted, strict=True):
            self.open[line_id] = Decimal(many)
        self.demands(*ids, complete=complete)
        stock.allocate(self.work, {product for product, _ in wanted})
        return ids

    def order(self, named: str, quantity: int, *, complete: bool = False) -> int:
        """Confirm a sales order of computers; return its line."""
        (line_id,) = self.orders(named, (self.computer, quantity), complete=complete)
        return line_id

    def reserve(self, named: str, quantity: int, *, hours: int = 10) -> int:
        """Reserve computers for some hours; return the reservation's line."""
        until = self.now + timedelta(hours=hours)
        lines = self.computers(quantity)
        (line_id,) = self.write("reservation", named, lines, state="active", valid_until=until)
        self.open[line_id], self.until[line_id] = Decimal(quantity), until
        self.demands(line_id)
        stock.allocate(self.work, [self.computer])
        return line_id

    def demands(self, *line_ids: int, complete: bool = False) -> None:
        """Let claims and waiting follow what the lines still want."""
        stock.set_demand(
            self.work,
            [
                replace(
                    each,
                    quantity=self.open[each.line_id],
                    until=self.until.get(each.line_id),
                    complete_only=complete,
                )
                for each in self.demands_of(line_ids)
            ],
        )

    def demands_of(self, line_ids: Sequence[int], quantity: Decimal = ZERO) -> list[Demand]:
        """Return the demand of each of these lines of goods, for a quantity."""
        rows = self.connection.execute(
            select(line.c.id, line.c.document_id, line.c.product_id).where(line.c.id.in_(line_ids))
        )
        return [Demand(*row, quantity, self.now) for row in sorted(rows)]

    def wants(self, line_id: int, quantity: int) -> None:
        """Change how much a line still wants."""
        self.open[line_id] = Decimal(quantity)
        self.demands(line_id)

    def order_reserved(self, reserved: int, quantity: int) -> int:
        """Confirm an order made from a reservation's line; return its line."""
        wanted = (
            select(line.c.product_id, party.c.name)
            .select_from(
                line.join(document, document.c.id == line.c.document_id).join(
                    party, party.c.id == document.c.party_id
                )
            )
            .where(line.c.id == reserved)
        )
        product, named = self.connection.execute(wanted).one()
        columns = {
            "product_id": product, "quantity": Decimal(quantity), "source_line_id": reserved,
        }  # fmt: skip
        (line_id,) = self.write("sales_order", named, columns, state="confirmed")
        self.open[line_id] = Decimal(quantity)
        self.open[reserved] -= quantity
        stock.hand_over(self.work, [Handover(reserved, line_id, Decimal(quantity))])
        self.demands(line_id)
        stock.allocate(self.work, [product])
        return line_id

    def buys(self, named: str, quantity: int, *, on: date | None = None) -> int:
        """Confirm a purchase order of computers; return its line."""
        (line_id,) = self.write(
            "purchase_order", named, self.computers(quantity), state="confirmed", delivery_on=on
        )
        return line_id

    def draws(self, line_id: int, track: str, quantity: int) -> None:
        """Draw from a line, for itself."""
        self.connection.execute(
            insert(draw).values(
                line_id=line_id, by_line_id=line_id, track=track, quantity=Decimal(quantity),
                at=self.now,
            )
        )  # fmt: skip

    # --- Goods ------------------------------------------------------------------------------

    def moves(
        self,
        kind: str,
        *wanted: tuple[int, object],
        source: PlaceRole,
        target: PlaceRole,
        displace: bool = False,
        source_lines: Sequence[int | None] = (),
        order_lines: Sequence[int | None] = (),
        values: Sequence[int | None] = (),
        named: str | None = None,
        rejected: bool = False,
    ) -> list[Moved]:
        """Post a document with one movement for each (product, quantity)."""
        nothing = [None] * len(wanted)
        goods = [(product, Decimal(str(quantity))) for product, quantity in wanted]
        ids = self.write(
            kind,
            named,
            *(
                {
                    "product_id": product,
                    "quantity": quantity,
                    "source_line_id": of,
                    "rejected_goods": rejected,
                }
                for (product, quantity), of in zip(goods, source_lines or nothing, strict=True)
            ),
        )
        places = self.places[source], self.places[target]
        movements = [
            StockMovement(
                line_id, product, quantity, *places, order_line_id=order, value_minor=value,
                source_line_id=of, rejected_goods=rejected,
            )
            for line_id, (product, quantity), order, value, of in zip(
                ids, goods, order_lines or nothing, values or nothing, source_lines or nothing,
                strict=True,
            )
        ]  # fmt: skip
        return stock.move_goods(self.work, movements, displace=displace)

    def moves_computers(
        self, kind: str, quantity: object, source: PlaceRole, target: PlaceRole, **how: Any
    ) -> Moved:
        """Post a document that moves computers; `of` is the line from which it is made."""
        of = how.pop("of", None)
        (moved,) = self.moves(
            kind, (self.computer, quantity), source=source, target=target,
            source_lines=[of] if of else (), **how,
        )  # fmt: skip
        return moved

    def receives(self, quantity: int, value: int = 0, *, product: int | None = None) -> Moved:
        """Receive goods from a vendor and give them to those who wait."""
        product = product or self.computer
        (moved,) = self.moves(
            "receipt_note", (product, quantity), source=VENDOR, target=WAREHOUSE,
            values=[value], named="Vendor",
        )  # fmt: skip
        stock.allocate(self.work, [product])
        return moved

    def delivers(self, order_line: int, quantity: int) -> Moved:
        """Ship goods of an order's line."""
        product, named = self.connection.execute(
            select(line.c.product_id, party.c.name)
            .select_from(
                line.join(document, document.c.id == line.c.document_id).join(
                    party, party.c.id == document.c.party_id
                )
            )
            .where(line.c.id == order_line)
        ).one()
        (moved,) = self.moves(
            "delivery_note", (product, quantity), source=WAREHOUSE, target=CUSTOMER,
            source_lines=[order_line], order_lines=[order_line], named=named,
        )  # fmt: skip
        self.open[order_line] -= quantity
        self.demands(order_line)
        stock.allocate(self.work, [product])
        return moved

    def reverses(self, moved: Moved, *, order_line: int | None = None) -> list[Moved]:
        """Reverse a move by its opposite, and make its claims again."""
        first = self.connection.execute(select(move).where(move.c.id == moved.move_id)).one()
        movement = StockMovement(
            moved.line_id, first.product_id, first.quantity, first.to_place_id,
            first.from_place_id, reverses=moved.move_id,
        )  # fmt: skip
        done = stock.move_goods(self.work, [movement], displace=True)
        stock.give_back(self.work, [moved.line_id])
        if order_line is not None:
            self.open[order_line] += first.quantity
            self.demands(order_line)
        stock.allocate(self.work, [first.product_id])
        return done

    def finds(self, difference: object) -> Moved:
        """Post the difference of a count of computers."""
        found = Decimal(str(difference))
        source, target = (LOSS, WAREHOUSE) if found > 0 else (WAREHOUSE, LOSS)
        moved = self.moves_computers("stock_adjustment", abs(found), source, target, displace=True)
        stock.allocate(self.work, [self.computer])
        return moved

    # --- What there is ----------------------------------------------------------------------

    def level(self, product: int | None = None) -> StockLevel:
        """Return the numbers of a product, the computer unless named."""
        product = product or self.computer
        return stock.levels(self.connection, [product])[product]

    def ends(self, line_id: int) -> dict[str, Decimal]:
        """Return how the claims of a line ended, by reason."""
        rows = self.connection.execute(
            select(claim_end.c.reason, func.sum(claim_end.c.quantity).label("quantity"))
            .select_from(claim_end.join(claim, claim.c.id == claim_end.c.claim_id))
            .where(claim.c.line_id == line_id)
            .group_by(claim_end.c.reason)
        )
        return {row.reason: row.quantity for row in rows}

    def differences(self) -> list[tuple[int, str]]:
        """Return the differences of value, in their order."""
        columns = value_difference.c.amount_minor, value_difference.c.cause
        rows = self.connection.execute(select(*columns).order_by(value_difference.c.id))
        return [(row.amount_minor, row.cause) for row in rows]


story = story_in(Stockroom)
