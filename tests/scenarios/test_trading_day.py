"""The story that must always work (DESIGN 1, a to f), played through the chat by its people.

What each person sees, the ledgers, the accounts and the text of each paper are checked; in
English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal

import pytest

from tests.scenarios.stage import Stage


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    """Both languages on both databases."""
    return str(request.param)


async def test_trading_day(stage: Stage, samson, lea, omar, kim, wei) -> None:
    # (a) Samson orders 200 computers; the vendor gets the order as a PDF.
    await samson.orders("Shenzhen: 200 LAP-14")
    samson.sees("PO-2026-0001", "Shenzhen Parts")
    await samson.taps("send", "Shenzhen Parts")
    wei.sees("PO-2026-0001")
    order = wei.paper()
    for part in ("PO-2026-0001", "200", "Laptop Pro 14", "EUR 290,000.00", "88 Nanhai Avenue"):
        assert part in order

    # (b) Omar receives them, counted line by line: 190 are accepted, 10 rejected.
    await omar.says("PO-2026-0001")
    await omar.taps("convert", "RN", 200)
    await omar.taps("open_line", "Pro 14", 200)
    await omar.taps("type_number", "quantity", 200)
    await omar.says("190")
    await omar.taps("type_number", "rejected", 0)
    await omar.says("10")
    await omar.taps("close_line")
    await omar.taps("make", "RN", 200)
    omar.sees("RN-2026-0001")
    assert (await stage.level("LAP-14")).on_hand == 190
    assert (await stage.level("LAP-14")).quarantine == 10
    await samson.says("PO-2026-0001")
    samson.sees_line(190, 200)

    # (c) A bill is made from the order, paid, and its status changes.
    await samson.makes("BI", 190)
    samson.sees("BI-2026-0001")
    samson.sees_settled("bill", "open", "275500.00")
    await samson.taps("pay")
    await samson.taps("settle", "275500.00")
    samson.sees_settled("bill", "paid")
    assert await stage.owed("vendor") == {}

    # (d) High End Computers orders 20 in AUD: order, delivery, invoice, payment.
    await lea.orders("High End: 20 LAP-14, 3x MOU-2 10%")
    lea.sees("SO-2026-0001", "High End Computers")
    await lea.taps("send", "High End Computers")
    kim.sees("SO-2026-0001")
    assert "AUD 47,878.30" in kim.paper()
    await lea.makes("DN", 20)
    lea.sees("DN-2026-0001")
    assert (await stage.level("LAP-14")).on_hand == 170
    await lea.makes("IN", 20)
    lea.sees("IN-2026-0001")
    await lea.taps("send", "High End Computers")
    assert "AUD 47,800.00" in kim.paper()
    assert await stage.owed("high_end") == {"AUD": Decimal("47800.00")}
    await lea.taps("pay")
    await lea.taps("settle", "47800.00")
    lea.sees_settled("invoice", "paid")
    assert await stage.owed("high_end") == {}

    # (e) The ten that do not work go back; nothing was billed for them, so nothing is owed.
    await omar.says("RN-2026-0001")
    await omar.makes("PR!", 10)
    omar.sees("PR-2026-0001")
    assert (await stage.level("LAP-14")).quarantine == 0

    # (f) The customer brings two back: return, stock, credit note, refund.
    await lea.says("DN-2026-0001")
    await lea.taps("convert", "SR")
    await lea.taps("open_line", "Pro 14", 0)
    await lea.taps("type_number", "quantity", 0)
    await lea.says("2")
    await lea.taps("close_line")
    await lea.taps("make", "SR", 2)
    lea.sees("SR-2026-0001")
    assert (await stage.level("LAP-14")).on_hand == 172
    await lea.makes("CN", 2)
    lea.sees("CN-2026-0001")
    assert await stage.owed("high_end") == {"AUD": Decimal("-4780.00")}
    await lea.taps("refund_left")
    await lea.taps("pay_back", "4780.00")
    assert await stage.owed("high_end") == {}
    await lea.says("CN-2026-0001")
    await lea.taps("paper")
    credit = lea.paper()
    assert "CN-2026-0001" in credit
    assert lea.printed("4780.00", "AUD") in credit
