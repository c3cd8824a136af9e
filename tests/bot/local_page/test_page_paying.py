"""The chat page in a real browser: an invoice is paid, its card fails, the bot says no."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.bot.local_page.helpers import CLAIRE, Bot, Visitor, message
from tests.people import LEA

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.page]


async def sends_invoice(bot: Bot, chat_id: int = LEA, **more: Any) -> int:
    sent = await bot.call(
        "sendInvoice",
        chat_id=chat_id,
        title="Invoice IN-2026-0001",
        description="Crimson · due 24 Dec 2026",
        payload="x",
        provider_token="284685063:TEST:pretend",
        currency="EUR",
        prices=[{"label": "IN-2026-0001", "amount": 123400}],
        start_parameter="pay-1",
        reply_markup={"inline_keyboard": [[{"text": "Pay EUR 1,234.00", "pay": True}]]},
        **more,
    )
    return int(sent["message_id"])


async def test_an_invoice_is_paid_by_a_pretend_card(visitor: Visitor, bot: Bot) -> None:
    await sends_invoice(bot)
    tab = await visitor.opens(f"#{LEA}")
    item = message(tab, "Invoice IN-2026-0001")
    await expect(item.locator(".invoice-amount")).to_have_text("€1,234.00")
    await item.get_by_role("button", name="Pay EUR 1,234.00").click()
    sheet = tab.locator("#sheet")
    await expect(sheet).to_contain_text("this is a test, no money moves")
    # The card fails: the bot is asked, says yes, and hears no more.
    await sheet.get_by_role("button", name="Let the card fail").click()
    await says(bot, ok=True)
    await expect(tab.locator("#alert")).to_contain_text("The card was refused.")
    await tab.locator("#alert").get_by_role("button", name="OK").click()
    # The bot says no: its sentence is shown.
    await item.get_by_role("button", name="Pay EUR 1,234.00").click()
    await sheet.get_by_role("button", name="Pay €1,234.00").click()
    await says(bot, ok=False, error_message="IN-2026-0001 is settled already.")
    await expect(tab.locator("#alert")).to_contain_text("IN-2026-0001 is settled already.")
    await tab.locator("#alert").get_by_role("button", name="OK").click()
    # It is paid, and says so, also when the page is loaded again.
    await item.get_by_role("button", name="Pay EUR 1,234.00").click()
    await sheet.get_by_role("button", name="Pay €1,234.00").click()
    await says(bot, ok=True)
    assert (await bot.hears("message"))["successful_payment"]["total_amount"] == 123400
    for _ in range(2):
        await expect(message(tab, "You have paid €1,234.00")).to_be_visible()
        await expect(item.get_by_role("button", name="Paid")).to_be_disabled()
        await tab.reload()


async def says(bot: Bot, **answer: Any) -> None:
    query = await bot.hears("pre_checkout_query")
    await bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], **answer)


async def test_the_sheet_can_be_left(visitor: Visitor, bot: Bot) -> None:
    bot.world.says(CLAIRE, "/start")
    await sends_invoice(bot, CLAIRE)
    tab = await visitor.opens(f"#{CLAIRE}")
    await tab.get_by_role("button", name="Pay EUR 1,234.00").click()
    await expect(tab.locator("#sheet-pays")).to_contain_text("Payer 1")
    await tab.locator("#sheet").get_by_role("button", name="Annuler").click()
    await expect(tab.locator("#sheet")).to_be_hidden()
    assert not [each for each in bot.world.queries.values() if each.kind == "checkout"]
