"""Keeps a world in a file, so that a demo goes on after a restart where it was.

The bot's database names messages and updates of the world by their ids.  A world that began
anew would give the same ids to other messages, and the bot would edit the wrong ones.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.local_telegram.chats import ChatRecord
from bot.local_telegram.people import Json, Person
from bot.local_telegram.state import Profile, Query
from bot.local_telegram.updates import Webhook
from bot.local_telegram.world import World

LEAP = 1_000
"""How far ids go on after a restart: further than any that a crash can have taken with it."""


def snapshot(world: World) -> Json:
    """All that a world knows, as JSON.  Who looks at a chat and what shall fail is not kept."""
    updates = world.updates
    return {
        "people": [asdict(person) for person in world.people.values()],
        "groups": [
            {**asdict(group), "members": sorted(group.members)} for group in world.groups.values()
        ],
        "chats": [_chat(record) for record in world.chats()],
        "files": world.files.snapshot(),
        "queries": [
            {**asdict(query), "asked_at": query.asked_at.isoformat()}
            for query in world.queries.values()
        ],
        "commands": [[*place, commands] for place, commands in world.commands.items()],
        "profile": asdict(world.profile),
        "last_ids": world.last_ids,
        "ids_from": world.ids_from,
        "updates": {
            "waiting": updates.waiting,
            "allowed": sorted(updates.allowed),
            "webhook": asdict(updates.webhook),
            "last_id": updates.last_id,
        },
    }


def restore(world: World, kept: Json) -> None:
    """Make a new world know what was kept.  What it says of persons and groups is replaced.

    Ids go on with a leap, because the last seconds before a crash may not have been kept.
    """
    for person in kept["people"]:
        _restore_person(world, Person(**person))
    for group in kept["groups"]:
        if group["chat_id"] not in world.groups:
            world.add_group(group["chat_id"], group["title"], [])
        made = world.groups[group["chat_id"]]
        made.title, made.has_bot = group["title"], group["has_bot"]
        made.members = set(group["members"])
    for chat in kept["chats"]:
        _restore_chat(world.record(chat["chat_id"]), chat)
    world.files.restore(kept["files"])
    for query in kept["queries"]:
        asked_at = datetime.fromisoformat(query["asked_at"])
        world.queries[query["query_id"]] = Query(**{**query, "asked_at": asked_at})
    world.commands = {(scope, code): commands for scope, code, commands in kept["commands"]}
    world.profile = Profile(**kept["profile"])
    world.last_ids = {series: last + LEAP for series, last in kept["last_ids"].items()}
    # A series that had not begun when the world was kept may have begun before the crash.
    world.ids_from = kept["ids_from"] + LEAP
    updates = kept["updates"]
    world.updates.waiting = updates["waiting"]
    world.updates.sent = {update["update_id"]: update for update in updates["waiting"]}
    world.updates.allowed = frozenset(updates["allowed"])
    world.updates.webhook = Webhook(**updates["webhook"])
    world.updates.last_id = updates["last_id"] + LEAP


def _chat(record: ChatRecord) -> Json:
    return {
        "chat_id": record.chat_id,
        "messages": list(record.messages.values()),
        "pinned": record.pinned,
        "reply_keyboard": record.reply_keyboard,
        "menu_button": record.menu_button,
        "fixed": sorted(record.fixed),
        "payloads": list(record.payloads.items()),
        "paid": sorted(record.paid),
    }


def _restore_person(world: World, person: Person) -> None:
    if person.user_id not in world.people:
        world.add_person(person.user_id, person.first_name)
    made = world.people[person.user_id]
    for name, value in asdict(person).items():
        setattr(made, name, value)
    world.record(person.user_id).chat = person.chat()


def _restore_chat(record: ChatRecord, chat: Json) -> None:
    record.messages = {message["message_id"]: message for message in chat["messages"]}
    record.pinned = chat["pinned"]
    record.reply_keyboard = chat["reply_keyboard"]
    record.menu_button = chat["menu_button"]
    record.fixed = set(chat["fixed"])
    record.payloads = dict(chat["payloads"])
    # A world that was kept before invoices could be paid has none.
    record.paid = set(chat.get("paid", ()))


def save(world: World, path: Path) -> None:
    """Write a world to a file, whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(snapshot(world)), encoding="utf-8")
    unfinished.replace(path)


def load(world: World, path: Path) -> bool:
    """Read a world from a file.  Whether there was one."""
    if not path.exists():
        return False
    restore(world, json.loads(path.read_text(encoding="utf-8")))
    return True


@asynccontextmanager
async def keeping(world: World, path: Path, *, every: float = 2.0) -> AsyncIterator[bool]:
    """Load a world, save it whenever it has changed (looked at ``every`` so many seconds).

    Gives whether there was a world to load; then its persons are there already.
    """
    found = load(world, path)
    saver = asyncio.create_task(_saves(world, path, every=every, known=world.changes))
    try:
        yield found
    finally:
        saver.cancel()
        with suppress(asyncio.CancelledError):
            await saver
        save(world, path)


async def _saves(world: World, path: Path, *, every: float, known: tuple[int, int]) -> None:
    while True:
        await asyncio.sleep(every)
        if world.changes != known:
            known = world.changes
            save(world, path)
