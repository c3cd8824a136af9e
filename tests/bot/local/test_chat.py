"""The person of the tests sees what is on the screen, and taps only that."""

from __future__ import annotations

from typing import Any

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

from bot.base.callbacks import decode, encode
from bot.base.screen import Button
from bot.local_telegram.world import World
from tests.bot.local.refusals.rows import picture
from tests.chat import Chat, Toast
from tests.people import LEA


def button(label: str, action: str, **what: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        label, callback_data=encode(Button(label, action, **what), rendering=1)
    )


CARD = InlineKeyboardMarkup(
    [
        [button("Deliver 14", "convert", id=1, argument="DN")],
        [button("Invoice 17", "convert", id=1, argument="IN"), button("Invoice all", "all", id=1)],
        [
            button("Mouse M2: 3", "line", argument="1:3"),
            button("Mouse M3: 3,5", "line", argument="2:3"),
        ],
        [button("Cancel", "cancel"), button("‹ Back", "home")],
    ]
)
GONE = InlineKeyboardMarkup([[button("‹ Back", "home")]])


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
            tapped = decode(str(tap.data))
            assert tapped is not None
            what = f"{tapped.action} {tapped.argument}".strip()
            await tap.answer(f"You tapped {what}", show_alert=what == "cancel")
            await tap.edit_message_text(f"Now {what}", reply_markup=GONE)
        elif update.message and update.message.text:
            said = update.message.text
            await self.bot.send_message(LEA, f"You said {said}", reply_markup=CARD)


@pytest.fixture
def echo(bot: Bot) -> Echo:
    return Echo(bot)


@pytest.fixture
def lea(world: World, echo: Echo) -> Chat:
    return Chat(world, LEA, echo.settle)


async def test_a_person_types_and_taps(lea: Chat):
    await lea.says("20 laptop")
    lea.sees("You said 20 laptop")
    assert lea.labels()[:3] == ["Deliver 14", "Invoice 17", "Invoice all"]
    assert lea.rows()[0] == ["Deliver 14"]
    assert lea.actions()[:3] == ["convert DN", "convert IN", "all"]

    await lea.taps("convert", "DN", 14)
    lea.sees("Now convert DN", "You tapped convert DN")
    lea.does_not_see("20 laptop")
    assert lea.text == "Now convert DN"
    assert lea.toasts == [Toast("You tapped convert DN")]
    await lea.goes_back()
    assert lea.toasts[-1] == Toast("You tapped home")
    assert lea.touches == 3


@pytest.mark.parametrize(
    ("which", "tapped"),
    [
        (("cancel",), "cancel"),
        (("convert", "IN"), "convert IN"),
        (("convert", 17), "convert IN"),
        (("line", "M2"), "line 1:3"),
        (("line", "2"), "line 2:3"),
        (("line", "3", "3.5"), "line 2:3"),
    ],
)
async def test_a_button_is_meant_by_its_argument_its_figures_or_a_name(lea: Chat, which, tapped):
    await lea.says("Hi")
    assert lea.can(*which)
    await lea.taps(*which)
    assert lea.toasts == [Toast(f"You tapped {tapped}", alert=tapped == "cancel")]


async def test_several_buttons_are_tapped_one_after_another(lea: Chat):
    await lea.says("Hi", "Hi again")
    await lea.taps_all(("convert", "IN", 17), "cancel")
    assert [toast.text for toast in lea.toasts] == ["You tapped convert IN", "You tapped cancel"]
    assert lea.touches == 4


async def test_an_unclear_or_unknown_button_fails_and_names_what_is_there(lea: Chat):
    await lea.says("Hi")
    with pytest.raises(AssertionError, match=r"can mean \[convert DN id=1 'Deliver 14'; "):
        await lea.taps("convert")
    with pytest.raises(AssertionError, match=r"no button refund; there are(.|\n)*Deliver 14"):
        await lea.taps("refund")
    with pytest.raises(AssertionError, match=r"no button convert DN 15"):
        await lea.taps("convert", "DN", 15)
    with pytest.raises(AssertionError, match=r"no button convert"):
        await lea.taps("convert", "DN", id=2)
    assert not lea.can("convert", "DN", id=2)
    assert lea.can("convert", "DN", id=1)
    assert lea.touches == 1


async def test_an_older_card_can_still_be_tapped(lea: Chat, echo: Echo):
    await lea.says("one")
    old = lea.card["message_id"]
    await lea.says("two")

    await lea.taps("cancel")
    assert lea.card["text"] == "Now cancel"
    assert not lea.can("cancel")
    assert lea.can("cancel", on=old)
    await lea.taps("cancel")
    assert next(one for one in lea.messages if one["message_id"] == old)["text"] == "Now cancel"
    with pytest.raises(AssertionError, match=r"there are\n\[home '‹ Back'\]"):
        await lea.taps("convert", on=old)
    await lea.goes_back(on=old)
    await lea.taps_again()
    first, again = (update.callback_query for update in echo.seen[-2:])
    assert first.data == again.data


async def test_a_button_that_has_gone_can_still_be_tapped_by_a_slow_client(lea: Chat):
    await lea.says("Hi")
    await lea.taps("convert", "DN")
    with pytest.raises(AssertionError, match="no button convert IN"):
        await lea.taps("convert", "IN")
    await lea.taps_stale("convert", "IN", 17)
    assert lea.toasts[-1].text == "You tapped convert IN"
    with pytest.raises(AssertionError, match=r"refund.* was never shown"):
        await lea.taps_stale("refund")

    later = Chat(lea.world, LEA, lea.settle)
    await later.taps_stale("home")
    assert later.toasts[-1].text == "You tapped home"


async def test_a_client_may_send_what_no_button_has(lea: Chat, echo: Echo):
    await lea.says("Hi")
    await lea.forges(lea.button("all").data.replace("all", "everything"))
    assert lea.toasts[-1].text == "You tapped everything"


async def test_figures_are_read_as_each_language_writes_them(lea: Chat):
    await lea.says("1,234.50 EUR, 2\u202f390,00\xa0EUR, −3, M2, SO-2026-0001, 5 × Pro 14")
    lea.sees("1234.50", 2390, -3, 5, 14)
    lea.does_not_see(2026, 1, 2, "2.39", 3)
    lea.sees_line(2390, -3, "SO-2026-0001", 5, "Pro")
    with pytest.raises(AssertionError, match="no line has"):
        lea.sees_line(5, "SO-2026-0001")


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
    await lea.taps("copy_text")
    await lea.taps("url", "Open")
    with pytest.raises(AssertionError, match="'Site' leads out of the chat"):
        await lea.taps("url", "Site")
    assert lea.copied == ["SO-1"]
    assert echo.seen[-1].message.text == "/start d_7"

    pay = InlineKeyboardMarkup([[InlineKeyboardButton("Pay", pay=True)]])
    price = [LabeledPrice("x", 100)]
    await bot.send_invoice(LEA, "Deposit", "x", "x", "EUR", price, "1:TEST:T", reply_markup=pay)
    await lea.taps("pay")
    assert echo.seen[-1].pre_checkout_query.invoice_payload == "x"


async def test_a_reply_keyboard_speaks_for_the_person(lea: Chat, bot: Bot, echo: Echo):
    rows = [[KeyboardButton("Yes"), KeyboardButton("My number", request_contact=True)]]
    await bot.send_message(LEA, "Sure?", reply_markup=ReplyKeyboardMarkup(rows))
    await lea.taps("Yes")
    await lea.taps("request_contact")
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
