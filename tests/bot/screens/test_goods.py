"""Products and the stock, as each person may see them."""

from decimal import Decimal

from bot.screens.stock.products import AVAILABILITY
from core.services.products import catalog
from core.services.products.product_views import Availability


async def test_every_number_of_a_product_stands_on_its_card(short, lea, samson):
    await lea.orders("High End: 20 LAP-14")
    await lea.says("laptop pro")
    lea.sees_line(190, 20, 170, 10, 2)
    lea.sees("EUR 1,450.00 · AUD 2,390.00 (AUD 2026)")
    assert lea.actions() == ["order_product SO", "ask_hold", "why", "history", "home"]
    await samson.says("laptop pro")
    assert samson.can("edit_product")


async def test_the_storekeeper_sees_no_prices_and_orders_nothing(short, omar):
    await omar.says("laptop pro")
    omar.sees(190)
    omar.does_not_see("EUR", "AUD")
    assert omar.actions() == ["why", "history", "home"]


async def test_a_customer_sees_a_word_and_their_own_price(short, stage, kim):
    await kim.says("laptop pro")
    kim.reads(AVAILABILITY[Availability.IN_STOCK])
    kim.sees("Laptop Pro 14 · LAP-14", "AUD 2,390.00")
    kim.does_not_see(190, "EUR")
    assert kim.actions() == ["ask_hold", "home"]
    await kim.says("/start")
    await kim.taps("catalogue")
    assert kim.can("product", "Laptop Pro 14", "2390.00")
    assert kim.can("product", "Mouse M2", "29.00")
    assert kim.can("product", "Freight")
    assert "190" not in " ".join(kim.labels())
    await kim.taps("product", "Mouse M2")
    await kim.goes_back()
    kim.sees(5)
    await stage.does(
        catalog.change_product, stage.crimson.products["LAP-14"], revision=0,
        reorder_level=Decimal(200),
    )  # fmt: skip
    await kim.says("laptop pro")
    kim.reads(AVAILABILITY[Availability.FEW])


async def test_what_is_on_its_way_is_expected(bought, kim):
    await kim.says("laptop pro")
    kim.reads(AVAILABILITY[Availability.EXPECTED])
    await kim.says("mouse m2")
    kim.reads(AVAILABILITY[Availability.ON_REQUEST])


async def test_a_vendor_has_no_catalogue(short, wei):
    await wei.says("laptop pro")
    wei.does_not_see("Laptop Pro 14 · LAP-14", 190)


async def test_a_forged_button_shows_a_customer_no_stock(short, lea, kim):
    await lea.says("laptop pro")
    await kim.says("/start")
    for action in ("why", "history"):
        await kim.forges(lea.button(action).data)
        kim.is_refused("not_allowed")
        kim.does_not_see(190, "Shenzhen")


async def test_why_names_whose_goods_they_are_and_opens_their_papers(short, lea, samson):
    await lea.orders("High End: 20 LAP-14")
    await samson.says("laptop pro")
    await samson.taps("why")
    for line in (
        ("Laptop Pro 14", 170), (190,), ("− 20", "SO-2026-0001 · High End Computers"),
        ("= 170",), (10, "PO-2026-0001 · Shenzhen Parts"), (2,),
    ):  # fmt: skip
        samson.sees_line(*line)
    await samson.taps("document", "PO-2026-0001")
    samson.sees("📦 PO-2026-0001")
    # Sales sees what comes, and neither from whom nor by which paper.
    await lea.says("laptop pro")
    await lea.taps("why")
    lea.sees(10)
    lea.does_not_see("Shenzhen")
    assert lea.rows()[:-1] == [["SO-2026-0001 · 20"]]


async def test_who_waits_stands_behind_what_is_free(lea):
    await lea.orders("High End: 20 LAP-14")
    await lea.says("laptop pro")
    lea.sees_line(0, 0, 20)
    await lea.taps("why")
    lea.sees_line(20, "SO-2026-0001 · High End Computers")


async def test_history_has_the_level_after_each_move(short, omar, lea):
    await omar.says("laptop pro")
    await omar.taps("history")
    omar.sees_line("+190", 190, "RN-2026-0001 · Shenzhen Parts")
    omar.sees_line("+2", 192)
    await omar.taps("document", "RN-2026-0001")
    omar.sees("📥 RN-2026-0001")
    await lea.says("laptop pro")
    await lea.taps("history")
    lea.sees_line("+190", 190)
    lea.does_not_see("RN-2026-0001", "Shenzhen")


async def test_history_is_paged(short, omar, stage):
    await omar.says("mouse m3")
    await omar.taps("history")
    assert omar.actions()[-1].startswith("product"), "nothing has moved, so there is no page"
    await omar.says("/start")
    for number in (189, 190, 189, 190, 189, 190, 189, 190, 189):
        await omar.taps("count")
        await omar.says("laptop pro", str(number))
        await omar.taps("count_reason", "lost" if number == 189 else "found")
        await omar.taps("adjust")
        await omar.says("/start")
    await omar.says("laptop pro")
    await omar.taps("history")
    omar.sees_line(-1, 191, "AJ-2026-0009 · Omar")
    omar.does_not_see("RN-2026-0001")
    await omar.taps("history", "»")
    omar.sees("RN-2026-0001")
    await omar.taps("history", "«")
    omar.sees("AJ-2026-0009")


async def test_the_stock_has_what_is_low_first(short, samson):
    await samson.says("mouse m3")
    await samson.taps_all("edit_product", ("change_product", "reorder_level"))
    await samson.says("5")
    samson.sees(5)
    await samson.goes_back()
    samson.sees(5)
    await samson.says("/stock")
    samson.sees_line(4, 1)
    samson.sees("EUR 275,500.00")
    assert [label.partition(" · ")[0] for label in samson.labels()[:2]] == [
        "Mouse M3", "Laptop Pro 14",
    ]  # fmt: skip
    await samson.taps("product", "Laptop Pro 14", 190)
    await samson.goes_back()
    samson.sees(4)


async def test_only_the_owner_sees_what_the_stock_is_worth(short, omar):
    await omar.says("/stock")
    omar.sees(4)
    omar.does_not_see("EUR")


async def test_lists_are_paged(stage, samson):
    for number in range(10):
        await stage.does(catalog.add_product, sku=f"P{number}", name=f"Adapter {number}")
    await samson.says("/stock")
    samson.sees(14)
    await samson.taps("stock", "»")
    await samson.taps("product", "Mouse M2", 0)
    await samson.goes_back()
    assert samson.can("product", "Mouse M2", 0)
    await samson.taps("stock", "«")
    assert samson.can("product", "Adapter 0", 0)


async def test_a_product_is_ordered_from_its_card(lea):
    await lea.says("laptop pro")
    await lea.taps("order_product")
    await lea.says("High End", "1.5")
    lea.is_refused("number_too_fine", "1.5")
    await lea.says("5")
    lea.sees_line("High End Computers", "AUD")
    lea.sees("5 × Laptop Pro 14")
    await lea.taps("order_now")
    lea.sees("SO-2026-0001")


async def test_a_product_is_added_with_proposals(samson):
    await samson.says("/start")
    await samson.taps_all("products", "add_product")
    await samson.says("Laptop Air 14")
    # LAP-14 is taken, so the next free code is proposed.
    await samson.taps_all(("pick", "LAP-14-2"), "skip", ("pick", "goods"), ("pick", "m"))
    samson.sees("Laptop Air 14 · LAP-14-2")
    samson.sees_line(0, 0)
    await samson.goes_back()
    samson.sees(6)
    await samson.taps("add_product")
    await samson.says("Repair", "LAP-14", "60")
    await samson.taps("pick", "service")
    samson.is_refused("sku_taken", "LAP-14")


async def test_a_product_is_changed_and_archived(samson, kim):
    await samson.says("mouse m3")
    await samson.taps_all("edit_product", ("change_product", "shelf"))
    await samson.says("B3")
    await samson.taps("change_product", "list_price")
    await samson.says("25.50")
    samson.sees("B3", "EUR 25.50")
    await samson.taps_all(("change_product", "shelf"), "skip")
    samson.does_not_see("B3")
    await samson.taps("archive")
    archived = samson.screen()
    assert samson.actions() == ["why", "history", "edit_product", "home"]
    await kim.says("mouse m3")
    kim.does_not_see("MOU-3")
    await samson.taps_all("edit_product", "archive")
    await samson.says("mouse m3")
    assert samson.can("order_product")
    assert samson.screen() != archived
