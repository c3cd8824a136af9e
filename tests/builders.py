"""A trading company in business words, over the real services: the short way to a situation.

    @story
    def test_a_delivery_takes_goods_out_of_stock(shop: Shop) -> None:
        shop.has(20, "laptop")
        order = shop.sells(5, "laptop", price="150")
        shop.makes("delivery_note", order)
        assert shop.level("laptop").on_hand == 15

A story happens in one transaction of a new shop, on SQLite and on PostgreSQL.  After an
`audited_story` the audit finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from core.domain.errors import Refusal
from core.domain.limits import LimitName
from core.domain.people import MACHINE, Actor
from core.domain.places import PlaceRole
from core.services import approval_views, approvals, company, limits, stock
from core.services.amendments import amending
from core.services.audit import Breach, audit
from core.services.documents import converting, drafting, issuing, lifecycle, viewing
from core.services.documents.converting import Chosen
from core.services.documents.drafting import NewLine
from core.services.documents.viewing import DocumentView, Progress, Settled
from core.services.limits import ApprovalNeeded
from core.services.money import accounts, credit, payments
from core.services.people import parties
from core.services.products import catalog, product_views
from core.services.work import Work
from core.storage.database import savepoint
from core.storage.queries.document_queries import (
    DocumentRecord,
    document,
    documents,
    documents_where,
)
from tests.actors import introduce
from tests.company import Company, found, story_in
from tests.migrated import NOW

T = TypeVar("T")

KNOWN: Mapping[str, Mapping[str, Any]] = {
    "cable": {"unit": "m", "unit_digits": 2},
    "freight": {"nature": "service", "list_price": Decimal(90)},
}
"""Products that are not goods in pieces at 100."""


def decimal(value: object) -> Decimal:
    """Return a number as a test writes it: an integer, a text or a decimal."""
    return Decimal(str(value))


class Shop(Company):
    """A company with a customer, a vendor and products made when they are first named."""

    def __init__(self, connection: Connection, now: datetime = NOW) -> None:
        super().__init__(connection, now)
        found(self.work)
        self.taxes = {
            percent: company.add_tax(
                self.work,
                name=f"VAT {percent}",
                category="S",
                percent=Decimal(percent),
                default=percent == "20",
            )
            for percent in ("20", "5.5")
        }
        self.products: dict[str, int] = {}
        self.customer = self.party("High End Computers")
        self.vendor = self.party("Shenzhen Parts", vendor=True)
        for each in (self.customer, self.vendor):
            self.address(each)

    # --- Parties and products ---------------------------------------------------------------

    def party(self, name: str, **details: Any) -> int:
        """Add a party without an address: a customer unless told otherwise."""
        side = {} if details.keys() & {"customer", "vendor"} else {"customer": True}
        given = {"name": name, "language": "en", "currency": "EUR"} | side | details
        return parties.add_party(self.work, **given)

    def address(self, party_id: int, **details: Any) -> int:
        """Add an address of a party."""
        given = {
            "use": "billing",
            "street": "1 High Street",
            "postal_code": "1000",
            "city": "Town",
            "country": "FR",
        }
        return parties.add_address(self.work, party_id, **given | details)

    def contact(self, name: str = "Kim", *, of: int | None = None, **rights: Any) -> Actor:
        """Add somebody who has joined as a contact of a party, the customer's unless named."""
        quiet = Work(self.connection, MACHINE, self.now)
        return introduce(quiet, of or self.customer, name, **rights)

    def product(self, name: str, **details: Any) -> int:
        """Return the product of this name, made when it is first named."""
        if name not in self.products:
            given = {"list_price": Decimal(100)} | dict(KNOWN.get(name, {})) | details
            self.products[name] = catalog.add_product(
                self.by(MACHINE).work, sku=name.upper(), name=name.title(), **given
            )
        return self.products[name]

    def changes_product(self, called: str, /, **changes: Any) -> None:
        """Change a product at its present revision."""
        product_id = self.product(called)
        revision = product_views.load(self.connection, [product_id])[product_id].revision
        catalog.change_product(self.work, product_id, revision=revision, **changes)

    def archives(self, name: str) -> None:
        """Archive a product."""
        self.changes_product(name, archived_at=self.now)

    def changes_party(self, party_id: int, **changes: Any) -> None:
        """Change a party at its present revision."""
        revision = parties.load(self.connection, [party_id])[party_id].revision
        parties.change_party(self.work, party_id, revision=revision, **changes)

    # --- Drafts -----------------------------------------------------------------------------

    def line(self, quantity: object, name: str, price: object = None, **details: Any) -> NewLine:
        """Return a line to be written."""
        return NewLine(
            self.product(name),
            decimal(quantity),
            unit_price=None if price is None else decimal(price),
            **details,
        )

    def drafts(
        self,
        kind: str,
        *lines: NewLine | tuple[Any, ...],
        party: int | None = None,
        **header: Any,
    ) -> int:
        """Draft a document with lines, which may be (quantity, name, price)."""
        return self._drafts(self.work, kind, lines, party=party, **header)

    def _drafts(
        self,
        work: Work,
        kind: str,
        lines: Sequence[NewLine | tuple[Any, ...]],
        *,
        party: int | None,
        **header: Any,
    ) -> int:
        side = {"customer": self.customer, "vendor": self.vendor}
        party_id = party or side.get(viewing.type_of(kind).party)
        return drafting.create(work, kind, party_id=party_id, lines=self._lines(lines), **header)

    def _lines(self, lines: Sequence[NewLine | tuple[Any, ...]]) -> list[NewLine]:
        return [each if isinstance(each, NewLine) else self.line(*each) for each in lines]

    def converts(self, kind: str, source: int, *quantities: object, **how: Any) -> int:
        """Draft a document from another: what is proposed, or these quantities line by line."""
        return self._converts(self.work, kind, source, *quantities, **how)

    def _converts(
        self,
        work: Work,
        kind: str,
        source: int,
        *quantities: object,
        rejected: object = 0,
        drops: bool | None = None,
        chosen: dict[int, Chosen] | None = None,
        **header: Any,
    ) -> int:
        if quantities:
            chosen = self.chosen(source, *quantities, rejected=rejected, drops=drops)
        return converting.convert(work, source, kind, chosen=chosen, **header)

    def chosen(
        self,
        source: int,
        *quantities: object,
        rejected: object = 0,
        drops: bool | None = None,
    ) -> dict[int, Chosen]:
        """Return what is chosen of a document's lines, in their order."""
        return {
            line_id: each
            if isinstance(each, Chosen)
            else Chosen(decimal(each), rejected=decimal(rejected), drops=drops)
            for line_id, each in zip(self.line_ids(source), quantities, strict=True)
        }

    def counts(self, name: str, counted: object, **details: Any) -> int:
        """Draft a count of a product."""
        product_id = self.product(name)
        seen = stock.count(self.connection, [product_id])[product_id]
        line = self.line(
            0, name, counted=decimal(counted), level_at_count=seen.level,
            move_at_count=seen.last_move_id, **details,
        )  # fmt: skip
        return self.drafts("stock_adjustment", line)

    def transfers(self, quantity: object, name: str, source: PlaceRole, target: PlaceRole) -> int:
        """Draft a transfer of a product from one place to another."""
        places = self.places
        line = self.line(quantity, name, from_place_id=places[source], to_place_id=places[target])
        return self.drafts("transfer", line)

    # --- Documents in force -----------------------------------------------------------------

    def issues(self, document_id: int, **how: Any) -> int:
        """Put a draft into force."""
        return self._issues(self.work, document_id, **how)

    def _issues(self, work: Work, document_id: int, **how: Any) -> int:
        issuing.issue(work, document_id, revision=self.revision(document_id), **how)
        return document_id

    def new(
        self,
        kind: str,
        *lines: NewLine | tuple[Any, ...],
        party: int | None = None,
        **header: Any,
    ) -> int:
        """Draft a document and put it into force, in one unit of work."""
        work = self.work
        return self._issues(work, self._drafts(work, kind, lines, party=party, **header))

    def makes(self, kind: str, source: int, *quantities: object, **how: Any) -> int:
        """Convert a document and put the new one into force, in one unit of work."""
        work = self.work
        return self._issues(work, self._converts(work, kind, source, *quantities, **how))

    def buys(self, quantity: object, name: str, price: object = 100) -> int:
        """Order goods from the vendor."""
        return self.new("purchase_order", (quantity, name, price))

    def has(self, quantity: object, name: str, price: object = 100) -> None:
        """Have goods in the warehouse, bought at a price."""
        self.makes("receipt_note", self.buys(quantity, name, price))

    def sells(self, quantity: object, name: str, price: object = 100, **header: Any) -> int:
        """Take the customer's order."""
        return self.new("sales_order", (quantity, name, price), **header)

    def invoices(self, quantity: object, name: str, price: object = 100, **header: Any) -> int:
        """Invoice the customer without an order; VAT of 20 % comes on top."""
        return self.new("invoice", (quantity, name, price), **header)

    def reserves(self, quantity: object, name: str, until: datetime, **header: Any) -> int:
        """Hold goods for the customer."""
        return self.new("reservation", (quantity, name), valid_until=until, **header)

    def delivers(self, quantity: object, name: str, price: object = 100) -> int:
        """Sell goods and deliver all of them; return the delivery note."""
        return self.makes("delivery_note", self.sells(quantity, name, price))

    # --- What is done with them -------------------------------------------------------------

    def does(self, service: Callable[..., T], document_id: int, *arguments: Any, **how: Any) -> T:
        """Call a service on a document at its present revision."""
        revision = self.revision(document_id)
        return service(self.work, document_id, *arguments, revision=revision, **how)

    def cancels(self, document_id: int, **why: str) -> None:
        """Cancel a document."""
        self.does(lifecycle.cancel, document_id, **why)

    def closes(self, document_id: int, **why: str) -> None:
        """Close an order."""
        self.does(lifecycle.close, document_id, **why)

    def closes_line(self, document_id: int, line_id: int, **why: str) -> Decimal:
        """Drop what remains of a line; return how much that was."""
        return self.does(lifecycle.close_line, document_id, line_id, **why)

    def accepts(self, document_id: int) -> None:
        """Accept a quote."""
        self.does(lifecycle.accept, document_id)

    def declines(self, document_id: int, **why: str) -> None:
        """Decline a quote."""
        self.does(lifecycle.decline, document_id, **why)

    def releases(self, document_id: int) -> None:
        """Release a reservation."""
        self.does(lifecycle.release, document_id)

    def reverses(self, document_id: int, **how: Any) -> None:
        """Undo a posted document."""
        self.does(lifecycle.reverse, document_id, **how)

    # --- Amending ---------------------------------------------------------------------------

    def begins_change(self, order: int, **changes: Any) -> int:
        """Begin to change an order, perhaps by its first line; return the working copy."""
        draft = amending.begin(self.work, order)
        if changes:
            self.edits(draft, **changes)
        return draft

    def edits(self, draft: int, at: int = 0, **changes: Any) -> None:
        """Change a line of a draft."""
        self.does(drafting.change_line, draft, self.line_id(draft, at), **changes)

    def adds_lines(self, draft: int, *lines: NewLine | tuple[Any, ...]) -> None:
        """Add lines to a draft."""
        self.does(drafting.add_lines, draft, lines=self._lines(lines))

    def removes_line(self, draft: int, at: int = 0) -> None:
        """Take a line off a draft."""
        self.does(drafting.remove_line, draft, self.line_id(draft, at))

    def edits_header(self, draft: int, **changes: Any) -> None:
        """Change what a draft says beside its lines."""
        self.does(drafting.change_header, draft, **changes)

    def discards(self, draft: int) -> None:
        """Throw a draft away."""
        self.does(drafting.discard, draft)

    def confirms(self, draft: int) -> amending.Amended:
        """Confirm the working copy of a change."""
        return self.does(amending.confirm, draft)

    def amends(self, order: int, *quantities: object) -> int:
        """Change an order to these quantities, line by line; a line without any goes."""
        draft = self.begins_change(order)
        for line_id, quantity in zip(self.line_ids(draft), quantities, strict=True):
            if quantity:
                self.does(drafting.change_line, draft, line_id, quantity=decimal(quantity))
            else:
                self.does(drafting.remove_line, draft, line_id)
        self.confirms(draft)
        return order

    # --- Money ------------------------------------------------------------------------------

    def sets_rate(self, currency: str, rate: object) -> None:
        """Set today's rate of a currency."""
        catalog.set_rate(self.work, currency, decimal(rate), day=self.today(), source="ECB")

    def pays(self, document_id: int, amount: object = None, **how: Any) -> int:
        """Book the money that a document wants, or another amount; return the payment."""
        given = None if amount is None else decimal(amount)
        return payments.settle_due(self.work, document_id, amount=given, **how).document_id

    def collects(self, amount: object, *settles: int, party: int | None = None, **how: Any) -> int:
        """Book money that came, from the customer unless named; for these documents or none."""
        given = {"direction": "in", "amount": decimal(amount), "currency": "EUR"} | how
        issued = payments.pay(self.work, party or self.customer, settles=settles, **given)
        return issued.document_id

    def takes_deposit(self, order: int, amount: object) -> int:
        """Book money for an order before its invoice."""
        return payments.take_deposit(self.work, order, amount=decimal(amount)).document_id

    def pays_back(self, amount: object = None, **how: Any) -> int:
        """Pay credit back to the customer: all of it, or an amount."""
        given = None if amount is None else decimal(amount)
        direction = {"direction": "out", "currency": "EUR"}
        return credit.pay_back(
            self.work, self.customer, amount=given, **direction | how
        ).document_id

    def uses_credit(self, *debts: int, party: int | None = None, **how: Any) -> Decimal:
        """Use credit of a party, the customer unless named; return how much was used."""
        given = {"direction": "out", "currency": "EUR"} | how
        return credit.use_credit(self.work, party or self.customer, debts=debts, **given)

    # --- Approvals --------------------------------------------------------------------------

    def sets_limit(self, name: LimitName, value: object) -> None:
        """Set one of the owner's limits."""
        limits.change(self.work, name, decimal(value))

    def needs_approval(self, document_id: int, **how: Any) -> ApprovalNeeded:
        """Try to issue what is beyond a limit; return the refusal."""
        with pytest.raises(ApprovalNeeded) as refused:
            self.issues(document_id, **how)
        return refused.value

    def asks(self, document_id: int, **how: Any) -> int:
        """Be refused, and ask for an approval of the figures of the refusal."""
        facts = self.needs_approval(document_id, **how).facts
        return approvals.ask(
            self.work,
            document_id,
            revision=int(str(facts["revision"])),
            digest=str(facts["digest"])[:12],
        )

    def grants(self, approval_id: int) -> approvals.Outcome:
        """Grant an approval."""
        return approvals.grant(self.work, approval_id)

    def approval(self, approval_id: int) -> approval_views.ApprovalRecord:
        """Return an approval as it stands."""
        found = approval_views.by_id(self.connection, approval_id)
        assert found is not None
        return found

    # --- What there is ----------------------------------------------------------------------

    def sees(self, document_id: int) -> DocumentView:
        """Return a document with all that can be done to it."""
        return viewing.view(self.work, document_id)

    def numbered(self, number: str) -> int:
        """Return the id of the document with a number."""
        (found,) = documents_where(self.connection, document.c.number == number)
        return found.id

    def record(self, document_id: int) -> DocumentRecord:
        """Return the row of a document, whoever may see it."""
        return documents(self.connection, [document_id])[document_id]

    def revision(self, document_id: int) -> int:
        """Return the present revision of a document."""
        return self.record(document_id).revision

    def state(self, document_id: int) -> str:
        """Return the state of a document."""
        return self.record(document_id).state

    def line_ids(self, document_id: int) -> list[int]:
        """Return the ids of a document's lines, whoever may see it."""
        return [each.line.id for each in self.by(MACHINE).sees(document_id).lines]

    def line_id(self, document_id: int, at: int = 0) -> int:
        """Return the id of a document's line."""
        return self.line_ids(document_id)[at]

    def quantities(self, document_id: int) -> list[Decimal]:
        """Return the quantities of a document's lines."""
        return [each.line.quantity for each in self.sees(document_id).lines]

    def ready(self, order: int) -> list[Decimal]:
        """Return how many pieces are there for each line of an order."""
        return [each.ready for each in self.sees(order).lines]

    def offers(self, document_id: int) -> dict[str, tuple[Decimal, Decimal]]:
        """Return what each way on proposes and gives at most, by its label."""
        return {
            each.rule.label.removesuffix(" {number}"): (each.proposed, each.most)
            for each in self.sees(document_id).conversions
        }

    def progress(self, order: int) -> Progress:
        """Return how far an order is."""
        progress = self.sees(order).progress
        assert progress is not None
        return progress

    def is_complete(self, order: int) -> bool:
        """Return whether nothing of an order is left to do."""
        return self.progress(order).is_complete

    def settled(self, document_id: int) -> Settled:
        """Return how far a document is paid."""
        settled = self.sees(document_id).settled
        assert settled is not None
        return settled

    def due(self, document_id: int) -> Decimal:
        """Return what is still to be paid of a document."""
        return self.settled(document_id).due

    def total(self, document_id: int) -> Decimal:
        """Return the total of a document."""
        total = self.record(document_id).total
        assert total is not None
        return total

    def balance(self, party_id: int | None = None) -> dict[str, Decimal]:
        """Return what a party owes by currency, the customer unless named."""
        return accounts.balances(self.connection, party_id or self.customer)

    def level(self, name: str) -> stock.StockLevel:
        """Return the numbers of a product."""
        product_id = self.product(name)
        return stock.levels(self.connection, [product_id])[product_id]

    def today(self) -> date:
        """Return the company's date."""
        return self.now.date()

    def audit(self) -> list[Breach]:
        """Return what is wrong with the books."""
        return audit(self.connection)

    @contextmanager
    def refuses(self, refusal: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
        """Expect a refusal, which leaves nothing, as in a turn."""
        with pytest.raises(refusal) as refused, savepoint(self.connection):
            yield refused


def nothing_is_wrong(shop: Shop) -> None:
    """Audit the books at the end of a story."""
    breaches = shop.audit()
    assert not breaches, "\n".join(map(str, breaches))


story = story_in(Shop)
audited_story = story_in(Shop, nothing_is_wrong)
