"""What comes in: kept before it is confirmed, each once, and nothing blocks a chat for ever."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.base.bot_state import read_setting, write_setting
from bot.base.updates import CHECKOUTS, Kind, Unreadable, chat_of, read_update
from bot.local_telegram.faults import Fault, Outcome
from bot.receive import inbox as rows
from bot.receive.spreadsheet_uploads import LARGEST_FILE
from core.storage.chat_tables import inbox, outbox
from tests.people import LEA, OMAR

HOSTILE = {"message": "hostile"}


async def test_an_unreadable_update_is_kept_and_the_next_one_handled(stage, lea, caplog):
    bad = stage.world.push_raw(HOSTILE)
    await lea.says("/shelf")
    lea.sees("10 there")
    (row,) = await stage.rows(inbox, inbox.c.update_id == bad)
    assert row.state == "unreadable"
    assert json.loads(row.raw)["message"] == "hostile"
    assert row.incident in caplog.text


@pytest.mark.parametrize(
    "hostile",
    [
        {"message": {"chat": {"id": LEA}}},
        {"message": {"chat": {"id": "x"}, "from": 3}},
        {"message": {"chat": {"id": True}}},
        {"message": {"chat": {"id": 10**30}}},
        {"callback_query": {"id": 5}},
        {"callback_query": []},
        {"my_chat_member": {"chat": None}},
        {"edited_message": {"text": 7, "date": "now"}},
        {"pre_checkout_query": {}},
    ],
)
async def test_nothing_hostile_stops_the_bot(stage, lea, hostile):
    stage.world.push_raw(hostile)
    await lea.says("/shelf")
    lea.sees("10 there")
    states = {row.state for row in await stage.rows(inbox)}
    assert states <= {"done", "unreadable"}


@pytest.mark.parametrize(
    "given", ["no object", 7, None, [], {"update_id": "x"}, {"update_id": True}]
)
async def test_what_has_no_id_is_kept_once(stage, given):
    for _ in range(2):
        await stage.write(rows.keep, [given], now=stage.clock())
    await stage.settle()
    (row,) = await stage.rows(inbox, inbox.c.update_id < 0)
    assert row.state in ("unreadable", "done")


async def test_an_id_comes_again_after_a_quiet_week(stage):
    update = {"update_id": 999}
    now = stage.clock()
    assert len(await stage.write(rows.keep, [update, update], now=now)) == 1
    assert not await stage.write(rows.keep, [update], now=now + timedelta(days=1))
    assert len(await stage.write(rows.keep, [update], now=now + timedelta(days=8))) == 1


async def test_what_another_process_left_is_answered_in_its_order(stage, lea):
    """Its rows are found at the next look, before those that were handed over."""
    stage.world.says(LEA, "/shelf 1")
    await stage.app.polling.fetch(hold=0)
    left = stage.app.worker
    stage.again()
    stage.world.says(LEA, "/shelf 2")
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.app.sender.drain()
    shown = [each["text"][6:7] for each in lea.messages if each["text"].startswith("Shelf")]
    assert shown == ["1", "2"]
    await left.drain()
    assert not await stage.rows(inbox, inbox.c.state != "done")


async def test_what_was_handed_over_waits_for_what_was_left(stage, lea):
    await stage.settle()
    stage.world.says(LEA, "/shelf 1")
    await stage.app.polling.fetch(hold=0)
    stage.world.says(LEA, "/shelf 2")
    first = stage.app.worker._known.pop(LEA)
    assert len(first) == 1
    await stage.app.polling.fetch(hold=0)
    await stage.settle()
    shown = [each["text"][6:7] for each in lea.messages if each["text"].startswith("Shelf")]
    assert shown == ["1", "2"]


def failing(part, *, times=1):
    """Lets a statement fail, as when the disk is full or the server has gone."""
    left = [None] * times

    def observe(statement):
        if part in statement and left:
            left.pop()
            raise OperationalError(statement, {}, OSError("gone"))

    return observe


@pytest.mark.parametrize("died", [False, True])
async def test_ids_that_begin_again_after_a_quiet_week_are_heard(stage, lea, died):
    await lea.says("/shelf")
    stage.clock.passes(days=8)
    if died:
        stage.again()
    stage.world.updates.last_id = 0
    await lea.says("/shelf 2")
    lea.sees("Shelf 2")


@pytest.mark.parametrize("statement", ["INSERT INTO inbox", "UPDATE setting"])
async def test_the_offset_moves_only_with_what_is_kept(stage, lea, statement):
    stage.world.says(LEA, "/shelf")
    before = await stage.database.read(read_setting, "polling_offset")
    troubled = stage.database.watch_statements(failing(statement))
    with troubled, pytest.raises(OperationalError):
        await stage.app.polling.fetch(hold=0)
    assert await stage.database.read(read_setting, "polling_offset") == before
    assert not await stage.rows(inbox, inbox.c.state == "new")
    await stage.settle()
    lea.sees("10 there")


async def test_what_was_kept_is_answered_by_the_next_process(stage, lea):
    for _ in range(3):
        stage.world.says(LEA, "/shelf")
    await stage.app.polling.fetch(hold=0)
    stage.again()
    await stage.settle()
    shown = [each for each in lea.messages if each.get("text", "").startswith("Shelf")]
    assert len(shown) == 3


async def test_trouble_of_the_database_is_tried_again(stage, lea):
    await lea.says("/shelf")
    with stage.database.watch_statements(failing("INSERT INTO operation", times=2)):
        await lea.taps("take", 1)
        lea.sees("10 there")
        for seconds in (1, 2):
            stage.clock.passes(seconds=seconds)
            await stage.settle()
    lea.sees("9 there", "taken")
    assert await stage.count(1) == 9


async def test_after_five_tries_a_row_has_failed_and_the_next_goes_on(stage, lea):
    await lea.says("/shelf")
    with stage.database.watch_statements(failing("INSERT INTO operation", times=5)):
        await lea.taps("take", 1)
        for _ in range(5):
            stage.clock.passes(minutes=1)
            await stage.settle()
    (row,) = await stage.rows(inbox, inbox.c.state == "failed")
    lea.sees(row.incident)
    assert await stage.count(1) == 10
    await lea.says("/shelf 2")
    lea.sees("Shelf 2")


async def test_when_even_the_failure_cannot_be_written_the_chat_rests(stage, lea):
    await lea.says("/shelf")
    with (
        stage.database.watch_statements(failing("INSERT INTO operation", times=1)),
        stage.database.watch_statements(failing("SET tries", times=1)),
    ):
        await lea.taps("take", 1)
        stage.clock.passes(seconds=1)
        await stage.settle()
    lea.sees("9 there")


async def test_a_defect_outside_the_savepoint_fails_at_once(stage, lea):
    await lea.says("/shelf")
    data = lea.button("crash").data.replace("crash", "untold")
    with stage.database.watch_statements(failing("UPDATE inbox", times=1)):
        await lea.forges(data)
    stage.clock.passes(minutes=1)
    await stage.settle()
    (row,) = await stage.rows(inbox, inbox.c.state == "failed")
    lea.sees(row.incident)


async def test_a_key_with_other_contents_is_refused(stage, lea):
    await lea.says("/shelf")
    message = lea.messages[-2]
    assert message["text"] == "/shelf"
    stage.world.push_raw({"message": message | {"text": "/shelf 2"}})
    await stage.settle()
    (row,) = await stage.rows(inbox, inbox.c.state == "failed")
    lea.sees(row.incident)


async def test_a_slow_turn_answers_its_tap_early(staging, database):
    stage = staging(answer_after=0)
    lea = stage.chat(LEA)
    await lea.says("/shelf")
    await lea.taps("take", 1)
    assert await stage.count(1) == 9
    assert not lea.toasts
    lea.sees("9 there")
    await lea.taps("take", 100)
    lea.is_refused("not_found")
    assert not lea.toasts


async def test_an_early_answer_that_fails_does_not_matter(staging):
    stage = staging(answer_after=0)
    lea = stage.chat(LEA)
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "answerCallbackQuery"))
    await lea.taps("take", 1)
    lea.sees("9 there")


async def test_an_answer_that_comes_too_late_is_dropped(stage, lea):
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "answerCallbackQuery", after=True))
    await lea.taps("take", 1)
    stage.clock.passes(seconds=1)
    await stage.settle()
    lea.sees("9 there")


async def test_chats_are_answered_side_by_side(staging):
    """Each waits at Telegram until the other does too: one after the other would never end."""
    together = asyncio.Barrier(2)

    async def guard(method):
        if method == "getFile":
            await together.wait()

    stage = staging(guard=guard)
    for user_id in (LEA, OMAR):
        for _ in range(2):
            stage.world.sends_document(user_id, "list.csv", b"a,b")
    await asyncio.wait_for(stage.settle(), 30)
    assert not await stage.rows(inbox, inbox.c.state != "done")


async def test_a_file_that_is_too_large_is_told_of(stage, lea):
    await lea.says("/shelf")
    await lea.taps("file")
    await lea.sends_document("list.csv", bytes(LARGEST_FILE + 1))
    assert lea.can("cancel"), "it is too large, and asked for again"
    assert not stage.world.calls_of("getFile")


async def test_a_file_is_fetched_again_after_trouble(stage, lea):
    await lea.says("/shelf")
    await lea.taps("file")
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "getFile"))
    await lea.sends_document("list.csv", b"a,b\n")
    stage.clock.passes(seconds=1)
    await stage.settle()
    lea.sees("kept list.csv")


async def test_a_row_of_another_process_is_left_alone(stage, lea):
    """Two processes on one database: who comes second finds the row done."""
    stage.world.says(LEA, "/shelf")
    await stage.app.polling.fetch(hold=0)
    first = await stage.database.read(rows.first_of, LEA)
    await stage.settle()
    assert not await stage.app.worker._answer(first, LEA)
    shown = [each for each in lea.messages if each.get("text", "").startswith("Shelf")]
    assert len(shown) == 1


def test_the_chat_of_anything():
    assert chat_of({"message": {"chat": {"id": 5}}}) == 5
    assert chat_of({"callback_query": {"from": {"id": 6}}}) == 6
    assert chat_of({"pre_checkout_query": {"from": {"id": 6}}}) == CHECKOUTS
    assert chat_of({}) == 0


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}}},
         Kind.IGNORED),
        ({"update_id": 1}, Kind.IGNORED),
    ],
)  # fmt: skip
def test_what_is_passed_over(update, kind):
    assert read_update(json.dumps({"update_id": 1} | update)).kind is kind


@pytest.mark.parametrize("raw", ["", "[]", "null", "{", "{}"])
def test_what_cannot_be_read(raw):
    with pytest.raises(Unreadable):
        read_update(raw)


async def test_a_tap_on_a_card_that_telegram_has_forgotten(stage, lea):
    await lea.says("/shelf")
    card, data = lea.card["message_id"], lea.button("take", 1).data
    await lea.deletes(card)
    await lea.forges(data, on=card)
    lea.sees("9 there")


async def test_settings_are_replaced(stage):
    await stage.write(write_setting, "x", "1")
    await stage.write(write_setting, "x", "2")
    assert await stage.database.read(read_setting, "x") == "2"
    assert await stage.database.read(read_setting, "y") is None


async def test_what_people_wrote_is_forgotten_after_a_month(stage, lea):
    await lea.says("/shelf")
    stage.world.push_raw(HOSTILE)
    await stage.settle()
    stage.clock.passes(days=31)
    await stage.settle()
    assert [row.state for row in await stage.rows(inbox)] == ["unreadable"]
    assert not await stage.rows(outbox)
    await lea.taps("take", 1)
    lea.sees("9 there")
