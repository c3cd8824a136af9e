"""A chat as text."""

from __future__ import annotations

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
    ReplyParameters,
)

from bot.local_telegram.transcript import transcript
from bot.local_telegram.world import World
from tests.people import LEA

GOLDEN = """\
[1] Lea: /start
[2] bot: SO-2026-0012 · High End
    20 × Laptop Pro 14

    Total 47,800.00
    [Ship 17] [Back]
    [Paper]
[3] bot (to 2): (document SO-2026-0012.pdf, 18 kB)
    47,800.00 AUD
[4] Lea: (document goods.csv, 1 kB)
[5] Lea (forwarded): SO-2026-0012 · High End
    20 × Laptop Pro 14

    Total 47,800.00
[6] Lea: (sticker)
[7] bot: (contact)
[8] bot: (invoice Deposit, EUR 2900)
    [Pay]
[9] Lea: (payment EUR 2900)"""


async def test_a_chat_is_written_out(world: World, bot: Bot):
    rows = [["Ship 17", "Back"], ["Paper"]]
    keys = InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows]
    )
    card = await bot.send_message(
        LEA,
        "<b>SO-2026-0012</b> · High End\n20 × Laptop Pro 14\n\nTotal 47,800.00",
        parse_mode="HTML",
        reply_markup=keys,
    )
    await bot.send_document(
        LEA,
        bytes(18_200),
        filename="SO-2026-0012.pdf",
        caption="47,800.00 AUD",
        reply_parameters=ReplyParameters(card.message_id),
    )
    world.sends_document(LEA, "goods.csv", b"a;b")
    world.forwards(LEA, LEA, card.message_id)
    world.sends_sticker(LEA)
    await bot.send_contact(LEA, "+1", "Omar")
    invoice = await bot.send_invoice(
        LEA, "Deposit", "For SO-12", "SO-12", "EUR", [LabeledPrice("x", 2900)], "1:TEST:T"
    )
    world.pays(LEA, invoice.message_id)
    (*_, update) = await bot.get_updates()
    await update.pre_checkout_query.answer(ok=True)

    assert transcript(world, LEA) == GOLDEN
