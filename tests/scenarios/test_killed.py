"""The trading day, whose process is killed without warning again and again.

Nothing is lost, nothing is booked twice, no number is missing, and the day can be finished from
where it stands.  A life ends some random milliseconds after one of its first touches, or while it
starts; the moments are drawn from a seed, what the process was doing then is its own.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.local_telegram import keeping
from core.services import stock
from core.services.audit import audit
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.bot.processes import ROOT, environ
from tests.clock import Clock
from tests.people import KIM, WEI
from tests.scenarios.shopkeeper import Day, database_url, look, world_file
from tests.scenarios.stage import Crimson, open_stage

KILLS = 20
MOST_TOUCHES = 12
"""Some lives are long enough for the longest step of the day, which has ten touches."""
UNHARMED = 1000
"""More touches than the day has: this life comes to its end."""
LONGEST = 80
"""Milliseconds after a touch, in which the bot answers it, or the next one."""

DAY_OF_PAPERS = {
    "purchase_order": ["PO-2026-0001"],
    "receipt_note": ["RN-2026-0001"],
    "bill": ["BI-2026-0001"],
    "payment": ["PY-2026-0001", "PY-2026-0002", "PY-2026-0003"],
    "sales_order": ["SO-2026-0001"],
    "delivery_note": ["DN-2026-0001"],
    "invoice": ["IN-2026-0001"],
    "purchase_return": ["PR-2026-0001"],
    "sales_return": ["SR-2026-0001"],
    "credit_note": ["CN-2026-0001"],
}
PAPERS_SENT = [
    (WEI, "PO-2026-0001"),
    (KIM, "IN-2026-0001"),
    (KIM, "SO-2026-0001"),
]


class Mother:
    """The program that begins lives."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said: list[str] = []

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "\n".join(self.said)
        self.said.append(line)
        return line

    def lives(self, folder: Path, *, touches: int, milliseconds: int) -> int:
        """A life in a folder, killed so long after so many touches; its exit status, or signal."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        pid = int(self._line().removeprefix("alive "))
        killer = threading.Timer(milliseconds / 1000, os.kill, (pid, signal.SIGKILL))
        seen = 0
        if not touches:
            killer.start()
        while not (line := self._line()).startswith("ended "):
            seen += 1
            if seen == touches:
                killer.start()
        # Until the next life begins the process id stays its own: nobody else can be killed.
        killer.cancel()
        if killer.ident is not None:
            killer.join()
        return int(line.removeprefix("ended "))


@contextmanager
def mother() -> Iterator[Mother]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.shopkeeper"],
        cwd=ROOT,
        env=environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Mother(process)
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0


async def found(folder: Path) -> Crimson:
    """Crimson, whose people have all joined, and the Telegram in which they did."""
    clock = Clock()
    async with await open_database(database_url(folder), clock=clock) as database:
        await database.write(migrate)
        stage = await open_stage(database, clock)
        keeping.save(stage.world, world_file(folder))
    return stage.crimson


def sound(day: Day) -> None:
    """What is there is a beginning of the day: no number missing, nothing twice."""
    for kind, numbers in day.papers.items():
        assert numbers == DAY_OF_PAPERS[kind][: len(numbers)]
    assert len(set(day.told)) == len(day.told)


async def unharmed(folder: Path) -> None:
    """Nothing is wrong with what a dead process has left, before anybody mends it."""
    url = database_url(folder)
    async with await open_database(url, clock=Clock(), read_only=True) as database:
        assert await database.read(audit) == []
        sound(await database.read(look))


async def whole(database: Database, crimson: Crimson) -> None:
    """The end of the day, as `test_trading_day` has it."""
    day = await database.read(look)
    assert day.papers == DAY_OF_PAPERS
    assert day.told == sorted(PAPERS_SENT)
    assert not any(day.owed.values())
    laptop, mouse = crimson.products["LAP-14"], crimson.products["MOU-2"]
    levels = await database.read(stock.levels, [laptop, mouse])
    assert (levels[laptop].on_hand, levels[laptop].quarantine) == (172, 0)
    assert levels[mouse].on_hand == 0


@pytest.mark.slow
async def test_killed_at_any_moment_the_day_is_finished(tmp_path: Path):
    begun = tmp_path / "begun"
    begun.mkdir()
    crimson = await found(begun)
    chance = random.Random(20261124)
    kills = stories = 0
    with mother() as program:
        while kills < KILLS:
            stories += 1
            folder = tmp_path / str(stories)
            shutil.copytree(begun, folder)
            status = signal.SIGKILL
            while status == signal.SIGKILL:
                touches = chance.randint(0, MOST_TOUCHES) if kills < KILLS else UNHARMED
                status = program.lives(
                    folder, touches=touches, milliseconds=chance.randint(0, LONGEST)
                )
                assert status in (0, signal.SIGKILL), "\n".join(program.said)
                kills += status == signal.SIGKILL
                await unharmed(folder)
            url = database_url(folder)
            async with await open_database(url, clock=Clock(), read_only=True) as database:
                await whole(database, crimson)
