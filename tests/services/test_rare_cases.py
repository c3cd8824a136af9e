"""What is rare in the trade, each with the answer that must come out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from core.services.documents.lifecycle import HasChildren
from core.services.people import actors, merging, parties, party_bulk, party_views, team
from core.services.people.parties import PartyWithoutAddress
from core.services.products.pricing import Wanted, prices
from core.services.reservations import reservation_views
from sqlalchemy import select

from core.domain.document_type import PartySide
from core.domain.lifecycles import State
from core.domain.links import MoreThanOffered
from core.domain.papers import snapshot
from core.domain.people import Role
from core.domain.places import PlaceRole
from core.services import company, reservations, search, stock
from core.services.audit import audit
from core.services.documents import converting, drafting, duplicating, lifecycle, viewing
from core.services.documents.converting import Chosen
from core.services.documents.issuing import DateMissing
from core.services.products import catalog, price_answers, product_views
from core.storage.document_queries import document
from tests.builders import Shop, Tells
from tests.services.staff import Staff

D = Decimal

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


# --- Goods ---------------------------------------------------------------------------------------


async def test_an_order_that_ships_complete_gets_back_what_is_to_be_replaced(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.has(5, "mouse")
        lines = shop.line(10, "laptop"), shop.line(5, "mouse")
        order = shop.issues(shop.drafts("sales_order", *lines, ships_complete=True))
        note = shop.makes("delivery_note", order)
        shop.makes("sales_return", note, 3, 0, drops=False)
        assert [each.ready for each in shop.sees(order).lines] == [3, 0]
        assert shop.offers(order)["Deliver"] == (3, 3)
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_what_was_set_aside_goes_back_from_where_it_lies(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        places = company.places(shop.work.connection)
        note = shop.makes("receipt_note", shop.buys(10, "laptop"))
        aside = replace(
            shop.line(2, "laptop"),
            from_place_id=places[PlaceRole.WAREHOUSE],
            to_place_id=places[PlaceRole.QUARANTINE],
        )
        shop.issues(drafting.create(shop.work, "transfer", lines=[aside]))
        (line,) = shop.sees(note).lines
        chosen = {line.line.id: Chosen(D(2), place_id=places[PlaceRole.QUARANTINE])}
        shop.issues(converting.convert(shop.work, note, "purchase_return", chosen=chosen))
        laptop = shop.product("laptop")
        level = stock.levels(shop.work.connection, [laptop])[laptop]
        assert (level.on_hand, level.quarantine) == (8, 0)
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_what_was_accepted_after_all_and_sent_back_stays_accepted(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(50, "laptop")
        receipt = shop.makes("receipt_note", shop.buys(200, "laptop"), 190, rejected=10)
        accepted = shop.makes("transfer", receipt, rejected_goods=True)
        back = shop.makes("purchase_return", receipt, 200)
        with pytest.raises(HasChildren) as refused:
            shop.reverses(accepted)
        assert refused.value.facts["children"] == (shop.sees(back).record.number,)

    await tells(story)


async def test_goods_do_not_leave_for_an_address_that_has_ended(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(1, "laptop")
        harbour = parties.add_party(
            shop.work, name="Harbour", language="en", currency="EUR", customer=True
        )
        dock = parties.add_address(
            shop.work, harbour, use="delivery", street="Dock 7", postal_code="1", city="Port",
            country="FR",
        )  # fmt: skip
        order = drafting.create(
            shop.work, "sales_order", party_id=harbour, lines=[shop.line(1, "laptop")],
            delivery_address_id=dock,
        )  # fmt: skip
        shop.issues(order)
        again = duplicating.duplicate(shop.work, order).document_id
        assert shop.sees(again).record.delivery_address_id == dock
        party_bulk.end_addresses(shop.work, [dock], again=[])
        again = duplicating.duplicate(shop.work, order).document_id
        assert shop.sees(again).record.delivery_address_id is None
        with pytest.raises(PartyWithoutAddress):
            shop.makes("delivery_note", order)

    await tells(story)


# --- Money ---------------------------------------------------------------------------------------


async def test_a_return_is_not_credited_beyond_all_its_invoices(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "pen")
        note = shop.makes("delivery_note", shop.sells(10, "pen"))
        shop.makes("invoice", note, 6)
        shop.makes("invoice", note, 4)
        back = shop.makes("sales_return", note, 8, drops=True)
        with pytest.raises(MoreThanOffered) as refused:
            shop.makes("credit_note", back, 9)
        assert refused.value.facts == {"name": "Pen", "wanted": 9, "offered": 8}

    await tells(story)


async def test_a_draft_of_an_order_that_was_closed_has_no_part_of_its_discount(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(30, "pen", 10, discount_minor=1000)
        draft = converting.convert(shop.work, order, "invoice")
        assert shop.sees(draft).record.discount_minor == 1000
        lifecycle.close(shop.work, order, revision=shop.sees(order).record.revision)
        assert shop.sees(draft).record.discount_minor == 0

    await tells(story)


async def test_what_is_paid_off_is_no_balance(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100)))
        (row,) = party_views.page(shop.work, PartySide.CUSTOMER).rows
        assert row.balances == {"EUR": D(120)}
        shop.pays(invoice)
        (row,) = party_views.page(shop.work, PartySide.CUSTOMER).rows
        assert row.balances == {}

    await tells(story)


async def test_a_price_that_is_set_again_is_one_price(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        book = catalog.add_price_book(shop.work, name="List", currency="AUD")
        for amount in (90, 80):
            catalog.set_price(shop.work, book, laptop, unit_price=D(amount))
            found = prices(
                shop.work.connection, [Wanted(laptop, D(1), D(100))], currency="AUD",
                party_book_id=book, day=shop.today(), rate=D("0.6"),
            )  # fmt: skip
            assert found[laptop].unit_price == amount

    await tells(story)


async def test_a_price_that_nobody_names_a_currency_for_is_told_in_all(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        book = catalog.add_price_book(shop.work, name="List", currency="AUD", is_default=True)
        catalog.set_price(shop.work, book, laptop, unit_price=D(150))
        told = price_answers.price_of(shop.work, laptop)
        assert [(each.amount, each.currency) for each in told.prices] == [
            (D(100), "EUR"), (D(150), "AUD"),
        ]  # fmt: skip

    await tells(story)


async def test_without_a_rate_no_price_is_shown_and_nothing_breaks(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        hold = shop.drafts("reservation", shop.line(2, "laptop"))
        parties.change_party(shop.work, shop.customer, revision=0, currency="AUD")
        told = reservation_views.hold_facts(shop.work, viewing.view(shop.work, hold))
        assert told is not None
        assert told.prices == {}
        contact = parties.add_contact(shop.work, shop.customer, name="Kim")
        link = team.invite(shop.work, Role.CUSTOMER, contact_id=contact)
        staff = Staff(shop)
        team.join(replace(shop.work, actor=staff.joins("Kim")), link)
        kim = team.people_of_party(shop.work.connection, shop.customer)
        account = actors.account_of(shop.work.connection, kim[0])
        assert account is not None
        shop.acts_as(account.actor)
        assert product_views.view(shop.work, laptop).prices == []

    await tells(story)


async def test_who_has_no_days_to_pay_pays_on_receipt(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        parties.change_party(shop.work, shop.customer, revision=0, payment_days=0)
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100)))
        record = shop.sees(invoice).record
        assert record.due_on == record.issued_on
        frozen = select(document.c.snapshot).where(document.c.id == invoice)
        text = shop.work.connection.execute(frozen).scalar_one()
        terms = snapshot.load(text, layout=record.type.paper).terms
        assert terms.text is not None
        assert terms.text.message == "Payable on receipt"

    await tells(story)


# --- People and lists ----------------------------------------------------------------------------


async def test_who_joins_a_second_time_has_his_role_once(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        other = parties.add_party(
            shop.work, name="Sydney", language="en", currency="EUR", customer=True
        )
        staff = Staff(shop)
        kim = staff.joins("Kim")
        for party_id in (shop.customer, other):
            contact = parties.add_contact(shop.work, party_id, name="Kim")
            link = team.invite(shop.work, Role.CUSTOMER, contact_id=contact)
            team.join(replace(shop.work, actor=kim), link)
            account = actors.account_of(shop.work.connection, kim.person_id)
            assert account is not None
            kim = account.actor
        assert kim.roles == {Role.CUSTOMER}
        assert kim.own_parties == {shop.customer, other}

    await tells(story)


async def test_a_hold_without_an_end_is_not_granted(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        hold = shop.drafts("reservation", shop.line(2, "laptop"))
        (line,) = shop.sees(hold).lines
        reservations.change(shop.work, hold, revision=0, quantities={line.line.id: D(3)})
        with pytest.raises(DateMissing) as refused:
            reservations.grant(shop.work, hold, revision=1)
        assert refused.value.facts == {"field": "valid_until"}

    await tells(story)


async def test_a_list_can_be_of_some_states_alone(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "laptop")
        draft = shop.drafts("sales_order", shop.line(1, "laptop"))

        def listed(*states: State) -> set[int]:
            page = viewing.page(shop.work, kind="sales_order", states=states)
            assert page.total == len(page.rows)
            return {each.id for each in page.rows}

        assert listed() == {order, draft}
        assert listed(State.CONFIRMED) == {order}
        assert listed(State.DRAFT, State.CANCELLED) == {draft}

    await tells(story)


async def test_two_that_are_one_keep_the_address_of_the_one_that_stays(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        other = parties.add_party(
            shop.work, name="High End Sydney", language="en", currency="EUR", customer=True
        )
        for use in ("billing", "delivery"):
            parties.add_address(
                shop.work, other, use=use, street="2 Low Street", postal_code="2", city="Sydney",
                country="AU",
            )  # fmt: skip
        merging.merge_party(shop.work, other, shop.customer)
        found = parties.addresses(shop.work.connection, shop.customer)
        assert {each.use: each.street for each in found} == {
            "billing": "1 High Street", "delivery": "2 Low Street",
        }  # fmt: skip

    await tells(story)


async def test_what_was_merged_into_something_archived_is_not_found(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        notebook = shop.product("notebook")
        merging.merge_product(shop.work, shop.product("laptop"), notebook)
        assert [each.id for each in search.products(shop.work, "laptop")] == [notebook]
        catalog.archive_product(shop.work, notebook, revision=0)
        assert search.products(shop.work, "laptop") == []

    await tells(story)
