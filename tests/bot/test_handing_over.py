"""What a turn has drawn is sent at once: not looked for, not drawn again, never outdated."""

from dataclasses import replace

from bot.base import outbox as rows
from bot.base.focus import LOST
from bot.local_telegram.faults import Fault, Outcome
from core.storage.chat_tables import outbox
from tests.people import LEA, OMAR, SAMSON


async def answer(stage):
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()


async def taken(stage):
    return await stage.rows(outbox, outbox.c.state == "sending")


async def count_draws(stage, screen):
    """How often a screen is asked for its view from now on."""
    screens = stage.app.context.registry.screens
    original, calls = screens[screen], []

    def load(work, id, arguments):
        calls.append(id)
        return original.load(work, id, arguments)

    screens[screen] = replace(original, load=load)
    return calls


async def test_a_card_is_drawn_once_in_its_turn_and_not_again(stage, lea):
    await lea.says("/shelf")
    calls = await count_draws(stage, "shelf")
    stage.world.taps(LEA, lea.card["message_id"], lea.button("take", 1).data)
    await answer(stage)
    assert {row.form for row in await taken(stage)} == {"card", "answer"}
    await stage.app.sender.drain()
    lea.sees("9 there", "taken")
    assert calls == [1]
    assert not await taken(stage)


async def test_what_was_written_since_is_shown(stage, lea, omar):
    await omar.says("/shelf")
    stage.world.says(LEA, "/shelf")
    await answer(stage)
    stage.world.taps(OMAR, omar.card["message_id"], omar.button("take", 1).data)
    await answer(stage)
    await stage.settle()
    lea.sees("9 there")


async def test_what_waits_in_the_chat_holds_the_next_card_back(stage, lea):
    stage.world.faults.add(Fault(Outcome.FLOOD, "sendMessage", retry_after=60))
    await lea.says("/shelf")
    stage.world.says(LEA, "/shelf 2")
    await answer(stage)
    assert not await taken(stage)
    await stage.app.sender.drain()
    lea.does_not_see("Shelf")
    stage.clock.passes(minutes=2)
    await stage.settle()
    lea.sees("Shelf 1", "Shelf 2")


async def test_one_that_fails_holds_back_those_behind_it(stage, lea):
    """Asked anew, the card that was asked before says so: two cards of one turn."""
    await lea.says("/shelf")
    await lea.taps("ask_count")
    stage.world.faults.add(Fault(Outcome.FLOOD, "editMessageText", retry_after=60))
    await lea.says("/shelf 2")
    lea.does_not_see("Shelf 2")
    waiting = await stage.rows(outbox, outbox.c.state == "queued")
    assert [(row.form, row.tries) for row in waiting] == [("card", 1), ("card", 0)]
    stage.clock.passes(minutes=2)
    await stage.settle()
    lea.sees("Shelf 2", LOST)


async def test_when_telegram_wants_quiet_only_the_tap_is_answered(stage, lea, omar):
    await lea.says("/shelf")
    for chat in (stage.chat(SAMSON), omar):
        stage.world.faults.add(Fault(Outcome.FLOOD, "sendMessage", retry_after=60))
        await chat.says("hello")
    await lea.taps("take", 1)
    assert lea.toasts[-1].text == "taken"
    lea.sees("10 there")
    (row,) = await stage.rows(outbox, outbox.c.form == "card", outbox.c.message_id.is_not(None))
    assert (row.state, row.tries) == ("queued", 0)
    stage.clock.passes(minutes=2)
    await stage.settle()
    lea.sees("9 there")


async def test_a_language_that_was_just_chosen_is_spoken(stage, lea):
    await lea.says("/language")
    await lea.taps("speak", "fr")
    assert lea.can("help")
    lea.sees("Lea, ventes")


async def test_one_edit_of_a_card_waits_at_most(stage, lea, omar):
    await lea.says("/shelf")
    await omar.says("/shelf")
    for _ in range(3):
        stage.world.taps(OMAR, omar.card["message_id"], omar.button("take", 1).data)
        await answer(stage)
    waiting = await stage.rows(outbox, outbox.c.chat_id == LEA, outbox.c.state == "queued")
    assert len(waiting) == 1
    await stage.settle()
    lea.sees("9 there")


async def test_rows_are_given_back(stage, lea):
    stage.world.says(LEA, "/shelf")
    await answer(stage)
    ids = [row.id for row in await taken(stage)]
    await stage.write(rows.give_back, ids)
    (row,) = await stage.rows(outbox, outbox.c.id.in_(ids))
    assert (row.state, row.tries, row.lease_until) == ("queued", 0, None)
    stage.again()
    await stage.settle()
    lea.sees("10 there")
