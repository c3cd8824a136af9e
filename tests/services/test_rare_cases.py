"""Rare cases of the trade, each with its expected result."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from core.domain.document_type import PartySide
from core.domain.lifecycles import State
from core.domain.links import MoreThanOffered
from core.domain.papers import snapshot
from core.domain.places import PlaceRole
from core.services import reservations, search
from core.services.documents import duplicating, viewing
from core.services.documents.converting import Chosen
from core.services.documents.issuing import DateMissing
from core.services.documents.lifecycle import HasChildren
from core.services.people import merging, parties, party_bulk, party_views
from core.services.people.parties import PartyWithoutAddress
from core.services.products import catalog, price_answers, product_views
from core.services.products.pricing import Wanted, prices
from core.services.reservations import reservation_views
from core.storage.queries.document_queries import document
from tests.builders import Shop, audited_story, story

D = Decimal

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


# --- Goods ---------------------------------------------------------------------------------------


@audited_story
def test_an_order_that_ships_complete_claims_its_replacements(shop: Shop) -> None:
    shop.has(10, "laptop")
    shop.has(5, "mouse")
    order = shop.new("sales_order", (10, "laptop"), (5, "mouse"), ships_complete=True)
    note = shop.makes("delivery_note", order)
    shop.makes("sales_return", note, 3, 0, drops=False)
    assert shop.ready(order) == [3, 0]
    assert shop.offers(order)["Deliver"] == (3, 3)


@audited_story
def test_goods_set_aside_go_back_to_the_vendor_from_quarantine(shop: Shop) -> None:
    note = shop.makes("receipt_note", shop.buys(10, "laptop"))
    shop.issues(shop.transfers(2, "laptop", PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE))
    aside = Chosen(D(2), place_id=shop.places[PlaceRole.QUARANTINE])
    shop.makes("purchase_return", note, aside)
    level = shop.level("laptop")
    assert (level.on_hand, level.quarantine) == (8, 0)


@story
def test_an_acceptance_cannot_be_reversed_after_its_goods_went_back(shop: Shop) -> None:
    shop.has(50, "laptop")
    receipt = shop.makes("receipt_note", shop.buys(200, "laptop"), 190, rejected=10)
    accepted = shop.makes("transfer", receipt, rejected_goods=True)
    back = shop.makes("purchase_return", receipt, 200)
    with pytest.raises(HasChildren) as refused:
        shop.reverses(accepted)
    assert refused.value.facts["children"] == (shop.record(back).number,)


@story
def test_goods_are_not_delivered_to_an_address_that_ended(shop: Shop) -> None:
    shop.has(1, "laptop")
    harbour = shop.party("Harbour")
    dock = shop.address(harbour, use="delivery", street="Dock 7")
    order = shop.new("sales_order", (1, "laptop"), party=harbour, delivery_address_id=dock)
    again = duplicating.duplicate(shop.work, order).document_id
    assert shop.record(again).delivery_address_id == dock
    party_bulk.end_addresses(shop.work, [dock], again=[])
    again = duplicating.duplicate(shop.work, order).document_id
    assert shop.record(again).delivery_address_id is None
    with pytest.raises(PartyWithoutAddress):
        shop.makes("delivery_note", order)


# --- Money ---------------------------------------------------------------------------------------


@story
def test_a_return_is_not_credited_beyond_its_invoices(shop: Shop) -> None:
    shop.has(10, "pen")
    note = shop.delivers(10, "pen")
    shop.makes("invoice", note, 6)
    shop.makes("invoice", note, 4)
    back = shop.makes("sales_return", note, 8, drops=True)
    with pytest.raises(MoreThanOffered) as refused:
        shop.makes("credit_note", back, 9)
    assert refused.value.facts == {"name": "Pen", "wanted": 9, "offered": 8}


@story
def test_a_draft_from_a_closed_order_has_no_share_of_its_discount(shop: Shop) -> None:
    order = shop.sells(30, "pen", 10, discount_minor=1000)
    draft = shop.converts("invoice", order)
    assert shop.sees(draft).record.discount_minor == 1000
    shop.closes(order)
    assert shop.sees(draft).record.discount_minor == 0


@story
def test_a_party_that_owes_nothing_has_no_balance(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    (row,) = party_views.page(shop.work, PartySide.CUSTOMER).rows
    assert row.balances == {"EUR": D(120)}
    shop.pays(invoice)
    (row,) = party_views.page(shop.work, PartySide.CUSTOMER).rows
    assert row.balances == {}


@story
def test_setting_a_price_again_replaces_it(shop: Shop) -> None:
    laptop = shop.product("laptop")
    book = catalog.add_price_book(shop.work, name="List", currency="AUD")
    for amount in (90, 80):
        catalog.set_price(shop.work, book, laptop, unit_price=D(amount))
        found = prices(
            shop.connection, [Wanted(laptop, D(1), D(100))], currency="AUD",
            party_book_id=book, day=shop.today(), rate=D("0.6"),
        )  # fmt: skip
        assert found[laptop].unit_price == amount


@story
def test_a_price_without_a_named_currency_is_shown_in_all(shop: Shop) -> None:
    laptop = shop.product("laptop")
    book = catalog.add_price_book(shop.work, name="List", currency="AUD", is_default=True)
    catalog.set_price(shop.work, book, laptop, unit_price=D(150))
    found = price_answers.price_of(shop.work, laptop).prices
    assert [(each.amount, each.currency) for each in found] == [(100, "EUR"), (150, "AUD")]


@story
def test_without_a_rate_no_price_is_shown(shop: Shop) -> None:
    laptop = shop.product("laptop")
    hold = shop.drafts("reservation", (2, "laptop"))
    shop.changes_party(shop.customer, currency="AUD")
    shown = reservation_views.hold_facts(shop.work, shop.sees(hold))
    assert shown is not None
    assert shown.prices == {}
    kim = shop.by(shop.contact())
    assert product_views.view(kim.work, laptop).prices == []


@story
def test_without_payment_days_an_invoice_is_payable_on_receipt(shop: Shop) -> None:
    shop.changes_party(shop.customer, payment_days=0)
    invoice = shop.invoices(1, "pen", 100)
    record = shop.record(invoice)
    assert record.due_on == record.issued_on
    frozen = select(document.c.snapshot).where(document.c.id == invoice)
    text = shop.connection.execute(frozen).scalar_one()
    terms = snapshot.load(text, layout=record.type.paper).terms
    assert terms.text is not None
    assert terms.text.message == "Payable on receipt"


# --- People and lists ----------------------------------------------------------------------------


@story
def test_a_reservation_without_an_end_cannot_be_granted(shop: Shop) -> None:
    hold = shop.drafts("reservation", (2, "laptop"))
    shop.does(reservations.change, hold, quantities={shop.line_id(hold): D(3)})
    with pytest.raises(DateMissing) as refused:
        shop.does(reservations.grant, hold)
    assert refused.value.facts == {"field": "valid_until"}


@story
def test_documents_can_be_listed_by_state(shop: Shop) -> None:
    order = shop.sells(1, "laptop")
    draft = shop.drafts("sales_order", (1, "laptop"))

    def listed(*states: State) -> set[int]:
        page = viewing.page(shop.work, kind="sales_order", states=states)
        assert page.total == len(page.rows)
        return {each.id for each in page.rows}

    assert listed() == {order, draft}
    assert listed(State.CONFIRMED) == {order}
    assert listed(State.DRAFT, State.CANCELLED) == {draft}


@story
def test_merged_parties_keep_the_address_of_the_one_that_stays(shop: Shop) -> None:
    other = shop.party("High End Sydney")
    for use in ("billing", "delivery"):
        shop.address(other, use=use, street="2 Low Street")
    merging.merge_party(shop.work, other, shop.customer)
    found = parties.addresses(shop.connection, shop.customer)
    assert {each.use: each.street for each in found} == {
        "billing": "1 High Street", "delivery": "2 Low Street",
    }  # fmt: skip


@story
def test_a_product_merged_into_an_archived_one_is_not_found(shop: Shop) -> None:
    notebook = shop.product("notebook")
    merging.merge_product(shop.work, shop.product("laptop"), notebook)
    assert [each.id for each in search.products(shop.work, "laptop")] == [notebook]
    shop.archives("notebook")
    assert search.products(shop.work, "laptop") == []
