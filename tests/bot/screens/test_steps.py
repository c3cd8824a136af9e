"""Which buttons a paper's card has, and in which order: the likely step first."""

from decimal import Decimal

import pytest

from bot.base.screen import ROOM_OF_LABEL, Button, side_by_side
from core.services.products import catalog


@pytest.fixture
async def stocked(samson):
    """50 mice have come, no laptop."""
    await samson.says("Shenzhen: 50 MOU-2 at 10")
    for label in ("Confirm", "Receive 50", "Receive 50"):
        await samson.taps(label)


async def test_a_new_order_goes_out_first_and_cannot_ship_what_is_not_there(lea, omar, stocked):
    await lea.says("High End: 2 LAP-14")
    await lea.taps("Confirm")
    labels = lea.labels()
    assert labels[0] == "Send to High End Computers"
    assert ["Invoice 2", "Deliver", "Deposit"] in lea.rows()
    assert ["Amend", "Close the rest"] in lea.rows()
    assert "Deliver" in labels, "what is not there has no number to deliver"
    await omar.says("SO-2026-0001")
    omar.sees("Delivered 0 of 2")
    assert "invoiced" not in omar.screen(), "how far it is billed is not the storekeeper's"


async def test_what_is_complete_has_nothing_to_close_or_cancel(lea, stocked):
    await lea.says("High End: 5 MOU-2")
    await lea.taps("Confirm")
    assert {"Close the rest", "Cancel"} <= set(lea.labels())
    await lea.taps("Deliver 5")
    await lea.taps("Ship 5")
    await lea.says("SO-2026-0001")
    assert lea.labels()[0] == "Invoice 5", "what has begun goes on before it is sent again"
    assert not {"Close the rest", "Cancel"} & set(lea.labels())


async def test_an_invoice_is_sent_and_paid_before_it_is_credited(lea, stocked):
    await lea.says("High End: 5 MOU-2")
    for label in ("Confirm", "Invoice 5", "Invoice 5"):
        await lea.taps(label)
    labels = lea.labels()
    assert labels[:3] == ["Send to High End Computers", "Record payment", "Credit"]


async def test_goods_are_received_when_they_come_and_delivered_when_they_go(samson, lea, stocked):
    samson.sees("received on 24 Nov 2026")
    await lea.says("High End: 5 MOU-2")
    for label in ("Confirm", "Deliver 5", "Ship 5"):
        await lea.taps(label)
    lea.sees("delivered on 24 Nov 2026")


def test_long_labels_have_rows_of_their_own():
    buttons = [Button(each, "x") for each in ("PDF", "Related 1", "Party", "Duplicate")]
    assert [len(row) for row in side_by_side(buttons)] == [3, 1]
    long = [Button(each, "x") for each in ("Send back the rejected 10", "Send back")]
    assert [len(row) for row in side_by_side(long)] == [1, 1]
    assert side_by_side([]) == []


async def test_a_list_is_never_cut_off(lea, kim, stocked):
    await lea.says("High End: 5 MOU-2")
    for label in ("Confirm", "Invoice 5", "Invoice 5"):
        await lea.taps(label)
    await lea.says("owes")
    lea.sees("🧾 IN-2026-0001 · High End Computers · AUD 145.00 · Thu 24 Dec")
    assert lea.rows() == [["🧾 IN-2026-0001"], ["‹ Back"]]
    await kim.says("invoices")
    assert kim.rows() == [["✅ 🧾 IN-2026-0001 · AUD 145.00"], ["‹ Back"]]


async def test_an_accepted_quote_that_became_an_order_is_not_declined(lea, stocked):
    await lea.says("quote High End: 5 MOU-2")
    for label in ("Keep as draft", "Send to High End", "Accepted"):
        await lea.taps(label)
    assert "Decline" in lea.labels()
    await lea.taps("Order 5")
    await lea.taps("Order 5")
    await lea.says("QU-2026-0001")
    assert "Decline" not in lea.labels()


async def test_a_change_leads_on_to_where_it_is_confirmed(lea, stocked):
    await lea.says("High End: 5 MOU-2")
    for label in ("Confirm", "Amend", "1. 5 × Mouse M2", "+", "‹ Back", "See the change"):
        await lea.taps(label)
    lea.sees("5 → 6")
    await lea.taps("Confirm the change")
    lea.sees("SO-2026-0001", "6 × Mouse M2", "version 2")


async def test_no_report_is_cut_off(samson):
    await samson.says("/export")
    assert "Customers and vendors" in samson.labels()
    for row in samson.rows():
        assert all(len(label) <= ROOM_OF_LABEL[len(row)] for label in row), row


async def test_a_long_name_in_the_catalogue_is_shown_whole(samson, kim, stage):
    name = "Docking Station U4 for two screens"
    await stage.does(catalog.add_product, sku="DOCK", name=name, list_price=Decimal(199))
    await kim.says("/home")
    await kim.taps("Catalogue")
    assert name in kim.labels()
    kim.sees(f"{name} · AUD")
    for row in kim.rows():
        assert all(len(label) <= ROOM_OF_LABEL[len(row)] for label in row), row


async def test_one_open_piece_reads_well_in_french(lea, stocked):
    await lea.says("High End: 1 MOU-2")
    await lea.taps("Confirm")
    await lea.says("/language")
    await lea.taps("Français")
    await lea.says("SO-2026-0001")
    await lea.taps("Solder le reste")
    lea.sees("reste 1")
    assert "ouverts" not in lea.screen(), "one piece is no plural"
