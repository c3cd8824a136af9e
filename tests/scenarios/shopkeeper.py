"""The people of Crimson and their bot as a process that may be killed at any moment.

    python -m tests.scenarios.shopkeeper

Each line on standard input, a folder, begins a life: a process forked from this one, which has
imported the program and done nothing else.  It opens the database and the local Telegram of the
folder, answers what was left, and plays the trading day (DESIGN 1, a to f) on from where the
documents stand.  It says `alive PID`, then a line for each touch of a person, at the end
`finished`.  When it is dead, `ended STATUS` follows; its process id is free for others only when
the next line comes.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.app import App, BotSettings, build
from bot.base import outbox
from bot.local_telegram import keeping
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from bot.turn.registry import Registry
from core.papers.maker import make_papers
from core.services.money import accounts
from core.storage.chat_tables import outbox as sending
from core.storage.database import Database, open_database
from core.storage.tables import document, party
from tests.chat import Chat
from tests.scenarios.stage import HIGH_END, LEA, OMAR, SAMSON, VENDOR, Clock

EVERY = 0.05
"""Seconds between two looks whether the world has to be kept: little is lost with the process."""


def database_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'shop.db'}"


def world_file(folder: Path) -> Path:
    return folder / "world.json"


# --- How far the day has come -----------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """What the database holds of the trading day."""

    papers: dict[str, list[str]]
    """The numbers of each kind."""
    owed: dict[str, dict[str, Decimal]]
    """What is open of each party, by currency."""
    told: list[tuple[int, str]]
    """Which paper was, or is to be, sent to whose chat."""


def look(connection: Connection) -> Day:
    """How far the day has come."""
    papers = defaultdict(list)
    numbered = select(document.c.kind, document.c.number).where(document.c.number.is_not(None))
    for kind, number in connection.execute(numbered.order_by(document.c.id)):
        papers[kind].append(number)
    owed = {
        name: accounts.balances(connection, id)
        for id, name in connection.execute(select(party.c.id, party.c.name))
    }
    return Day(papers, owed, sorted(_told(connection)))


def _told(connection: Connection) -> list[tuple[int, str]]:
    numbers = dict(connection.execute(select(document.c.id, document.c.number)).all())
    rows = connection.execute(
        select(sending.c.chat_id, sending.c.payload).where(sending.c.form == "paper")
    )
    return [(chat_id, numbers[_document_of(payload)]) for chat_id, payload in rows]


def _document_of(payload: str) -> int:
    return int(json.loads(payload)["document_id"])


# --- The people -------------------------------------------------------------------------------


class People:
    """Whoever does something says a line of it before."""

    def __init__(self, world: World, settle: Callable[[], Awaitable[object]]) -> None:
        self._world = world
        self._settle = settle
        self._chats: dict[int, Chat] = {}

    def chat(self, person: int) -> Chat:
        if person not in self._chats:
            self._chats[person] = Chat(self._world, person, self._settle)
        return self._chats[person]

    async def says(self, person: int, text: str) -> None:
        tell(f"{person} says {text}")
        await self.chat(person).says(text)

    async def taps(self, person: int, *labels: str) -> None:
        for label in labels:
            tell(f"{person} taps {label}")
            await self.chat(person).taps(label)

    async def opens(self, person: int, number: str) -> None:
        """A question that was open when the process died must not get the number as its answer."""
        await self.says(person, "/start")
        await self.says(person, number)


def tell(line: str) -> None:
    """Say a line to whoever has started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# --- The day ----------------------------------------------------------------------------------


async def orders(people: People, person: int, text: str) -> None:
    await people.says(person, "/start")
    await people.says(person, text)
    await people.taps(person, "Confirm")


async def receives(people: People) -> None:
    await people.opens(OMAR, "PO-2026-0001")
    await people.taps(OMAR, "Receive 200", "Laptop Pro 14: 200", "200 accepted")
    await people.says(OMAR, "190")
    await people.taps(OMAR, "0 rejected")
    await people.says(OMAR, "10")
    await people.taps(OMAR, "Done", "Receive 200")


async def takes_back(people: People) -> None:
    await people.opens(LEA, "DN-2026-0001")
    await people.taps(LEA, "Take back", "Laptop Pro 14: 0", "0")
    await people.says(LEA, "2")
    await people.taps(LEA, "Done", "Take back 2")


async def goes_on(people: People, person: int, number: str, *labels: str) -> None:
    await people.opens(person, number)
    await people.taps(person, *labels)


Step = tuple[Callable[[Day], Any], Callable[..., Awaitable[None]], tuple[Any, ...]]


def has(kind: str) -> Callable[[Day], bool]:
    return lambda day: bool(day.papers.get(kind))


def told(person: int, number: str) -> Callable[[Day], bool]:
    return lambda day: (person, number) in day.told


def paid(times: int) -> Callable[[Day], bool]:
    return lambda day: len(day.papers.get("payment", ())) >= times


DAY: tuple[Step, ...] = (
    (has("purchase_order"), orders, (SAMSON, "Shenzhen: 200 LAP-14")),
    (
        told(VENDOR, "PO-2026-0001"),
        goes_on,
        (SAMSON, "PO-2026-0001", "Send to Shenzhen Parts"),
    ),
    (has("receipt_note"), receives, ()),
    (has("bill"), goes_on, (SAMSON, "PO-2026-0001", "Bill 190", "Book 190")),
    (paid(1), goes_on, (SAMSON, "BI-2026-0001", "Record payment", "Paid")),
    (has("sales_order"), orders, (LEA, "High End: 20 LAP-14, 3x MOU-2 10%")),
    (
        told(HIGH_END, "SO-2026-0001"),
        goes_on,
        (LEA, "SO-2026-0001", "Send to High End Computers"),
    ),
    (has("delivery_note"), goes_on, (LEA, "SO-2026-0001", "Deliver 20", "Ship 20")),
    (has("invoice"), goes_on, (LEA, "DN-2026-0001", "Invoice 20", "Invoice 20")),
    (
        told(HIGH_END, "IN-2026-0001"),
        goes_on,
        (LEA, "IN-2026-0001", "Send to High End Computers"),
    ),
    (paid(2), goes_on, (LEA, "IN-2026-0001", "Record payment", "Received")),
    (
        has("purchase_return"),
        goes_on,
        (OMAR, "RN-2026-0001", "Send back the rejected", "Send back 10"),
    ),
    (has("sales_return"), takes_back, ()),
    (has("credit_note"), goes_on, (LEA, "SR-2026-0001", "Credit 2", "Credit 2")),
    (paid(3), goes_on, (LEA, "CN-2026-0001", "Refund", "Paid")),
)
"""When each step is done, who does it then, and what; in the order of the day."""


async def play(database: Database, people: People) -> None:
    """Play what is left of the day, each step from its beginning when it is not done."""
    while True:
        day = await database.read(look)
        left = [(does, facts) for is_done, does, facts in DAY if not is_done(day)]
        if not left:
            return
        does, facts = left[0]
        await does(people, *facts)


# --- A life -----------------------------------------------------------------------------------


def new_app(world: World, database: Database, clock: Clock) -> App:
    return build(
        BotSettings(world.token),
        database,
        clock,
        request=LocalRequest(world),
        paper_maker=make_papers(database),
    )


async def live(folder: Path) -> None:
    """Go on where the last life was ended, to the end of the day."""
    clock = Clock()
    world = World(now=clock)
    tell(f"alive {os.getpid()}")
    async with (
        await open_database(database_url(folder), clock=clock) as database,
        keeping.keeping(world, world_file(folder), every=EVERY),
    ):
        # As at every start on a file: whoever was sending is gone.
        await database.write(outbox.release_abandoned, clock())
        app = new_app(world, database, clock)
        await app.settle()
        await play(database, People(world, app.settle))
    tell("finished")


def main() -> None:
    """Begin a life for each line."""
    # The screens, what draws papers: each life would import them again.
    Registry.standard()
    importlib.import_module("core.pdf")
    gc.freeze()
    pid = 0
    for line in sys.stdin:
        if pid:
            os.waitpid(pid, 0)
        pid = os.fork()
        if not pid:
            asyncio.run(live(Path(line.strip())))
            sys.stdout.flush()
            os._exit(0)
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        tell(f"ended {ended.si_status}")


if __name__ == "__main__":
    main()
