"""What a use case refuses whoever asks: what is not there, what has changed, what is no draft.

Old buttons lead to all of it: a card may be a year old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from core.services.people import parties, party_bulk, party_views
from core.services.people.party_bulk import PartyChange
from core.services.products.catalog import SkuTaken
from core.services.products.catalog_bulk import ProductChange

from core.domain.document_type import PartySide
from core.domain.documents import DOCUMENT_TYPES
from core.domain.errors import Refusal
from core.domain.people import Role
from core.services import attachments, company, stock
from core.services.company import UnknownZone
from core.services.documents import converting, differences, drafting, issuing, lifecycle, viewing
from core.services.documents.drafting import MOST_LINES, NeedsSource, NotADraft, TooManyLines
from core.services.products import catalog, catalog_bulk, product_views
from core.services.rights import Changed, NotFound
from tests.builders import Shop, Tells
from tests.services.staff import Staff

Call = Callable[[Shop], Any]

NOBODY = 999
"""An id that nothing has."""

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


def refused(shop: Shop, calls: Mapping[str, Call]) -> dict[str, tuple[type[Refusal], str]]:
    """What each is refused with, and of which subject."""
    found = {}
    for name, call in calls.items():
        with pytest.raises(Refusal) as refusal:
            call(shop)
        found[name] = type(refusal.value), str(refusal.value.facts.get("subject"))
    return found


NOT_THERE: Mapping[str, Mapping[str, Call]] = {
    "document": {
        "look": lambda shop: viewing.view(shop.work, NOBODY),
        "issue": lambda shop: issuing.issue(shop.work, NOBODY, revision=0),
        "cancel": lambda shop: lifecycle.cancel(shop.work, NOBODY, revision=0),
        "convert": lambda shop: converting.convert(shop.work, NOBODY, "invoice"),
        "discard": lambda shop: drafting.discard(shop.work, NOBODY, revision=0),
        "its pictures": lambda shop: attachments.of_document(shop.work, NOBODY),
        "a picture for it": lambda shop: attachments.attach(
            shop.work, NOBODY, [attachments.SentPicture("", "image/jpeg", "x")]
        ),
    },
    "line": {
        "change": lambda shop: drafting.change_line(
            shop.work, shop.drafts("quote"), NOBODY, revision=0, quantity=Decimal(1)
        ),
        "a line of another draft": lambda shop: drafting.change_line(
            shop.work,
            shop.drafts("quote"),
            shop.sees(shop.drafts("quote", shop.line(1, "laptop"))).lines[0].line.id,
            revision=0,
            quantity=Decimal(1),
        ),
        "its goods": lambda shop: stock.holder(shop.work, NOBODY),
    },
    "party": {
        "look": lambda shop: party_views.view(shop.work, NOBODY),
        "draft": lambda shop: drafting.create(shop.work, "quote", party_id=NOBODY),
    },
    "contact": {"end": lambda shop: parties.end_contact(shop.work, NOBODY)},
    "product": {
        "look": lambda shop: product_views.view(shop.work, NOBODY),
        "by its code": lambda shop: catalog.product_of(shop.work, sku="NONE"),
    },
    "tax": {"by default": lambda shop: company.set_default_tax(shop.work, NOBODY)},
    "difference": {
        "all came as it was ordered": lambda shop: differences.to_tell(
            shop.work, shop.makes("receipt_note", shop.buys(1, "laptop"))
        ),
        "nothing was ordered": lambda shop: differences.to_tell(
            shop.work,
            drafting.create(shop.work, "stock_adjustment", lines=[shop.line(0, "laptop")]),
        ),
    },
}


async def test_what_is_not_there_is_refused_by_its_name(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        for subject, calls in NOT_THERE.items():
            assert refused(shop, calls) == dict.fromkeys(calls, (NotFound, subject))

    await tells(story)


OLD = 7
"""A revision at which nothing is."""
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


async def test_what_somebody_else_has_changed_stays_as_he_left_it(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        for subject, calls in CHANGED.items():
            assert refused(shop, calls) == dict.fromkeys(calls, (Changed, subject))
        laptop = shop.product("laptop")
        assert product_views.load(shop.work.connection, [laptop])[laptop].shelf == ""
        assert party_views.view(shop.work, shop.customer).record.language == "en"

    await tells(story)


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
async def test_a_code_belongs_to_one_product(tells: Tells, name: str) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop", barcode="4006381333931")
        mouse = shop.product("mouse")
        with pytest.raises(SkuTaken) as refusal:
            TAKEN[name](shop)
        assert str(refusal.value.facts["sku"]).lower() in ("laptop", "4006381333931")
        # The refusal leaves a database that goes on.
        found = product_views.load(shop.work.connection, [mouse])[mouse]
        assert (found.sku, found.barcode) == ("MOUSE", None)
        assert catalog.count_products(shop.work) == 2

    await tells(story)


async def test_only_a_draft_is_edited(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "laptop")
        seen = shop.sees(order)
        for edit in (
            lambda: drafting.add_lines(
                shop.work, order, revision=seen.record.revision, lines=[shop.line(1, "mouse")]
            ),
            lambda: drafting.change_header(
                shop.work, order, revision=seen.record.revision, reference="x"
            ),
            lambda: drafting.discard(shop.work, order, revision=seen.record.revision),
        ):
            with pytest.raises(NotADraft) as refusal:
                edit()
            assert refusal.value.facts == {"number": seen.record.number}
        assert shop.sees(order) == seen

    await tells(story)


async def test_a_draft_has_no_more_lines_than_a_paper_can_show(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        line = shop.line(1, "laptop")
        draft = shop.drafts("quote", *[line] * MOST_LINES)
        with pytest.raises(TooManyLines):
            drafting.add_lines(shop.work, draft, revision=0, lines=[line])

    await tells(story)


async def test_what_is_made_from_another_does_not_begin_by_itself(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        with pytest.raises(NeedsSource):
            shop.drafts("credit_note", shop.line(1, "laptop"))

    await tells(story)


async def test_nothing_stands_on_a_paper_beside_what_it_is_made_from(tells: Tells) -> None:
    """Goods would leave without an order, and a credit would pay for what was never sold."""

    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        note = converting.convert(shop.work, shop.sells(2, "laptop"), "delivery_note")
        with pytest.raises(NeedsSource):
            drafting.add_lines(shop.work, note, revision=0, lines=[shop.line(1, "laptop")])
        shop.issues(note)
        assert [each.line.quantity for each in shop.sees(note).lines] == [2]

    await tells(story)


async def test_a_trade_is_with_somebody(tells: Tells) -> None:
    """A paper for nobody had a number, no currency and no totals."""

    def story(shop: Shop) -> None:
        lines = [shop.line(1, "laptop")]
        for row in DOCUMENT_TYPES.values():
            if row.party is PartySide.NOBODY:
                drafting.create(shop.work, row.kind, lines=lines)
            elif not row.needs_source:
                with pytest.raises(NotFound) as refusal:
                    drafting.create(shop.work, row.kind, lines=lines)
                assert refusal.value.facts == {"subject": "party"}

    await tells(story)


async def test_a_time_zone_is_one_that_is_known(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        for zone in ("Europe/Atlantis", "Europe", "../etc/passwd"):
            with pytest.raises(UnknownZone):
                company.change(shop.work, zone=zone)
        assert company.current(shop.work.connection).zone == "Europe/Paris"

    await tells(story)


async def test_what_was_archived_is_there_for_staff_alone(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        catalog.archive_product(shop.work, laptop, revision=0)
        assert product_views.view(shop.work, laptop).record.archived
        shop.acts_as(Staff(shop).joins("Kim", Role.CUSTOMER))
        with pytest.raises(NotFound):
            product_views.view(shop.work, laptop)

    await tells(story)


async def test_columns_that_are_not_edited_so_are_the_programs_fault(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        with pytest.raises(TypeError, match="state"):
            drafting.change_header(shop.work, shop.drafts("quote"), revision=0, state="posted")
        contact = parties.add_contact(shop.work, shop.customer, name="Kim")
        with pytest.raises(TypeError, match="party_id"):
            parties.change_contact(shop.work, contact, party_id=True)
        with pytest.raises(ValueError, match="animal"):
            catalog.add_product(shop.work, sku="A", name="A", nature="animal")

    await tells(story)
