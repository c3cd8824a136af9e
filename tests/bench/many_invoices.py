"""Years of invoices in a database, most of them paid: a few by the services, then copied."""

from __future__ import annotations

from decimal import Decimal

from core.services.money import payments

from core.services.documents import converting, drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.products import catalog
from core.services.work import Work
from tests.bench.copies import PAPERS, Copied, copy_documents

# A debt is booked before it is settled.
COPIED: tuple[Copied, ...] = (
    *PAPERS,
    ("account_entry", {"document_id": "document"}, "TRUE"),
    ("allocation", {"debit_id": "document", "credit_id": "document"}, "TRUE"),
)


def invoice(work: Work, customer: int, *, paid: int, left_open: int, times: int) -> None:
    """Fill a company without papers with invoices for a customer.

    The services play `paid` invoices that are paid and `left_open` that are not; what they have
    written is there so many times afterwards.
    """
    hour = catalog.add_product(
        work, sku="HOUR", name="Hour of work", nature="service", list_price=Decimal(10)
    )
    for number in range(paid + left_open):
        lines = [NewLine(hour, Decimal(3), unit_price=Decimal(10))]
        order = drafting.create(work, "sales_order", party_id=customer, lines=lines)
        issuing.issue(work, order, revision=0)
        billed = converting.convert(work, order, "invoice")
        issuing.issue(work, billed, revision=0)
        if number < paid:
            payments.settle_due(work, billed)
    copy_documents(work.connection, COPIED, copies=times - 1)
