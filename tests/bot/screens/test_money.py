"""Money on the cards: what is typed, what has changed meanwhile, what is not there any more."""

from decimal import Decimal

from core.services.documents import drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.people import parties
from tests.people import Person


async def invoices(person: Person, *texts: str) -> None:
    """What is typed is ordered and invoiced at once."""
    for text in texts:
        await person.orders(text)
        await person.makes("IN")


async def test_more_than_is_due_goes_to_other_papers_once_it_was_seen(stage, lea):
    await invoices(lea, "Martin: 1 LAP-14", "Martin: 2 MOU-2")
    await lea.says("IN-2026-0001")
    await lea.taps_all("pay", "ask_amount")
    await lea.says("1760")
    lea.sees_line("IN-2026-0001", 1740, 1740)
    lea.sees_line("IN-2026-0002", 20, "43.20")
    await lea.taps("spread_amount")
    await lea.says("1783.20")
    lea.sees_line("IN-2026-0002", "43.20", "43.20")
    await lea.taps("book_spread", "1783.20")
    assert await stage.owed("martin") == {}


async def test_more_than_is_due_of_the_only_paper_is_credit(stage, lea):
    await invoices(lea, "Martin: 2 MOU-2")
    await lea.taps_all("pay", "ask_amount")
    await lea.says("50")
    lea.sees_settled("invoice", "paid")
    assert await stage.owed("martin") == {"EUR": Decimal("-6.80")}


async def test_a_refund_that_was_made_meanwhile_is_not_made_again(stage, samson, lea):
    await invoices(samson, "Martin: 2 MOU-2")
    await samson.taps_all("pay", "ask_amount")
    await samson.says("50", "PY-2026-0001")
    await samson.taps("refund_left")
    samson.sees_line("PY-2026-0001", "6.80")
    await lea.says("PY-2026-0001")
    await lea.taps_all("refund_left", ("pay_back", "6.80"))
    await samson.taps_stale("pay_back", "6.80")
    assert await stage.owed("martin") == {}
    # Nothing is left of the payment: its card has no such buttons any more.
    await samson.says("PY-2026-0001")
    assert not samson.can("use_left")
    assert not samson.can("refund_left")


async def gets_paid(person: Person, party: str, amount: str) -> None:
    """Money comes from a party, for no paper in particular."""
    await person.says(party)
    await person.taps_all("pay_party", ("pick", "in"))
    await person.says(amount)


async def test_credit_that_was_used_meanwhile_is_not_used_again(lea, samson):
    await gets_paid(samson, "Papeterie", "100")
    await invoices(lea, "Martin: 2 MOU-2")
    await samson.says("Papeterie")
    await samson.taps_all("account", ("use_credit", "43.20"))
    samson.sees("56.80")
    await samson.taps("tick", "✓ 🧾 IN-2026-0001")
    assert not samson.can("book_spread")
    await samson.taps("tick", "IN-2026-0001")
    await lea.says("Papeterie")
    await lea.taps_all("account", ("use_credit", "43.20"), ("book_spread", "43.20"))
    await samson.taps_stale("book_spread", "43.20")
    samson.is_refused("changed")


async def test_an_invoice_and_a_bill_of_one_party_settle_each_other(stage, samson):
    def bill(work) -> None:
        martin = stage.crimson.parties["martin"]
        revision = parties.load(work.connection, [martin])[martin].revision
        parties.change_party(work, martin, is_vendor=True, revision=revision)
        line = NewLine(stage.crimson.products["MOU-3"], Decimal(1), unit_price=Decimal(10))
        made = drafting.create(work, "bill", party_id=martin, lines=[line], foreign_number="F-1")
        issuing.issue(work, made, revision=0)

    await invoices(samson, "Martin: 2 MOU-2")
    await stage.does(bill)
    await samson.says("Papeterie")
    await samson.taps_all("account", ("settle_open", "12.00"))
    samson.sees("12.00", "31.20")
    await samson.taps_stale("settle_open", "12.00")
    assert await stage.owed("martin") == {"EUR": Decimal("31.20")}


async def test_nothing_is_taken_off_after_all(lea):
    await invoices(lea, "Martin: 2 MOU-2")
    await lea.taps_all(("convert", "CN"), ("open_line", "M2", 0), ("ask_less", "all"))
    await lea.says("5")
    lea.sees("5.00")
    await lea.taps("no_less")
    lea.does_not_see("5.00")
    await lea.taps("ask_less", "all")
    await lea.says("0")
    assert not lea.can("no_less")
    await lea.taps_all(("step", "+"), ("ask_less", "all"))
    await lea.says("5")
    await lea.taps("close_line")
    lea.sees_line(1, 2, "5.00")
    lea.sees("27.60")
    await lea.taps("make", "CN", 1)
    lea.sees("CN-2026-0001", "5.00")


async def test_a_deposit_is_another_one_when_one_came_meanwhile(lea, samson):
    await lea.orders("Martin: 10 MOU-2")
    await lea.taps("deposit")
    await samson.says("SO-2026-0001")
    await samson.taps_all("deposit", ("take_deposit", "108.00"))
    # Her card was drawn again with what came: a tap on the old one books nothing.
    lea.sees("EUR 108.00")
    await lea.taps("take_deposit", "108.00")
    await lea.makes("IN")
    lea.sees_settled("invoice", "paid")
    await lea.says("SO-2026-0001")
    lea.sees("EUR 216.00")
    assert not lea.can("deposit")


async def test_a_settlement_that_was_undone_meanwhile(lea, samson):
    await invoices(lea, "Martin: 2 MOU-2")
    await lea.taps_all("pay", ("settle", "43.20"))
    for person in (lea, samson):
        await person.says("IN-2026-0001")
        await person.taps_all("settlements", ("settlements", "PY-2026-0001"))
    await samson.taps("unsettle")
    samson.sees("43.20")
    await lea.taps("unsettle")
    lea.is_refused("not_found")


async def test_what_is_owed_in_euros_is_paid_in_dollars(stage, lea):
    await invoices(lea, "Martin: 1 LAP-14")
    await gets_paid(lea, "Papeterie", "1000")
    await lea.taps_all("spread_other", ("pick", "AUD"))
    await lea.says("2800")
    lea.sees_line("1 AUD", "EUR")
    await lea.says("0")
    lea.is_refused("rate_not_positive")
    await lea.says("0.62")
    lea.sees("EUR 1,736.00", "AUD 2,800.00, 1 AUD = 0.62 EUR")
    await lea.taps_all(("settles_all", "1740.00"), ("book_spread", "1740.00"))
    assert await stage.owed("martin") == {}
