"""Which buttons a paper's card has, and in which order: the likely step first."""

import re
from decimal import Decimal

import pytest

from bot.base.screen import ROOM_OF_LABEL, Button, side_by_side
from core.services.products import catalog


@pytest.fixture
async def stocked(samson):
    """50 mice have come, no laptop."""
    await samson.orders("Shenzhen: 50 MOU-2 at 10")
    await samson.makes("RN", 50)


async def test_a_new_order_goes_out_first_and_cannot_ship_what_is_not_there(lea, omar, stocked):
    await lea.orders("High End: 2 LAP-14")
    assert lea.actions()[:4] == ["send", "convert IN", "convert DN", "deposit"]
    assert lea.can("amend")
    assert lea.can("ask_end", "close")
    assert not lea.can("convert", "DN", 2), "what is not there has no number to deliver"
    await omar.says("SO-2026-0001")
    omar.sees_line(0, 2)
    assert len(omar.screen()) < len(lea.screen()), "how far it is billed is not the storekeeper's"


async def test_what_is_complete_has_nothing_to_close_or_cancel(lea, stocked):
    await lea.orders("High End: 5 MOU-2")
    assert lea.can("ask_end", "close")
    assert lea.can("ask_end", "cancel")
    await lea.makes("DN", 5)
    await lea.says("SO-2026-0001")
    assert lea.actions()[0] == "convert IN", "what has begun goes on before it is sent again"
    assert not lea.can("ask_end")


async def test_an_invoice_is_sent_and_paid_before_it_is_credited(lea, stocked):
    await lea.orders("High End: 5 MOU-2")
    await lea.makes("IN", 5)
    assert lea.actions()[:3] == ["send", "pay", "convert CN"]


async def test_goods_are_received_when_they_come_and_delivered_when_they_go(samson, lea, stocked):
    samson.sees("24 Nov 2026")
    await lea.orders("High End: 5 MOU-2")
    await lea.makes("DN", 5)
    lea.sees("24 Nov 2026")


def test_long_labels_have_rows_of_their_own():
    buttons = [Button(each, "x") for each in ("PDF", "Related 1", "Party", "Duplicate")]
    assert [len(row) for row in side_by_side(buttons)] == [3, 1]
    long = [Button(each, "x") for each in ("Send back rejected 10", "Send back")]
    assert [len(row) for row in side_by_side(long)] == [1, 1]
    assert side_by_side([]) == []


async def test_a_list_is_never_cut_off(lea, kim, stocked):
    await lea.orders("High End: 5 MOU-2")
    await lea.makes("IN", 5)
    await lea.says("owes")
    lea.sees("🧾 IN-2026-0001 · High End Computers · AUD 145.00 · Thu 24 Dec")
    assert lea.rows()[:-1] == [["🧾 IN-2026-0001"]]
    await kim.says("invoices")
    assert kim.rows()[:-1] == [["✅ 🧾 IN-2026-0001 · AUD 145.00"]]


async def test_an_accepted_quote_that_became_an_order_is_not_declined(lea, stocked):
    await lea.says("quote High End: 5 MOU-2")
    await lea.taps_all("keep_draft", "issue", "accepted")
    assert lea.can("ask_end", "decline")
    await lea.makes("SO", 5)
    await lea.says("QU-2026-0001")
    assert not lea.can("ask_end", "decline")


async def test_a_change_leads_on_to_where_it_is_confirmed(lea, stocked):
    await lea.orders("High End: 5 MOU-2")
    await lea.taps_all("amend", ("draft_line", "5 × Mouse M2"), ("step_line", "+"))
    await lea.goes_back()
    await lea.taps("document")
    lea.sees_line("Mouse M2", 5, "→", 6)
    await lea.taps("confirm_change")
    lea.sees("SO-2026-0001", "6 × Mouse M2")
    lea.sees_line("SO-2026-0001", 2)


async def test_no_report_is_cut_off(samson):
    await samson.says("/export")
    assert samson.can("report", "products")
    for row in samson.rows():
        assert all(len(label) <= ROOM_OF_LABEL[len(row)] for label in row), row


async def test_a_long_name_in_the_catalogue_is_shown_whole(samson, kim, stage):
    name = "Docking Station U4 for two screens"
    await stage.does(catalog.add_product, sku="DOCK", name=name, list_price=Decimal(199))
    await kim.says("/home")
    await kim.taps("catalogue")
    assert name in kim.labels()
    kim.sees(f"{name} · AUD")
    for row in kim.rows():
        assert all(len(label) <= ROOM_OF_LABEL[len(row)] for label in row), row


async def test_one_open_piece_is_no_plural_in_french(lea, stocked):
    async def reads_of_what_is_open(number: int) -> str:
        await lea.orders(f"High End: {number} MOU-2")
        await lea.taps("ask_end", "close")
        return re.sub(r"\d+", "#", lea.screen())

    await lea.says("/language")
    await lea.taps("speak", "fr")
    assert await reads_of_what_is_open(1) == await reads_of_what_is_open(2)
