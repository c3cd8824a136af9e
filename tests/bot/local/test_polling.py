"""getUpdates: what an offset confirms, what waits, who ends whom."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import Conflict

from bot.local_telegram.world import World
from tests.people import LEA


def ids(updates: tuple[Update, ...]) -> list[int]:
    return [update.update_id for update in updates]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(world: World, bot: Bot):
    first, second = world.says(LEA, "one"), world.says(LEA, "two")

    assert ids(await bot.get_updates()) == [first, second]
    assert ids(await bot.get_updates()) == [first, second]
    assert ids(await bot.get_updates(offset=second)) == [second]
    assert ids(await bot.get_updates()) == [second]
    assert ids(await bot.get_updates(offset=second + 1)) == []
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_limit_bounds_the_batch(world: World, bot: Bot):
    sent = [world.says(LEA, f"text {number}") for number in range(120)]

    assert ids(await bot.get_updates(limit=3)) == sent[:3]
    assert ids(await bot.get_updates()) == sent[:100]


async def test_a_negative_offset_keeps_the_last_ones_and_forgets_the_rest(world: World, bot: Bot):
    sent = [world.says(LEA, f"text {number}") for number in range(5)]

    assert ids(await bot.get_updates(offset=-2)) == sent[-2:]
    assert ids(await bot.get_updates()) == sent[-2:]


async def test_a_poll_waits_for_the_first_update(world: World, bot: Bot):
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not poll.done()

    sent = world.says(LEA, "now")

    assert ids(await poll) == [sent]


async def test_a_second_poll_ends_the_first(world: World, bot: Bot):
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.create_task(bot.get_updates(timeout=50))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    sent = world.says(LEA, "now")
    assert ids(await second) == [sent]


async def test_a_webhook_ends_the_poll_and_forbids_the_next(world: World, bot: Bot):
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    await bot.set_webhook("https://example.org/hook", secret_token="s3cret")

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == ("https://example.org/hook", 40)

    world.says(LEA, "kept")
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert len(await bot.get_updates()) == 0


async def test_the_kinds_of_update_are_remembered(world: World, bot: Bot):
    await bot.get_updates(allowed_updates=["message"])
    kept = world.says(LEA, "one")
    world.blocks(LEA)
    world.unblocks(LEA)

    assert ids(await bot.get_updates()) == [kept]
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)

    await bot.get_updates(offset=kept + 1, allowed_updates=[])
    blocked = world.blocks(LEA)
    assert ids(await bot.get_updates()) == [blocked]


async def test_kinds_that_cannot_be_read_are_ignored(world: World):
    for value in ("[", '{"a": 1}', '["coffee"]'):
        status, _body = await world.call("getUpdates", {"allowed_updates": value}, {})
        assert status == 200
    assert "message" in world.updates.allowed


async def test_updates_of_members_must_be_asked_for(world: World, bot: Bot):
    world.updates.push({"chat_member": {"chat": {"id": LEA}}})
    assert ids(await bot.get_updates()) == []

    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    world.updates.push({"chat_member": {}})
    assert len(world.updates.waiting) == 1
