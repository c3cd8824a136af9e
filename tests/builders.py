"""A shop in business words, over the real services: the short way to a situation in a test.

shop = Shop(connection, now)
order = shop.sells(20, "laptop", price="100")
note = shop.makes("delivery_note", order)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core.services.money import payments
from core.services.people import parties
from sqlalchemy import Connection

from core.domain.people import MACHINE, Actor
from core.services import company
from core.services.documents import converting, drafting, issuing, lifecycle, viewing
from core.services.documents.converting import Chosen
from core.services.documents.drafting import NewLine
from core.services.documents.viewing import DocumentView
from core.services.products import catalog
from core.services.work import Work

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Shop:
    """A company with a customer, a vendor and products made when they are first named."""

    def __init__(self, connection: Connection, now: datetime = NOW) -> None:
        self.work = Work(connection, MACHINE, now)
        company.set_up(
            self.work,
            name="Crimson",
            country="FR",
            currency="EUR",
            zone="Europe/Paris",
            language="en",
        )
        self.taxes = {
            percent: company.add_tax(
                self.work,
                name=f"VAT {percent}",
                category="S" if percent else "Z",
                percent=Decimal(percent),
                default=percent == "20",
            )
            for percent in ("20", "5.5")
        }
        self.customer = self._party("High End Computers", customer=True)
        self.vendor = self._party("Shenzhen Parts", vendor=True)
        self.products: dict[str, int] = {}

    def _party(self, name: str, **sides: bool) -> int:
        party_id = parties.add_party(self.work, name=name, language="en", currency="EUR", **sides)
        parties.add_address(
            self.work,
            party_id,
            use="billing",
            street="1 High Street",
            postal_code="1000",
            city="Town",
            country="FR",
        )
        return party_id

    def at(self, work: Work) -> Shop:
        """The same shop, in another unit of work."""
        there = copy(self)
        there.work = work
        return there

    def acts_as(self, actor: Actor) -> None:
        """Everything from now on is done by somebody else."""
        self.work = replace(self.work, actor=actor)

    def product(self, name: str, **details: Any) -> int:
        """The product of this name, made when it is first named."""
        if name not in self.products:
            given = {"list_price": Decimal(100)} | details
            self.products[name] = catalog.add_product(
                self.work, sku=name.upper(), name=name.title(), **given
            )
        return self.products[name]

    def line(self, quantity: object, name: str, price: object = None) -> NewLine:
        """A line to be written."""
        return NewLine(
            self.product(name),
            Decimal(str(quantity)),
            unit_price=None if price is None else Decimal(str(price)),
        )

    def drafts(self, kind: str, *lines: NewLine, **header: Any) -> int:
        """A draft for the party that its kind has."""
        side = {"customer": self.customer, "vendor": self.vendor}
        party_id = side.get(viewing.type_of(kind).party)
        return drafting.create(self.work, kind, party_id=party_id, lines=lines, **header)

    def issues(self, document_id: int, **how: Any) -> int:
        """Put a draft into force."""
        revision = self.sees(document_id).record.revision
        issuing.issue(self.work, document_id, revision=revision, **how)
        return document_id

    def buys(self, quantity: object, name: str, price: object = 100) -> int:
        """A purchase order in force."""
        return self.issues(self.drafts("purchase_order", self.line(quantity, name, price)))

    def has(self, quantity: object, name: str, price: object = 100) -> None:
        """Goods in the warehouse, bought at a price."""
        self.makes("receipt_note", self.buys(quantity, name, price))

    def sells(self, quantity: object, name: str, price: object = 100, **header: Any) -> int:
        """A sales order in force."""
        draft = self.drafts("sales_order", self.line(quantity, name, price), **header)
        return self.issues(draft)

    def makes(
        self,
        kind: str,
        source: int,
        *quantities: object,
        rejected: object = 0,
        rejected_goods: bool = False,
        drops: bool | None = None,
        **header: Any,
    ) -> int:
        """Convert and put into force: what is proposed, or these quantities line by line."""
        chosen = None
        if quantities:
            chosen = {
                each.line.id: Chosen(
                    Decimal(str(quantity)), rejected=Decimal(str(rejected)), drops=drops
                )
                for each, quantity in zip(self.sees(source).lines, quantities, strict=True)
            }
        return self.issues(
            converting.convert(
                self.work, source, kind, chosen=chosen, rejected_goods=rejected_goods, **header
            )
        )

    def reverses(self, document_id: int, **how: Any) -> None:
        """Undo a posted paper."""
        revision = self.sees(document_id).record.revision
        lifecycle.reverse(self.work, document_id, revision=revision, **how)

    def pays(self, document_id: int, amount: object = None) -> int:
        """Record the money that a paper wants, or a part of it."""
        given = None if amount is None else Decimal(str(amount))
        return payments.settle_due(self.work, document_id, amount=given).document_id

    def sees(self, document_id: int) -> DocumentView:
        """A document with all that can be done to it."""
        return viewing.view(self.work, document_id)

    def offers(self, document_id: int) -> dict[str, tuple[Decimal, Decimal]]:
        """What each way on proposes and gives at most, by its label."""
        return {
            each.rule.label.removesuffix(" {number}"): (each.proposed, each.most)
            for each in self.sees(document_id).conversions
        }

    def today(self) -> date:
        """The company's date."""
        return self.work.now.date()


Tells = Callable[[Callable[[Shop], Any]], Awaitable[Any]]
"""Plays a story over a new shop in one transaction, and gives what it returns."""
