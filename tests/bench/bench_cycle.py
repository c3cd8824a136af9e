"""What a whole sale costs, against the same rows written by plain SQLite:

    python -m tests.bench.bench_cycle [CYCLES]

A cycle is an order of five lines, its delivery, its invoice and the payment, each drawn up and put
into force in a transaction of its own, with claims, stock, values, accounts, totals, numbers,
hashes and snapshots.  The baseline is the driver of Python alone: the very statements that wrote
something, with their parameters, in as many commits, on a copy of the file in the same mode (WAL,
FULL).  In the same run: eight writers at once against one, and the reading of what is available of
a product with a thousand times the moves.  Nothing is asserted but that the books are right.
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

from sqlalchemy import Connection, event, text

from core.domain.people import MACHINE
from core.services import payments, stock
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


class Seller:
    """Sells the same goods again and again; each step is a transaction."""

    def __init__(self, database: Database, shop: Shop, names: list[str]) -> None:
        self._database = database
        self._shop = shop
        self._names = names
        self.recorder = Recorder()
        self.steps: list[float] = []

    async def _step(self, does: Callable[[Work], int]) -> int:
        self.recorder.transactions.append([])
        begun = time.perf_counter()
        made = await self._database.write(lambda connection: does(_work(connection)))
        self.steps.append(time.perf_counter() - begun)
        return made

    async def cycle(self) -> None:
        """An order, its delivery, its invoice, its payment."""
        order = await self._step(self._orders)
        await self._step(lambda work: _makes(work, order, "delivery_note"))
        invoice = await self._step(lambda work: _makes(work, order, "invoice"))
        await self._step(lambda work: payments.settle_due(work, invoice).document_id)

    def _orders(self, work: Work) -> int:
        shop = self._shop.at(work)
        lines = [shop.line(2, name) for name in self._names]
        return shop.issues(shop.drafts("sales_order", *lines))


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


async def sell(folder: Path, cycles: int) -> tuple[list[float], list[float]]:
    """The seconds of each cycle: ours, and those of plain SQLite."""
    names = [f"article {number}" for number in range(LINES)]
    path, copy = folder / "cycle.db", folder / "plain.db"
    async with await opened(path) as database:
        seller = Seller(database, await stocked(database, names), names)
        await seller.cycle()
        shutil.copyfile(path, copy)
        shutil.copyfile(f"{path}-wal", f"{copy}-wal")
        seller.recorder = Recorder()
        seller.recorder.listen(database)
        ours = []
        for _ in range(cycles):
            begun = time.perf_counter()
            await seller.cycle()
            ours.append(time.perf_counter() - begun)
        assert not await database.read(audit)
        plain = replay(copy, seller.recorder.transactions, steps=4)
        assert dump(copy) == dump(path), "plain SQLite has not written the same rows"
    return ours, plain


def dump(path: Path) -> list[str]:
    """All rows of a file."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def replay(path: Path, transactions: list[Written], *, steps: int) -> list[float]:
    """Write the same again with the driver alone; the seconds of each `steps` transactions."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for name, value in WRITER.items():
        connection.execute(f"PRAGMA {name}={value}").fetchall()
    taken = []
    for first in range(0, len(transactions), steps):
        begun = time.perf_counter()
        for written in transactions[first : first + steps]:
            connection.execute("BEGIN IMMEDIATE")
            for statement, parameters, many in written:
                if many:
                    connection.executemany(statement, parameters)
                else:
                    connection.execute(statement, parameters).fetchall()
            connection.execute("COMMIT")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


async def crowd(folder: Path, cycles: int) -> tuple[list[float], list[float]]:
    """The seconds of each transaction with one writer, and with eight at once."""
    names = [f"article {number}" for number in range(LINES)]
    async with await opened(folder / "crowd.db") as database:
        shop = await stocked(database, names)

        async def sells(times: int) -> list[float]:
            seller = Seller(database, shop, names)
            for _ in range(times):
                await seller.cycle()
            return seller.steps

        alone = await sells(cycles)
        together = await asyncio.gather(*(sells(cycles // WRITERS) for _ in range(WRITERS)))
        assert not await database.read(audit)
    return alone, [each for steps in together for each in steps]


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


async def run(folder: Path, cycles: int) -> None:
    """Measure and tell, one after the other."""
    ours, plain = await sell(folder, cycles)
    tell(
        f"cycle of {LINES} lines: p50 {milliseconds(median(ours))}, "
        f"plain SQLite {milliseconds(median(plain))}, ratio {median(ours) / median(plain):.1f}"
    )
    alone, together = await crowd(folder, cycles)
    tell(
        f"a transaction, one writer: p50 {milliseconds(median(alone))}, "
        f"p99 {milliseconds(last(alone))}"
    )
    tell(
        f"a transaction, {WRITERS} writers: p50 {milliseconds(median(together))}, "
        f"p99 {milliseconds(last(together))}, p99 / p50 {last(together) / median(together):.1f}"
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
