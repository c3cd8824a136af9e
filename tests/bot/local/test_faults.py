"""Failures on request: where they strike, and what has happened then."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.local_telegram.faults import Fault, Outcome, chance, too_often
from bot.local_telegram.world import World
from tests.clock import Clock
from tests.people import LEA


def texts(world: World) -> list[str]:
    """What the bot has said."""
    return [one["text"] for one in world.history(LEA) if one["from"]["is_bot"]]


async def test_a_flood_says_how_long_to_wait(world: World, bot: Bot):
    world.faults.add(Fault(Outcome.FLOOD, retry_after=7))

    with pytest.raises(RetryAfter) as raised:
        await bot.send_message(LEA, "Hi")

    assert raised.value._retry_after.total_seconds() == 7
    assert texts(world) == []
    await bot.send_message(LEA, "Hi")
    assert texts(world) == ["Hi"]


@pytest.mark.parametrize(
    ("outcome", "raised", "words"),
    [
        (Outcome.SERVER_ERROR, NetworkError, "Internal Server Error"),
        (Outcome.BAD_GATEWAY, NetworkError, "Bad Gateway"),
        (Outcome.TIMEOUT, TimedOut, "Timed out"),
        (Outcome.RESET, NetworkError, "connection reset"),
        (Outcome.BLOCKED, Forbidden, "bot was blocked by the user"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
async def test_a_failure_before_or_after_the_message_was_stored(
    world: World,
    bot: Bot,
    *,
    outcome: Outcome,
    raised: type[TelegramError],
    words: str,
    after: bool,
):
    fault = world.faults.add(Fault(outcome, after=after))

    with pytest.raises(raised, match=words):
        await bot.send_message(LEA, "Hi")

    assert texts(world) == (["Hi"] if after else [])
    assert fault.struck == 1


async def test_a_failure_strikes_the_call_that_was_named(world: World, bot: Bot):
    fault = Fault(
        Outcome.TIMEOUT,
        method="sendMessage",
        nth=2,
        times=2,
        when=lambda call: "order" in call.parameters["text"],
    )
    world.faults.add(fault)

    await bot.get_me()
    await bot.send_message(LEA, "stock")
    await bot.send_message(LEA, "order 1")
    for number in (2, 3):
        with pytest.raises(TimedOut):
            await bot.send_message(LEA, f"order {number}")
    await bot.send_message(LEA, "order 4")

    assert texts(world) == ["stock", "order 1", "order 4"]
    assert (fault.met, fault.struck) == (4, 2)


async def test_failures_can_be_taken_back(world: World, bot: Bot):
    world.faults.add(Fault(Outcome.RESET, times=9))
    world.faults.clear()
    await bot.send_message(LEA, "Hi")


async def test_chance_is_the_same_for_a_seed(world: World, bot: Bot):
    def struck(seed: int) -> list[bool]:
        condition = chance(0.5, seed=seed)
        return [condition(call) for call in world.calls]

    for number in range(20):
        await bot.send_message(LEA, str(number))

    assert struck(1) == struck(1) != struck(2)
    assert 0 < sum(struck(1)) < 20


async def test_a_chat_can_be_flooded_by_the_worlds_clock(clock: Clock, world: World, bot: Bot):
    world.add_person(7, "Omar")
    world.starts(7)
    limit = too_often(clock, most=2, seconds=1)
    world.faults.add(Fault(Outcome.FLOOD, times=1_000, when=limit))

    first = await bot.send_message(LEA, "one")
    await bot.edit_message_text("two", LEA, first.message_id)
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(LEA, "three")
    await bot.send_message(7, "another chat")
    await bot.get_me()
    clock.passes(seconds=1)
    await bot.send_message(LEA, "three")

    assert texts(world) == ["two", "three"]


async def test_the_log_tells_what_became_of_each_call(world: World, bot: Bot):
    world.faults.add(Fault(Outcome.TIMEOUT, method="sendMessage", nth=2))
    await bot.send_message(LEA, "one")
    for text in ("two", ""):
        with pytest.raises(TelegramError):
            await bot.send_message(LEA, text)

    logged = [(one.parameters["text"], one.status) for one in world.calls_of("sendMessage")]
    assert logged == [("one", 200), ("two", None), ("", 400)]
    assert world.calls[-1].description == "Bad Request: message text is empty"


async def test_an_update_can_come_again(world: World, bot: Bot):
    sent = world.says(LEA, "20 laptops")
    await bot.get_updates(offset=sent + 1)

    world.redeliver(sent)

    (again,) = await bot.get_updates()
    assert (again.update_id, again.message.text) == (sent, "20 laptops")


async def test_a_tap_can_be_sent_again_under_a_new_update_id(world: World, bot: Bot):
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    _, body = await world.call(
        "sendMessage", {"chat_id": LEA, "text": "x", "reply_markup": keys}, {}
    )
    tap = world.taps(LEA, body["result"]["message_id"], "go")
    world.taps_again(tap)

    first, second = await bot.get_updates()
    assert first.update_id < second.update_id
    assert first.callback_query.id == second.callback_query.id


async def test_an_update_of_any_contents_can_be_pushed(world: World, bot: Bot):
    world.push_raw({"message": {"message_id": "not a number"}})
    world.push_raw({"update_id": 5000, "coffee": {"milk": True}})
    later = world.says(LEA, "Hi")

    _, body = await world.call("getUpdates", {}, {})

    assert [update["update_id"] for update in body["result"]] == [2, 5000, 5001]
    assert later == 5001
