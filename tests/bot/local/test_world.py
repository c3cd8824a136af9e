"""Persons, chats and what the bot does in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    MenuButtonCommands,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
    WebAppInfo,
)

from bot.local_telegram.refusals import ImpossibleAct
from bot.local_telegram.world import World
from tests.bot.local.refusals.rows import picture
from tests.clock import Clock
from tests.people import LEA

GROUP = -100200
GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


async def read(bot: Bot) -> list[Update]:
    """All that waits, as the library parses it."""
    return list(await bot.get_updates())


async def test_every_act_of_a_person_is_an_update_that_the_library_reads(world: World, bot: Bot):
    world.add_person(7, "Omar", last_name="Haddad", username="omar", language_code="ar")
    text = world.updates.sent[world.starts(7, "r-123_x")]["message"]["message_id"]
    world.says(7, "20 laptops", reply_to=text)
    world.edits(7, text, "/start again")
    world.sends_document(7, "goods.csv", b"a;b", caption="see #goods")
    world.sends_photo(7, picture(40, 30))
    world.sends_voice(7, b"OggS", seconds=4)
    world.sends_sticker(7)
    world.shares_contact(7)
    world.sends_location(7, 52.5, 13.4)
    world.forwards(7, 7, text)
    world.blocks(7)
    world.unblocks(7)

    updates = await read(bot)

    messages = [update.effective_message for update in updates]
    assert [update.effective_user.id for update in updates] == [7] * 12
    assert messages[0].text == "/start r-123_x"
    assert (messages[1].text, messages[1].reply_to_message.message_id) == ("20 laptops", text)
    assert updates[2].edited_message.text == "/start again"
    assert messages[3].document.file_name == "goods.csv"
    assert messages[3].caption_entities[0].type == "hashtag"
    assert (messages[4].photo[-1].width, messages[4].photo[-1].height) == (40, 30)
    assert messages[5].voice.mime_type == "audio/ogg"
    assert messages[6].sticker.emoji == "👍"
    assert messages[7].contact.user_id == 7
    assert messages[8].location.latitude == 52.5
    assert messages[9].forward_origin.sender_user.id == 7
    assert updates[10].my_chat_member.new_chat_member.status == "kicked"
    assert updates[11].my_chat_member.new_chat_member.status == "member"


async def test_a_person_can_only_do_what_a_client_offers(world: World, bot: Bot):
    card = (await bot.send_message(LEA, "Card", reply_markup=GO)).message_id
    secret = (await bot.send_message(LEA, "Secret", protect_content=True)).message_id
    impossible: list[Any] = [
        lambda: world.says(LEA, "  "),
        lambda: world.says(999, "Hi"),
        lambda: world.says(LEA, "Hi", chat_id=-5),
        lambda: world.says(LEA, "Hi", reply_to=999),
        lambda: world.starts(LEA, "two words"),
        lambda: world.starts(LEA, "x" * 65),
        lambda: world.taps(LEA, card, "stop"),
        lambda: world.taps(LEA, 999, "go"),
        lambda: world.edits(LEA, card, "mine now"),
        lambda: world.deletes(LEA, 999),
        lambda: world.forwards(LEA, LEA, 999),
        lambda: world.forwards(LEA, LEA, secret),
        lambda: world.pays(LEA, card),
        lambda: world.asks_inline(LEA, "laptop"),
        lambda: world.unblocks(LEA),
        lambda: world.history(999),
    ]
    before = world.updates.last_id

    for act in impossible:
        with pytest.raises(ImpossibleAct):
            act()

    assert world.updates.last_id == before
    world.blocks(LEA)
    with pytest.raises(ImpossibleAct, match="has blocked the bot"):
        world.says(LEA, "Hi")


async def test_a_tap_carries_its_message_and_a_forged_one_what_it_likes(world: World, bot: Bot):
    card = await bot.send_message(LEA, "Card", reply_markup=GO)
    world.taps(LEA, card.message_id, "go")
    world.taps(LEA, card.message_id, "steal", forged=True)
    world.deletes(LEA, card.message_id)
    world.taps(LEA, card.message_id, "go", forged=True)

    true, forged, late = await read(bot)

    assert (true.callback_query.data, true.callback_query.message.text) == ("go", "Card")
    assert forged.callback_query.data == "steal"
    assert not late.callback_query.message.is_accessible
    assert await true.callback_query.answer("Done", show_alert=True)


async def test_those_who_look_at_a_chat_are_told_everything(world: World, bot: Bot):
    events: list[dict[str, Any]] = []
    stop = world.subscribe(LEA, events.append)

    card = await bot.send_message(LEA, "Card", reply_markup=GO)
    await bot.send_chat_action(LEA, "upload_document")
    tap = world.taps(LEA, card.message_id, "go")
    query_id = world.updates.sent[tap]["callback_query"]["id"]
    await bot.answer_callback_query(query_id, "Held", show_alert=True)
    await bot.edit_message_text("Card 2", LEA, card.message_id)
    await bot.delete_message(LEA, card.message_id)
    await bot.set_my_commands([BotCommand("stock", "What is there")])
    stop()
    stop()
    await bot.send_message(LEA, "unseen")

    kinds = [event["type"] for event in events]
    assert kinds == ["message", "action", "answer", "edited", "deleted", "commands"]
    assert events[1]["action"] == "upload_document"
    assert events[2] == {
        "type": "answer",
        "callback_query_id": query_id,
        "user_id": LEA,
        "message_id": card.message_id,
        "text": "Held",
        "show_alert": True,
        "url": "",
    }
    assert events[3]["message"]["text"] == "Card 2"
    assert events[5]["commands"] == [{"command": "stock", "description": "What is there"}]


async def test_an_edit_without_a_keyboard_takes_the_old_one_away(world: World, bot: Bot):
    card = await bot.send_message(LEA, "Card", reply_markup=GO)

    edited = await bot.edit_message_text("Card 2", LEA, card.message_id, reply_markup=GO)
    assert edited.reply_markup == GO
    edited = await bot.edit_message_text("Card 3", LEA, card.message_id)
    assert edited.reply_markup is None
    edited = await bot.edit_message_reply_markup(LEA, card.message_id, reply_markup=GO)

    assert (edited.text, edited.reply_markup) == ("Card 3", GO)
    assert edited.edit_date is not None


async def test_a_text_is_edited_into_a_document_and_that_into_another(world: World, bot: Bot):
    first = await bot.send_message(LEA, "Drawing ...", reply_markup=GO)
    place = {"chat_id": LEA, "message_id": first.message_id}

    paper = await bot.edit_message_media(
        InputMediaDocument(
            b"%PDF-1", filename="SO-1.pdf", caption="<b>SO-1</b>", parse_mode="HTML"
        ),
        **place,
    )
    assert (paper.text, paper.caption, paper.reply_markup) == (None, "SO-1", None)
    assert world.file(paper.document.file_id).content == b"%PDF-1"
    assert paper.document.mime_type == "application/pdf"

    await bot.edit_message_caption(caption="sent", **place)
    photo = await bot.edit_message_media(InputMediaPhoto(picture(4, 3)), **place)
    assert (photo.document, photo.caption, photo.photo[0].width) == (None, None, 4)
    # New bytes are a new file, even if they are the same.
    await bot.edit_message_media(InputMediaPhoto(picture(4, 3)), **place)


async def test_a_file_is_sent_again_by_its_id_and_fetched(world: World, bot: Bot):
    sent = await bot.send_document(LEA, b"%PDF-1", filename="IN-1.pdf", caption="IN-1")
    again = await bot.send_document(LEA, sent.document.file_id)
    album = await bot.send_media_group(
        LEA, [InputMediaDocument(sent.document.file_id), InputMediaDocument(b"x", filename="y")]
    )

    assert again.document == sent.document
    assert album[0].media_group_id == album[1].media_group_id
    for file_id in (sent.document.file_id, album[1].document.file_id):
        file = await bot.get_file(file_id)
        assert bytes(await file.download_as_bytearray()) == world.file(file_id).content
    with pytest.raises(KeyError):
        world.file("unknown")


async def test_messages_are_forwarded_copied_pinned_and_deleted(world: World, bot: Bot):
    card = await bot.send_message(LEA, "Card", reply_markup=GO)
    link = await bot.send_message(
        LEA,
        "Link",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", url="https://x.de")]]),
    )
    paper = await bot.send_document(LEA, b"%PDF", filename="a.pdf", caption="old")

    forwarded = await bot.forward_message(LEA, LEA, card.message_id)
    with_link = await bot.forward_message(LEA, LEA, link.message_id)
    copied = await bot.copy_message(LEA, LEA, card.message_id)
    renamed = await bot.copy_message(LEA, LEA, paper.message_id, caption="new")

    assert forwarded.reply_markup is None
    assert with_link.reply_markup is not None
    history = {one["message_id"]: one for one in world.history(LEA)}
    assert "forward_origin" not in history[copied.message_id]
    assert history[renamed.message_id]["caption"] == "new"

    await bot.pin_chat_message(LEA, card.message_id)
    await bot.pin_chat_message(LEA, paper.message_id)
    assert (await bot.get_chat(LEA)).pinned_message.message_id == paper.message_id
    await bot.unpin_chat_message(LEA)
    assert (await bot.get_chat(LEA)).pinned_message.message_id == card.message_id
    await bot.delete_messages(LEA, [card.message_id, 999, copied.message_id])
    assert (await bot.get_chat(LEA)).pinned_message is None
    await bot.unpin_all_chat_messages(LEA)
    assert card.message_id not in {one["message_id"] for one in world.history(LEA)}


async def test_a_reply_shows_what_it_replies_to(world: World, bot: Bot):
    card = await bot.send_message(LEA, "Card")
    reply = await bot.send_message(
        LEA, "Notice", reply_parameters=ReplyParameters(card.message_id)
    )
    second = await bot.send_contact(
        LEA, "+1", "Omar", last_name="H", reply_parameters=ReplyParameters(reply.message_id)
    )
    alone = await bot.send_message(
        LEA,
        "Alone",
        reply_parameters=ReplyParameters(999, allow_sending_without_reply=True),
    )

    assert reply.reply_to_message.text == "Card"
    assert second.reply_to_message.reply_to_message is None
    assert alone.reply_to_message is None


async def test_a_reply_keyboard_belongs_to_the_client(world: World, bot: Bot):
    events: list[dict[str, Any]] = []
    world.subscribe(LEA, events.append)
    keys = ReplyKeyboardMarkup(
        [[KeyboardButton("My number", request_contact=True)]], one_time_keyboard=True
    )

    sent = await bot.send_message(LEA, "Who are you?", reply_markup=keys)
    assert sent.reply_markup is None
    assert world.record(LEA).reply_keyboard is not None
    world.shares_contact(LEA)
    assert world.record(LEA).reply_keyboard is None

    await bot.send_message(LEA, "Again?", reply_markup=keys)
    await bot.send_message(LEA, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert world.record(LEA).reply_keyboard is None
    shown = [event["reply_markup"] for event in events if event["type"] == "keyboard"]
    assert [bool(one and "keyboard" in one) for one in shown] == [True, False, True, False]


async def test_commands_are_found_by_chat_and_language(world: World, bot: Bot):
    world.add_person(8, "Chloé", language_code="fr-FR")
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Commencer")], language_code="fr")
    await bot.set_my_commands([("stock", "Stock")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("pick", "Pick")], scope=BotCommandScopeChat(LEA))
    await bot.set_my_commands([("all", "All")], scope=BotCommandScopeChatMember(LEA, LEA))

    assert [one["command"] for one in world.commands_for(LEA)] == ["pick"]
    assert [one["command"] for one in world.commands_for(8)] == ["stock"]
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert world.commands_for(8) == [{"command": "start", "description": "Commencer"}]
    assert (await bot.get_my_commands(language_code="fr"))[0].description == "Commencer"
    assert await bot.get_my_commands(language_code="de") == ()
    await bot.delete_my_commands()
    await bot.delete_my_commands(language_code="fr")
    assert world.commands_for(8) == []


async def test_the_bot_says_who_it_is(world: World, bot: Bot):
    await bot.set_my_name("Comptoir of Crimson")
    await bot.set_my_name("Comptoir de Crimson", language_code="fr")
    await bot.set_my_description("Orders and stock")
    await bot.set_my_short_description("Orders")
    app = MenuButtonWebApp("Scan", WebAppInfo("https://x.de"))
    await bot.set_chat_menu_button(LEA, app)

    assert (await bot.get_me()).first_name == "Comptoir of Crimson"
    assert (await bot.get_my_name("fr")).name == "Comptoir de Crimson"
    assert (await bot.get_my_name("de")).name == "Comptoir of Crimson"
    assert (await bot.get_my_description()).description == "Orders and stock"
    assert (await bot.get_my_short_description()).short_description == "Orders"
    assert await bot.get_chat_menu_button(LEA) == app
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    await bot.set_chat_menu_button(LEA)
    await bot.set_chat_menu_button(menu_button=app)
    assert await bot.get_chat_menu_button(LEA) == app


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(world: World, bot: Bot):
    world.add_group(GROUP, "Crew", [LEA])
    notice = await bot.send_message(GROUP, "Stock is low")
    assert notice.message_id == 1

    world.says(LEA, "so what", chat_id=GROUP)
    heard = [
        world.says(LEA, "/stock", chat_id=GROUP),
        world.says(LEA, "ask @comptoir_bot", chat_id=GROUP),
        world.says(LEA, "why?", chat_id=GROUP, reply_to=notice.message_id),
    ]

    assert [update.update_id for update in await read(bot)] == heard
    world.add_person(9, "Sina")
    with pytest.raises(ImpossibleAct, match="is no member"):
        world.says(9, "/stock", chat_id=GROUP)
    with pytest.raises(ValueError, match="negative"):
        world.add_group(5, "Crew", [])
    with pytest.raises(ValueError, match="there is a group"):
        world.add_group(GROUP, "Crew", [])
    with pytest.raises(ValueError, match="there is a user"):
        world.add_person(9, "Sina")
    assert (await bot.get_chat(GROUP)).title == "Crew"
    assert await bot.leave_chat(GROUP)
    with pytest.raises(Exception, match="bot is not a member"):
        await bot.send_message(GROUP, "Hi")


async def test_an_inline_query_is_answered_once(clock: Clock):
    world = World(now=clock, inline_mode=True)
    world.add_person(LEA, "Lea")
    update = world.asks_inline(LEA, "laptop")
    query_id = world.updates.sent[update]["inline_query"]["id"]
    result = InlineQueryResultArticle("1", "Laptop", InputTextMessageContent("Laptop"))
    call = {"inline_query_id": query_id, "results": json.dumps([result.to_dict()])}

    assert (await world.call("answerInlineQuery", call, {}))[0] == 200
    assert (await world.call("answerInlineQuery", call, {}))[0] == 400
    assert world.updates.sent[update]["inline_query"]["query"] == "laptop"


async def test_the_log_and_the_updates_of_a_long_demo_are_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.local_telegram.world.MOST_LOGGED", 10)
    monkeypatch.setattr("bot.local_telegram.updates.MOST_REMEMBERED", 10)
    for _ in range(25):
        world.says(LEA, "Hi")
        await world.call("getMe", {}, {})
    assert len(world.calls) <= 10
    assert list(world.updates.sent) == list(range(17, 27))


async def test_what_a_call_returns_is_a_copy(world: World):
    _, body = await world.call("sendMessage", {"chat_id": LEA, "text": "Hi"}, {})
    body["result"]["text"] = "changed"
    world.history(LEA)[-1]["text"] = "changed"
    assert world.history(LEA)[-1]["text"] == "Hi"
