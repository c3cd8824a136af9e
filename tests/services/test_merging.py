"""Two parties or two products that are one: what goes over, what stays, and what is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core.domain.people import MACHINE, Role
from core.services import search
from core.services.audit import audit
from core.services.documents import drafting
from core.services.money import accounts
from core.services.people import merging, parties, team
from core.services.people.merging import (
    ForeignNumberTwice,
    MergedIntoArchived,
    MergedIntoItself,
    ProductInUse,
    SidesDiffer,
    UnitsDiffer,
)
from core.services.products import catalog
from core.services.rights import AlreadyMerged, NotAllowed, NotFound
from core.storage.models import Person
from core.storage.sql import insert_one
from core.storage.tables import contact, party, product
from tests.builders import NOW, Shop

D = Decimal


def another(shop: Shop, name: str = "High End Sydney", **sides: bool) -> int:
    return parties.add_party(
        shop.work, name=name, language="en", currency="EUR", **(sides or {"customer": True})
    )


def person(shop: Shop) -> int:
    return insert_one(
        shop.work.connection, Person.__table__, telegram_id=7, name="Kim", language="en",
        created_at=NOW,
    )  # fmt: skip


def names(shop: Shop, text: str) -> list[str]:
    return [each.name for each in search.parties(shop.work, text)]


async def test_a_party_goes_over_and_its_papers_stay(tells):
    def story(shop: Shop) -> None:
        shop.has(20, "laptop")
        order = shop.sells(5, "laptop")
        invoice = shop.makes("invoice", order)
        draft = shop.drafts("quote", shop.line(1, "laptop"))
        contact_id = parties.add_contact(shop.work, shop.customer, name="Kim Tan")
        kim = person(shop)
        shop.work.connection.execute(
            update(contact).where(contact.c.id == contact_id).values(person_id=kim)
        )
        target = another(shop)
        assert names(shop, "sydney") == ["High End Sydney"]
        plan = merging.plan_party_merge(shop.work, shop.customer, target)
        assert (plan.contacts, plan.addresses, plan.drafts, plan.open_papers) == (1, 1, 1, 1)
        assert plan.balances == {"EUR": D(600)}
        assert merging.merge_party(shop.work, shop.customer, target).facts() == plan.facts()
        # What is open to change has gone over, what was issued has not.
        assert shop.sees(draft).record.party_id == target
        assert shop.sees(order).record.party_id == shop.customer
        assert shop.sees(invoice).record.party_id == shop.customer
        assert accounts.balances(shop.work.connection, target) == {}
        assert [each.name for each in parties.contacts(shop.work.connection, target)] == [
            "Kim Tan"
        ]
        assert parties.contacts(shop.work.connection, shop.customer) == []
        (address,) = parties.addresses(shop.work.connection, target)
        assert address.street == "1 High Street"
        # He sees the old papers, hears of them, and begins nothing new for the old party.
        account = team.account_of(shop.work.connection, kim)
        assert account is not None
        assert [(each.party_id, each.is_former) for each in account.actor.memberships] == [
            (target, False),
            (shop.customer, True),
        ]
        for each in (target, shop.customer):
            assert team.people_of_party(shop.work.connection, each) == [kim]
        # The order goes on, and is paid.
        shop.makes("delivery_note", order)
        shop.pays(invoice)
        with pytest.raises(parties.PartyUnsuitable):
            shop.drafts("quote", shop.line(1, "laptop"))
        # The draft is issued by the other one.
        shop.issues(draft)
        assert names(shop, "high end computers") == ["High End Sydney"]
        merged = merging.merged_parties(shop.work.connection, target)
        assert (merged.former, merged.into) == ([(shop.customer, "High End Computers")], None)
        merged = merging.merged_parties(shop.work.connection, shop.customer)
        assert (merged.former, merged.into) == ([], (target, "High End Sydney"))
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_merged_is_one_step_and_never_a_circle(tells):
    def story(shop: Shop) -> None:
        first, second, third = (another(shop, f"Shop {each}") for each in "ABC")
        merging.merge_party(shop.work, first, second)
        merging.merge_party(shop.work, second, third)
        rows = shop.work.connection.execute(select(party.c.id, party.c.merged_into)).all()
        into = {row.id: row.merged_into for row in rows}
        assert (into[first], into[second], into[third]) == (third, third, None)
        former = merging.merged_parties(shop.work.connection, third).former
        assert {each for each, _ in former} == {
            first, second,
        }  # fmt: skip
        assert names(shop, "shop a") == ["Shop C"]
        for source, target in ((third, first), (first, third)):
            with pytest.raises(AlreadyMerged):
                merging.plan_party_merge(shop.work, source, target)
        with pytest.raises(MergedIntoItself):
            merging.plan_party_merge(shop.work, third, third)
        with pytest.raises(AlreadyMerged):
            parties.change_party(shop.work, first, revision=1, archived_at=None)
        with pytest.raises(NotFound):
            merging.plan_party_merge(shop.work, third, 999)
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_parties_that_do_not_fit_are_refused(tells):
    def story(shop: Shop) -> None:
        with pytest.raises(SidesDiffer) as refused:
            merging.plan_party_merge(shop.work, shop.customer, shop.vendor)
        assert refused.value.facts["side"] == "customer"
        with pytest.raises(SidesDiffer) as refused:
            merging.plan_party_merge(shop.work, shop.vendor, shop.customer)
        assert refused.value.facts["side"] == "vendor"
        old = another(shop)
        parties.change_party(shop.work, old, revision=0, archived_at=NOW)
        with pytest.raises(MergedIntoArchived):
            merging.plan_party_merge(shop.work, shop.customer, old)
        # An archived one can be merged, and one of both sides takes either.
        both = another(shop, "Both", customer=True, vendor=True)
        merging.merge_party(shop.work, old, both)
        storekeeper = replace(MACHINE, person_id=1, roles=frozenset({Role.STOREKEEPER}))
        shop.acts_as(storekeeper)
        with pytest.raises(NotAllowed):
            merging.plan_party_merge(shop.work, shop.customer, both)
        with pytest.raises(NotAllowed):
            merging.merge_product(shop.work, 1, 2)

    await tells(story)


async def test_a_vendors_number_does_not_come_twice(tells):
    def story(shop: Shop) -> None:
        shop.drafts("purchase_order", shop.line(1, "laptop"))
        target = another(shop, "Shenzhen Two", vendor=True)
        for each in (shop.vendor, target):
            draft = drafting.create(
                shop.work, "bill", party_id=each, lines=[shop.line(1, "laptop")],
                made_from_source=True,
            )  # fmt: skip
            drafting.change_header(shop.work, draft, revision=0, foreign_number="F-1")
        with pytest.raises(ForeignNumberTwice):
            merging.plan_party_merge(shop.work, shop.vendor, target)

    await tells(story)


async def test_drafts_go_to_the_address_of_the_other(tells):
    def story(shop: Shop) -> None:
        (old,) = parties.addresses(shop.work.connection, shop.customer)
        draft = shop.drafts("sales_order", shop.line(1, "laptop"), delivery_address_id=old.id)
        target = another(shop)
        new = parties.add_address(
            shop.work, target, use="delivery", street="9 Quay", postal_code="2000",
            city="Sydney", country="AU",
        )  # fmt: skip
        merging.merge_party(shop.work, shop.customer, target)
        assert shop.sees(draft).record.delivery_address_id == new
        assert {each.use for each in parties.addresses(shop.work.connection, target)} == {
            "billing", "delivery",
        }  # fmt: skip

    await tells(story)


async def test_a_product_goes_over(tells):
    def story(shop: Shop) -> None:
        old = shop.product("laptop", barcode="4006381333931")
        catalog.name_product(shop.work, old, {"fr": "Portable"})
        new = shop.product("notebook")
        shop.has(2, "laptop")
        invoice = shop.makes("delivery_note", shop.sells(2, "laptop"))
        draft = shop.drafts("quote", shop.line(3, "laptop", 70))
        assert [each.id for each in search.products(shop.work, "laptop")] == [old]
        plan = merging.plan_product_merge(shop.work, old, new)
        # An order, its delivery; a purchase order and its receipt.
        assert (plan.lines, plan.papers) == (1, 4)
        assert merging.merge_product(shop.work, old, new).facts() == plan.facts()
        (line,) = shop.sees(draft).lines
        assert (line.line.product_id, line.line.name) == (new, "Notebook")
        assert line.line.unit_price == D(70)
        assert shop.sees(invoice).lines[0].line.product_id == old
        for text in ("laptop", "LAPTOP", "4006381333931", "portable", "notebook"):
            assert [each.id for each in search.products(shop.work, text)] == [new], text
        shop.issues(draft)
        with pytest.raises(AlreadyMerged):
            catalog.change_product(shop.work, old, revision=1, archived_at=None)
        with pytest.raises(drafting.ProductArchived):
            shop.drafts("quote", shop.line(1, "laptop"))
        merged = merging.merged_products(shop.work.connection, new)
        assert merged.former == [(old, "Laptop")]
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_a_product_in_use_is_refused_in_numbers(tells):
    def story(shop: Shop) -> None:
        old, new = shop.product("laptop"), shop.product("notebook")
        shop.has(5, "laptop")
        shop.sells(2, "laptop")
        shop.buys(7, "laptop")
        with pytest.raises(ProductInUse) as refused:
            merging.merge_product(shop.work, old, new)
        facts = refused.value.facts
        assert (facts["on_hand"], facts["claimed"], facts["incoming"]) == (5, 2, 7)

    await tells(story)


async def test_a_product_that_is_being_counted_is_refused(tells):
    def story(shop: Shop) -> None:
        old, new = shop.product("laptop"), shop.product("notebook")
        drafting.create(shop.work, "stock_adjustment", lines=[shop.line(0, "laptop")])
        with pytest.raises(ProductInUse) as refused:
            merging.plan_product_merge(shop.work, old, new)
        assert refused.value.facts["counts"] == 1

    await tells(story)


async def test_products_of_other_units_are_refused(tells):
    def story(shop: Shop) -> None:
        old = shop.product("cable", unit="m", unit_digits=2)
        for other in (shop.product("laptop"), shop.product("work", nature="service")):
            with pytest.raises(UnitsDiffer):
                merging.plan_product_merge(shop.work, old, other)

    await tells(story)


async def test_a_unit_under_two_words_is_one(tells):
    def story(shop: Shop) -> None:
        old, into = (shop.product(sku, unit="m", unit_digits=2) for sku in ("cable", "cord"))
        shop.work.connection.execute(
            update(product).where(product.c.id == old).values(unit="metre")
        )
        assert merging.plan_product_merge(shop.work, old, into).source == (old, "Cable")

    await tells(story)


async def test_a_role_is_added_once_and_only_to_who_works_here(tells):
    def story(shop: Shop) -> None:
        kim = person(shop)
        with pytest.raises(NotFound):
            team.add_role(shop.work, kim, Role.SALES)
        token = team.invite(shop.work, Role.SALES)
        shop_of_kim = replace(
            shop.work, actor=replace(MACHINE, person_id=kim, roles=frozenset[Role]())
        )
        team.join(shop_of_kim, token)
        with pytest.raises(NotFound):
            team.add_role(shop.work, kim, Role.CUSTOMER)
        for _ in range(2):
            team.add_role(shop.work, kim, Role.STOREKEEPER)
        (member,) = team.members(shop.work.connection)
        assert member.roles == {Role.SALES, Role.STOREKEEPER}

    await tells(story)


async def test_the_link_of_an_ended_contact_opens_nothing(tells):
    def story(shop: Shop) -> None:
        contact_id = parties.add_contact(shop.work, shop.customer, name="Kim Tan")
        token = team.invite(shop.work, Role.CUSTOMER, contact_id=contact_id)
        parties.end_contact(shop.work, contact_id)
        kim = replace(MACHINE, person_id=person(shop), roles=frozenset[Role]())
        with pytest.raises(team.LinkInvalid):
            team.join(replace(shop.work, actor=kim), token)

    await tells(story)
