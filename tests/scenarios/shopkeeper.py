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

from bot.base import outbox
from bot.local_telegram import keeping
from bot.local_telegram.world import World
from bot.turn.registry import Registry
from core.services.money import accounts
from core.storage.chat_tables import outbox as sending
from core.storage.database import Database, open_database
from core.storage.tables import document, party
from tests.chat import Part
from tests.chat import Step as Tapped
from tests.clock import Clock
from tests.people import KIM, LEA, OMAR, SAMSON, WEI, Person
from tests.scenarios.stage import new_app

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


class Teller(Person):
    """A person of whom a line is said before each act."""

    async def says(self, *texts: str, **how: Any) -> None:
        tell(f"{self.user_id} says {' '.join(texts)}")
        await super().says(*texts, **how)

    async def taps(self, action: str, *which: Part, **where: Any) -> None:
        tell(f"{self.user_id} taps {action}")
        await super().taps(action, *which, **where)


def tell(line: str) -> None:
    """Say a line to whoever has started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# --- The day ----------------------------------------------------------------------------------

# A question that was open when the process died must not get what is typed as its answer: each
# step begins at home.


async def orders(person: Person, text: str) -> None:
    await person.says("/start")
    await person.orders(text)


async def receives(omar: Person) -> None:
    await omar.says("/start")
    await omar.says("PO-2026-0001")
    await omar.taps_all(("convert", "RN", 200), ("open_line", "Pro 14", 200))
    await omar.taps("type_number", "quantity", 200)
    await omar.says("190")
    await omar.taps("type_number", "rejected", 0)
    await omar.says("10")
    await omar.taps_all("close_line", ("make", "RN", 200))


async def takes_back(lea: Person) -> None:
    await lea.says("/start")
    await lea.says("DN-2026-0001")
    await lea.taps_all(("convert", "SR"), ("open_line", "Pro 14", 0))
    await lea.taps("type_number", "quantity", 0)
    await lea.says("2")
    await lea.taps_all("close_line", ("make", "SR", 2))


async def goes_on(person: Person, number: str, *taps: Tapped) -> None:
    await person.says("/start")
    await person.says(number)
    await person.taps_all(*taps)


def converts(kind: str, count: int) -> tuple[Tapped, Tapped]:
    return ("convert", kind), ("make", kind, count)


Step = tuple[Callable[[Day], bool], Callable[..., Awaitable[None]], int, tuple[Any, ...]]


def has(kind: str) -> Callable[[Day], bool]:
    return lambda day: bool(day.papers.get(kind))


def told(person: int, number: str) -> Callable[[Day], bool]:
    return lambda day: (person, number) in day.told


def paid(times: int) -> Callable[[Day], bool]:
    return lambda day: len(day.papers.get("payment", ())) >= times


DAY: tuple[Step, ...] = (
    (has("purchase_order"), orders, SAMSON, ("Shenzhen: 200 LAP-14",)),
    (told(WEI, "PO-2026-0001"), goes_on, SAMSON, ("PO-2026-0001", "send")),
    (has("receipt_note"), receives, OMAR, ()),
    (has("bill"), goes_on, SAMSON, ("PO-2026-0001", *converts("BI", 190))),
    (paid(1), goes_on, SAMSON, ("BI-2026-0001", "pay", "settle")),
    (has("sales_order"), orders, LEA, ("High End: 20 LAP-14, 3x MOU-2 10%",)),
    (told(KIM, "SO-2026-0001"), goes_on, LEA, ("SO-2026-0001", "send")),
    (has("delivery_note"), goes_on, LEA, ("SO-2026-0001", *converts("DN", 20))),
    (has("invoice"), goes_on, LEA, ("DN-2026-0001", *converts("IN", 20))),
    (told(KIM, "IN-2026-0001"), goes_on, LEA, ("IN-2026-0001", "send")),
    (paid(2), goes_on, LEA, ("IN-2026-0001", "pay", "settle")),
    (has("purchase_return"), goes_on, OMAR, ("RN-2026-0001", *converts("PR!", 10))),
    (has("sales_return"), takes_back, LEA, ()),
    (has("credit_note"), goes_on, LEA, ("SR-2026-0001", *converts("CN", 2))),
    (paid(3), goes_on, LEA, ("CN-2026-0001", "refund_left", "pay_back")),
)
"""When each step is done, what is done then, by whom; in the order of the day."""


async def play(database: Database, people: dict[int, Person]) -> None:
    """Play what is left of the day, each step from its beginning when it is not done."""
    while True:
        day = await database.read(look)
        left = [step for step in DAY if not step[0](day)]
        if not left:
            return
        _, does, person, facts = left[0]
        await does(people[person], *facts)


# --- A life -----------------------------------------------------------------------------------


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
        people = {each: Teller(world, each, app.settle) for each in (SAMSON, LEA, OMAR)}
        await play(database, people)
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
