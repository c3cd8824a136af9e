"""What use cases refuse whoever asks: what is missing, what has changed, what is not a draft.

Buttons on old cards lead to all of this: a card may be a year old.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from core.domain.document_type import PartySide
from core.domain.documents import DOCUMENT_TYPES
from core.domain.errors import Refusal
from core.services import attachments, company, stock
from core.services.company import UnknownZone
from core.services.documents import converting, differences, drafting, issuing, lifecycle, viewing
from core.services.documents.drafting import MOST_LINES, NeedsSource, NotADraft, TooManyLines
from core.services.people import parties, party_bulk, party_views
from core.services.people.party_bulk import PartyChange
from core.services.products import catalog, catalog_bulk, product_views
from core.services.products.catalog import SkuTaken
from core.services.products.catalog_bulk import ProductChange
from core.services.rights import Changed, NotFound
from tests.builders import Shop, story

Call = Callable[[Shop], Any]

MISSING = 999
"""An id that nothing has."""

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


def refused(shop: Shop, calls: Mapping[str, Call]) -> dict[str, tuple[type[Refusal], str]]:
    """Return the refusal of each call, with its subject."""
    found = {}
    for name, call in calls.items():
        with pytest.raises(Refusal) as refusal:
            call(shop)
        found[name] = type(refusal.value), str(refusal.value.facts.get("subject"))
    return found


NOT_FOUND: Mapping[str, Mapping[str, Call]] = {
    "document": {
        "look": lambda shop: viewing.view(shop.work, MISSING),
        "issue": lambda shop: issuing.issue(shop.work, MISSING, revision=0),
        "cancel": lambda shop: lifecycle.cancel(shop.work, MISSING, revision=0),
        "convert": lambda shop: converting.convert(shop.work, MISSING, "invoice"),
        "discard": lambda shop: drafting.discard(shop.work, MISSING, revision=0),
        "its pictures": lambda shop: attachments.of_document(shop.work, MISSING),
        "a picture for it": lambda shop: attachments.attach(
            shop.work, MISSING, [attachments.SentPicture("", "image/jpeg", "x")]
        ),
    },
    "line": {
        "change": lambda shop: drafting.change_line(
            shop.work, shop.drafts("quote"), MISSING, revision=0, quantity=Decimal(1)
        ),
        "a line of another draft": lambda shop: drafting.change_line(
            shop.work,
            shop.drafts("quote"),
            shop.line_id(shop.drafts("quote", (1, "laptop"))),
            revision=0,
            quantity=Decimal(1),
        ),
        "its goods": lambda shop: stock.holder(shop.work, MISSING),
    },
    "party": {
        "look": lambda shop: party_views.view(shop.work, MISSING),
        "draft": lambda shop: drafting.create(shop.work, "quote", party_id=MISSING),
    },
    "contact": {"end": lambda shop: parties.end_contact(shop.work, MISSING)},
    "product": {
        "look": lambda shop: product_views.view(shop.work, MISSING),
        "by its code": lambda shop: catalog.product_of(shop.work, sku="NONE"),
    },
    "tax": {"by default": lambda shop: company.set_default_tax(shop.work, MISSING)},
    "difference": {
        "everything came as ordered": lambda shop: differences.to_tell(
            shop.work, shop.makes("receipt_note", shop.buys(1, "laptop"))
        ),
        "nothing was ordered": lambda shop: differences.to_tell(
            shop.work, shop.drafts("stock_adjustment", (0, "laptop"))
        ),
    },
}


@story
def test_what_is_missing_is_named_in_the_refusal(shop: Shop) -> None:
    for subject, calls in NOT_FOUND.items():
        assert refused(shop, calls) == dict.fromkeys(calls, (NotFound, subject))


OLD = 7
"""A revision that nothing has."""
CHANGED: Mapping[str, Mapping[str, Call]] = {
    "product": {
        "one": lambda shop: catalog.change_product(
            shop.work, shop.product("laptop"), revision=OLD, shelf="A1"
        ),
        "many": lambda shop: catalog_bulk.change_products(
            shop.work, [ProductChange(shop.product("laptop"), OLD, {"shelf": "A1"})]
        ),
    },
    "party": {
        "one": lambda shop: parties.change_party(
            shop.work, shop.customer, revision=OLD, language="fr"
        ),
        "many": lambda shop: party_bulk.change_parties(
            shop.work, [PartyChange(shop.customer, OLD, {"language": "fr"})]
        ),
    },
}


@story
def test_what_somebody_else_has_changed_is_not_overwritten(shop: Shop) -> None:
    for subject, calls in CHANGED.items():
        assert refused(shop, calls) == dict.fromkeys(calls, (Changed, subject))
    laptop = shop.product("laptop")
    assert product_views.load(shop.connection, [laptop])[laptop].shelf == ""
    assert party_views.view(shop.work, shop.customer).record.language == "en"


TAKEN: Mapping[str, Call] = {
    "a code": lambda shop: catalog.add_product(shop.work, sku="laptop", name="x"),
    "a code of many": lambda shop: catalog_bulk.add_products(
        shop.work, [({"sku": "laptop", "name": "x", "nature": "goods"}, {})]
    ),
    "another's code": lambda shop: catalog.change_product(
        shop.work, shop.product("mouse"), revision=0, sku="Laptop"
    ),
    "another's barcode": lambda shop: catalog.change_product(
        shop.work, shop.product("mouse"), revision=0, barcode="4006381333931"
    ),
    "another's barcode, of many": lambda shop: catalog_bulk.change_products(
        shop.work, [ProductChange(shop.product("mouse"), 0, {"barcode": "4006381333931"})]
    ),
}


@pytest.mark.parametrize("name", TAKEN)
@story
def test_a_code_belongs_to_one_product(shop: Shop, name: str) -> None:
    shop.product("laptop", barcode="4006381333931")
    mouse = shop.product("mouse")
    with pytest.raises(SkuTaken) as refusal:
        TAKEN[name](shop)
    assert str(refusal.value.facts["sku"]).lower() in ("laptop", "4006381333931")
    # The database can still be used after the refusal.
    found = product_views.load(shop.connection, [mouse])[mouse]
    assert (found.sku, found.barcode) == ("MOUSE", None)
    assert catalog.count_products(shop.work) == 2


@story
def test_only_a_draft_can_be_edited(shop: Shop) -> None:
    order = shop.sells(1, "laptop")
    seen = shop.sees(order)
    for edit in (
        lambda: shop.adds_lines(order, (1, "mouse")),
        lambda: shop.edits_header(order, reference="x"),
        lambda: shop.discards(order),
    ):
        with pytest.raises(NotADraft) as refusal:
            edit()
        assert refusal.value.facts == {"number": seen.record.number}
    assert shop.sees(order) == seen


@story
def test_a_draft_has_no_more_lines_than_a_paper_can_show(shop: Shop) -> None:
    line = shop.line(1, "laptop")
    draft = shop.drafts("quote", *[line] * MOST_LINES)
    with pytest.raises(TooManyLines):
        shop.adds_lines(draft, line)


@story
def test_a_kind_that_needs_a_source_cannot_begin_without_one(shop: Shop) -> None:
    with pytest.raises(NeedsSource):
        shop.drafts("credit_note", (1, "laptop"))


@story
def test_a_document_made_from_another_takes_no_other_lines(shop: Shop) -> None:
    """Otherwise goods would leave without an order, and credits pay for what was never sold."""
    shop.has(5, "laptop")
    note = shop.converts("delivery_note", shop.sells(2, "laptop"))
    with pytest.raises(NeedsSource):
        shop.adds_lines(note, (1, "laptop"))
    assert shop.quantities(shop.issues(note)) == [2]


@story
def test_a_document_of_a_trade_needs_a_party(shop: Shop) -> None:
    """Without a party a document would have no currency and no totals."""
    lines = [shop.line(1, "laptop")]
    for row in DOCUMENT_TYPES.values():
        if row.party is PartySide.NOBODY:
            drafting.create(shop.work, row.kind, lines=lines)
        elif not row.needs_source:
            with pytest.raises(NotFound) as refusal:
                drafting.create(shop.work, row.kind, lines=lines)
            assert refusal.value.facts == {"subject": "party"}


@story
def test_an_unknown_time_zone_is_refused(shop: Shop) -> None:
    for zone in ("Europe/Atlantis", "Europe", "../etc/passwd"):
        with pytest.raises(UnknownZone):
            company.change(shop.work, zone=zone)
    assert company.current(shop.connection).zone == "Europe/Paris"


@story
def test_an_archived_product_is_visible_to_staff_only(shop: Shop) -> None:
    laptop = shop.product("laptop")
    shop.archives("laptop")
    assert product_views.view(shop.work, laptop).record.archived
    kim = shop.by(shop.contact())
    with pytest.raises(NotFound):
        product_views.view(kim.work, laptop)


@story
def test_editing_a_column_that_cannot_be_edited_is_a_programming_error(shop: Shop) -> None:
    with pytest.raises(TypeError, match="state"):
        drafting.change_header(shop.work, shop.drafts("quote"), revision=0, state="posted")
    contact = parties.add_contact(shop.work, shop.customer, name="Kim")
    with pytest.raises(TypeError, match="party_id"):
        parties.change_contact(shop.work, contact, party_id=True)
    with pytest.raises(ValueError, match="animal"):
        catalog.add_product(shop.work, sku="A", name="A", nature="animal")
