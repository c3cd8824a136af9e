"""The stories of DESIGN 1 (g) and (h): holds asked and answered, a count that differs.

Played through the chat by its people, in English and in French, on SQLite and on PostgreSQL; what
each person sees, the levels and the ledger are checked.
"""

from decimal import Decimal

from bot.screens.stock.count import REASONS
from core.domain.lifecycles import State
from core.services import stock
from tests.pdf.papers import picture
from tests.scenarios.stage import Stage


async def ledger(stage: Stage, sku: str = "LAP-14") -> list[tuple[str, Decimal]]:
    """The paper and the level after each move, the oldest first."""
    entries = await stage.asks(stock.history, stage.crimson.products[sku])
    return [(each.number, each.level) for each in reversed(entries)]


# --- (g) A count differs ----------------------------------------------------------------------


async def test_what_is_shipped_after_a_count_is_no_difference(stage: Stage, samson, lea, omar):
    await samson.buys("52 MOU-2")
    await lea.orders("High End: 5 MOU-2")
    # Counted 50 of 52 at ten, five shipped at five past, posted at ten past: two are missing.
    await omar.says("/start")
    await omar.taps("count")
    await omar.says("MOU-2", "50")
    omar.sees(-2)
    stage.clock.passes(minutes=5)
    await lea.makes("DN", 5)
    stage.clock.passes(minutes=5)
    await omar.taps_all(("count_reason", "broken"), "count_picture")
    await omar.sends_photo(picture((2, 2)))
    await omar.taps("adjust", -2)
    omar.sees("AJ-2026-0001")
    omar.reads(REASONS["broken"])
    assert (await stage.level("MOU-2")).on_hand == 45
    assert await ledger(stage, "MOU-2") == [
        ("RN-2026-0001", 52), ("DN-2026-0001", 47), ("AJ-2026-0001", 45),
    ]  # fmt: skip
    # The photo is shown again from the card of the adjustment.
    before = len(omar.messages)
    await omar.taps("show_pictures", 1)
    assert len(omar.messages) == before + 1
    assert omar.last["photo"]
    omar.sees("AJ-2026-0001 · Omar")


async def test_a_count_of_several_takes_claimed_goods_and_says_whose(
    stage: Stage, samson, lea, omar, paul
) -> None:
    await samson.buys("10 MOU-2")
    await samson.buys("9 MOU-3")
    # An order claims six, a hold the other four: the hold gives way before the order.
    await lea.orders("High End: 6 MOU-2")
    await paul.says("4 MOU-2 jusqu'à vendredi")
    await paul.taps("wish_now", 4)
    await lea.taps("hold_grant", 4)
    await omar.says("/start")
    await omar.taps("count")
    await omar.says("MOU-2", "5")
    omar.sees_line(4, "RS-2026-0001", "Papeterie Martin")
    omar.sees_line(1, "SO-2026-0001", "High End Computers")
    await omar.taps("count_more")
    await omar.says("MOU-3", "10")
    await omar.taps_all(("count_reason", "lost"), ("count_open", "M3", "+1"))
    await omar.taps_all(("count_reason", "found"), "count_close", ("adjust", 2))
    omar.sees("AJ-2026-0001")
    omar.reads(REASONS["lost"])
    omar.reads(REASONS["found"])
    paul.is_told("displaced", "RS-2026-0001")
    lea.is_told("displaced", "SO-2026-0001")
    mice = await stage.level("MOU-2")
    assert (mice.on_hand, mice.claimed, mice.waiting) == (5, 5, 5)
    assert (await stage.level("MOU-3")).on_hand == 10


# --- (h) A customer asks to hold goods until Friday -------------------------------------------


async def test_a_hold_from_its_wish_to_its_end(stage: Stage, samson, lea, kim, paul) -> None:
    await samson.buys("17 LAP-14")

    # Kim is in Sydney: moments that concern her are shown by her clock too.
    await kim.says("/zone")
    await kim.taps("pick", "Sydney")

    # She asks from the catalogue, in five touches; Lea sees it with the figures.
    await kim.says("/start")
    await kim.taps_all("catalogue", ("product", "Pro 14"), "ask_hold")
    await kim.says("10", f"{kim.day(27)} 18:00")
    await kim.taps("finish", 10)
    kim.sees_line(10, "Pro 14")
    kim.sees(f"{kim.day(27)} 18:00 (Sydney {kim.day(28)} 04:00)", "Crimson")
    assert kim.can("hold_change")
    assert kim.can("hold_withdraw")
    lea.sees("High End Computers", "Kim", "(Sydney", 17, "2390.00")
    for answer in ("hold_less", "hold_shorter", "hold_decline"):
        assert lea.can(answer)
    assert (await stage.level("LAP-14")).claimed == 0

    # Lea holds less, for as long as was asked: the card keeps it until one tap grants it.
    await lea.taps("hold_less")
    await lea.says("8")
    lea.sees(10)
    await lea.taps("hold_grant", 8)
    lea.sees("RS-2026-0001")
    kim.sees_line("RS-2026-0001", f"{kim.day(27)} 18:00 (Sydney {kim.day(28)} 04:00)")
    kim.sees_line(8, "Pro 14 · ", 10)
    assert (await stage.level("LAP-14")).claimed == 8

    # She opens her living card and wishes more time; Lea grants it with one tap.
    await kim.taps_all(("document", "RS-2026-0001"), "hold_extend")
    await kim.says("30 nov")
    lea.sees_line("Kim", lea.day(30))
    await lea.taps("hold_until", lea.day(30))
    longer = f"(Sydney {kim.day(1, 12)} 10:00)"
    kim.sees_line("RS-2026-0001", kim.day(30), longer)

    # Paul writes his wish in French; only nine are free, one waits in the queue behind Kim.
    await paul.says("10 portable jusqu'au 30/11")
    await paul.taps("wish_now", 10)
    await lea.taps("hold_grant", 10)
    paul.sees_line("RS-2026-0002", "lun. 30 nov.")
    paul.sees_line(10, "Portable Pro 14", 9, 1)
    assert (await stage.level("LAP-14")).available == 0

    # Kim gives three free: Paul gets the piece that he waited for, and both are told.
    await kim.taps_all(("document", "RS-2026-0001"), "hold_release")
    await kim.says("3", "three seats fewer")
    kim.sees(3)
    lea.sees("RS-2026-0001", "three seats fewer")
    paul.is_told("claimed", "RS-2026-0002")
    paul.sees_line(1, "Portable Pro 14")
    assert (await stage.level("LAP-14")).available == 2

    # She wants to order: Lea makes the order of four, which keeps its place.
    await kim.taps("wish_order", 5)
    lea.sees("Kim")
    await lea.taps("convert", "SO", 5)
    lea.sees(lea.day(30))
    await lea.taps_all(("open_line", "Pro 14", 5), ("type_number", "quantity", 5))
    await lea.says("4")
    await lea.taps_all("close_line", ("make", "SO", 4))
    lea.sees("SO-2026-0001", "High End Computers", 4)

    # A day before the end both sides are asked once: extend, order or release.
    stage.clock.passes(days=5, hours=15)
    await stage.settle()
    kim.sees_line("RS-2026-0001", "High End Computers", kim.day(30), longer)
    kim.sees_line(1, "Pro 14")
    assert kim.can("hold_extend")
    assert kim.can("hold_release")
    paul.sees_line("RS-2026-0002", "lun. 30 nov.")
    before = len(kim.messages)
    await stage.settle()
    assert len(kim.messages) == before
    await paul.taps_all("hold_release", ("pick", "="), "skip")
    paul.sees_state("reservation", State.ENDED)

    # At its end what is left is free by itself, and both hear it.
    await lea.orders("Papeterie: 13 LAP-14")
    assert (await stage.level("LAP-14")).waiting == 1
    stage.clock.passes(days=1)
    await stage.settle()
    kim.is_told("expired", "RS-2026-0001")
    kim.sees_line(1, "Pro 14")
    lea.is_told("claimed", "SO-2026-0002")
    held = await stage.level("LAP-14")
    assert (held.on_hand, held.claimed, held.waiting) == (17, 17, 0)

    # What was ordered is delivered from its own claim; the ledger and the audit agree.
    await lea.says("SO-2026-0001")
    await lea.makes("DN", 4)
    assert (await stage.level("LAP-14")).on_hand == 13
    assert await ledger(stage) == [("RN-2026-0001", 17), ("DN-2026-0001", 13)]


async def test_a_wish_is_changed_declined_and_taken_back(samson, lea, kim, paul) -> None:
    await samson.buys("5 LAP-14")
    await kim.says("4 LAP-14, 2x MOU-2 until Friday")
    await kim.taps_all(("wish_now", 6), "hold_change", ("pick", "M2"))
    await kim.says("0")
    await kim.taps("skip")
    lea.sees_line(4, "Pro 14")
    lea.does_not_see("M2")
    await lea.taps("hold_decline")
    await lea.says("they are promised")
    kim.sees_line(4, "Pro 14")
    kim.sees("they are promised")
    # She asks again with two taps, and takes it back before it is answered.
    await kim.says("/start")
    await kim.taps_all("my_holds", "document", "hold_again", "wish_until", ("pick", kim.day(27)))
    await kim.taps_all(("wish_now", 4), "hold_withdraw")
    assert kim.can("hold_again")
    lea.sees_state("reservation", State.CANCELLED)
    # Paul asks and Lea wishes him less time than he wants.
    await paul.says("2 portable jusqu’à vendredi")
    await paul.taps("wish_now", 2)
    await lea.taps_all("hold_shorter", ("pick", lea.day(25)), ("hold_grant", 2))
    paul.sees("mer. 25 nov.")


async def test_claims_are_given_and_released_with_a_reason(
    stage: Stage, samson, lea, kim, paul
) -> None:
    await samson.buys("6 LAP-14")
    await kim.says("6 LAP-14 until Friday")
    await kim.taps("wish_now", 6)
    await lea.taps("hold_grant", 6)
    await paul.says("3 portable jusqu’à vendredi")
    await paul.taps("wish_now", 3)
    await lea.taps("hold_grant", 3)
    await lea.says("LAP-14")
    await lea.taps_all("why", ("claim", "RS-2026-0001", 6), "claim_give")
    await lea.taps("pick", "RS-2026-0002")
    await lea.says("2", "paid in advance")
    kim.is_told("claim_taken", "RS-2026-0001")
    kim.sees_line(2, "Pro 14")
    paul.is_told("claim_given", "RS-2026-0002")
    for person in (kim, paul):
        person.sees("paid in advance")
    await lea.taps_all(("claim", "RS-2026-0001", 4), "claim_release")
    await lea.says("1", "needed elsewhere")
    kim.is_told("released", "RS-2026-0001")
    kim.sees_line(1, "Pro 14")
    kim.sees("needed elsewhere")
    # Paul, who waited for one more, has it; Kim waits for what was given away.
    held = await stage.level("LAP-14")
    assert (held.claimed, held.waiting) == (6, 2)


async def test_homes_lead_everywhere_and_questions_are_answered(samson, lea, kim, wei) -> None:
    await kim.says("/start")
    for opener in ("catalogue", "my_holds", "my_orders", "my_invoices"):
        await kim.taps(opener)
        await kim.goes_back()
        assert kim.can("catalogue")
    await kim.taps("ask_us", "Crimson")
    await kim.says("When do the <mice> come?")
    lea.sees("Kim · High End Computers", "When do the <mice> come?")
    await lea.taps("answer_ask")
    await lea.says("On Monday")
    kim.sees("Lea", "On Monday")
    await samson.buys("5 LAP-14")
    await wei.says("/start")
    await wei.taps("vendor_orders")
    wei.sees(1)
    await wei.goes_back()
    await wei.taps("vendor_bills")
    await wei.goes_back()
    await wei.taps("ask_us", "Crimson")
    await wei.says("Shall I send more?")
    samson.sees("Wei · Shenzhen Parts", "Shall I send more?")
