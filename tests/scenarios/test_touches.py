"""How many touches (messages and taps) the daily work costs a person."""

import pytest

from core.services import accounts, stock
from tests.scenarios.stage import HIGH_END, LEA, OMAR, SAMSON, Stage


@pytest.fixture
def language() -> str:
    """The touches are the same in every language, so one is enough."""
    return "en"


async def level(stage: Stage, sku: str) -> stock.StockLevel:
    product_id = stage.crimson.products[sku]
    return (await stage.asks(stock.levels, [product_id]))[product_id]


async def receives_whole(stage: Stage) -> int:
    """A purchase order of 200 laptops and 10 mice is typed, confirmed and received whole.

    Returns the touches of the storekeeper from the order's card on.
    """
    samson, omar = stage.chat(SAMSON), stage.chat(OMAR)
    await samson.orders("Shenzhen: 200 LAP-14, 10x MOU-2")
    await omar.says("PO-2026-0001")
    omar.touches = 0
    await omar.makes("RN", 210)
    omar.sees("RN-2026-0001")
    return omar.touches


async def test_an_order_is_typed_confirmed_and_sent_in_three_touches(stage: Stage):
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await lea.orders("High End: 20 LAP-14, 3x MOU-2 10%, 2 MOU-3")
    await lea.taps("send")
    assert lea.touches <= 3
    kim.sees("SO-2026-0001")
    assert kim.document().startswith(b"%PDF")


async def test_a_purchase_order_is_received_whole_in_two_taps_from_its_card(stage: Stage):
    assert await receives_whole(stage) <= 2
    assert (await level(stage, "LAP-14")).on_hand == 200
    assert (await level(stage, "MOU-2")).on_hand == 10


async def test_all_is_delivered_and_invoiced_in_four_taps_from_the_order(stage: Stage):
    await receives_whole(stage)
    lea = stage.chat(LEA)
    await lea.orders("High End: 20 LAP-14, 3x MOU-2 10%")
    lea.touches = 0
    await lea.makes("DN", 23)
    await lea.makes("IN", 23)
    assert lea.touches <= 4
    lea.sees("IN-2026-0001")
    assert (await level(stage, "LAP-14")).on_hand == 180
    owed = await stage.asks(accounts.balances, stage.crimson.parties["high_end"])
    assert owed["AUD"] > 0
