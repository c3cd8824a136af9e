"""Drafts, lists of papers, payments, holds and the language of the chat."""

from core.domain.lifecycles import State
from tests.scenarios.stage import Stage


async def test_a_draft_is_edited_line_by_line(lea):
    await lea.says("High End: 2 LAP-14, 3 MOU-2")
    await lea.taps_all("keep_draft", "draft_lines", ("draft_line", "2 × Laptop Pro 14"))
    await lea.taps_all(("step_line", "+"), ("ask_line", "unit_price"))
    await lea.says("2300")
    lea.sees("AUD 2,300.00")
    await lea.taps("ask_line", "discount")
    await lea.says("5 %")
    lea.sees("5%")
    await lea.taps("step_line", "−")
    await lea.goes_back()
    await lea.taps_all(("draft_line", "3 × Mouse M2"), ("ask_line", "quantity", 3))
    await lea.says("4")
    lea.sees("Mouse M2")
    await lea.taps_all("remove_line", "add_line")
    await lea.says("MOU-3", "7")
    assert lea.can("draft_line", "7 × Mouse M3")
    await lea.taps("issue")
    lea.sees("SO-2026-0001", "2 × Laptop Pro 14", "7 × Mouse M3")
    lea.does_not_see("Mouse M2")


async def test_the_terms_of_a_draft(lea):
    await lea.says("High End: 2 LAP-14")
    await lea.taps_all("keep_draft", "draft_terms", ("ask_term", "payment_days"))
    await lea.says("10")
    await lea.taps("ask_term", "reference")
    await lea.says("Your mail of Monday")
    lea.sees(10, "Your mail of Monday")
    await lea.goes_back()
    await lea.taps("discard")
    assert not lea.can("discard")


async def test_many_lines_fold_and_page(lea):
    goods = ", ".join(f"{number} MOU-2" for number in range(1, 12))
    await lea.says(f"High End: {goods}")
    await lea.taps_all("keep_draft", "draft_lines", ("draft_lines", "»"))
    assert lea.can("draft_line", "11. 11 × Mouse M2")
    await lea.taps("draft_lines", "«")
    assert lea.can("draft_line", "1. 1 × Mouse M2")


async def test_papers_are_found_by_kind_and_state(lea, omar):
    for number in range(1, 11):
        await lea.orders(f"High End: {number} MOU-2")
    await lea.says("/papers")
    await lea.taps_all(("paper_list", "SO", 10), ("paper_list", "»"))
    assert lea.can("document", "SO-2026-0001")
    await lea.taps_all(("paper_list", "«"), ("document", "SO-2026-0010"))
    lea.sees("SO-2026-0010")
    await omar.says("so 3")
    omar.sees("SO-2026-0003")


async def test_another_amount_is_paid(lea):
    await lea.orders("High End: 3x freight")
    await lea.makes("IN", 3)
    await lea.taps_all("pay", "ask_amount")
    await lea.says("AUD 100")
    lea.sees_settled("invoice", "part", "342.62")
    await lea.taps_all("pay", ("settle", "342.62"))
    lea.sees_settled("invoice", "paid")
    await lea.taps_all("related", ("document", "SO-2026-0001"))
    lea.sees("SO-2026-0001")


async def test_an_order_is_cancelled_by_a_tap_that_says_what_it_does(lea):
    await lea.orders("High End: 5 LAP-14")
    await lea.taps("ask_end", "cancel")
    lea.sees_line("SO-2026-0001", 5)
    await lea.goes_back()
    await lea.ends("cancel")
    lea.sees_state("sales_order", State.CANCELLED)


async def test_the_language_of_the_chat(lea):
    await lea.says("/language")
    await lea.taps("speak", "fr")
    await lea.says("laptop pro")
    lea.sees("Portable Pro 14 · LAP-14", "450,00\u00a0EUR")


async def test_both_sides_hear_that_a_hold_has_ended(short, stage: Stage, lea, kim):
    await lea.says("/papers")
    await lea.taps_all(("paper_list", "RS"), ("begin", "RS"))
    await lea.says("High End", "10 LAP-14")
    await lea.taps_all("keep_draft", "draft_terms", ("ask_term", "valid_until"))
    await lea.says("26 nov")
    await lea.goes_back()
    await lea.taps("hold_grant")
    lea.sees("RS-2026-0001 · High End Computers", 10)
    lea.sees_state("reservation", State.ACTIVE)
    await kim.says("/start")
    await kim.taps("my_holds", 1)
    stage.clock.passes(days=4)
    await stage.app.tick()
    await stage.settle()
    for person in (lea, kim):
        person.is_told("expired", "RS-2026-0001")
        person.sees("10 × Laptop Pro 14")
    await lea.says("laptop pro")
    lea.sees(190)
