"""Merging two parties or two products: what moves, what stays, and what is refused."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core.services import search
from core.services.documents import drafting
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
from core.storage import tables
from core.storage.tables import party
from tests.actors import OMAR, actor_of
from tests.builders import Shop, audited_story, story

D = Decimal


def names(shop: Shop, text: str) -> list[str]:
    """Return the names of the parties that a search finds."""
    return [each.name for each in search.parties(shop.work, text)]


@audited_story
def test_a_merged_party_keeps_its_issued_papers(shop: Shop) -> None:
    shop.has(20, "laptop")
    order = shop.sells(5, "laptop")
    invoice = shop.makes("invoice", order)
    draft = shop.drafts("quote", (1, "laptop"))
    kim = shop.contact("Kim Tan").person_id
    target = shop.party("High End Sydney")
    assert names(shop, "sydney") == ["High End Sydney"]
    plan = merging.plan_party_merge(shop.work, shop.customer, target)
    assert (plan.contacts, plan.addresses, plan.drafts, plan.open_papers) == (1, 1, 1, 1)
    assert plan.balances == {"EUR": D(600)}
    assert merging.merge_party(shop.work, shop.customer, target).facts() == plan.facts()
    # Drafts have moved; issued papers stay.
    assert shop.record(draft).party_id == target
    assert shop.record(order).party_id == shop.customer
    assert shop.record(invoice).party_id == shop.customer
    assert shop.balance(target) == {}
    assert [each.name for each in parties.contacts(shop.connection, target)] == ["Kim Tan"]
    assert parties.contacts(shop.connection, shop.customer) == []
    (address,) = parties.addresses(shop.connection, target)
    assert address.street == "1 High Street"
    # Kim still sees the old papers and hears of them, but begins nothing new for the old party.
    memberships = actor_of(shop.connection, kim).memberships
    assert [(each.party_id, each.is_former) for each in memberships] == [
        (target, False),
        (shop.customer, True),
    ]
    for each in (target, shop.customer):
        assert team.people_of_party(shop.connection, each) == [kim]
    # The order goes on, and is paid.
    shop.makes("delivery_note", order)
    shop.pays(invoice)
    with pytest.raises(parties.PartyUnsuitable):
        shop.drafts("quote", (1, "laptop"))
    # The draft that moved can be issued.
    shop.issues(draft)
    assert names(shop, "high end computers") == ["High End Sydney"]
    merged = merging.merged_parties(shop.connection, target)
    assert (merged.former, merged.into) == ([(shop.customer, "High End Computers")], None)
    merged = merging.merged_parties(shop.connection, shop.customer)
    assert (merged.former, merged.into) == ([], (target, "High End Sydney"))


@audited_story
def test_merges_lead_to_the_last_party_and_never_in_a_circle(shop: Shop) -> None:
    first, second, third = (shop.party(f"Shop {each}") for each in "ABC")
    merging.merge_party(shop.work, first, second)
    merging.merge_party(shop.work, second, third)
    rows = shop.connection.execute(select(party.c.id, party.c.merged_into)).all()
    into = {row.id: row.merged_into for row in rows}
    assert (into[first], into[second], into[third]) == (third, third, None)
    former = merging.merged_parties(shop.connection, third).former
    assert {each for each, _ in former} == {first, second}
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


@story
def test_parties_that_do_not_match_cannot_be_merged(shop: Shop) -> None:
    with pytest.raises(SidesDiffer) as refused:
        merging.plan_party_merge(shop.work, shop.customer, shop.vendor)
    assert refused.value.facts["side"] == "customer"
    with pytest.raises(SidesDiffer) as refused:
        merging.plan_party_merge(shop.work, shop.vendor, shop.customer)
    assert refused.value.facts["side"] == "vendor"
    old = shop.party("High End Sydney")
    shop.changes_party(old, archived_at=shop.now)
    with pytest.raises(MergedIntoArchived):
        merging.plan_party_merge(shop.work, shop.customer, old)
    # An archived party can be merged, and one that is both takes either side.
    both = shop.party("Both", customer=True, vendor=True)
    merging.merge_party(shop.work, old, both)
    omar = shop.by(OMAR)
    with pytest.raises(NotAllowed):
        merging.plan_party_merge(omar.work, shop.customer, both)
    with pytest.raises(NotAllowed):
        merging.merge_product(omar.work, 1, 2)


@story
def test_vendors_with_the_same_bill_number_cannot_be_merged(shop: Shop) -> None:
    shop.drafts("purchase_order", (1, "laptop"))
    target = shop.party("Shenzhen Two", vendor=True)
    for each in (shop.vendor, target):
        draft = shop.drafts("bill", (1, "laptop"), party=each, made_from_source=True)
        shop.edits_header(draft, foreign_number="F-1")
    with pytest.raises(ForeignNumberTwice):
        merging.plan_party_merge(shop.work, shop.vendor, target)


@story
def test_drafts_move_to_the_address_of_the_other_party(shop: Shop) -> None:
    (old,) = parties.addresses(shop.connection, shop.customer)
    draft = shop.drafts("sales_order", (1, "laptop"), delivery_address_id=old.id)
    target = shop.party("High End Sydney")
    new = shop.address(target, use="delivery", street="9 Quay")
    merging.merge_party(shop.work, shop.customer, target)
    assert shop.record(draft).delivery_address_id == new
    uses = {each.use for each in parties.addresses(shop.connection, target)}
    assert uses == {"billing", "delivery"}


@audited_story
def test_a_merged_product_is_found_as_the_other_one(shop: Shop) -> None:
    old = shop.product("laptop", barcode="4006381333931")
    catalog.name_product(shop.work, old, {"fr": "Portable"})
    new = shop.product("notebook")
    shop.has(2, "laptop")
    note = shop.delivers(2, "laptop")
    draft = shop.drafts("quote", (3, "laptop", 70))
    assert [each.id for each in search.products(shop.work, "laptop")] == [old]
    plan = merging.plan_product_merge(shop.work, old, new)
    # An order and its delivery, a purchase order and its receipt.
    assert (plan.lines, plan.papers) == (1, 4)
    assert merging.merge_product(shop.work, old, new).facts() == plan.facts()
    (line,) = shop.sees(draft).lines
    assert (line.line.product_id, line.line.name) == (new, "Notebook")
    assert line.line.unit_price == D(70)
    assert shop.sees(note).lines[0].line.product_id == old
    for text in ("laptop", "LAPTOP", "4006381333931", "portable", "notebook"):
        assert [each.id for each in search.products(shop.work, text)] == [new], text
    shop.issues(draft)
    with pytest.raises(AlreadyMerged):
        catalog.change_product(shop.work, old, revision=1, archived_at=None)
    with pytest.raises(drafting.ProductArchived):
        shop.drafts("quote", (1, "laptop"))
    merged = merging.merged_products(shop.connection, new)
    assert merged.former == [(old, "Laptop")]


@story
def test_the_refusal_to_merge_a_product_says_how_much_of_it_is_in_use(shop: Shop) -> None:
    old, new = shop.product("laptop"), shop.product("notebook")
    shop.has(5, "laptop")
    shop.sells(2, "laptop")
    shop.buys(7, "laptop")
    with pytest.raises(ProductInUse) as refused:
        merging.merge_product(shop.work, old, new)
    facts = refused.value.facts
    assert (facts["on_hand"], facts["claimed"], facts["incoming"]) == (5, 2, 7)


@story
def test_a_product_that_is_being_counted_cannot_be_merged(shop: Shop) -> None:
    old, new = shop.product("laptop"), shop.product("notebook")
    shop.drafts("stock_adjustment", (0, "laptop"))
    with pytest.raises(ProductInUse) as refused:
        merging.plan_product_merge(shop.work, old, new)
    assert refused.value.facts["counts"] == 1


@story
def test_a_unit_under_two_words_is_one(shop: Shop) -> None:
    cable, cord = (shop.product(sku, unit="m", unit_digits=2) for sku in ("cable", "cord"))
    aged = update(tables.product).where(tables.product.c.id == cable).values(unit="metre")
    shop.connection.execute(aged)
    assert merging.plan_product_merge(shop.work, cable, cord).source == (cable, "Cable")


@story
def test_products_with_different_units_cannot_be_merged(shop: Shop) -> None:
    cable = shop.product("cable")
    for other in (shop.product("laptop"), shop.product("work", nature="service")):
        with pytest.raises(UnitsDiffer):
            merging.plan_product_merge(shop.work, cable, other)
