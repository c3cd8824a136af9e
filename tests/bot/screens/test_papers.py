"""Drafts, lists of papers, payments, holds and the language of the chat."""

from tests.chat import Chat
from tests.scenarios.stage import Stage


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


async def test_a_draft_is_edited_line_by_line(lea):
    await lea.says("High End: 2 LAP-14, 3 MOU-2")
    await lea.taps("Keep as draft")
    lea.sees("Draft: Sales order")
    await taps_all(lea, "Lines", "1. 2 × Laptop Pro 14", "+", "Price")
    await lea.says("2300")
    lea.sees("AUD 2,300.00 · typed")
    await lea.taps("Discount")
    await lea.says("5 %")
    lea.sees("Discount 5%")
    await taps_all(lea, "−", "‹ Back", "2. 3 × Mouse M2", "3")
    await lea.says("4")
    lea.sees("Mouse M2")
    await taps_all(lea, "Remove", "Add a line")
    await lea.says("MOU-3")
    await lea.says("7")
    lea.sees("Tap a line to change it.")
    assert "2. 7 × Mouse M3" in lea.labels() or "3. 7 × Mouse M3" in lea.labels()
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001", "2 × Laptop Pro 14", "7 × Mouse M3")


async def test_the_terms_of_a_draft(lea):
    await lea.says("High End: 2 LAP-14")
    await taps_all(lea, "Keep as draft", "Dates, terms", "Payment days")
    await lea.says("10")
    await lea.taps("Reference")
    await lea.says("Your mail of Monday")
    lea.sees("Payment days: 10 days", "Reference: Your mail of Monday")
    await taps_all(lea, "‹ Back", "Discard")
    lea.sees("The draft is gone.")


async def test_many_lines_fold_and_page(lea, stage: Stage):
    goods = ", ".join(f"{number} MOU-2" for number in range(1, 12))
    await lea.says(f"High End: {goods}")
    await taps_all(lea, "Keep as draft", "Lines")
    await lea.taps("»")
    assert "11. 11 × Mouse M2" in lea.labels()
    await lea.taps("«")
    assert "1. 1 × Mouse M2" in lea.labels()


async def test_papers_are_found_by_kind_and_state(lea, omar):
    for number in range(1, 11):
        await lea.says(f"High End: {number} MOU-2")
        await lea.taps("Confirm")
    await lea.says("/papers")
    await lea.taps("Sales orders 10")
    await lea.taps("»")
    assert any("SO-2026-0001" in label for label in lea.labels())
    await lea.taps("«")
    await lea.taps("SO-2026-0010")
    lea.sees("SO-2026-0010")
    await omar.says("so 3")
    omar.sees("SO-2026-0003")


async def test_another_amount_is_paid(lea):
    await lea.says("High End: 3x freight")
    await taps_all(lea, "Confirm", "Invoice 3", "Invoice 3", "Record payment", "Another amount")
    await lea.says("AUD 100")
    lea.sees("paid in part, AUD 342.62 due")
    await taps_all(lea, "Record payment", "Received AUD 342.62")
    lea.sees("paid")
    await taps_all(lea, "Related", "SO-2026-0001")
    lea.sees("SO-2026-0001")


async def test_an_order_is_cancelled_by_a_tap_that_says_what_it_does(lea):
    await lea.says("High End: 5 LAP-14")
    await taps_all(lea, "Confirm", "Cancel")
    lea.sees("Cancel SO-2026-0001? 5 pieces are not wanted any more.")
    await lea.taps("‹ Back")
    await taps_all(lea, "Cancel", "Cancel")
    lea.sees("cancelled")


async def test_the_language_of_the_chat(lea):
    await lea.says("/language")
    await lea.taps("Français")
    await lea.says("laptop pro")
    lea.sees("Portable Pro 14 · LAP-14", "450,00\u00a0EUR")


async def test_both_sides_hear_that_a_hold_has_ended(short, stage: Stage, lea, kim):
    await lea.says("/papers")
    await lea.taps("Reservations")
    await lea.taps("New")
    await lea.says("High End")
    await lea.says("10 LAP-14")
    await taps_all(lea, "Keep as draft", "Dates, terms", "Until")
    await lea.says("26 nov")
    await taps_all(lea, "‹ Back", "Hold")
    lea.sees("RS-2026-0001 · High End Computers · 🟢 active", "10 held")
    await kim.says("/start")
    await kim.taps("My holds 1")
    stage.clock.passes(days=4)
    await stage.app.tick()
    await stage.settle()
    for chat in (lea, kim):
        chat.sees("RS-2026-0001 has ended: these goods are free again", "10 × Laptop Pro 14")
    await lea.says("laptop pro")
    lea.sees("190 free")
