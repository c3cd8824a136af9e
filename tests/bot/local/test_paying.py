"""Invoices of the local Telegram: paid, refused, failed, forwarded."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Update
from telegram.error import BadRequest

from bot.local_telegram.refusals import ImpossibleAct
from bot.local_telegram.world import World
from tests.people import LEA, OMAR

PAY = InlineKeyboardMarkup([[InlineKeyboardButton("Pay", pay=True)]])


async def read(bot: Bot) -> list[Update]:
    updates = await bot.get_updates()
    await bot.get_updates(offset=updates[-1].update_id + 1)
    return list(updates)


async def sends_invoice(bot: Bot, start: str = "") -> int:
    sent = await bot.send_invoice(
        LEA,
        "Order",
        "Three mice",
        "SO-1",
        "EUR",
        [LabeledPrice("Mice", 2900)],
        provider_token="1:TEST:2",
        start_parameter=start,
        reply_markup=PAY,
    )
    return sent.message_id


async def test_an_invoice_is_paid_when_the_bot_says_yes(world: World, bot: Bot):
    message_id = await sends_invoice(bot)
    world.pays(LEA, message_id)
    world.pays(LEA, message_id)
    *_, first, second = await read(bot)
    assert first.pre_checkout_query.invoice_payload == "SO-1"

    await second.pre_checkout_query.answer(ok=False, error_message="Sold out")
    await first.pre_checkout_query.answer(ok=True)

    (paid,) = await read(bot)
    assert paid.message.successful_payment.total_amount == 2900
    with pytest.raises(BadRequest, match="Query is too old"):
        await first.pre_checkout_query.answer(ok=True)


async def test_of_a_card_that_fails_the_bot_hears_nothing(world: World, bot: Bot):
    happened: list[str] = []
    world.subscribe(LEA, lambda event: happened.append(event.get("outcome", "")))
    world.pays(LEA, await sends_invoice(bot), card_fails=True)
    *_, asked = await read(bot)
    await asked.pre_checkout_query.answer(ok=True)
    assert await bot.get_updates() == ()
    assert happened[-1] == "failed"


@pytest.mark.parametrize("start", ["", "pay-1"])
async def test_a_forwarded_copy_pays_unless_it_starts_the_bot(world: World, bot: Bot, start: str):
    world.add_person(OMAR, "Omar")
    message_id = await sends_invoice(bot, start)
    world.forwards(OMAR, LEA, message_id)
    copied = world.history(OMAR)[-1]
    (button,) = copied["reply_markup"]["inline_keyboard"][0]
    if start:
        assert button == {"text": "Pay", "url": "https://t.me/comptoir_bot?start=pay-1"}
        with pytest.raises(ImpossibleAct):
            world.pays(OMAR, copied["message_id"])
    world.pays(OMAR, copied["message_id"], forged=bool(start))
    *_, asked = await read(bot)
    assert asked.pre_checkout_query.invoice_payload == "SO-1"
    await asked.pre_checkout_query.answer(ok=True)
    # An invoice for one person is paid once; without a start parameter many can pay it.
    again = world.history(OMAR)[-2]["message_id"]
    if start:
        with pytest.raises(ImpossibleAct):
            world.pays(OMAR, again)
    else:
        world.pays(OMAR, again)
    with pytest.raises(ImpossibleAct, match="is no invoice"):
        world.pays(OMAR, 1)
