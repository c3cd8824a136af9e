"""Holds and claims where a person does the less usual: types, goes back, taps late, mistypes."""

import pytest

from core.services.people import parties
from tests.chat import Chat
from tests.scenarios.stage import HIGH_END, LEA, MARTIN, Stage

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


# --- Made by who sells --------------------------------------------------------------------------


async def test_who_sells_holds_from_a_product(short, lea, kim):
    before = len(kim.messages)
    await lea.says("laptop pro")
    await lea.taps("Hold")
    await lea.says("High End")
    await lea.says("5")
    await lea.says("friday 18:00")
    lea.sees("Customer: High End Computers", "Quantity: 5", "Until: Fri 27 Nov 18:00")
    await lea.taps("Hold 5")
    lea.sees("RS-2026-0001", "5 × Laptop Pro 14 · 5 held", "until Fri 27 Nov 18:00")
    # The customer hears nothing by himself: what leaves the house is its own tap.
    assert len(kim.messages) == before
    await lea.taps("Send to High End Computers")
    kim.sees("RS-2026-0001")


async def test_a_draft_of_a_hold_asks_for_its_end_when_it_is_granted(short, lea):
    await lea.says("/papers")
    await taps_all(lea, "Reservations", "New")
    await lea.says("High End")
    await lea.says("5 laptop pro")
    await taps_all(lea, "Keep as draft", "Lines", "Hold 5")
    lea.sees("Until when?")
    await lea.says("yesterday")
    lea.sees("has passed")
    await lea.says("today 9:00")
    lea.sees("That has passed. Until when?")
    await lea.says("tomorrow 25:00")
    lea.sees("is no day")
    await lea.says("tomorrow 18h30")
    lea.sees("RS-2026-0001", "until Wed 25 Nov 18:30")


async def test_a_draft_of_a_hold_is_thrown_away(short, lea):
    await lea.says("/papers")
    await taps_all(lea, "Reservations", "New")
    await lea.says("High End")
    await lea.says("5 laptop pro")
    await taps_all(lea, "Keep as draft", "Discard")
    lea.sees("The draft is gone.")


async def test_a_typed_hold_asks_for_what_it_does_not_know(short, lea):
    await lea.says("5 laptop pro until friday")
    lea.sees("for whom?", "190 free")
    await lea.taps("Choose: for whom?")
    await lea.says("Martin")
    await taps_all(lea, "Other end", "Wed 25 Nov", "Hold 5")
    lea.sees("RS-2026-0001 · Papeterie Martin", "until the end of Wed 25 Nov")


async def test_a_typed_hold_offers_what_else_may_be_meant(short, lea, kim):
    await kim.says("2 mouse, 3 unicorn, 4 laptop until friday")
    kim.sees("not found: “unicorn”")
    await kim.taps("Leave out “unicorn”")
    await kim.taps("“mouse”: Mouse M3")
    await kim.taps("Ask to hold 6")
    kim.sees("2 × Mouse M3", "4 × Laptop Pro 14")
    assert "Hold 6" in lea.labels()


async def test_several_parties_are_told_apart(short, stage: Stage, lea):
    await stage.does(
        parties.add_party, name="High Street", customer=True, language="en", currency="EUR"
    )
    await lea.says("High: 5 laptop pro until friday")
    await lea.taps("High Street")
    lea.sees("⏳ Hold · High Street")


async def test_an_end_that_cannot_be_read_is_part_of_the_goods(short, kim):
    await kim.says("5 laptop until the cows come home")
    kim.sees("until when?", "not found")


# --- Asked by who buys --------------------------------------------------------------------------


@pytest.fixture
async def asked(short, kim: Chat) -> None:
    """Kim asks for five laptops and two mice until Friday."""
    await kim.says("5 LAP-14, 2 MOU-2 until friday")
    await kim.taps("Ask to hold 7")


async def test_less_of_one_line_and_none_of_another(asked, lea, kim):
    await taps_all(lea, "Less", "Mouse M2")
    await lea.says("0")
    await taps_all(lea, "Less", "Laptop Pro 14")
    await lea.says("4")
    lea.sees("4 × Laptop Pro 14 · 5 asked", "0 × Mouse M2 · 2 asked")
    await lea.taps("Hold 4")
    kim.sees("4 × Laptop Pro 14 · 5 asked")
    kim.does_not_see("2 × Mouse M2 · ")


async def test_another_seller_sees_who_was_first(asked, stage: Stage, lea, kim):
    stale = next(label for label in lea.labels() if label.startswith("Hold"))
    await kim.taps("Change")
    await kim.taps("Mouse M2")
    await kim.says("1")
    await kim.taps("Skip")
    await lea.taps_stale(stale)
    assert lea.toasts[-1].text == "This has changed meanwhile. Here is how it is now."
    await lea.taps("Hold 6")
    lea.sees("RS-2026-0001")


async def test_a_customer_grants_nothing(asked, stage: Stage, lea, kim):
    rows = lea.card["reply_markup"]["inline_keyboard"]
    forged = next(row[0]["callback_data"] for row in rows if row[0]["text"] == "Hold 7")
    stage.world.taps(HIGH_END, kim.card["message_id"], forged, forged=True)
    await stage.settle()
    kim.does_not_see("RS-2026-0001")


async def test_a_wish_is_refused_with_a_reason(asked, lea, kim):
    await lea.taps("Hold 7")
    await taps_all(kim, "Open RS-2026-0001", "Order 7 now", "Extend")
    await kim.says("mon 30 nov")
    await lea.taps("Say no")
    await lea.says("others wait")
    kim.sees("RS-2026-0001 stays as it is", "others wait")
    lea.does_not_see("wishes it to last")


async def test_everything_is_released_by_the_customer(asked, lea, kim):
    await lea.taps("Hold 7")
    await taps_all(kim, "Open RS-2026-0001", "Release…", "Everything", "Skip")
    kim.sees("ended")
    lea.sees("RS-2026-0001: given free", "5 × Laptop Pro 14", "2 × Mouse M2")


async def test_goods_that_come_are_told_to_both_sides(asked, lea, kim, samson):
    await lea.taps("Hold 7")
    await samson.says("Shenzhen: 2 MOU-2")
    await taps_all(samson, "Confirm", "Receive 2", "Receive 2")
    for chat in (lea, kim):
        chat.sees("RS-2026-0001: these goods are here now", "2 × Mouse M2")


async def test_who_may_not_order_asks_nothing(short, stage: Stage):
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["high_end"]))[0]
    await stage.does(parties.change_contact, contact.id, may_order=False)
    kim = stage.chat(HIGH_END)
    await kim.says("laptop pro")
    assert "Ask for a hold" not in kim.labels()
    await kim.says("5 LAP-14 until friday")
    kim.does_not_see("Ask to hold")


# --- What lines have claimed --------------------------------------------------------------------


async def test_an_order_gives_goods_to_another(short, lea, samson):
    await lea.says("High End: 190 LAP-14")
    await lea.taps("Confirm")
    await lea.says("Papeterie: 3 LAP-14")
    await lea.taps("Confirm")
    await samson.says("LAP-14")
    await taps_all(samson, "Why", "SO-2026-0001 · 190")
    samson.sees("190 held · SO-2026-0001", "3 wait · SO-2026-0002 · Papeterie Martin")
    await taps_all(samson, "Give to…", "SO-2026-0002")
    await samson.says("4")
    await samson.says("a good customer")
    samson.sees("Laptop Pro 14: 3 wait here, 4 wanted.")
    lea.does_not_see("went to another order")


async def test_an_orders_claim_is_released_for_who_waits(short, lea, samson):
    await lea.says("High End: 190 LAP-14")
    await lea.taps("Confirm")
    await lea.says("Papeterie: 3 LAP-14")
    await lea.taps("Confirm")
    await samson.says("LAP-14")
    await taps_all(samson, "Why", "SO-2026-0001 · 190", "Release…")
    await samson.says("2")
    await samson.says("they do not hurry")
    samson.sees("− 188 held · SO-2026-0001", "− 2 held · SO-2026-0002")
    lea.sees("SO-2026-0001: these goods were released", "they do not hurry")
    lea.sees("SO-2026-0002: these goods are here now")


async def test_who_only_keeps_the_stock_moves_no_claims(short, stage: Stage, lea, omar):
    await lea.says("High End: 5 LAP-14")
    await lea.taps("Confirm")
    await omar.says("LAP-14")
    await omar.taps("Why")
    assert "SO-2026-0001 · 5" not in omar.labels()
    await lea.says("LAP-14")
    await lea.taps("Why")
    rows = lea.card["reply_markup"]["inline_keyboard"]
    forged = next(row[0]["callback_data"] for row in rows if row[0]["text"] == "SO-2026-0001 · 5")
    stage.world.taps(omar.user_id, omar.card["message_id"], forged, forged=True)
    await stage.settle()
    assert omar.toasts[-1].text == "You may not do this. The owner decides who may."


# --- Questions, zones, pictures -----------------------------------------------------------------


async def test_an_answer_reaches_nobody_who_is_gone(short, stage: Stage, lea, kim):
    await kim.says("/start")
    await kim.taps("Ask Crimson")
    await kim.says("When?")
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["high_end"]))[0]
    await stage.does(parties.end_contact, contact.id)
    await lea.taps("Answer")
    await lea.says("Soon")
    kim.does_not_see("Soon")


async def test_strangers_ask_nothing(stage: Stage, kim):
    await kim.says("/start")
    rows = kim.card["reply_markup"]["inline_keyboard"]
    forged = next(
        each["callback_data"] for row in rows for each in row if each["text"] == "Ask Crimson"
    )
    stage.world.add_person(402, "Nobody")
    nobody = stage.chat(402)
    await nobody.says("/start")
    stage.world.taps(402, nobody.card["message_id"], forged, forged=True)
    await stage.settle()
    nobody.sees("There is no such thing")


async def test_the_companys_own_zone_needs_no_second_clock(short, stage: Stage, kim):
    await kim.says("/start")
    await taps_all(kim, "Language", "Time zone", "Sydney")
    await kim.says("5 LAP-14 until friday")
    kim.sees("(Sydney Sat 28 Nov 10:00)")
    await kim.says("/zone")
    await kim.says("Nowhere")
    kim.sees("Nowhere is no time zone")
    await kim.says("Europe/Paris")
    await kim.says("5 LAP-14 until friday")
    kim.does_not_see("(Sydney")


async def test_pictures_stand_with_the_paper_of_goods(short, omar, lea, wei):
    assert "Add a photo" in omar.labels()
    await omar.taps("Add a photo")
    await omar.sends_document("list.txt", b"x")
    omar.sees("This is no picture. A photo is needed here.")
    await omar.sends_document("broken.png", PICTURE, caption="RN-2026-0001")
    await omar.taps("1 photo")
    assert omar.last["document"]["file_name"] == "broken.png"
    # The vendor sees it on his card, and adds none.
    await wei.says("RN-2026-0001")
    assert "1 photo" in wei.labels()
    assert "Add a photo" not in wei.labels()
    await wei.taps("1 photo")
    assert wei.last["document"]["file_name"] == "broken.png"


async def test_a_line_of_a_count_is_taken_off_and_counted_again(short, omar):
    await omar.says("/start")
    for name, number in (("Count", ""), ("", "laptop pro"), ("", "189")):
        await (omar.taps(name) if name else omar.says(number))
    await omar.taps("Count another")
    await omar.says("mouse m2")
    await omar.says("1")
    omar.sees("Count · 2 products")
    await taps_all(omar, "Mouse M2 +1", "Take it off")
    omar.sees("189 counted · 190 booked")
    await omar.taps("Count another")
    await omar.says("laptop pro")
    await omar.says("190")
    omar.sees("That is right: nothing to adjust.")
    await omar.taps("Count another")
    await omar.says("mouse m2")
    await omar.says("1")
    await omar.taps("Other")
    await omar.says("under the table")
    await omar.taps("Adjust 1 line")
    omar.sees("AJ-2026-0001", "under the table", "Laptop Pro 14: counted 190, booked 190")


async def test_a_photo_that_telegram_has_lost_is_said(short, stage: Stage, omar):
    await omar.taps("Add a photo")
    await omar.sends_photo(PICTURE)
    assert "1 photo" in omar.labels()
    await omar.sends_photo(PICTURE)
    omar.sees("A photo is kept where one is asked for")
    lea, martin = stage.chat(LEA), stage.chat(MARTIN)
    await martin.says("RN-2026-0001")
    martin.does_not_see("RN-2026-0001 · ")
    await lea.says("RN-2026-0001")
    lea.does_not_see("1 photo")
