"""Years of moves in a database, made in seconds: a few days by the services, then copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.services.documents import converting, drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.products import catalog
from core.services.work import Work
from tests.bench.copies import PAPERS, Copied, copy_documents

LINES = 10
STORIES = 50
PRODUCTS = 250
MOVES_OF_A_STORY = 2 * LINES

INSIDE = "(SELECT id FROM place WHERE inside)"
# What triggers apply comes in the order of the goods: in, promised, the promise kept, out.
COPIED: tuple[Copied, ...] = (
    *PAPERS,
    ("move", {"line_id": "document_line"}, f"to_place_id IN {INSIDE}"),
    ("claim", {"id": "claim", "line_id": "document_line"}, "TRUE"),
    ("claim_end", {"claim_id": "claim", "by_line_id": "document_line"}, "TRUE"),
    ("move", {"line_id": "document_line"}, f"from_place_id IN {INSIDE}"),
)


def trade(work: Work, vendor: int, customer: int, *, moves: int) -> None:
    """Fill a company without papers with moves: goods come from a vendor and go to a customer.

    `moves` is a multiple of 1,000, which is what the services play; the rest are copies.
    """
    products = [
        catalog.add_product(
            work, sku=f"ART-{number:04}", name=f"Article {number}", list_price=Decimal(10)
        )
        for number in range(PRODUCTS)
    ]
    for story in range(STORIES):
        chosen = [products[(story * LINES + each) % PRODUCTS] for each in range(LINES)]
        _play(work, vendor, ("purchase_order", "receipt_note"), _lines(chosen, quantity=20))
        _play(work, customer, ("sales_order", "delivery_note"), _lines(chosen, quantity=2))
    copies = moves // (STORIES * MOVES_OF_A_STORY) - 1
    if copies:
        copy_documents(work.connection, COPIED, copies=copies)


def _lines(products: Iterable[int], *, quantity: int) -> list[NewLine]:
    return [NewLine(each, Decimal(quantity), unit_price=Decimal(10)) for each in products]


def _play(work: Work, party: int, kinds: tuple[str, str], lines: Sequence[NewLine]) -> None:
    first, second = kinds
    order = drafting.create(work, first, party_id=party, lines=lines)
    issuing.issue(work, order, revision=0)
    note = converting.convert(work, order, second)
    issuing.issue(work, note, revision=0)
