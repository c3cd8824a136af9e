"""How long a person waits for the bot's own part, with years of trade in the database:

    python -m tests.bench.bench_turn [ROUNDS [MOVES]]

From the moment when the update is there to the moment when the new card is: fetching, keeping,
answering, drawing and sending, all with the local Telegram inside the process.  The same taps are
made in a company with 1,000 moves, the baseline; the ratio is what to trust on a busy machine.
Then the homes alone, with 20,000 invoices that are paid and 500 that are not, against 100 that
are not.  "wall" is what a clock says, "own" the processor's time of this process, in
milliseconds.  Nothing is asserted but that the books are right.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from core.services.audit import audit
from core.storage.database import open_database
from core.storage.schema import migrate
from tests.bench.many_invoices import invoice
from tests.bench.many_moves import trade
from tests.chat import Chat
from tests.clock import Clock
from tests.people import LEA, OMAR, SAMSON
from tests.scenarios.stage import Stage, open_stage

BASELINE = 1_000
MOVES = 100_000
ROUNDS = 50
"""Each act so often."""
HOMES = {"home of owner": SAMSON, "home of sales": LEA, "home of storekeeper": OMAR}

FEW_OPEN = {"paid": 0, "left_open": 1, "times": 100}
MANY_PAID = {"paid": 40, "left_open": 1, "times": 500}

Times = dict[str, list[tuple[float, float]]]


class Waiting:
    """A person who looks at two clocks: when the bot can know of his act, and when he sees."""

    def __init__(self, stage: Stage, person: int, times: Times) -> None:
        self._stage = stage
        self.chat = Chat(stage.world, person, self._answered)
        self._times = times
        self._begun = self._seen = (0.0, 0.0)
        stage.world.subscribe(person, self._sees)

    def _sees(self, event: dict[str, Any]) -> None:
        if event["type"] in {"message", "edited"} and event["message"]["from"]["is_bot"]:
            self._seen = clocks()

    async def _answered(self) -> None:
        """What the running bot does when an update comes, once."""
        app = self._stage.app
        self._begun = clocks()
        await app.polling.fetch(hold=0)
        await app.worker.drain()
        await app.sender.drain()

    async def waits(self, name: str, act: Awaitable[None]) -> None:
        await act
        wall, own = (seen - begun for seen, begun in zip(self._seen, self._begun, strict=True))
        assert wall > 0, f"nothing was seen after: {name}"
        self._times[name].append((wall, own))


def clocks() -> tuple[float, float]:
    """The wall's and the processor's, in milliseconds."""
    return time.perf_counter() * 1000, time.process_time() * 1000


async def measure(moves: int, rounds: int) -> Times:
    """The times of each act, in a company with so many moves."""
    times: Times = defaultdict(list)
    async with _company() as stage:
        parties = stage.crimson.parties
        begun = time.perf_counter()
        await stage.does(trade, parties["vendor"], parties["martin"], moves=moves)
        tell(f"{moves:,} moves made in {time.perf_counter() - begun:.1f} s")
        await _act(Waiting(stage, LEA, times), stage.settle, rounds)
        await _come_to_all_homes(stage, times, rounds)
    return times


async def measure_homes(invoices: dict[str, int], rounds: int) -> Times:
    """The times of the homes alone, in a company with so many invoices."""
    times: Times = defaultdict(list)
    async with _company() as stage:
        await stage.does(invoice, stage.crimson.parties["martin"], **invoices)
        await _come_to_all_homes(stage, times, rounds)
    return times


@asynccontextmanager
async def _company() -> AsyncIterator[Stage]:
    """A company on a file of its own, whose books are right at the end."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)
            yield await open_stage(database, clock)
            begun = time.perf_counter()
            assert not await database.read(audit)
            tell(f"audited in {time.perf_counter() - begun:.1f} s")


async def _act(waiting: Waiting, settle: Callable[[], Awaitable[None]], rounds: int) -> None:
    chat = waiting.chat
    await chat.says("High End: 2 ART-0001, 3 ART-0002, 1 ART-0003")
    await chat.taps("order_now")
    order = chat.card["message_id"]
    await chat.says("/start")
    home = chat.card["message_id"]
    for number in range(rounds):
        await waiting.waits("convert screen", chat.taps("convert", "DN", 6, on=order))
        await waiting.waits("order card", chat.goes_back(on=order))
        await waiting.waits("stock screen", chat.taps("stock", on=home))
        await chat.goes_back(on=home)
        await waiting.waits("typed search", chat.says(f"article {number}"))
        await settle()


async def _come_to_all_homes(stage: Stage, times: Times, rounds: int) -> None:
    for name, person in HOMES.items():
        await _come_home(Waiting(stage, person, times), name, rounds, stage.settle)


async def _come_home(
    waiting: Waiting, name: str, rounds: int, settle: Callable[[], Awaitable[None]]
) -> None:
    for _ in range(rounds):
        await waiting.waits(name, waiting.chat.says("/start"))
        await settle()


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def compare(times: Times, baseline: Times) -> None:
    """Print a line for each act and one for all of them."""
    tell(f"{'':20}{'wall p50':>10}{'p99':>8}{'own p50':>10}{'p99':>8}{'own p50, ratio':>18}")
    for name in (*times, "all"):
        walls, owns = split(times, name)
        _, before = split(baseline, name)
        tell(
            f"{name:20}{median(walls):10.1f}{last(walls):8.1f}{median(owns):10.1f}"
            f"{last(owns):8.1f}{median(owns) / median(before):18.2f}"
        )


def split(times: Times, name: str) -> tuple[list[float], list[float]]:
    """The wall's and the processor's times of an act, or of all."""
    rows = [row for each in times.values() for row in each] if name == "all" else times[name]
    return [wall for wall, _ in rows], [own for _, own in rows]


def last(values: list[float]) -> float:
    """Their 99th percentile."""
    return quantiles(values, n=100, method="inclusive")[-1]


def main() -> None:
    """Measure the baseline and the large company, and compare."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    moves = int(sys.argv[2]) if len(sys.argv) > 2 else MOVES
    baseline = asyncio.run(measure(BASELINE, rounds))
    times = asyncio.run(measure(moves, rounds))
    tell(f"the baseline, {BASELINE:,} moves:")
    compare(baseline, baseline)
    tell(f"{moves:,} moves, and how much more than the baseline:")
    compare(times, baseline)
    few = asyncio.run(measure_homes(FEW_OPEN, rounds))
    tell("20,000 invoices paid and 500 open, and how much more than 100 open alone:")
    compare(asyncio.run(measure_homes(MANY_PAID, rounds)), few)


if __name__ == "__main__":
    main()
