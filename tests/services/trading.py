"""A trading company over the real services: what its people do, in a line each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.services.amendments import amending
from core.services.money import payments
from core.services.people import parties
from sqlalchemy import Connection

from core.domain.people import MACHINE
from core.domain.places import PlaceRole
from core.services import company
from core.services.documents import converting, drafting, issuing, lifecycle
from core.services.documents.converting import Chosen
from core.services.documents.drafting import NewLine
from core.services.products import catalog
from core.services.work import Work
from core.storage.document_queries import (
    DocumentRecord,
    document,
    documents,
    documents_where,
    lines_of,
)

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass
class Trading:
    """The company, what it sells, a vendor and two customers; its clock is moved by hand."""

    connection: Connection
    now: datetime = MORNING
    products: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)

    def work(self) -> Work:
        """A unit of work at this time."""
        return Work(self.connection, MACHINE, self.now)

    def passes(self, **time: float) -> None:
        """Time goes by."""
        self.now += timedelta(**time)

    # --- Setting up -------------------------------------------------------------------------

    def found(self) -> "Trading":
        """Found the company."""
        work = self.work()
        company.set_up(
            work, name="Crimson", country="FR", currency="EUR", zone="Europe/Paris", language="en"
        )
        company.add_tax(work, name="VAT 20 %", category="S", percent=Decimal(20), default=True)
        export = company.add_tax(
            work, name="Export", category="G", percent=Decimal(0), default=False
        )
        catalog.set_rate(work, "AUD", Decimal("0.61"), day=date(2026, 11, 1), source="ECB")
        for sku, price, more in (
            ("LAP", "1450.33", {}),
            ("MOU", "18.05", {}),
            ("CAB", "1.2", {"unit": "m", "unit_digits": 2}),
            ("FREIGHT", "90", {"nature": "service"}),
        ):
            self.products[sku] = catalog.add_product(
                work, sku=sku, name=sku, list_price=Decimal(price), **more
            )
        self.parties["vendor"] = self.party("Shenzhen", vendor=True, currency="EUR")
        self.parties["customer"] = self.party("Martin", customer=True, currency="EUR")
        self.parties["abroad"] = self.party(
            "High End", customer=True, currency="AUD", tax_rule_id=export
        )
        return self

    def party(self, name: str, **details: Any) -> int:
        """A party with an address."""
        party_id = parties.add_party(self.work(), name=name, language="en", **details)
        parties.add_address(
            self.work(), party_id, use="billing", street="1 Road", postal_code="1", city="Town",
            country="FR",
        )  # fmt: skip
        return party_id

    # --- Papers -----------------------------------------------------------------------------

    def record(self, id: int) -> DocumentRecord:
        """A document as it stands."""
        return documents(self.connection, [id])[id]

    def line_ids(self, id: int) -> list[int]:
        """The ids of a document's lines."""
        return [each.id for each in lines_of(self.connection, [id]).get(id, [])]

    def issue(self, id: int, **how: Any) -> int:
        """Confirm, post, send or grant."""
        issuing.issue(self.work(), id, revision=self.record(id).revision, **how)
        return id

    def paper(self, kind: str, party: str | None, *lines: tuple[str, Any], **header: Any) -> int:
        """A document in force with lines (sku, quantity); returns its id."""
        new = [NewLine(self.products[sku], Decimal(many)) for sku, many in lines]
        id = drafting.create(
            self.work(), kind, party_id=party and self.parties[party], lines=new, **header
        )
        return self.issue(id)

    def makes(
        self, source: int, kind: str, *chosen: Chosen, rejected_goods: bool = False, **how: Any
    ) -> int:
        """A document in force made from another: what is proposed, or chosen line by line."""
        header = {"foreign_number": f"{kind}-{source}"} if how.pop("numbered", False) else {}
        picked = dict(zip(self.line_ids(source), chosen, strict=False)) if chosen else None
        id = converting.convert(
            self.work(), source, kind, chosen=picked, rejected_goods=rejected_goods, **header
        )
        return self.issue(id, **how)

    def numbered(self, number: str) -> int:
        """The id of the document with this number."""
        (found,) = documents_where(self.connection, document.c.number == number)
        return found.id

    def amends(self, number: str, **quantities: str) -> int:
        """Change an order: what it wants of each sku from now on; what is not named goes."""
        id = self.numbered(number)
        copy = amending.begin(self.work(), id)
        skus = {product_id: sku for sku, product_id in self.products.items()}
        for each in lines_of(self.connection, [copy]).get(copy, []):
            wanted = quantities.get(skus[each.product_id or 0])
            revision = self.record(copy).revision
            if wanted is None:
                drafting.remove_line(self.work(), copy, each.id, revision=revision)
            else:
                drafting.change_line(
                    self.work(), copy, each.id, revision=revision, quantity=Decimal(wanted)
                )
        amending.confirm(self.work(), copy, revision=self.record(copy).revision)
        return id

    def ends(self, how: str, id: int, **more: Any) -> None:
        """Close, cancel, release, decline or reverse."""
        getattr(lifecycle, how)(self.work(), id, revision=self.record(id).revision, **more)

    def pays(self, party: str, direction: str, amount: Any, *settles: int, **more: Any) -> int:
        """Money comes in or goes out."""
        currency = more.pop("currency", "EUR")
        return payments.pay(
            self.work(), self.parties[party], direction=direction, amount=Decimal(amount),
            currency=currency, settles=settles, **more,
        ).document_id  # fmt: skip

    def place(self, role: PlaceRole) -> int:
        """The id of a place."""
        return company.places(self.connection)[role]


def pieces(*quantities: Any, **more: Any) -> Sequence[Chosen]:
    """Quantities chosen of a document's lines, in their order."""
    return [Chosen(Decimal(each), **more) for each in quantities]
