"""Holds and claims where a person does the less usual: types, goes back, taps late, mistypes."""

import pytest

from core.domain.lifecycles import State
from core.services.people import parties
from tests.pdf.papers import picture
from tests.people import Person
from tests.scenarios.stage import Stage

# --- Made by who sells --------------------------------------------------------------------------


async def test_who_sells_holds_from_a_product(short, lea, kim):
    before = len(kim.messages)
    await lea.says("laptop pro")
    await lea.taps("ask_hold")
    await lea.says("High End", "5", "friday 18:00")
    lea.sees("High End Computers", 5, "Fri 27 Nov 18:00")
    await lea.taps("finish", 5)
    lea.sees("RS-2026-0001", "Fri 27 Nov 18:00")
    lea.sees_line("5 × Laptop Pro 14", 5)
    # The customer hears nothing by itself: what leaves the house is its own tap.
    assert len(kim.messages) == before
    await lea.taps("send", "High End Computers")
    kim.sees("RS-2026-0001")


async def drafts_a_hold(lea: Person) -> None:
    await lea.says("/papers")
    await lea.taps_all(("paper_list", "RS"), ("begin", "RS"))
    await lea.says("High End", "5 laptop pro")
    await lea.taps("keep_draft")


async def test_a_draft_of_a_hold_asks_for_its_end_when_it_is_granted(short, lea):
    await drafts_a_hold(lea)
    await lea.taps_all("draft_lines", ("hold_grant", 5))
    assert lea.can("cancel"), "it asks until when"
    for passed in ("yesterday", "today 9:00"):
        await lea.says(passed)
        assert lea.can("cancel"), "that has passed"
    await lea.says("tomorrow 25:00")
    lea.is_refused("not_a_date", "tomorrow 25:00")
    await lea.says("tomorrow 18h30")
    lea.sees("RS-2026-0001", "Wed 25 Nov 18:30")


async def test_a_draft_of_a_hold_is_thrown_away(short, lea):
    await drafts_a_hold(lea)
    await lea.taps("discard")
    lea.does_not_see("High End Computers")
    assert not lea.can("discard")


async def test_a_typed_hold_asks_for_what_it_does_not_know(short, lea):
    await lea.says("5 laptop pro until friday")
    lea.sees(190)
    await lea.taps("wish_party")
    await lea.says("Martin")
    await lea.taps_all("wish_until", ("pick", "Wed 25 Nov"), ("wish_now", 5))
    lea.sees("RS-2026-0001 · Papeterie Martin", "Wed 25 Nov")


async def test_a_typed_hold_offers_what_else_may_be_meant(short, lea, kim):
    await kim.says("2 mouse, 3 unicorn, 4 laptop until friday")
    await kim.taps_all(("wish_drop", "unicorn"), ("wish_mean", "Mouse M3"), ("wish_now", 6))
    kim.sees("2 × Mouse M3", "4 × Laptop Pro 14")
    assert lea.can("hold_grant", 6)


async def test_several_parties_are_told_apart(short, stage: Stage, lea):
    await stage.does(
        parties.add_party, name="High Street", customer=True, language="en", currency="EUR"
    )
    await lea.says("High: 5 laptop pro until friday")
    await lea.taps("wish_for", "High Street")
    lea.sees_line("⏳", "High Street")


async def test_an_end_that_cannot_be_read_is_part_of_the_goods(short, kim):
    await kim.says("5 laptop until the cows come home")
    assert kim.can("wish_until")
    kim.sees("cows")


# --- Asked by who buys --------------------------------------------------------------------------


@pytest.fixture
async def asked(short, kim: Person) -> None:
    """Kim asks for five laptops and two mice until Friday."""
    await kim.says("5 LAP-14, 2 MOU-2 until friday")
    await kim.taps("wish_now", 7)


async def test_less_of_one_line_and_none_of_another(asked, lea, kim):
    await lea.taps_all("hold_less", ("pick", "Mouse M2"))
    await lea.says("0")
    await lea.taps_all("hold_less", ("pick", "Laptop Pro 14"))
    await lea.says("4")
    lea.sees_line("4 × Laptop Pro 14", 5)
    lea.sees_line("0 × Mouse M2", 2)
    await lea.taps("hold_grant", 4)
    kim.sees_line("4 × Laptop Pro 14", 5)
    kim.does_not_see("2 × Mouse M2 · ")


async def test_another_seller_sees_who_was_first(asked, lea, kim):
    await kim.taps_all("hold_change", ("pick", "Mouse M2"))
    await kim.says("1")
    await kim.taps("skip")
    await lea.taps_stale("hold_grant", 7)
    lea.is_refused("changed")
    await lea.taps("hold_grant", 6)
    lea.sees("RS-2026-0001")


async def test_a_customer_grants_nothing(asked, lea, kim):
    await kim.forges(lea.button("hold_grant", 7).data)
    kim.does_not_see("RS-2026-0001")


async def test_a_wish_is_refused_with_a_reason(asked, lea, kim):
    await lea.taps("hold_grant", 7)
    await kim.taps_all(("document", "RS-2026-0001"), ("wish_order", 7), "hold_extend")
    await kim.says("mon 30 nov")
    lea.sees("Mon 30 Nov")
    await lea.taps("wish_refuse")
    await lea.says("others wait")
    kim.sees("RS-2026-0001", "others wait")
    lea.does_not_see("Mon 30 Nov")


async def test_everything_is_released_by_the_customer(asked, lea, kim):
    await lea.taps("hold_grant", 7)
    await kim.taps_all(("document", "RS-2026-0001"), "hold_release", ("pick", "all"), "skip")
    kim.sees_state("reservation", State.ENDED)
    lea.sees("RS-2026-0001", "5 × Laptop Pro 14", "2 × Mouse M2")


async def test_goods_that_come_are_told_to_both_sides(asked, lea, kim, samson):
    await lea.taps("hold_grant", 7)
    await samson.orders("Shenzhen: 2 MOU-2")
    await samson.makes("RN", 2)
    for person in (lea, kim):
        person.is_told("claimed", "RS-2026-0001")
        person.sees("2 × Mouse M2")


async def test_who_may_not_order_asks_nothing(short, stage: Stage, kim):
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["high_end"]))[0]
    await stage.does(parties.change_contact, contact.id, may_order=False)
    await kim.says("laptop pro")
    assert not kim.can("ask_hold")
    await kim.says("5 LAP-14 until friday")
    assert not kim.can("wish_now")


# --- What lines have claimed --------------------------------------------------------------------


@pytest.fixture
async def waiting(short, lea: Person) -> None:
    """High End has all 190 laptops, Martin waits for three."""
    await lea.orders("High End: 190 LAP-14")
    await lea.orders("Papeterie: 3 LAP-14")


async def test_an_order_gives_goods_to_another(waiting, lea, samson):
    await samson.says("LAP-14")
    await samson.taps_all("why", ("claim", "SO-2026-0001", 190))
    samson.sees_line(190, "SO-2026-0001")
    samson.sees_line(3, "SO-2026-0002 · Papeterie Martin")
    before = len(lea.messages)
    await samson.taps_all("claim_give", ("pick", "SO-2026-0002"))
    await samson.says("4", "a good customer")
    samson.is_refused("not_waiting", "Laptop Pro 14", 3, 4)
    assert len(lea.messages) == before


async def test_an_orders_claim_is_released_for_who_waits(waiting, lea, samson):
    await samson.says("LAP-14")
    await samson.taps_all("why", ("claim", "SO-2026-0001", 190), "claim_release")
    await samson.says("2", "they do not hurry")
    samson.sees_line("−", 188, "SO-2026-0001")
    samson.sees_line("−", 2, "SO-2026-0002")
    lea.is_told("released", "SO-2026-0001")
    lea.sees("they do not hurry")
    lea.is_told("claimed", "SO-2026-0002")


async def test_who_only_keeps_the_stock_moves_no_claims(short, lea, omar):
    await lea.orders("High End: 5 LAP-14")
    for person in (omar, lea):
        await person.says("LAP-14")
        await person.taps("why")
    assert not omar.can("claim")
    await omar.forges(lea.button("claim", "SO-2026-0001", 5).data)
    omar.is_refused("not_allowed")


# --- Questions, zones, pictures -----------------------------------------------------------------


async def test_an_answer_reaches_nobody_who_is_gone(short, stage: Stage, lea, kim):
    await kim.says("/start")
    await kim.taps("ask_us")
    await kim.says("When?")
    contact = (await stage.asks(parties.contacts, stage.crimson.parties["high_end"]))[0]
    await stage.does(parties.end_contact, contact.id)
    await lea.taps("answer_ask")
    await lea.says("Soon")
    kim.does_not_see("Soon")


async def test_strangers_ask_nothing(stage: Stage, kim):
    await kim.says("/start")
    stage.world.add_person(402, "Nobody")
    nobody = stage.chat(402)
    await nobody.says("/start")
    await nobody.forges(kim.button("ask_us").data)
    nobody.is_refused("not_found")


async def test_the_companys_own_zone_needs_no_second_clock(short, kim):
    await kim.says("/start")
    await kim.taps_all("language", "ask_zone", ("pick", "Sydney"))
    await kim.says("5 LAP-14 until friday")
    kim.sees("(Sydney Sat 28 Nov 10:00)")
    await kim.says("/zone", "Nowhere")
    kim.is_refused("unknown_zone", "Nowhere")
    await kim.says("Europe/Paris", "5 LAP-14 until friday")
    kim.does_not_see("(Sydney")


async def test_pictures_stand_with_the_paper_of_goods(short, omar, wei):
    await omar.taps("add_picture")
    await omar.sends_document("list.txt", b"x")
    assert omar.can("cancel"), "it is no picture, and is asked for again"
    await omar.sends_document("broken.png", picture((2, 2)), caption="RN-2026-0001")
    await omar.taps("show_pictures", 1)
    assert omar.last["document"]["file_name"] == "broken.png"
    # The vendor sees it on the card, and adds none.
    await wei.says("RN-2026-0001")
    assert not wei.can("add_picture")
    await wei.taps("show_pictures", 1)
    assert wei.last["document"]["file_name"] == "broken.png"


async def test_a_line_of_a_count_is_taken_off_and_counted_again(short, omar):
    await omar.says("/start")
    await omar.taps("count")
    await omar.says("laptop pro", "189")
    await omar.taps("count_more")
    await omar.says("mouse m2", "1")
    omar.sees(2)
    await omar.taps_all(("count_open", "Mouse M2", "+1"), "count_drop")
    omar.sees_line(189, 190)
    await omar.taps("count_more")
    await omar.says("laptop pro", "190")
    assert not omar.can("adjust"), "that is right"
    await omar.taps("count_more")
    await omar.says("mouse m2", "1")
    await omar.taps("count_reason", "other")
    await omar.says("under the table")
    await omar.taps("adjust", 1)
    omar.sees("AJ-2026-0001", "under the table")
    omar.sees_line("Laptop Pro 14", 190, 190)


async def test_a_photo_that_telegram_has_lost_is_said(short, omar, lea, paul):
    await omar.taps("add_picture")
    await omar.sends_photo(picture((2, 2)))
    assert omar.can("show_pictures", 1)
    before = len(omar.messages)
    await omar.sends_photo(picture((2, 2)))
    assert len(omar.messages) == before + 2, "nobody asked for it, which is said"
    await paul.says("RN-2026-0001")
    paul.does_not_see("RN-2026-0001 · ")
    await lea.says("RN-2026-0001")
    assert not lea.can("show_pictures")
