"""What is typed while a line is open is its quantity, price or discount; discounts in money.

Played in English on SQLite and in French on PostgreSQL.
"""

from tests.people import Person
from tests.scenarios.stage import Stage


async def drafts(lea: Person, text: str) -> None:
    """Keep what is typed as a draft, and look at its lines."""
    await lea.says(text)
    await lea.taps_all("keep_draft", "draft_lines")


async def test_figures_typed_for_an_open_line_change_it(lea):
    await drafts(lea, "High End: 20 LAP-14, 4 CAB")
    await lea.taps("draft_line", "Pro 14", 20)
    await lea.says("25")
    assert lea.can("ask_line", "quantity", 25)
    await lea.says("@ 2300")
    lea.sees("2300.00")
    await lea.says("30 10%")
    assert lea.can("ask_line", "quantity", 30)
    await lea.says("-5 AUD")
    lea.sees("2295.00", 10)
    await lea.says("-5 EUR")
    lea.sees("AUD")
    await lea.says("2,5")
    assert lea.can("ask_line", "quantity", 30), "half a laptop is refused, the line stays open"
    await lea.says("31")
    assert lea.can("ask_line", "quantity", 31)
    await lea.taps("step_line", "+")
    await lea.says("40")
    assert lea.can("ask_line", "quantity", 40), "a step leaves the line open for what is typed"
    await lea.goes_back()
    await lea.taps("draft_line", 4)
    await lea.says("2,5")
    assert lea.can("ask_line", "quantity", "2.5"), "a metre can be halved"


async def test_what_is_no_figure_is_read_as_ever(lea):
    await lea.orders("High End: 20 LAP-14")
    await drafts(lea, "High End: 3 MOU-2")
    await lea.taps("draft_line", "M2", 3)
    await lea.says("SO-2026-0001")
    lea.sees("SO-2026-0001", "Pro 14")
    await lea.says("7")
    assert not lea.can("ask_line"), "another card was opened since: no line waits for a number"


async def test_the_number_of_an_open_receipt_line_is_what_is_accepted(stage: Stage, samson, omar):
    await samson.orders("Shenzhen: 200 LAP-14, 5 MOU-2")
    await omar.says("PO-2026-0001")
    await omar.taps_all(("convert", "RN", 205), ("open_line", "Pro 14"))
    await omar.says("190")
    assert omar.can("type_number", "quantity", 190)
    stage.again()
    await omar.says("188")
    assert omar.can("type_number", "quantity", 188), "a restart forgets nothing"


async def test_money_is_taken_off_a_line_and_off_everything(lea):
    await lea.says("High End: 2 LAP-14 -5 AUD, 3 MOU-2, -50 AUD")
    lea.sees("2385.00", "4807.00")
    await lea.taps("order_now")
    lea.sees("SO-2026-0001", "50.00", "4807.00")
    for refused in (
        "1 LAP-14 -5000 AUD, 1 MOU-2",  # more than the line costs
        "1 LAP-14, -50000 AUD",  # more than the lines come to
        "1 LAP-14, -50 EUR",  # it is an order in AUD
    ):
        await lea.says(f"High End: {refused}")
        assert not lea.can("order_now")


async def test_an_order_and_a_line_are_asked_for_a_discount_in_money(lea):
    await drafts(lea, "High End: 2 LAP-14")
    await lea.goes_back()
    await lea.taps_all("draft_terms", ("ask_term", "discount_percent"))
    await lea.says("100 EUR")
    lea.sees("AUD")
    assert lea.can("cancel"), "it is asked for again"
    await lea.says("100 AUD")
    await lea.goes_back()
    lea.sees("4680.00")
    await lea.taps_all("draft_lines", ("draft_line", "Pro 14"), ("ask_line", "discount"))
    await lea.says("40 AUD")
    lea.sees("2350.00")
    await lea.says("SO-2026-0001")
    lea.does_not_see("2350.00")
