"""What a whole sale costs, against the same rows written by plain SQLite:

    python -m tests.bench.bench_cycle [CYCLES]

A cycle is an order of five lines, its delivery, its invoice and the payment, each drawn up and put
into force in a transaction of its own, with claims, stock, values, accounts, totals, numbers,
hashes and snapshots.  The baseline is the driver of Python alone: the very statements that wrote
something, with their parameters, in as many commits, on a copy of the file in the same mode (WAL,
FULL).  In the same run: eight writers at once against one, turn by turn, and the reading of what
is available of a product with a thousand times the moves.  The writers are at different steps, as
persons are: in step, all would wait for eight orders, then for eight payments.  How long one waits
is told by a clock and by the processor's time of this process ("own"), which neighbours on the
same machine do not lengthen.  Nothing is asserted but that the books are right.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from core.services.money import payments
from sqlalchemy import Connection, event, text

from core.domain.people import MACHINE
from core.services import stock
from core.services.audit import audit
from core.services.documents import converting, issuing
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from core.storage.sqlite import WRITER
from tests.builders import Shop

CYCLES = 200
LINES = 5
WRITERS = 8
ROUNDS = 5
"""So often one writer and eight take turns."""
FEW, MANY = 10_000, 1_000_000
READS = 400
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PIECES = 2_000_000

Written = list[tuple[str, Any, bool]]


def clock() -> datetime:
    """A clock that stands."""
    return NOW


@dataclass
class Recorder:
    """What is written, transaction by transaction."""

    transactions: list[Written] = field(default_factory=list)

    def listen(self, database: Database) -> None:
        """Hear every statement of the writing connection from now on."""
        for engine in database._backend.engines:
            event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, *heard: Any) -> None:
        _, _, statement, parameters, *_ = heard
        # Many rows in one statement come flat, many runs of one statement as a list of rows.
        many = isinstance(parameters, list)
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.transactions[-1].append((statement, parameters, many))


@dataclass(frozen=True)
class Taken:
    """The seconds from the wish to the commit, by a clock and by the processor."""

    wall: float
    own: float


class Watch:
    """Stopped once, at the end of what it measures."""

    def __init__(self) -> None:
        self._wall, self._own = time.perf_counter(), time.process_time()

    def stop(self) -> Taken:
        """What has gone by since it was made."""
        return Taken(time.perf_counter() - self._wall, time.process_time() - self._own)


class Seller:
    """Sells the same goods again and again; each step is a transaction."""

    def __init__(self, database: Database, shop: Shop, names: list[str]) -> None:
        self._database = database
        self._shop = shop
        self._names = names
        self.recorder = Recorder()
        self.taken: list[Taken] = []
        self._done = 0
        self._order = self._invoice = 0

    async def steps(self, count: int) -> None:
        """Go on with a cycle: an order, its delivery, its invoice, its payment, the next order."""
        for _ in range(count):
            self.recorder.transactions.append([])
            watch = Watch()
            await self._database.write(self._next_step)
            self.taken.append(watch.stop())
            self._done += 1

    def _next_step(self, connection: Connection) -> None:
        STEPS[self._done % len(STEPS)](self, _work(connection))

    async def cycle(self) -> None:
        """One of each."""
        await self.steps(len(STEPS))

    def orders(self, work: Work) -> None:
        """A customer orders a few of each."""
        shop = self._shop.at(work)
        lines = [shop.line(2, name) for name in self._names]
        self._order = shop.drafts("sales_order", *lines)
        # Not by `shop.issues`, which looks at the whole document first, as a card does.
        issuing.issue(work, self._order, revision=0)

    def delivers(self, work: Work) -> None:
        """All of it goes."""
        _makes(work, self._order, "delivery_note")

    def invoices(self, work: Work) -> None:
        """All of it is billed."""
        self._invoice = _makes(work, self._order, "invoice")

    def is_paid(self, work: Work) -> None:
        """And paid."""
        payments.settle_due(work, self._invoice)


STEPS: tuple[Callable[[Seller, Work], None], ...] = (
    Seller.orders, Seller.delivers, Seller.invoices, Seller.is_paid,
)  # fmt: skip


def _work(connection: Connection) -> Work:
    return Work(connection, MACHINE, NOW)


def _makes(work: Work, source: int, kind: str) -> int:
    made = converting.convert(work, source, kind)
    issuing.issue(work, made, revision=0)
    return made


async def opened(path: Path) -> Database:
    """A new database with the whole schema."""
    database = await open_database(f"sqlite+aiosqlite:///{path}", clock=clock)
    await database.write(migrate)
    return database


async def stocked(database: Database, names: list[str]) -> Shop:
    """A shop that has enough of everything."""

    def fill(connection: Connection) -> Shop:
        shop = Shop(connection, NOW)
        for name in names:
            shop.has(PIECES, name)
        return shop

    return await database.write(fill)


async def sell(folder: Path, cycles: int) -> tuple[list[Taken], list[Taken]]:
    """What each cycle took: ours, and those of plain SQLite."""
    names = [f"article {number}" for number in range(LINES)]
    path, heard, copy = folder / "cycle.db", folder / "heard.db", folder / "plain.db"
    async with await opened(path) as database:
        shop = await stocked(database, names)
        seller = Seller(database, shop, names)
        await seller.cycle()
        for each in (heard, copy):
            shutil.copyfile(path, each)
            shutil.copyfile(f"{path}-wal", f"{each}-wal")
        ours = []
        for _ in range(cycles):
            watch = Watch()
            await seller.cycle()
            ours.append(watch.stop())
        assert not await database.read(audit)
        transactions = await hear(heard, shop, names, cycles=cycles)
        plain = replay(copy, transactions, steps=len(STEPS))
        assert dump(copy) == dump(path), "plain SQLite has not written the same rows"
    return ours, plain


async def hear(path: Path, shop: Shop, names: list[str], *, cycles: int) -> list[Written]:
    """What the same cycles write on a copy of the file.

    A call at each statement takes time, so they are not heard while they are measured.
    """
    async with await open_database(f"sqlite+aiosqlite:///{path}", clock=clock) as database:
        seller = Seller(database, shop, names)
        seller.recorder.listen(database)
        for _ in range(cycles):
            await seller.cycle()
        return seller.recorder.transactions


def dump(path: Path) -> list[str]:
    """All rows of a file."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def replay(path: Path, transactions: list[Written], *, steps: int) -> list[Taken]:
    """Write the same again with the driver alone; what each `steps` transactions took."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for name, value in WRITER.items():
        connection.execute(f"PRAGMA {name}={value}").fetchall()
    taken = []
    for first in range(0, len(transactions), steps):
        watch = Watch()
        for written in transactions[first : first + steps]:
            connection.execute("BEGIN IMMEDIATE")
            for statement, parameters, many in written:
                if many:
                    connection.executemany(statement, parameters)
                else:
                    connection.execute(statement, parameters).fetchall()
            connection.execute("COMMIT")
        taken.append(watch.stop())
    connection.close()
    return taken


async def crowd(folder: Path, cycles: int) -> tuple[list[Taken], list[Taken]]:
    """What each transaction took with one writer, and with eight at once, in turns."""
    names = [f"article {number}" for number in range(LINES)]
    async with await opened(folder / "crowd.db") as database:
        shop = await stocked(database, names)
        alone, *together = (Seller(database, shop, names) for _ in range(1 + WRITERS))
        for number, seller in enumerate(together):
            await seller.steps(number % len(STEPS))
            seller.taken = []
        steps = max(1, cycles * len(STEPS) // ROUNDS)
        for _ in range(ROUNDS):
            await alone.steps(steps)
            await asyncio.gather(*(each.steps(-(-steps // WRITERS)) for each in together))
        assert not await database.read(audit)
    return alone.taken, [taken for each in together for taken in each.taken]


async def read_available(folder: Path, moves: int) -> list[float]:
    """The seconds of reading what is available of a product with so many moves."""
    async with await opened(folder / f"{moves}.db") as database:
        shop = await stocked(database, ["article"])
        product = shop.products["article"]
        await database.write(lambda connection: _wear(connection, product, moves))
        taken = []
        for _ in range(READS):
            begun = time.perf_counter()
            found = await database.read(stock.levels, [product])
            taken.append(time.perf_counter() - begun)
            assert found[product].available == PIECES - moves
        return taken


def _wear(connection: Connection, product: int, moves: int) -> None:
    """Goods go out piece by piece: rows of the ledger, which the triggers apply."""
    connection.execute(
        text(
            "WITH RECURSIVE number(n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :moves)"
            " INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, at,"
            " line_id, person_id)"
            " SELECT product_id, to_place_id, from_place_id, 1000000, 0, at, line_id, person_id"
            " FROM number, (SELECT * FROM move WHERE product_id = :product LIMIT 1)"
        ),
        {"product": product, "moves": moves},
    )


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def last(values: list[float]) -> float:
    """Their 99th percentile."""
    return quantiles(values, n=100, method="inclusive")[-1]


def milliseconds(seconds: float) -> str:
    """So many seconds, to be read."""
    return f"{1000 * seconds:.2f} ms"


def clocks(taken: list[Taken]) -> list[tuple[str, list[float]]]:
    """The seconds by each clock, with its name."""
    return [("wall", [each.wall for each in taken]), ("own", [each.own for each in taken])]


async def run(folder: Path, cycles: int) -> None:
    """Measure and tell, one after the other."""
    ours, plain = await sell(folder, cycles)
    for clocked, of_ours in clocks(ours):
        of_plain = median(dict(clocks(plain))[clocked])
        tell(
            f"cycle of {LINES} lines, {clocked}: p50 {milliseconds(median(of_ours))}, "
            f"plain SQLite {milliseconds(of_plain)}, ratio {median(of_ours) / of_plain:.1f}"
        )
    alone, together = await crowd(folder, cycles)
    for name, taken in (("one writer", alone), (f"{WRITERS} writers", together)):
        for clocked, values in clocks(taken):
            tell(
                f"a transaction, {name}, {clocked}: p50 {milliseconds(median(values))}, "
                f"p99 {milliseconds(last(values))}, p99 / p50 {last(values) / median(values):.1f}"
            )
    few = median(await read_available(folder, FEW))
    many = median(await read_available(folder, MANY))
    tell(
        f"available of a product: {FEW:,} moves {milliseconds(few)}, "
        f"{MANY:,} moves {milliseconds(many)}, ratio {many / few:.2f}"
    )


def main() -> None:
    """Measure in a folder of its own."""
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else CYCLES
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder), cycles))


if __name__ == "__main__":
    main()
