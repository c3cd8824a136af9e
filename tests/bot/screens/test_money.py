"""Money on the cards: what is typed, what has changed meanwhile, what is not there any more."""

from decimal import Decimal

from core.services.documents import drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.money import accounts
from core.services.people import parties
from tests.chat import Chat
from tests.scenarios.stage import Stage


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


async def invoices(chat: Chat, *texts: str) -> None:
    """What is typed is ordered and invoiced at once."""
    for text in texts:
        await chat.says(text)
        await chat.taps("Confirm")
        for _ in range(2):
            label = next(each for each in chat.labels() if each.startswith("Invoice"))
            await chat.taps(label, on=chat.card["message_id"])


async def owed(stage: Stage, party: str) -> dict[str, Decimal]:
    return await stage.asks(accounts.balances, stage.crimson.parties[party])


async def test_more_than_is_due_goes_to_other_papers_once_it_was_seen(stage, lea):
    await invoices(lea, "Martin: 1 LAP-14", "Martin: 2 MOU-2")
    await lea.says("IN-2026-0001")
    await taps_all(lea, "Record payment", "Another amount")
    await lea.says("1760")
    lea.sees("IN-2026-0001: 1,740.00 of 1,740.00", "IN-2026-0002: 20.00 of 43.20")
    await lea.taps("Another amount")
    await lea.says("1783.20")
    lea.does_not_see("stays as credit")
    await lea.taps("Received EUR 1,783.20")
    assert await owed(stage, "martin") == {}


async def test_more_than_is_due_of_the_only_paper_is_credit(stage, lea):
    await invoices(lea, "Martin: 2 MOU-2")
    await taps_all(lea, "Record payment", "Another amount")
    await lea.says("50")
    lea.sees("paid")
    assert await owed(stage, "martin") == {"EUR": Decimal("-6.80")}


async def test_a_refund_that_was_made_meanwhile_is_not_made_again(stage, samson, lea):
    await invoices(samson, "Martin: 2 MOU-2")
    await taps_all(samson, "Record payment", "Another amount")
    await samson.says("50")
    await samson.says("PY-2026-0001")
    await samson.taps("Refund")
    samson.sees("EUR 6.80 of credit", "PY-2026-0001 · EUR 6.80")
    await lea.says("PY-2026-0001")
    await taps_all(lea, "Refund", "Paid EUR 6.80")
    await samson.taps_stale("Paid EUR 6.80")
    assert await owed(stage, "martin") == {}
    # Nothing is left of the payment: its card has no such buttons any more.
    await samson.says("PY-2026-0001")
    assert not {"Use", "Refund"} & set(samson.labels())


async def test_credit_that_was_used_meanwhile_is_not_used_again(lea, samson):
    await samson.says("Papeterie")
    await taps_all(samson, "Record payment", "They paid us")
    await samson.says("100")
    await invoices(lea, "Martin: 2 MOU-2")
    await samson.says("Papeterie")
    await taps_all(samson, "Account", "Use EUR 43.20")
    samson.sees("EUR 56.80 stays as credit")
    await samson.taps("✓ 🧾 IN-2026-0001")
    assert not any(label.startswith("Use") for label in samson.labels())
    await samson.taps("🧾 IN-2026-0001")
    await lea.says("Papeterie")
    await taps_all(lea, "Account", "Use EUR 43.20", "Use EUR 43.20")
    await samson.taps_stale("Use EUR 43.20")
    samson.sees("This has changed meanwhile")


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
    await taps_all(samson, "Account", "Settle EUR 12.00")
    samson.sees("EUR 12.00 settled", "EUR 31.20 owed to us")
    await samson.taps_stale("Settle EUR 12.00")
    assert await owed(stage, "martin") == {"EUR": Decimal("31.20")}


async def test_nothing_is_taken_off_after_all(lea):
    await invoices(lea, "Martin: 2 MOU-2")
    await taps_all(lea, "Credit", "Mouse M2: 0", "Amount only")
    await lea.says("5")
    lea.sees("5.00 off")
    await lea.taps("Take nothing off")
    lea.does_not_see("off")
    await lea.taps("Amount only")
    await lea.says("0")
    lea.does_not_see("0.00 off")
    await taps_all(lea, "+", "Amount only")
    await lea.says("5")
    await lea.taps("Done")
    lea.sees("1 of 2", "5.00 off", "Total EUR 27.60")
    await lea.taps("Credit 1")
    lea.sees("CN-2026-0001", "price reduction")


async def test_a_deposit_is_another_one_when_one_came_meanwhile(lea, samson):
    await lea.says("Martin: 10 MOU-2")
    await taps_all(lea, "Confirm", "Deposit")
    await samson.says("SO-2026-0001")
    await taps_all(samson, "Deposit", "Received EUR 108.00")
    # Her card was drawn again with what came: a tap on the old one books nothing.
    lea.sees("Deposit EUR 108.00, kept")
    await lea.taps("Received EUR 108.00")
    await invoices_all(lea)
    lea.sees("paid")
    await lea.says("SO-2026-0001")
    lea.sees("Deposit EUR 216.00, used")
    assert "Deposit" not in lea.labels()


async def invoices_all(chat: Chat) -> None:
    for _ in range(2):
        label = next(each for each in chat.labels() if each.startswith("Invoice"))
        await chat.taps(label, on=chat.card["message_id"])


async def test_a_settlement_that_was_undone_meanwhile(lea, samson):
    await invoices(lea, "Martin: 2 MOU-2")
    await taps_all(lea, "Record payment", "Received EUR 43.20", "What settled it")
    for chat in (lea, samson):
        await chat.says("IN-2026-0001")
        await taps_all(chat, "What settled it", "💰 PY-2026-0001")
    await samson.taps("Undo")
    samson.sees("EUR 43.20 is open again")
    await lea.taps("Undo")
    lea.sees("There is no such thing")


async def test_what_is_owed_in_euros_is_paid_in_dollars(stage, lea):
    await invoices(lea, "Martin: 1 LAP-14")
    await lea.says("Papeterie")
    await taps_all(lea, "Record payment", "They paid us")
    await lea.says("1000")
    await taps_all(lea, "Other currency", "AUD")
    await lea.says("2800")
    lea.sees("At what rate? 1 AUD = … EUR")
    await lea.says("0")
    lea.sees("An exchange rate is more than zero.")
    await lea.says("0.62")
    lea.sees("EUR 1,736.00 has come", "AUD 2,800.00, 1 AUD = 0.62 EUR")
    await taps_all(lea, "It settles EUR 1,740.00", "Received EUR 1,740.00")
    assert await owed(stage, "martin") == {}
