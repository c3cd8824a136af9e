"""A demo that is started again goes on where it was."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from bot.local_telegram.keeping import LEAP, keeping, load, save, snapshot
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.transcript import transcript
from bot.local_telegram.world import World
from tests.clock import Clock
from tests.people import LEA

GROUP = -1001
GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


async def lives(world: World, bot: Bot) -> None:
    """Something of everything that a world can know."""
    world.add_person(7, "Omar", last_name="Haddad", username="omar", language_code="ar")
    world.starts(7)
    world.blocks(7)
    world.add_group(GROUP, "Crew", [LEA])
    card = await bot.send_message(LEA, "Card", reply_markup=GO)
    await bot.send_document(LEA, b"%PDF\x00\xff", filename="SO-1.pdf")
    await bot.send_message(GROUP, "Hi")
    await bot.send_invoice(LEA, "T", "D", "P", "EUR", [LabeledPrice("x", 100)], "1:TEST:T")
    await bot.pin_chat_message(LEA, card.message_id)
    await bot.set_my_commands([("stock", "Stock")])
    await bot.set_my_name("Crimson")
    await bot.get_updates(allowed_updates=["message", "callback_query", "my_chat_member"])
    world.taps(LEA, card.message_id, "go")


async def test_everything_is_there_after_a_restart(
    clock: Clock, world: World, bot: Bot, tmp_path: Path
):
    await lives(world, bot)
    save(world, tmp_path / "world.json")

    again = World(now=clock)
    again.add_person(LEA, "Nobody yet")
    assert load(again, tmp_path / "world.json")

    before, after = snapshot(world), snapshot(again)
    for kept in (before, after):
        del kept["last_ids"]
        del kept["ids_from"]
        del kept["updates"]["last_id"]
    assert json.loads(json.dumps(before)) == json.loads(json.dumps(after))
    for chat in (LEA, 7, GROUP):
        assert transcript(world, chat) == transcript(again, chat)


async def test_life_goes_on_under_new_ids(clock: Clock, world: World, bot: Bot, tmp_path: Path):
    await lives(world, bot)
    save(world, tmp_path / "world.json")
    again = World(now=clock)
    load(again, tmp_path / "world.json")

    request = LocalRequest(again)
    async with Bot(again.token, request=request, get_updates_request=request) as reborn:
        (*_, tap) = await reborn.get_updates()
        assert await tap.callback_query.answer()
        message = await reborn.send_message(LEA, "New")

    newest = max(one["message_id"] for one in world.history(LEA))
    assert message.message_id > newest + LEAP - 1
    assert again.says(LEA, "Hi") > world.updates.last_id + LEAP - 1


async def test_ids_leap_also_where_nothing_had_been_said_when_it_was_kept(
    clock: Clock, tmp_path: Path
):
    """A demo that is killed before its first save has given ids that the bot remembers."""
    world = World(now=clock)
    world.add_person(LEA, "Lea")
    save(world, tmp_path / "world.json")
    again = World(now=clock)
    load(again, tmp_path / "world.json")
    load(again, tmp_path / "world.json")

    again.says(LEA, "Hi again")
    (message,) = again.history(LEA)
    assert message["message_id"] > LEAP


async def test_a_world_is_saved_while_it_changes_and_at_the_end(clock: Clock, tmp_path: Path):
    path = tmp_path / "world.json"
    async with keeping(World(now=clock), path, every=0) as found:
        assert not found
    async with keeping(World(now=clock), path, every=0) as found:
        assert found

    world = World(now=clock)
    world.add_person(LEA, "Lea")
    async with keeping(world, path, every=0):
        world.says(LEA, "Hi")
        # The saver looks whenever it is its turn; a crash after that loses nothing.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert "Hi" in path.read_text(encoding="utf-8")
