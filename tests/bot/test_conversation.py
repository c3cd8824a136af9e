"""Forms in the chat: one question at a time, every way out, and nothing lost by a restart."""

import pytest

from bot.base.focus import LOST
from core.storage.chat_tables import focus
from tests.bot.trial import BARCODE
from tests.people import LEA, SAMSON


@pytest.fixture
async def asked(lea):
    """Lea is asked how many pieces she takes from the first shelf."""
    await lea.says("/shelf")
    await lea.taps("ask_count")
    return lea


async def open_questions(stage):
    def read(connection):
        return connection.execute(focus.select()).all()

    return await stage.database.read(read)


async def test_a_question_is_asked_in_the_card(asked):
    asked.sees("How many of shelf 1?")
    assert asked.actions() == ["cancel", "step_back"]


async def test_an_answer_is_taken_and_the_card_moves_down(stage, asked):
    old = asked.card["message_id"]
    await asked.says("3")
    asked.sees("7 there")
    assert await stage.count(1) == 7
    assert old not in [message["message_id"] for message in asked.messages]
    assert asked.last == asked.card
    assert not await open_questions(stage)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("many", "not_a_number"),
        ("1.5", "number_too_fine"),
        ("0", "quantity_not_positive"),
        ("50", "not_found"),
    ],
)
async def test_what_is_no_answer_is_explained_and_asked_again(stage, asked, typed, refusal):
    await asked.says(typed)
    asked.is_refused(refusal)
    asked.sees("How many of shelf 1?")
    await asked.says("4")
    assert await stage.count(1) == 6


async def test_cancel_shows_what_was_there(stage, asked):
    await asked.taps("cancel")
    asked.sees("10 there")
    assert not await open_questions(stage)
    await asked.says("5")
    assert await stage.count(1) == 10


async def test_back_from_the_first_question_shows_what_was_there(asked):
    await asked.goes_back()
    asked.sees("10 there")


async def test_a_second_question_takes_the_first_ones_place(stage, lea):
    await lea.says("/shelf 1")
    await lea.taps("ask_count")
    older = lea.card["message_id"]
    await lea.says("/shelf 2")
    text = next(each for each in lea.messages if each["message_id"] == older)["text"]
    assert LOST in text
    await lea.taps("ask_count", on=lea.card["message_id"])
    await lea.says("5")
    assert (await stage.count(1), await stage.count(2)) == (10, 5)


async def test_any_tap_ends_a_question(stage, lea):
    await lea.says("/shelf 2")
    second = lea.card["message_id"]
    await lea.says("/shelf 1")
    await lea.taps("ask_count")
    await lea.taps("take", 1, on=second)
    assert not await open_questions(stage)
    await lea.says("5")
    assert (await stage.count(1), await stage.count(2)) == (10, 9)


async def test_a_question_ends_after_half_an_hour(stage, asked):
    stage.clock.passes(minutes=29)
    await stage.settle()
    assert await open_questions(stage)
    stage.clock.passes(minutes=1)
    await stage.settle()
    asked.sees("10 there", LOST)
    await asked.says("5")
    assert await stage.count(1) == 10


async def test_a_late_answer_before_the_sweep_is_no_answer(stage, asked):
    stage.clock.passes(minutes=31)
    stage.world.says(LEA, "5")
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.settle()
    assert await stage.count(1) == 10


async def test_a_barcode_opens_its_product_instead(stage, asked):
    await asked.says(BARCODE)
    asked.sees("by barcode")
    assert not await open_questions(stage)
    assert await stage.count(1) == 10


async def test_a_text_takes_what_would_open_something(lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    await lea.says(BARCODE)
    lea.sees(f"What is on {BARCODE}?")


async def test_an_edited_answer_is_no_second_answer(stage, asked):
    await asked.says("3")
    await asked.edits("4")
    assert await stage.count(1) == 7


async def test_an_answer_that_comes_twice_is_one(stage, asked):
    await asked.says("3")
    stage.world.redeliver(stage.world.updates.last_id)
    await stage.settle()
    assert await stage.count(1) == 7


async def test_a_whole_form_with_a_restart_at_every_step(stage, lea):
    await lea.says("/shelf")
    for act, *arguments in (
        (lea.taps, "describe"),
        (lea.says, "Corner <b>"),
        (lea.taps, "pick", "tools"),
        (lea.taps, "pick", "="),
        (lea.taps, "skip"),
        (lea.taps, "finish"),
    ):
        stage.again()
        await act(*arguments)
    lea.sees("Corner <b>/tools/red/None")


async def test_a_step_that_does_not_apply_is_left_out(lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    lea.sees("Describe the shelf", "Its name?")
    await lea.says("Corner")
    await lea.taps("pick", "goods")
    lea.sees("Since when?")
    assert [f"pick 2026-{day}" for day in ("11-24", "11-25", "12-01")] == lea.actions()[:3]
    await lea.says("yesterday")
    lea.sees("Name: Corner", "Kind: Goods", "Since: 23 Nov 2026")
    await lea.taps("finish")
    lea.sees("Corner/goods/None/2026-11-23")


async def test_going_back_changes_an_answer(lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    await lea.says("Corner")
    await lea.says("tools")
    await lea.says("blue")
    await lea.goes_back()
    lea.sees("Which colour?")
    await lea.goes_back()
    await lea.taps("pick", "goods")
    await lea.taps("skip")
    await lea.taps("finish")
    lea.sees("Corner/goods/None/None")


async def test_a_typed_choice_has_to_be_one(lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    await lea.says("Corner")
    await lea.says("nonsense")
    lea.sees("What is on Corner?")
    assert lea.actions()[:2] == ["pick goods", "pick tools"]


async def test_a_tap_on_an_earlier_question_changes_nothing(stage, lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    await lea.says("Corner")
    card, data = lea.card["message_id"], lea.button("pick", "goods").data
    await lea.taps("pick", "tools")
    for forged in (data, data.replace("goods", "nothing"), data.replace("pick", "finish")):
        await lea.forges(forged, on=card)
        lea.sees("Which colour?")


async def test_a_choice_that_was_never_offered_is_none(stage, lea):
    await lea.says("/shelf")
    await lea.taps("describe")
    await lea.says("Corner")
    data = lea.button("pick", "goods").data.replace("goods", "gold")
    await lea.forges(data)
    lea.sees("What is on Corner?")


async def test_what_must_be_answered_cannot_be_skipped(stage, asked):
    data = asked.button("cancel").data.replace("cancel", "skip")
    await asked.forges(data)
    asked.sees("How many of shelf 1?")
    data = asked.button("cancel").data.replace("cancel", "finish")
    await asked.forges(data)
    assert await stage.count(1) == 10


async def test_a_file_is_kept(lea):
    await lea.says("/shelf")
    await lea.taps("file")
    await lea.says("here it comes")
    assert lea.can("cancel"), "it is asked for again"
    await lea.sends_document("list.pdf", b"%PDF")
    lea.sees(".csv")
    await lea.sends_document("list.csv", b"a,b\n")
    lea.sees("kept list.csv")


async def test_a_file_is_no_answer_to_a_question_for_a_number(asked):
    await asked.sends_document("list.csv", b"a,b\n")
    asked.sees("How many of shelf 1?")


async def test_a_form_that_is_gone_is_forgotten(stage, asked):
    del stage.app.context.registry.forms["pieces"]
    await asked.says("3")
    assert await stage.count(1) == 10
    assert not await open_questions(stage)


async def test_an_older_text_that_is_changed_is_no_answer(stage, lea):
    await lea.says("good morning")
    older = lea.messages[-2]["message_id"]
    await lea.says("/shelf")
    await lea.taps("ask_count")
    await lea.edits("5", message_id=older)
    assert await stage.count(1) == 10
    assert await open_questions(stage)


async def test_what_a_refused_answer_would_have_told_is_not_told(stage, asked):
    """The service notes its events before it refuses: nobody may hear of them."""
    await asked.says("50")
    asked.is_refused("not_found")
    asked.sees("How many of shelf 1?")
    stage.chat(SAMSON).does_not_see("heard of")


async def test_a_card_that_has_moved_down_is_the_one_that_is_refreshed(stage, asked, omar):
    await asked.says("3")
    calls = len(stage.world.calls)
    await omar.says("/shelf")
    await omar.taps("take", 1)
    asked.sees("6 there")
    edited = [
        call.parameters["message_id"]
        for call in stage.world.calls[calls:]
        if call.method == "editMessageText" and int(call.parameters["chat_id"]) == LEA
    ]
    assert [int(each) for each in edited] == [asked.card["message_id"]]


async def test_a_card_left_behind_by_a_lost_one_is_not_refreshed(stage, lea, omar):
    """The card was deleted by its reader, a new one took its place: the old one is forgotten."""
    await lea.says("/shelf")
    await lea.deletes(lea.card["message_id"])
    await omar.says("/shelf")
    await omar.taps("take", 1)
    lea.sees("9 there")
    calls = len(stage.world.calls)
    await omar.taps("take", 1)
    refused = [call for call in stage.world.calls[calls:] if call.description]
    assert not refused
    lea.sees("8 there")
