"""What goes out: once, in order, in spite of floods, timeouts, crashes and blocked chats."""

import asyncio
import json

import pytest
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.base import outbox as rows
from bot.base.bot_state import read_setting, write_setting
from bot.local_telegram.faults import Fault, Outcome
from bot.send.document_files import BY_ASKING, PREPARING, WAY
from bot.send.network import NOT_SENT, was_not_sent
from core.files.produced import ProducedFile
from core.services.rights import NotFound
from core.storage.chat_tables import outbox
from core.storage.tables import person
from tests.bot.conftest import remove_roles
from tests.people import LEA, OMAR, SAMSON

PDF = b"%PDF-1.7 paper"


async def make_paper(document_id, language, actor):
    await asyncio.sleep(0)
    if document_id == 2:
        raise NotFound(subject="document")
    if document_id == 3:
        raise ZeroDivisionError
    name = f"SO-{document_id}.pdf"
    return ProducedFile(name, PDF, f"SO-{document_id} for {actor.name}")


@pytest.fixture
def stage(staging):
    return staging(paper_maker=make_paper)


def documents(chat):
    return [each for each in chat.messages if "document" in each and each["from"]["is_bot"]]


async def wait_out(stage, **spans):
    stage.clock.passes(**spans)
    await stage.settle()


# --- Papers -----------------------------------------------------------------------------------


async def test_a_paper_takes_the_place_of_its_placeholder(stage, lea):
    await lea.says("/shelf")
    before = len(lea.messages)
    await lea.taps("paper")
    assert lea.document() == PDF
    assert lea.document_name() == "SO-1.pdf"
    assert lea.last["caption"] == "SO-1 for Lea"
    assert len(lea.messages) == before + 1


async def test_a_double_tap_sends_one_paper(stage, lea):
    await lea.says("/shelf")
    card, data = lea.card["message_id"], lea.button("paper").data
    stage.world.taps(LEA, card, data)
    stage.world.taps(LEA, card, data)
    await stage.settle()
    assert len(documents(lea)) == 1
    await lea.taps("paper")
    assert len(documents(lea)) == 2


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.RESET, Outcome.BAD_GATEWAY])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageMedia"])
async def test_a_paper_arrives_exactly_once(stage, lea, method, outcome, after):
    await lea.says("/shelf")
    stage.world.faults.add(Fault(outcome, method, after=after))
    await lea.taps("paper")
    await wait_out(stage, minutes=5)
    assert len(documents(lea)) == 1
    (row,) = await stage.rows(outbox, outbox.c.form == "paper")
    assert row.state == "sent"
    stray = [each for each in lea.messages if each.get("text") == PREPARING]
    assert len(stray) == int(after and method == "sendMessage")


async def test_a_flood_is_waited_out(stage, lea):
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.FLOOD, "editMessageMedia", retry_after=30))
    await lea.taps("paper")
    await wait_out(stage, seconds=29)
    assert not documents(lea)
    await wait_out(stage, seconds=1)
    assert len(documents(lea)) == 1


async def test_a_paper_that_may_not_be_seen_is_withheld(stage, lea):
    await lea.says("/shelf 2")
    await lea.taps("paper")
    (row,) = await stage.rows(outbox, outbox.c.form == "paper")
    assert (row.state, row.problem) == ("withheld", "not_found")


async def test_a_paper_that_cannot_be_made_is_told_with_its_id(stage, lea, caplog):
    stage.app.context.registry.actions["paper"] = lambda turn, tap: turn.paper(3)
    await lea.says("/shelf")
    await lea.taps("paper")
    (row,) = await stage.rows(outbox, outbox.c.form == "paper")
    assert row.state == "dead"
    assert row.problem in caplog.text
    assert row.problem in lea.screen()


async def test_a_crash_between_placeholder_and_paper_is_repaired(stage, lea):
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.FLOOD, "editMessageMedia", retry_after=30))
    await lea.taps("paper")
    stage.again()
    await wait_out(stage, seconds=30)
    assert len(documents(lea)) == 1
    assert not [each for each in lea.messages if each.get("text") == PREPARING]


async def test_a_row_whose_sender_died_is_sent_after_its_lease(stage, lea):
    await lea.says("/shelf")
    stage.world.taps(LEA, lea.card["message_id"], lea.button("paper").data)
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    for due in await stage.database.read(rows.due, stage.clock()):
        await stage.write(rows.claim, due.id, stage.clock())
    stage.again()
    await stage.settle()
    assert not documents(lea)
    await wait_out(stage, seconds=91)
    assert len(documents(lea)) == 1


# --- Papers, the second way -------------------------------------------------------------------


async def test_the_second_way_sends_once(stage, lea):
    await stage.write(write_setting, WAY, BY_ASKING)
    await lea.says("/shelf")
    await lea.taps("paper")
    assert len(documents(lea)) == 1
    assert not stage.world.calls_of("editMessageMedia")


async def test_when_telegram_refuses_the_edit_the_second_way_is_taken(staging):
    """What the real Telegram may turn out to do, which nobody has tried yet."""
    description = "Bad Request: message can't be edited"
    refusal = {"ok": False, "error_code": 400, "description": description}

    async def guard(method):
        return (400, json.dumps(refusal).encode()) if method == "editMessageMedia" else None

    stage = staging(paper_maker=make_paper, guard=guard)
    lea = stage.chat(LEA)
    await lea.says("/shelf")
    await lea.taps("paper")
    assert len(documents(lea)) == 1
    assert await stage.database.read(read_setting, WAY) == BY_ASKING
    await lea.taps("paper")
    assert len(documents(lea)) == 2


@pytest.mark.parametrize("after", [False, True])
async def test_when_nobody_knows_the_person_is_asked(stage, lea, after):
    await stage.write(write_setting, WAY, BY_ASKING)
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendDocument", after=after))
    await lea.taps("paper")
    await wait_out(stage, hours=1)
    lea.sees("SO-1 for Lea")
    assert len(documents(lea)) == int(after)
    if after:
        await lea.taps("arrived")
    else:
        await lea.taps("send_again")
        assert lea.messages[-1]["caption"] == "SO-1 for Lea (copy)"
    assert len(documents(lea)) == 1
    (row,) = await stage.rows(outbox, outbox.c.form == "paper")
    assert row.state == "sent"


async def test_the_question_is_for_one_chat_and_one_answer(stage, lea, omar):
    await stage.write(write_setting, WAY, BY_ASKING)
    await lea.says("/shelf")
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendDocument"))
    await lea.taps("paper")
    question, data = lea.card["message_id"], lea.button("send_again").data
    stage.world.taps(OMAR, omar.messages[0]["message_id"], data, forged=True)
    await stage.settle()
    omar.is_refused("not_found")
    assert not documents(omar)
    stage.world.taps(LEA, question, data)
    stage.world.taps(LEA, question, data)
    await stage.settle()
    assert len(documents(lea)) == 1


async def test_a_crash_in_the_second_way_asks_too(stage, lea):
    await stage.write(write_setting, WAY, BY_ASKING)
    await lea.says("/shelf")
    stage.world.taps(LEA, lea.card["message_id"], lea.button("paper").data)
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    (due,) = await stage.rows(outbox, outbox.c.form == "paper")
    await stage.write(rows.claim, due.id, stage.clock())
    stage.again()
    await wait_out(stage, seconds=91)
    assert lea.can("send_again")
    assert not documents(lea)


# --- Cards ------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.FLOOD])
async def test_a_card_is_edited_in_spite_of_trouble(stage, lea, outcome, after):
    await lea.says("/shelf")
    before = len(lea.messages)
    stage.world.faults.add(Fault(outcome, "editMessageText", after=after))
    await lea.taps("take", 1)
    await wait_out(stage, minutes=1)
    lea.sees("9 there")
    assert len(lea.messages) == before
    assert not await stage.rows(outbox, outbox.c.state.in_(("queued", "sending", "dead")))


async def test_a_new_card_is_not_lost(stage, lea):
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendMessage", times=3))
    await lea.says("/shelf")
    await wait_out(stage, seconds=1)
    await wait_out(stage, seconds=2)
    lea.sees("10 there")
    await lea.taps("take", 1)
    lea.sees("9 there")


async def test_a_card_that_was_deleted_comes_anew(stage, lea):
    await lea.says("/shelf")
    await lea.deletes(lea.card["message_id"])
    await lea.says("/help")
    stage.world.taps(LEA, lea.card["message_id"] - 1, "v1|shelf|1|0.1||", forged=True)
    await stage.settle()
    lea.sees("10 there")
    await lea.taps("take", 1)
    lea.sees("9 there")


def edits_of(stage, user_id):
    return [
        call
        for call in stage.world.calls_of("editMessageText")
        if int(call.parameters["chat_id"]) == user_id
    ]


def to(user_id):
    return lambda call: int(call.parameters["chat_id"]) == user_id


async def test_many_changes_become_one_edit(stage, lea, omar):
    await lea.says("/shelf")
    await omar.says("/shelf")
    fault = Fault(Outcome.FLOOD, "editMessageText", retry_after=60, when=to(LEA))
    stage.world.faults.add(fault)
    for _ in range(3):
        await omar.taps("take", 1)
    lea.sees("10 there")
    assert len(edits_of(stage, LEA)) == 1
    await wait_out(stage, minutes=1)
    lea.sees("7 there")
    assert len(edits_of(stage, LEA)) == 2


async def test_a_flood_in_one_chat_leaves_the_others_alone(stage, lea, omar):
    await lea.says("/shelf")
    await omar.says("/shelf")
    of_lea = Fault(
        Outcome.FLOOD,
        "editMessageText",
        retry_after=60,
        when=to(LEA),
    )
    stage.world.faults.add(of_lea)
    await lea.taps("take", 1)
    omar.sees("9 there")
    lea.does_not_see("9 there")
    await wait_out(stage, minutes=1)
    lea.sees("9 there")


async def test_two_floods_quieten_the_whole_bot(stage, lea, omar):
    sam = stage.chat(SAMSON)
    for chat in (lea, omar):
        stage.world.faults.add(
            Fault(
                Outcome.FLOOD,
                "sendMessage",
                retry_after=60,
                when=to(chat.user_id),
            )
        )
        await chat.says("/shelf")
    before = len(sam.messages)
    await sam.says("hello")
    assert len(sam.messages) == before + 1
    await wait_out(stage, minutes=1)
    assert len(sam.messages) == before + 2
    lea.sees("10 there")


async def test_order_holds_in_a_chat_while_others_overtake(stage, lea, omar):
    stage.world.faults.add(
        Fault(
            Outcome.TIMEOUT,
            "sendMessage",
            times=2,
            when=to(LEA),
        )
    )
    for number in (1, 2, 1, 2):
        stage.world.says(LEA, f"/shelf {number}")
        stage.world.says(OMAR, f"/shelf {number}")
    await stage.settle()
    for chat in (omar, lea):
        await wait_out(stage, minutes=1)
        shelves = [
            each["text"][6:7]
            for each in chat.messages
            if each["from"]["is_bot"] and each["text"].startswith("Shelf")
        ]
        assert shelves == ["1", "2", "1", "2"]


async def test_who_has_blocked_the_bot_is_left_alone(stage, lea, omar):
    await omar.says("/shelf")
    stage.world.people[OMAR].blocked = True
    await lea.says("/shelf")
    await lea.taps("take", 1)
    (row,) = await stage.rows(outbox, outbox.c.state == "dead")
    assert row.problem == "blocked"
    (omar_row,) = await stage.rows(person, person.c.telegram_id == OMAR)
    assert omar_row.blocked_at == stage.clock()
    calls = len(stage.world.calls)
    await lea.taps("tell")
    assert not [
        call
        for call in stage.world.calls[calls:]
        if int(call.parameters.get("chat_id", 0)) == OMAR
    ]
    await omar.unblocks()
    await lea.taps("tell")
    omar.sees("Omar, 9 left")


async def test_a_block_is_known_from_its_update(stage, omar):
    await omar.blocks()
    (row,) = await stage.rows(person, person.c.telegram_id == OMAR)
    assert row.blocked_at is not None


async def test_a_card_is_withheld_from_who_was_removed(stage, lea):
    stage.world.says(LEA, "/shelf")
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.write(remove_roles, LEA)
    await stage.settle()
    lea.does_not_see("there")
    (row,) = await stage.rows(outbox, outbox.c.state == "withheld")
    assert row.problem == "not_allowed"


async def test_between_commit_and_sending_nothing_is_lost(stage, lea):
    await lea.says("/shelf")
    stage.world.taps(LEA, lea.card["message_id"], lea.button("take", 1).data)
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    stage.again()
    await stage.settle()
    lea.sees("10 there")
    # As at every start of the only process of a file; elsewhere the lease has to end.
    await stage.write(rows.release_abandoned, stage.clock())
    await stage.settle()
    lea.sees("9 there", "taken")
    assert await stage.count(1) == 9


async def test_after_a_day_a_row_is_given_up(stage, lea):
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendMessage", times=10))
    await lea.says("/shelf")
    await wait_out(stage, hours=25)
    (row,) = await stage.rows(outbox, outbox.c.state == "dead")
    assert row.problem == "gave up"


async def test_a_screen_with_a_defect_says_so(stage, lea, caplog):
    screens = stage.app.context.registry.screens
    from dataclasses import replace

    def broken(view, reader):
        raise ZeroDivisionError("secret text")

    screens["shelf"] = replace(screens["shelf"], render=broken)
    await lea.says("/shelf")
    (row,) = await stage.rows(outbox, outbox.c.state == "dead")
    assert row.problem in lea.screen()
    lea.does_not_see("secret text")


async def test_what_cannot_be_parsed_is_sent_as_plain_text(stage, lea):
    from dataclasses import replace

    from bot.base.screen import Card, Html

    screens = stage.app.context.registry.screens
    screens["shelf"] = replace(
        screens["shelf"], render=lambda view, reader: Card(Html("<b>un<i>closed</b> &lt;x"))
    )
    await lea.says("/shelf")
    lea.sees("unclosed <x")
    await lea.says("/help")
    await lea.goes_back()
    await lea.forges("v1|shelf|1|0.1||")
    lea.sees("unclosed <x")


def test_what_an_error_of_the_network_means():
    def caused(error, cause):
        error.__cause__ = cause
        return error

    for kind in NOT_SENT:
        assert was_not_sent(caused(TimedOut(), kind("no")))
    import httpx

    for kind in (httpx.ReadTimeout, httpx.WriteTimeout, httpx.RemoteProtocolError):
        assert not was_not_sent(caused(NetworkError("no"), kind("no")))
    assert was_not_sent(RetryAfter(3))
    assert not was_not_sent(NetworkError("Bad Gateway"))
