"""Money through the chat: deposits, one payment over several papers, credits, other currencies.

In English and in French, on SQLite and on PostgreSQL; what stands on the papers is read in their
PDFs.
"""

from decimal import Decimal

from core.services.documents import drafting, issuing
from tests.chat import has
from tests.people import Person
from tests.scenarios.stage import Stage


async def paper_of(person: Person) -> str:
    """The text of the PDF of the card's document."""
    await person.taps("paper")
    return person.paper()


async def invoices(person: Person, *texts: str) -> None:
    """Order what is typed, and invoice all of it at once."""
    for each in texts:
        await person.orders(each)
        await person.makes("IN")


async def test_an_invoice_takes_the_deposit_of_its_order(samson) -> None:
    await samson.orders("Martin: 10 LAP-14")
    await samson.taps_all("deposit", ("take_deposit", 5220))
    samson.sees("5220.00")
    await samson.taps("convert", "IN")
    # What it will come to is said before it is made.
    samson.sees_line(5220, 12180)
    await samson.taps("make", "IN")
    samson.sees_settled("invoice", "part", 12180)
    assert has(
        await paper_of(samson), "PY-2026-0001", samson.printed("-5220"), samson.printed("12180")
    )
    await samson.says("SO-2026-0001")
    samson.sees(5220)
    await samson.says("PY-2026-0001")
    assert has(await paper_of(samson), "SO-2026-0001", samson.printed("5220"))


async def test_a_deposit_is_free_when_its_order_is_cancelled(stage: Stage, samson) -> None:
    await invoices(samson, "Martin: 2 MOU-2")
    await samson.orders("Martin: 1 LAP-14")
    await samson.taps_all("deposit", "ask_deposit")
    await samson.says("100", "Papeterie")
    await samson.taps("account")
    assert samson.can("document", "PY-2026-0001", "SO-2026-0002")
    assert not samson.can("use_credit")
    await samson.says("SO-2026-0002")
    await samson.ends("cancel")
    await samson.says("Papeterie")
    await samson.taps_all("account", ("use_credit", "43.20"))
    samson.sees("56.80")
    await samson.taps_all(("book_spread", "43.20"), ("refund_credit", "56.80"))
    await samson.taps("pay_back", "56.80")
    assert await stage.owed("martin") == {}


async def test_one_payment_over_several_invoices(stage: Stage, lea) -> None:
    await invoices(lea, "Martin: 10 LAP-14", "Martin: 2 MOU-2", "Martin: 5 MOU-3")
    await lea.says("IN-2026-0002")
    await lea.taps_all("pay", "ask_several")
    await lea.says("200")
    # The paper that it was recorded from comes first, then the oldest.
    lea.sees_line("🧾 IN-2026-0002", "43.20", "43.20")
    lea.sees_line("🧾 IN-2026-0001", "156.80", 17400)
    await lea.taps("tick", "✓ 🧾 IN-2026-0001")
    lea.sees("12.80")
    await lea.taps("book_spread", 200)
    lea.sees("12.80")
    receipt = await paper_of(lea)
    assert has(receipt, "IN-2026-0002", "43.20", "IN-2026-0003", "144.00", "12.80")
    assert "IN-2026-0001" not in receipt
    # What is left is used later, for a part of what is still owed.
    await lea.taps_all("use_left", ("book_spread", "12.80"))
    assert await stage.owed("martin") == {"EUR": Decimal("17387.20")}
    await lea.says("IN-2026-0001")
    lea.sees_settled("invoice", "part", "17387.20")


async def test_a_settlement_is_undone(lea) -> None:
    await invoices(lea, "Martin: 2 MOU-2")
    await lea.taps_all("pay", ("settle", "43.20"))
    lea.sees_settled("invoice", "paid")
    await lea.taps_all("settlements", ("settlements", "PY-2026-0001"))
    lea.sees_line("PY-2026-0001", "IN-2026-0001", "43.20")
    await lea.taps("unsettle")
    lea.sees_settled("invoice", "open", "43.20")
    await lea.says("PY-2026-0001")
    assert lea.can("use_left")


async def test_a_lower_price_is_credited_without_a_piece(stage: Stage, samson) -> None:
    await invoices(samson, "Martin: 10 LAP-14")
    await samson.taps_all(("convert", "CN"), ("open_line", "Pro 14", 0), ("ask_less", "each"))
    await samson.says("1460")
    samson.is_refused("price_not_lower", 1450)
    await samson.says("1400")
    samson.sees(500)
    await samson.taps("ask_less", "all")
    await samson.says({"en": "14500.01", "fr": "14500,01"}[samson.language])
    samson.sees(14500)
    await samson.says("1000")
    await samson.taps_all("close_line", ("make", "CN"))
    samson.sees("CN-2026-0001")
    assert samson.printed("1200") in await paper_of(samson)
    await samson.says("IN-2026-0001")
    samson.sees_settled("invoice", "part", 16200)
    await samson.taps("convert", "CN")
    samson.sees_line(0, 10)
    # No piece was credited: all of them come back at the lower price.
    await samson.taps("take_all", 10)
    samson.sees(16200)
    await samson.taps("make", "CN")
    assert await stage.owed("martin") == {}


async def test_a_price_reduction_of_a_bill_is_paid_back(stage: Stage, samson) -> None:
    await samson.buys("10 MOU-2")
    await samson.says("PO-2026-0001")
    await samson.makes("BI", 10)
    await samson.taps_all("pay", "settle")
    await samson.taps_all(("convert", "VC"), ("open_line", "M2"), ("ask_less", "all"))
    await samson.says("15")
    await samson.taps_all("close_line", ("make", "VC"))
    samson.sees("15.00")
    await samson.taps_all("refund_left", ("pay_back", "15.00"))
    assert await stage.owed("vendor") == {}


async def test_other_money_keeps_both_amounts_and_its_rate(stage: Stage, lea) -> None:
    await invoices(lea, "High End: 2 LAP-14")
    await lea.taps_all("pay", "ask_other", ("pick", "EUR"))
    await lea.says("2900")
    lea.sees_line("AUD", "EUR")
    await lea.taps("pick", "0.61")
    lea.sees("4754.10")
    lea.sees_line("🧾 IN-2026-0001", "4754.10", 4780)
    # The customer meant the whole: the rate follows from that, and the difference is ours.
    await lea.taps_all(("settles_all", 4780), ("book_spread", 4780))
    amounts = lea.printed("4780", "AUD"), lea.printed("2900")
    assert has(await paper_of(lea), *amounts, "0.6066945607", "IN-2026-0001")
    await lea.taps("settlements")
    lea.sees("-15.80")
    assert await stage.owed("high_end") == {}


async def test_a_discount_in_money_is_said_before_the_invoice_is_made(
    stage: Stage, samson
) -> None:
    def order(work) -> None:
        lines = [
            drafting.NewLine(stage.crimson.products["MOU-2"], Decimal(30), unit_price=Decimal(10))
        ]
        made = drafting.create(
            work, "sales_order", party_id=stage.crimson.parties["martin"], lines=lines,
            discount_minor=1000,
        )  # fmt: skip
        issuing.issue(work, made, revision=0)

    await stage.does(order)
    await samson.says("SO-2026-0001")
    await samson.taps_all(
        ("convert", "IN"), ("open_line", "M2", 30), ("type_number", "quantity", 30)
    )
    await samson.says("10")
    await samson.taps("close_line")
    samson.sees("3.33", "116.00")
    await samson.taps("make", "IN")
    assert samson.printed("-3.33") in await paper_of(samson)
