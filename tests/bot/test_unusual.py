"""Stickers, voices, groups, channels and whatever else comes: answered or passed over."""

import pytest

from bot.base.refusal_sentences import SENTENCES
from bot.base.updates import CHECKOUTS, OTHERS
from bot.turn.unsupported_updates import OPEN_PRIVATE, UNUSUAL
from core.storage.chat_tables import inbox
from tests.people import LEA

GROUP = -100_200


async def test_a_sticker_is_answered(lea):
    await lea.sends_sticker()
    assert lea.actions() == ["home"]
    await lea.goes_back()
    lea.sees("Comptoir · Lea")


@pytest.mark.parametrize("act", ["sends_voice", "shares_contact", "sends_location", "sends_photo"])
async def test_other_messages_are_answered(stage, lea, act):
    picture = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
        b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
        b"\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    arguments = {
        "sends_voice": (b"ogg",),
        "shares_contact": (),
        "sends_location": (1, 2),
        "sends_photo": (picture,),
    }
    before = len(lea.messages)
    getattr(stage.world, act)(LEA, *arguments[act])
    await stage.settle()
    assert len(lea.messages) == before + 2
    assert lea.last["reply_to_message"]


async def test_a_question_survives_a_sticker(stage, lea):
    await lea.says("/shelf")
    await lea.taps("ask_count")
    await lea.sends_sticker()
    await lea.says("3")
    assert await stage.count(1) == 7


async def test_a_group_is_told_once_where_to_go(stage):
    stage.world.add_group(GROUP, "Team", [LEA])
    for _ in range(2):
        stage.world.says(LEA, "/start", chat_id=GROUP)
        await stage.settle()
    answers = [each for each in stage.world.history(GROUP) if each["from"]["is_bot"]]
    assert len(answers) == 1
    assert answers[0]["text"] == OPEN_PRIVATE
    button = answers[0]["reply_markup"]["inline_keyboard"][0][0]
    assert button["url"] == "https://t.me/comptoir_bot"


async def test_a_tap_in_a_group_does_not_spin(stage):
    stage.world.add_group(GROUP, "Team", [LEA])
    stage.world.says(LEA, "/start", chat_id=GROUP)
    await stage.settle()
    message = stage.world.history(GROUP)[-1]
    stage.world.taps(LEA, message["message_id"], "v1|take|1|1.1||", chat_id=GROUP, forged=True)
    await stage.settle()
    assert all(query.answered for query in stage.world.queries.values())
    assert await stage.count(1) == 10


async def test_a_checkout_is_refused_politely_outside_the_chats_queue(stage, lea):
    user = stage.world.people[LEA].user()
    query = stage.world.new_query("checkout", LEA, chat_id=LEA, message_id=1)
    stage.world.push_raw(
        {
            "pre_checkout_query": {
                "id": query.query_id,
                "from": user,
                "currency": "EUR",
                "total_amount": 100,
                "invoice_payload": "x",
            }
        }
    )
    await stage.settle()
    (call,) = stage.world.calls_of("answerPreCheckoutQuery")
    assert call.parameters["error_message"] == SENTENCES["nothing_to_pay"].message
    (row,) = await stage.rows(inbox, inbox.c.chat_id == CHECKOUTS)
    assert row.state == "done"


async def test_bots_and_channels_are_passed_over(stage, lea):
    before = len(lea.messages)
    chat = stage.world.people[LEA].chat()
    other_bot = {"id": 5, "is_bot": True, "first_name": "Other"}
    message = {"message_id": 900, "date": 1, "chat": chat, "from": other_bot, "text": "/start"}
    stage.world.push_raw({"message": message})
    human = stage.world.people[LEA].user()
    pinned = {
        "message_id": 901,
        "date": 1,
        "chat": chat,
        "from": human,
        "group_chat_created": True,
    }
    stage.world.push_raw({"message": pinned})
    await stage.settle()
    assert len(lea.messages) == before


def test_every_kind_of_message_has_its_answer():
    silent = {"game", "story", "checklist"}
    assert set(OTHERS) - silent == UNUSUAL.keys()
