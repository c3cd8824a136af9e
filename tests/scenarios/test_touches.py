"""How many touches (messages and taps) the daily work costs a person."""

import pytest

from tests.scenarios.stage import Stage


@pytest.fixture
def language() -> str:
    """The touches are the same in every language, so one is enough."""
    return "en"


@pytest.fixture
async def ordered(samson, omar) -> None:
    """200 laptops and 10 mice are ordered; the order is on the storekeeper's card."""
    await samson.orders("Shenzhen: 200 LAP-14, 10x MOU-2")
    await omar.says("PO-2026-0001")
    omar.touches = 0


async def test_an_order_is_typed_confirmed_and_sent_in_three_touches(lea, kim):
    await lea.says("High End: 20 LAP-14, 3x MOU-2 10%, 2 MOU-3")
    await lea.taps_all("order_now", ("send", "High End Computers"))
    assert lea.touches <= 3
    kim.sees("SO-2026-0001")
    assert kim.document().startswith(b"%PDF")


async def test_a_purchase_order_is_received_whole_in_two_taps_from_its_card(
    ordered, stage: Stage, omar
):
    await omar.taps_all(("convert", "RN", 210), ("make", "RN", 210))
    omar.sees("RN-2026-0001")
    assert omar.touches <= 2
    assert (await stage.level("LAP-14")).on_hand == 200
    assert (await stage.level("MOU-2")).on_hand == 10


async def test_all_is_delivered_and_invoiced_in_four_taps_from_the_order(
    ordered, stage: Stage, omar, lea
):
    await omar.makes("RN", 210)
    await lea.orders("High End: 20 LAP-14, 3x MOU-2 10%")
    lea.touches = 0
    await lea.taps_all(("convert", "DN", 23), ("make", "DN", 23))
    await lea.taps_all(("convert", "IN", 23), ("make", "IN", 23))
    assert lea.touches <= 4
    lea.sees("IN-2026-0001")
    assert (await stage.level("LAP-14")).on_hand == 180
    assert (await stage.owed("high_end"))["AUD"] > 0
