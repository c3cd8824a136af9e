"""Products and the stock, as each person may see them."""

from decimal import Decimal

from core.services.products import catalog
from tests.chat import Chat


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


async def test_every_number_of_a_product_stands_on_its_card(short, lea, samson):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    await lea.says("laptop pro")
    lea.sees("190 on hand · 20 held · 170 free · 10 expected · 2 set aside")
    lea.sees("EUR 1,450.00 · AUD 2,390.00 (AUD 2026)")
    assert lea.rows() == [["Order", "Hold"], ["Why", "History"], ["‹ Back"]]
    await samson.says("laptop pro")
    assert ["Why", "History", "Edit"] in samson.rows()


async def test_the_storekeeper_sees_no_prices_and_orders_nothing(short, omar):
    await omar.says("laptop pro")
    omar.sees("190 on hand")
    omar.does_not_see("EUR", "AUD")
    assert omar.rows() == [["Why", "History"], ["‹ Back"]]


async def test_a_customer_sees_a_word_and_his_own_price(short, stage, kim):
    await kim.says("laptop pro")
    kim.sees("Laptop Pro 14 · LAP-14", "in stock", "AUD 2,390.00")
    kim.does_not_see("190", "EUR", "free", "held")
    assert kim.rows() == [["Ask for a hold"], ["‹ Back"]]
    await kim.says("/start")
    await kim.taps("Catalogue")
    labels = kim.labels()
    assert "Laptop Pro 14 · AUD 2,390.00 · in stock" in labels
    assert "Mouse M2 · AUD 29.00 · on request" in labels
    assert any("Freight" in label and label.endswith("service") for label in labels)
    assert not any("free" in label or "190" in label for label in labels)
    await kim.taps("Mouse M2")
    await kim.taps("‹ Back")
    kim.sees("Catalogue · 5 products")
    await stage.does(
        catalog.change_product, stage.crimson.products["LAP-14"], revision=0,
        reorder_level=Decimal(200),
    )  # fmt: skip
    await kim.says("laptop pro")
    kim.sees("only a few")


async def test_what_is_on_its_way_is_expected(bought, kim):
    await kim.says("laptop pro")
    kim.sees("expected")


async def test_a_vendor_has_no_catalogue(short, wei):
    await wei.says("laptop pro")
    wei.does_not_see("on hand", "Laptop Pro 14 · LAP-14")


async def test_a_forged_button_shows_a_customer_no_stock(short, stage, lea, kim):
    await lea.says("laptop pro")
    rows = lea.card["reply_markup"]["inline_keyboard"]
    forged = {each["text"]: each["callback_data"] for row in rows for each in row}
    await kim.says("/start")
    card = kim.card["message_id"]
    for label in ("Why", "History"):
        stage.world.taps(kim.user_id, card, forged[label], forged=True)
        await stage.settle()
        assert kim.toasts[-1].text == "You may not do this. The owner decides who may."
    kim.does_not_see("190", "Shenzhen")


async def test_why_names_whose_goods_they_are_and_opens_their_papers(short, lea, samson):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    await samson.says("laptop pro")
    await samson.taps("Why")
    samson.sees(
        "why 170 are free", "190 on hand", "− 20 held · SO-2026-0001 · High End Computers",
        "= 170 free", "10 expected · PO-2026-0001 · Shenzhen Parts", "2 set aside",
    )  # fmt: skip
    await samson.taps("PO-2026-0001")
    samson.sees("📦 PO-2026-0001")
    # Sales sees what comes, and neither from whom nor by which paper.
    await lea.says("laptop pro")
    await lea.taps("Why")
    lea.sees("10 expected")
    lea.does_not_see("Shenzhen")
    assert lea.rows() == [["SO-2026-0001 · 20"], ["‹ Back"]]


async def test_who_waits_stands_behind_what_is_free(lea):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    await lea.says("laptop pro")
    lea.sees("0 on hand · 0 free · 20 wait")
    await lea.taps("Why")
    lea.sees("20 wait · SO-2026-0001 · High End Computers")


async def test_history_has_the_level_after_each_move(short, omar, lea):
    await omar.says("laptop pro")
    await omar.taps("History")
    omar.sees("+190 · 190 then · RN-2026-0001 · Shenzhen Parts", "+2 · 192 then")
    await omar.taps("RN-2026-0001")
    omar.sees("📥 RN-2026-0001")
    await lea.says("laptop pro")
    await lea.taps("History")
    lea.sees("+190 · 190 then")
    lea.does_not_see("RN-2026-0001", "Shenzhen")


async def test_history_is_paged(short, omar, stage):
    await omar.says("mouse m3")
    await omar.taps("History")
    omar.sees("Nothing has moved yet.")
    await omar.says("/start")
    for number in (189, 190, 189, 190, 189, 190, 189, 190, 189):
        await omar.taps("Count")
        await omar.says("laptop pro")
        await omar.says(str(number))
        await omar.taps("Lost" if number == 189 else "Found")
        await omar.taps("Adjust")
        await omar.says("/start")
    await omar.says("laptop pro")
    await omar.taps("History")
    omar.sees("−1 · 191 then · AJ-2026-0009 · Omar")
    omar.does_not_see("RN-2026-0001")
    await omar.taps("Older")
    omar.sees("RN-2026-0001")
    await omar.taps("Newest")
    omar.sees("AJ-2026-0009")


async def test_the_stock_has_what_is_low_first(short, samson, stage):
    await samson.says("mouse m3")
    await taps_all(samson, "Edit", "Reorder at")
    await samson.says("5")
    samson.sees("Reorder at: 5")
    await samson.taps("‹ Back")
    samson.sees("reorder at 5 · low")
    await samson.says("/stock")
    samson.sees("Stock · 4 products · 1 low", "Worth EUR 275,500.00")
    labels = samson.labels()
    assert labels[:2] == ["Mouse M3 · 0 free · low", "Laptop Pro 14 · 190 free"]
    await samson.taps("Laptop Pro 14")
    await samson.taps("‹ Back")
    samson.sees("Stock · 4 products")


async def test_only_the_owner_sees_what_the_stock_is_worth(short, omar):
    await omar.says("/stock")
    omar.sees("Stock · 4 products")
    omar.does_not_see("Worth", "EUR")


async def test_lists_are_paged(stage, samson):
    for number in range(10):
        await stage.does(catalog.add_product, sku=f"P{number}", name=f"Adapter {number}")
    await samson.says("/stock")
    samson.sees("Stock · 14 products")
    await samson.taps("»")
    assert "Mouse M2 · 0 free" in samson.labels()
    await samson.taps("Mouse M2")
    await samson.taps("‹ Back")
    assert "Mouse M2 · 0 free" in samson.labels()
    await samson.taps("«")
    assert "Adapter 0 · 0 free" in samson.labels()


async def test_a_product_is_ordered_from_its_card(lea):
    await lea.says("laptop pro")
    await lea.taps("Order")
    await lea.says("High End")
    await lea.says("1.5")
    lea.sees("How many?")
    await lea.says("5")
    lea.sees("Sales order · High End Computers · AUD", "5 × Laptop Pro 14")
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001")


async def test_a_product_is_added_with_proposals(samson, stage):
    await samson.says("/start")
    await taps_all(samson, "Products", "Add a product")
    await samson.says("Laptop Air 14")
    # LAP-14 is taken, so the next free code is proposed.
    await taps_all(samson, "LAP-14-2", "Skip", "Goods", "metre")
    samson.sees("Laptop Air 14 · LAP-14-2", "0 on hand · 0 free")
    await samson.taps("‹ Back")
    samson.sees("Products · 6 products")
    await samson.taps("Add a product")
    await samson.says("Repair")
    await samson.says("LAP-14")
    await samson.says("60")
    await samson.taps("Service")
    samson.sees("Another product has the code LAP-14.")


async def test_a_product_is_changed_and_archived(samson, kim):
    await samson.says("mouse m3")
    await taps_all(samson, "Edit", "Shelf")
    await samson.says("B3")
    await samson.taps("Price")
    await samson.says("25.50")
    samson.sees("Shelf: B3", "Price: EUR 25.50")
    await samson.taps("Shelf")
    await samson.taps("Skip")
    samson.does_not_see("Shelf:")
    await samson.taps("Archive it")
    samson.sees("archived")
    assert samson.rows() == [["Why", "History", "Edit"], ["‹ Back"]]
    await kim.says("mouse m3")
    kim.does_not_see("MOU-3")
    await taps_all(samson, "Edit", "Offer it again")
    samson.does_not_see("archived")
