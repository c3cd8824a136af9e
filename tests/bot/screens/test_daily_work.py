"""Homes and their lists, differences, counts, inspections, refusals with a way out, notices."""

from core.services.people import parties
from tests.people import Person
from tests.scenarios.stage import Stage

# --- Homes and their lists ----------------------------------------------------------------------


async def test_homes_count_what_waits_for_each(short, samson, lea, omar, wei):
    await lea.orders("High End: 20 LAP-14")
    await omar.says("/start")
    assert omar.can("to_deliver", 1)
    assert omar.can("to_receive", 1)
    assert omar.can("inspect", 1)
    await samson.says("/start")
    samson.sees("EUR 275,500.00")
    assert samson.can("orders", 1)
    await wei.says("/start")
    assert wei.can("vendor_orders", 1)
    wei.does_not_see("EUR")


async def test_each_list_opens_its_papers(short, lea, omar):
    await lea.orders("High End: 20 LAP-14")
    for opener, number in (
        ("to_deliver", "SO-2026-0001"),
        ("to_receive", "PO-2026-0001"),
        ("inspect", "RN-2026-0001"),
    ):
        await omar.says("/start")
        await omar.taps(opener, 1)
        omar.sees(1)
        await omar.taps("document", number)
        omar.sees(f"{number} · ")


async def test_an_empty_list_opens_nothing(omar):
    await omar.says("/start")
    await omar.taps("inspect")
    assert omar.actions() == ["home"]


async def test_what_is_settled_waits_for_inspection_no_more(short, omar):
    await omar.makes("TR!", 2)
    await omar.says("/start")
    await omar.taps("inspect")
    assert omar.actions() == ["home"]


async def test_owed_and_late_by_the_day(stage: Stage, lea, samson, kim):
    await lea.orders("High End: 3x freight")
    await lea.makes("IN", 3)
    await samson.says("/start")
    await samson.taps("owed", 1)
    samson.sees("🧾 IN-2026-0001 · High End Computers · AUD 442.62 · Thu 24 Dec")
    assert samson.labels()[0] == "🧾 IN-2026-0001"
    await samson.goes_back()
    await samson.taps("late")
    assert samson.actions() == ["home"]
    stage.clock.passes(days=31)
    await samson.says("/start")
    samson.sees("EUR 270.00")
    await samson.taps("late", 1)
    assert samson.can("document", "IN-2026-0001")
    await kim.says("/start")
    assert kim.can("my_invoices", 1)


async def test_a_list_is_paged(lea, samson):
    for _ in range(9):
        await lea.orders("High End: 1 freight")
        await lea.makes("IN", 1)
    await samson.says("/start")
    await samson.taps_all(("owed", 9), ("owed", "»"), ("document", "IN-2026-0009"))
    samson.sees("IN-2026-0009 · High End Computers")


# --- A difference -------------------------------------------------------------------------------


async def test_the_vendor_hears_what_was_missing_and_rejected(short, omar, wei):
    await omar.taps("difference")
    said = (("PO-2026-0001", "RN-2026-0001"), ("Laptop Pro 14", 200, 190, 8, 2))
    for line in said:
        omar.sees_line(*line)
    await omar.taps("tell_vendor", "Shenzhen Parts")
    omar.sees("RN-2026-0001")
    for line in said:
        wei.sees_line(*line)
    await wei.taps("document", "PO-2026-0001")
    wei.sees("PO-2026-0001 · Shenzhen Parts")


async def test_it_is_in_the_vendors_language_whoever_tells_it(short, stage: Stage, omar, wei):
    vendor = stage.crimson.parties["vendor"]
    await stage.does(parties.change_party, vendor, revision=0, language="fr")
    await omar.taps("difference")
    omar.sees("Portable Pro 14")
    await omar.taps("tell_vendor")
    wei.sees("Portable Pro 14")


async def test_a_difference_that_has_changed_is_shown_before_it_is_told(short, omar, samson, wei):
    await omar.taps("difference")
    await samson.says("PO-2026-0001")
    await samson.makes("RN", 10)
    await omar.taps_stale("tell_vendor")
    wei.does_not_see("RN-2026-0001")


async def test_without_anybody_there_the_message_is_copied(short, stage: Stage, omar):
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["vendor"]))[0]
    await stage.does(parties.end_contact, contact.id)
    await omar.taps("difference")
    omar.sees("Shenzhen Parts")
    assert not omar.can("tell_vendor")
    await omar.taps("copy_text")
    assert "Laptop Pro 14" in omar.copied[-1]


async def test_nothing_is_told_of_what_came_as_ordered(bought, omar):
    await omar.says("PO-2026-0001")
    await omar.makes("RN", 200)
    omar.sees("RN-2026-0001")
    assert not omar.can("difference")


async def test_the_vendor_himself_is_not_offered_to_tell(short, wei):
    await wei.says("RN-2026-0001")
    wei.sees("RN-2026-0001")
    assert not wei.can("difference")


# --- A count ------------------------------------------------------------------------------------


async def counts(omar: Person, number: str) -> None:
    await omar.says("/start")
    await omar.taps("count")
    await omar.says("laptop pro", number)


async def test_a_count_is_booked_with_its_reason(short, omar):
    await counts(omar, "187")
    omar.sees_line(187, 190)
    omar.sees(-3)
    assert not omar.can("adjust")
    await omar.taps_all(("count_reason", "lost"), ("adjust", -3))
    omar.sees("AJ-2026-0001")
    omar.sees_line("Laptop Pro 14", 187, 190)
    await omar.says("laptop pro")
    omar.sees(187)


async def test_a_reason_can_be_typed(short, omar):
    await counts(omar, "191")
    omar.sees("+1")
    await omar.taps("count_reason", "other")
    await omar.says("behind the shelf")
    await omar.taps("adjust", "+1")
    omar.sees("AJ-2026-0001", "behind the shelf")


async def test_a_count_that_is_right_books_nothing(short, omar):
    await counts(omar, "190")
    assert not omar.can("adjust")
    await omar.taps("count_more")
    assert omar.can("cancel"), "it asks what was counted"


async def test_what_moves_after_a_count_is_no_difference(short, lea, omar, samson):
    await lea.orders("High End: 20 LAP-14")
    await counts(omar, "188")
    await omar.taps("count_reason", "broken")
    await samson.says("SO-2026-0001")
    await samson.makes("DN", 20)
    await omar.taps("adjust", -2)
    omar.sees("AJ-2026-0001")
    await omar.says("laptop pro")
    omar.sees(168)


async def test_a_count_takes_nothing_that_has_gone(short, omar, samson):
    await counts(omar, "188")
    await omar.taps("count_reason", "broken")
    await samson.says("RN-2026-0001")
    await samson.ends("reverse")
    await omar.taps("adjust", -2)
    omar.is_refused("not_enough", "Laptop Pro 14", 0, 2)
    await omar.taps("why")
    omar.sees_line("Laptop Pro 14", 0)


async def test_sales_counts_nothing(short, omar, lea):
    await omar.says("/start")
    await lea.says("/start")
    await lea.forges(omar.button("count").data)
    lea.is_refused("not_allowed")


# --- Refusals with a way out --------------------------------------------------------------------


async def test_a_party_without_a_currency_gets_one(stage: Stage, lea):
    await stage.does(parties.add_party, name="New Shop", customer=True, language="en")
    await lea.says("New Shop: 2 mouse m2")
    lea.is_refused("party_without_currency", "New Shop")
    await lea.taps_all(("change_party", "currency"), ("pick", "EUR"))
    lea.sees("EUR")
    await lea.says("New Shop: 2 mouse m2")
    lea.sees_line("New Shop", "EUR")


async def test_goods_do_not_leave_for_nowhere(short, stage: Stage, lea):
    await stage.does(
        parties.add_party, name="New Shop", customer=True, language="en", currency="EUR"
    )
    await lea.orders("New Shop: 2 LAP-14")
    await lea.makes("DN", 2)
    lea.is_refused("party_without_address", "New Shop")
    await lea.taps("change_party", "address")
    await lea.says("1 Main Street, 75001 Paris")
    lea.sees("1 Main Street, 75001 Paris")


async def test_a_price_is_set_by_who_may(samson, lea):
    await samson.says("mouse m3")
    await samson.taps_all("edit_product", ("change_product", "list_price"), "skip")
    await lea.orders("Papeterie: 2 MOU-3")
    lea.is_refused("price_missing", "Mouse M3")
    await samson.orders("Papeterie: 2 MOU-3")
    await samson.taps("change_product", "list_price")
    await samson.says("24")
    samson.sees("EUR 24.00")


# --- Notices ------------------------------------------------------------------------------------


async def test_who_made_an_order_hears_when_its_goods_are_here(bought, lea, omar):
    await lea.orders("High End: 20 LAP-14")
    before = len(lea.messages)
    await omar.says("PO-2026-0001")
    await omar.makes("RN", 200)
    lea.is_told("claimed", "SO-2026-0001")
    lea.sees("20 × Laptop Pro 14")
    assert len(lea.messages) == before + 1
    await lea.taps("document", "SO-2026-0001")
    assert lea.can("convert", "DN", 20)


async def test_who_acts_hears_nothing_of_it(short, lea):
    before = len(lea.messages)
    await lea.orders("High End: 20 LAP-14")
    # What she typed and the card of the order.
    assert len(lea.messages) == before + 2


async def test_goods_that_a_count_takes_away_are_told(short, lea, omar):
    await lea.orders("High End: 190 LAP-14")
    await counts(omar, "188")
    await omar.taps_all(("count_reason", "theft"), ("adjust", -2))
    lea.is_told("displaced", "SO-2026-0001")
    lea.sees("2 × Laptop Pro 14")


async def test_strangers_learn_nothing(stage: Stage, short, paul):
    stage.world.add_person(401, "Nobody")
    nobody = stage.chat(401)
    await nobody.says("laptop pro")
    nobody.does_not_see("Laptop Pro 14 · LAP-14")
    await paul.says("SO-2026-0001")
    paul.does_not_see("High End Computers")
