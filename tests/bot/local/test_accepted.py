"""What Telegram takes must be taken here too: the other side of the table of refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Bot, ForceReply, LinkPreviewOptions, Update

from bot.local_telegram.updates import KINDS, NOT_BY_DEFAULT
from bot.local_telegram.world import World
from tests.people import LEA


async def accepted(world: World, method: str, parameters: dict[str, Any]) -> Any:
    """The result of a call that must be taken."""
    status, body = await world.call(method, parameters, {})
    assert status == 200, body
    return body["result"]


@pytest.mark.parametrize(
    "action",
    [
        {"callback_data": "x" * 64},
        {"callback_data": "я" * 32},
        {"callback_data": 7},
        {"url": "https://x.de/a?b=c"},
        {"url": "x.de"},
        {"url": "tg://user?id=7"},
        {"copy_text": {"text": "x" * 256}},
        {"web_app": {"url": "https://x.de"}},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "laptop"},
        {"switch_inline_query_chosen_chat": {"query": "x", "allow_user_chats": True}},
        {"callback_data": "x", "style": "danger", "icon_custom_emoji_id": "5368"},
    ],
)
async def test_buttons(world: World, action: dict[str, Any]):
    keyboard = {"inline_keyboard": [[], [{"text": "Go", **action}]]}
    call = {"chat_id": LEA, "text": "Hi", "reply_markup": json.dumps(keyboard)}

    message = await accepted(world, "sendMessage", call)

    assert message["reply_markup"]["inline_keyboard"] == [[{"text": "Go", **action}]]


async def test_a_hundred_buttons_eight_in_a_row(world: World):
    buttons = [{"text": "x", "callback_data": "x"}] * 100
    rows = [buttons[start : start + 8] for start in range(0, 100, 8)]
    call = {"chat_id": LEA, "text": "Hi", "reply_markup": {"inline_keyboard": rows}}
    await accepted(world, "sendMessage", call)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [("{}", False), ('{"inline_keyboard": []}', False), ('{"keyboard": [["Yes"]]}', True)],
)
async def test_other_markup(world: World, markup: str, *, shown: bool):
    call = {"chat_id": LEA, "text": "Hi", "reply_markup": markup}
    message = await accepted(world, "sendMessage", call)
    assert "reply_markup" not in message
    assert (world.record(LEA).reply_keyboard is not None) == shown


async def test_the_longest_text_and_caption(world: World, bot: Bot):
    sent = await bot.send_message(LEA, "<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    assert len(sent.text) == 4096
    paper = await bot.send_document(LEA, b"x", filename="x", caption="x" * 1024)
    assert len(paper.caption) == 1024


async def test_a_call_of_numbers_and_texts(world: World):
    message = await accepted(
        world,
        "SENDMESSAGE",
        {
            "chat_id": str(LEA),
            "text": "Hi",
            "reply_parameters": {"message_id": "1", "allow_sending_without_reply": True},
            "disable_notification": "yes",
            "reply_markup": None,
            "unknown_to_telegram": "is ignored",
        },
    )
    assert message["reply_to_message"]["message_id"] == 1


async def test_how_a_link_is_shown_is_kept(world: World, bot: Bot):
    hidden = LinkPreviewOptions(is_disabled=True)
    sent = await bot.send_message(LEA, "www.x.de", link_preview_options=hidden)
    assert sent.link_preview_options == hidden
    edited = await bot.edit_message_text("www.x.de", LEA, sent.message_id)
    assert edited.link_preview_options is None


async def test_a_forced_reply_is_the_clients(world: World, bot: Bot):
    events: list[dict[str, Any]] = []
    world.subscribe(LEA, events.append)
    sent = await bot.send_message(LEA, "How many?", reply_markup=ForceReply())
    assert sent.reply_markup is None
    assert events[-1]["reply_markup"]["force_reply"] is True
    assert world.record(LEA).reply_keyboard is None


async def test_a_tap_may_lead_to_the_bots_own_link(world: World, bot: Bot):
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    call = {"chat_id": LEA, "text": "Hi", "reply_markup": keys}
    message = await accepted(world, "sendMessage", call)
    world.taps(LEA, message["message_id"], "go")
    (update,) = await bot.get_updates()
    assert await update.callback_query.answer(url="https://t.me/comptoir_bot?start=d_7")


async def test_the_default_kinds_can_be_asked_for_again(world: World, bot: Bot):
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert world.updates.allowed == KINDS
    await bot.set_webhook("https://x.de/hook", allowed_updates=[], drop_pending_updates=True)
    assert world.updates.allowed == KINDS - NOT_BY_DEFAULT
    assert await bot.set_webhook("")
    assert world.updates.webhook.url == ""


async def test_attributes_may_stand_without_quotes_and_with_spaces(bot: Bot):
    source = "<b >a</b > <a  href = x.de >b</a>"
    sent = await bot.send_message(LEA, source, parse_mode="HTML")
    assert [entity.type for entity in sent.entities] == ["bold", "text_link"]
    assert sent.entities[1].url == "x.de"


async def test_entities_that_cannot_be_read_are_ignored(world: World):
    call = {"chat_id": LEA, "text": "Hi", "entities": "[{"}
    assert "entities" not in await accepted(world, "sendMessage", call)
