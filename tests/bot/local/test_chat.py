"""The person of the tests sees what is on the screen, and taps only that."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LabeledPrice,
    ReplyKeyboardMarkup,
    Update,
)

from bot.local_telegram.world import World
from tests.bot.local.conftest import LEA
from tests.bot.local.refusals.rows import picture
from tests.chat import Chat, Toast


def keys(*rows: list[str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows]
    )


class Echo:
    """A bot that answers every tap with a toast and an edit, and every text with a card."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.offset = 2
        self.seen: list[Update] = []
        self.answered: set[str] = set()

    async def settle(self) -> None:
        """Answer all that waits."""
        while updates := await self.bot.get_updates(offset=self.offset):
            for update in updates:
                self.offset = update.update_id + 1
                self.seen.append(update)
                await self.answer(update)

    async def answer(self, update: Update) -> None:
        if tap := update.callback_query:
            if tap.id in self.answered:
                return
            self.answered.add(tap.id)
            await tap.answer(f"You tapped {tap.data}", show_alert=tap.data == "Cancel")
            await tap.edit_message_text(f"Now {tap.data}", reply_markup=keys(["Back"]))
        elif update.message and update.message.text:
            said = update.message.text
            card = keys(["Deliver 14"], ["Invoice 17", "Invoice all"], ["Cancel", "‹ Back"])
            await self.bot.send_message(LEA, f"You said {said}", reply_markup=card)


@pytest.fixture
def echo(bot: Bot) -> Echo:
    return Echo(bot)


@pytest.fixture
def lea(world: World, echo: Echo) -> Chat:
    return Chat(world, LEA, echo.settle)


async def test_a_person_types_and_taps(lea: Chat):
    await lea.says("20 laptop")
    lea.sees("You said 20 laptop")
    assert lea.labels() == ["Deliver 14", "Invoice 17", "Invoice all", "Cancel", "‹ Back"]
    assert lea.rows()[0] == ["Deliver 14"]

    await lea.taps("Deliver")
    lea.sees("Now Deliver 14", "You tapped Deliver 14")
    lea.does_not_see("20 laptop")
    assert lea.text == "Now Deliver 14"
    assert lea.toasts == [Toast("You tapped Deliver 14")]
    assert lea.touches == 2


@pytest.mark.parametrize(
    ("label", "tapped"),
    [("Cancel", "Cancel"), ("Back", "‹ Back"), ("Invoice a", "Invoice all"), ("17", "Invoice 17")],
)
async def test_a_label_may_be_a_part_that_is_clear(lea: Chat, label: str, tapped: str):
    await lea.says("Hi")
    await lea.taps(label)
    assert lea.toasts == [Toast(f"You tapped {tapped}", alert=tapped == "Cancel")]


async def test_an_unclear_or_unknown_label_fails_and_names_what_is_there(lea: Chat):
    await lea.says("Hi")
    with pytest.raises(AssertionError, match=r"can mean \['Invoice 17', 'Invoice all'\]"):
        await lea.taps("Invoice")
    with pytest.raises(AssertionError, match=r"no button 'Refund'.*Deliver 14"):
        await lea.taps("Refund")
    assert lea.touches == 1


async def test_an_older_card_can_still_be_tapped(lea: Chat, echo: Echo):
    await lea.says("one")
    old = lea.card["message_id"]
    await lea.says("two")

    await lea.taps("Cancel")
    assert lea.card["text"] == "Now Cancel"
    await lea.taps("Cancel")
    assert next(one for one in lea.messages if one["message_id"] == old)["text"] == "Now Cancel"
    with pytest.raises(AssertionError, match=r"there are \[\['Back'\]\]"):
        await lea.taps("Deliver", on=old)
    await lea.taps("Back", on=old)
    await lea.taps_again()
    assert [update.callback_query.data for update in echo.seen[-2:]] == ["Back", "Back"]


async def test_a_button_that_has_gone_can_still_be_tapped_by_a_slow_client(lea: Chat, echo: Echo):
    await lea.says("Hi")
    await lea.taps("Deliver")
    with pytest.raises(AssertionError, match="no button 'Invoice 17'"):
        await lea.taps("Invoice 17")
    await lea.taps_stale("Invoice 17")
    assert echo.seen[-1].callback_query.data == "Invoice 17"
    with pytest.raises(AssertionError, match="no button 'Refund' was ever shown"):
        await lea.taps_stale("Refund")

    later = Chat(lea.world, LEA, echo.settle)
    await later.taps_stale("Back")
    assert echo.seen[-1].callback_query.data == "Back"


async def test_what_is_missing_or_there_fails_with_the_chat_written_out(lea: Chat):
    await lea.says("Hi")
    with pytest.raises(
        AssertionError, match=r"not on the screen: \['refund'\](.|\n)*\[2\] Lea: Hi"
    ):
        lea.sees("You said", "refund")
    with pytest.raises(AssertionError, match=r"on the screen: \['You said'\]"):
        lea.does_not_see("refund", "You said")


async def test_what_scrolled_away_is_not_on_the_screen(lea: Chat, bot: Bot):
    await lea.says("first")
    await lea.says("second")
    lea.does_not_see("first")
    await bot.send_message(LEA, "A notice of somebody else's doing")
    lea.sees("A notice", "second")
    assert "first" in lea.transcript()


async def test_a_person_sends_and_gets_files(lea: Chat, bot: Bot, world: World):
    await lea.sends_document("goods.csv", b"a;b", caption="goods")
    await lea.sends_photo(picture(2, 2), caption="shelf")
    await lea.sends_sticker()
    await bot.send_document(LEA, b"%PDF-1", filename="SO-1.pdf")
    await bot.send_document(LEA, b"%PDF-2", filename="IN-1.pdf", caption="Invoice")

    assert (lea.document(), lea.document_name()) == (b"%PDF-2", "IN-1.pdf")
    assert lea.document("SO-") == b"%PDF-1"
    with pytest.raises(AssertionError, match="the bot sent no file 'BI-'"):
        lea.document("BI-")
    lea.sees("IN-1.pdf", "Invoice")
    assert lea.touches == 3
    assert lea.last["message_id"] == world.history(LEA)[-1]["message_id"]


async def test_a_person_edits_deletes_forwards_and_blocks(lea: Chat, echo: Echo):
    await lea.starts("r-1")
    await lea.edits("20 laptop")
    mine = next(one for one in lea.messages if one.get("text") == "20 laptop")
    await lea.edits("21 laptop", message_id=mine["message_id"])
    await lea.forwards(mine["message_id"])
    await lea.says("so?", reply_to=mine["message_id"])
    await lea.deletes(mine["message_id"])
    await lea.blocks()
    await lea.unblocks()

    texts = [one.effective_message.text for one in echo.seen if one.effective_message]
    assert texts == ["/start r-1", "20 laptop", "21 laptop", "21 laptop", "so?"]
    assert lea.touches == 5


async def test_buttons_that_call_nobody_back(lea: Chat, bot: Bot, echo: Echo):
    buttons = [
        InlineKeyboardButton("Copy", copy_text=CopyTextButton("SO-1")),
        InlineKeyboardButton("Open", url="https://t.me/comptoir_bot?start=d_7"),
        InlineKeyboardButton("Site", url="https://x.de"),
    ]
    await bot.send_message(LEA, "Links", reply_markup=InlineKeyboardMarkup([buttons]))
    await lea.taps("Copy")
    await lea.taps("Open")
    with pytest.raises(AssertionError, match="'Site' leads out of the chat"):
        await lea.taps("Site")
    assert lea.copied == ["SO-1"]
    assert echo.seen[-1].message.text == "/start d_7"

    pay = InlineKeyboardMarkup([[InlineKeyboardButton("Pay", pay=True)]])
    price = [LabeledPrice("x", 100)]
    await bot.send_invoice(LEA, "Deposit", "x", "x", "EUR", price, "1:TEST:T", reply_markup=pay)
    await lea.taps("Pay")
    assert echo.seen[-1].pre_checkout_query.invoice_payload == "x"


async def test_a_reply_keyboard_speaks_for_the_person(lea: Chat, bot: Bot, echo: Echo):
    rows = [[KeyboardButton("Yes"), KeyboardButton("My number", request_contact=True)]]
    await bot.send_message(LEA, "Sure?", reply_markup=ReplyKeyboardMarkup(rows))
    await lea.taps("Yes")
    await lea.taps("My number")
    assert echo.seen[-2].message.text == "Yes"
    assert echo.seen[-1].message.contact.user_id == LEA


async def test_an_empty_chat_says_so(world: World, echo: Echo):
    world.add_person(7, "Omar")
    omar = Chat(world, 7, echo.settle)
    assert omar.screen() == ""
    with pytest.raises(AssertionError, match="the chat is empty"):
        omar.sees(omar.text)
    with pytest.raises(AssertionError, match="no message has buttons"):
        omar.labels()
    with pytest.raises(AssertionError, match="nothing was tapped yet"):
        await omar.taps_again()
    omar.end()
