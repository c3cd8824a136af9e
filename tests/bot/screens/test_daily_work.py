"""Homes and their lists, differences, counts, inspections, refusals with a way out, notices."""

from core.services.people import parties
from tests.chat import Chat
from tests.scenarios.stage import LEA, MARTIN, Stage


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


# --- Homes and their lists ----------------------------------------------------------------------


async def test_homes_count_what_waits_for_each(short, samson, lea, omar, wei):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    await omar.says("/start")
    omar.sees("1 order can ship")
    assert {"Pick 1", "Receive 1", "Inspect 1"} <= set(omar.labels())
    await samson.says("/start")
    samson.sees("EUR 275,500.00")
    assert "Orders 1" in samson.labels()
    await wei.says("/start")
    assert "My orders 1" in wei.labels()
    wei.does_not_see("EUR")


async def test_each_list_opens_its_papers(short, lea, omar):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    for opener, title, number in (
        ("Pick 1", "Can ship now · 1", "SO-2026-0001"),
        ("Receive 1", "Still to come · 1", "PO-2026-0001"),
        ("Inspect 1", "To inspect · 1", "RN-2026-0001"),
    ):
        await omar.says("/start")
        await omar.taps(opener)
        omar.sees(title)
        await omar.taps(number)
        omar.sees(f"{number} · ")


async def test_an_empty_list_says_so(omar):
    await omar.says("/start")
    await omar.taps("Inspect")
    omar.sees("Nothing has to be inspected.")


async def test_what_is_settled_waits_for_inspection_no_more(short, omar):
    await omar.taps("Accept the rejected 2")
    await omar.taps("Move 2")
    await omar.says("/start")
    await omar.taps("Inspect")
    omar.sees("Nothing has to be inspected.")


async def test_owed_and_late_by_the_day(stage: Stage, lea, samson, kim):
    await lea.says("High End: 3x freight")
    await taps_all(lea, "Confirm", "Invoice 3", "Invoice 3")
    await samson.says("/start")
    await samson.taps("Owed 1")
    samson.sees("Owed to us · 1")
    samson.sees("🧾 IN-2026-0001 · High End Computers · AUD 442.62 · Thu 24 Dec")
    assert samson.labels()[0] == "🧾 IN-2026-0001"
    await samson.taps("‹ Back")
    await samson.taps("Late")
    samson.sees("No payment is late.")
    stage.clock.passes(days=31)
    await samson.says("/start")
    samson.sees("EUR 270.00")
    await samson.taps("Late 1")
    samson.sees("Late · 1")
    await kim.says("/start")
    assert "Invoices 1" in kim.labels()


async def test_a_list_is_paged(lea, samson):
    for _ in range(9):
        await lea.says("High End: 1 freight")
        await taps_all(lea, "Confirm", "Invoice 1", "Invoice 1")
    await samson.says("/start")
    await taps_all(samson, "Owed 9", "»", "IN-2026-0009")
    samson.sees("IN-2026-0009 · High End Computers")


# --- A difference -------------------------------------------------------------------------------


async def test_the_vendor_hears_what_was_missing_and_rejected(short, omar, wei):
    await omar.taps("Tell the vendor")
    said = (
        "Crimson: your delivery for PO-2026-0001 differs (RN-2026-0001).",
        "Laptop Pro 14: 200 ordered, 190 accepted, 8 missing, 2 rejected",
    )
    omar.sees(*said)
    await omar.taps("Tell Shenzhen Parts")
    omar.sees("Shenzhen Parts has been told", "RN-2026-0001")
    wei.sees(*said)
    await wei.taps("Open PO-2026-0001")
    wei.sees("PO-2026-0001 · Shenzhen Parts")


async def test_it_is_in_the_vendors_language_whoever_tells_it(short, stage: Stage, omar, wei):
    vendor = stage.crimson.parties["vendor"]
    await stage.does(parties.change_party, vendor, revision=0, language="fr")
    await omar.taps("Tell the vendor")
    omar.sees("Difference", "commandé")
    await omar.taps("Tell Shenzhen Parts")
    wei.sees("commandé")


async def test_a_difference_that_has_changed_is_shown_before_it_is_told(short, omar, samson, wei):
    await omar.taps("Tell the vendor")
    await samson.says("PO-2026-0001")
    await samson.taps("Receive 10")
    await samson.taps("Receive 10")
    await omar.taps_stale("Tell Shenzhen Parts")
    wei.does_not_see("your delivery")


async def test_without_anybody_there_the_message_is_copied(short, stage: Stage, omar):
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["vendor"]))[0]
    await stage.does(parties.end_contact, contact.id)
    await omar.taps("Tell the vendor")
    omar.sees("Nobody of Shenzhen Parts is here yet: pass it on.")
    await omar.taps("Copy the message")
    assert "8 missing, 2 rejected" in omar.copied[-1]


async def test_nothing_is_told_of_what_came_as_ordered(bought, omar):
    await omar.says("PO-2026-0001")
    await taps_all(omar, "Receive 200", "Receive 200")
    omar.sees("RN-2026-0001")
    assert "Tell the vendor" not in omar.labels()


async def test_the_vendor_himself_is_not_offered_to_tell(short, wei):
    await wei.says("RN-2026-0001")
    wei.sees("RN-2026-0001")
    assert "Tell the vendor" not in wei.labels()


# --- A count ------------------------------------------------------------------------------------


async def counts(omar: Chat, number: str) -> None:
    await omar.says("/start")
    await omar.taps("Count")
    await omar.says("laptop pro")
    await omar.says(number)


async def test_a_count_is_booked_with_its_reason(short, omar):
    await counts(omar, "187")
    omar.sees("187 counted · 190 booked", "Difference −3")
    assert not any(label.startswith("Adjust") for label in omar.labels())
    await omar.taps("Lost")
    await omar.taps("Adjust −3")
    omar.sees("AJ-2026-0001", "counted 187, booked 190")
    await omar.says("laptop pro")
    omar.sees("187 on hand")


async def test_a_reason_can_be_typed(short, omar):
    await counts(omar, "191")
    omar.sees("Difference +1")
    await omar.taps("Other")
    await omar.says("behind the shelf")
    await omar.taps("Adjust +1")
    omar.sees("AJ-2026-0001", "behind the shelf")


async def test_a_count_that_is_right_books_nothing(short, omar):
    await counts(omar, "190")
    omar.sees("That is right: nothing to adjust.")
    await omar.taps("Count another")
    omar.sees("Which product was counted?")


async def test_what_moves_after_a_count_is_no_difference(short, lea, omar, samson):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    await counts(omar, "188")
    await omar.taps("Broken")
    await samson.says("SO-2026-0001")
    await taps_all(samson, "Deliver 20", "Ship 20")
    await omar.taps("Adjust −2")
    omar.sees("AJ-2026-0001")
    await omar.says("laptop pro")
    omar.sees("168 on hand")


async def test_a_count_takes_nothing_that_has_gone(short, omar, samson):
    await counts(omar, "188")
    await omar.taps("Broken")
    await samson.says("RN-2026-0001")
    await taps_all(samson, "Reverse", "Reverse")
    await omar.taps("Adjust −2")
    omar.sees("Laptop Pro 14: 0 free, 2 wanted.")
    await omar.taps("Why")
    omar.sees("why 0 are free")


async def test_sales_counts_nothing(short, stage: Stage, omar, lea):
    await omar.says("/start")
    rows = omar.card["reply_markup"]["inline_keyboard"]
    forged = next(each["callback_data"] for row in rows for each in row if each["text"] == "Count")
    await lea.says("/start")
    stage.world.taps(LEA, lea.card["message_id"], forged, forged=True)
    await stage.settle()
    assert lea.toasts[-1].text == "You may not do this. The owner decides who may."


# --- Refusals with a way out --------------------------------------------------------------------


async def test_a_party_without_a_currency_gets_one(stage: Stage, lea):
    await stage.does(parties.add_party, name="New Shop", customer=True, language="en")
    await lea.says("New Shop: 2 mouse m2")
    lea.sees("New Shop has no currency yet.")
    await lea.taps("Set currency")
    await lea.taps("EUR")
    lea.sees("Currency: EUR")
    await lea.says("New Shop: 2 mouse m2")
    lea.sees("Sales order · New Shop · EUR")


async def test_goods_do_not_leave_for_nowhere(short, stage: Stage, lea):
    await stage.does(
        parties.add_party, name="New Shop", customer=True, language="en", currency="EUR"
    )
    await lea.says("New Shop: 2 LAP-14")
    await taps_all(lea, "Confirm", "Deliver 2", "Ship 2")
    lea.sees("New Shop has no address yet.")
    await lea.taps("Add address")
    await lea.says("1 Main Street, 75001 Paris")
    lea.sees("Address: 1 Main Street, 75001 Paris")


async def test_a_price_is_set_by_who_may(samson, lea):
    await samson.says("mouse m3")
    await taps_all(samson, "Edit", "Price", "Skip")
    await lea.says("Papeterie: 2 MOU-3")
    await lea.taps("Confirm")
    lea.sees("Mouse M3 has no price yet. Type one.")
    await samson.says("Papeterie: 2 MOU-3")
    await samson.taps("Confirm")
    await samson.taps("Set price")
    await samson.says("24")
    samson.sees("Price: EUR 24.00")


# --- Notices ------------------------------------------------------------------------------------


async def test_who_made_an_order_hears_when_its_goods_are_here(bought, lea, omar):
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    before = len(lea.messages)
    await omar.says("PO-2026-0001")
    await taps_all(omar, "Receive 200", "Receive 200")
    lea.sees("SO-2026-0001: these goods are here now", "20 × Laptop Pro 14")
    assert len(lea.messages) == before + 1
    await lea.taps("Open SO-2026-0001")
    assert "Deliver 20" in lea.labels()


async def test_who_acts_hears_nothing_of_it(short, lea):
    before = len(lea.messages)
    await lea.says("High End: 20 LAP-14")
    await lea.taps("Confirm")
    # What she typed and the card of the order.
    assert len(lea.messages) == before + 2


async def test_goods_that_a_count_takes_away_are_told(short, lea, omar):
    await lea.says("High End: 190 LAP-14")
    await lea.taps("Confirm")
    await counts(omar, "188")
    await taps_all(omar, "Theft", "Adjust −2")
    lea.sees("SO-2026-0001: these goods were taken away, they wait again", "2 × Laptop Pro 14")


async def test_strangers_learn_nothing(stage: Stage, short):
    stage.world.add_person(401, "Nobody")
    nobody = stage.chat(401)
    await nobody.says("laptop pro")
    nobody.does_not_see("Laptop Pro 14 · LAP-14")
    martin = stage.chat(MARTIN)
    await martin.says("SO-2026-0001")
    martin.does_not_see("High End Computers")
