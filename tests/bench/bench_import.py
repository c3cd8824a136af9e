"""How long 10,000 products take to come in, and how much memory, as a ratio to raw sqlite3:

    python -m tests.bench.bench_import [PRODUCTS]

Each measure is a process of its own: `comptoir import products FILE --apply` as an operator runs
it, from its start to its end, with CSV and with XLSX.  The baseline writes the same columns of the
same rows into a table with the same indexes by sqlite3's executemany, with nothing else around it:
no reading, no checks, no history, no search index.  "wall" is what a clock says, "own" the
processor's time, "peak" the largest memory of a process (what it held, with the libraries it
shares; a workbook is read in a second process).  Nothing is asserted but that all products are
there.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from core.files.writer import FORMATS, Sheet, written
from sqlalchemy import Connection

from core.domain.people import MACHINE
from core.services import company
from core.services.work import Work
from core.storage.database import open_database
from core.storage.schema import migrate
from tests.architecture.source import ROOT

PRODUCTS = 10_000
HEADINGS = ("SKU", "Name", "Type", "Barcode", "Unit", "List price", "Cost price", "Tax",
            "Category", "Shelf", "Reorder at", "Name (French)")  # fmt: skip
RAW = """
    CREATE TABLE product (id INTEGER PRIMARY KEY AUTOINCREMENT, sku TEXT NOT NULL,
        name TEXT NOT NULL, nature TEXT NOT NULL, barcode TEXT, unit TEXT NOT NULL,
        list_price INTEGER, cost_price INTEGER, tax TEXT, category TEXT NOT NULL,
        shelf TEXT NOT NULL, reorder_level INTEGER, french TEXT) STRICT;
    CREATE UNIQUE INDEX by_sku ON product (sku);
    CREATE UNIQUE INDEX by_barcode ON product (barcode);
"""


@dataclass(frozen=True)
class Measured:
    """Seconds by a clock and by the processor, megabytes at most."""

    wall: float
    own: float
    peak: float


def rows(count: int) -> list[tuple[str | Decimal, ...]]:
    """Products as a wholesaler has them: names of several words, all columns filled."""
    kinds = ("Laptop", "Mouse", "Keyboard", "Cable", "Screen", "Dock", "Charger", "Bag")
    return [
        (
            f"SKU-{at:06}",
            f"{kinds[at % 8]} {chr(65 + at % 26)}{at % 97} model {at}",
            "goods",
            str(4_000_000_000_000 + at),
            "piece",
            Decimal(at % 5000) + Decimal("0.95"),
            Decimal(at % 4000),
            "VAT 20 %",
            kinds[at % 8],
            f"{chr(65 + at % 26)}{at % 40}",
            Decimal(at % 20),
            f"{kinds[at % 8]} {chr(65 + at % 26)}{at % 97} modèle {at}",
        )
        for at in range(count)
    ]


def raw(folder: Path, count: int) -> Measured:
    """The baseline: nothing but the inserts, on a file, with one commit."""
    scaled = [
        tuple(int(each * 1_000_000) if isinstance(each, Decimal) else each for each in row)
        for row in rows(count)
    ]
    connection = sqlite3.connect(folder / "raw.db")
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + RAW)
    begun = time.perf_counter(), time.process_time()
    with connection:
        connection.executemany(
            "INSERT INTO product (sku, name, nature, barcode, unit, list_price, cost_price, tax,"
            " category, shelf, reorder_level, french) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            scaled,
        )
    found = Measured(time.perf_counter() - begun[0], time.process_time() - begun[1], 0)
    connection.close()
    return found


async def shop(url: str) -> None:
    """An empty company with a tax."""
    async with await open_database(url, clock=lambda: datetime.now(UTC)) as database:
        await database.write(migrate)

        def found(connection: Connection) -> None:
            work = Work(connection, MACHINE, datetime.now(UTC))
            company.set_up(work, name="Crimson", country="FR", currency="EUR",
                           zone="Europe/Paris", language="en")  # fmt: skip
            company.add_tax(work, name="VAT 20 %", category="S", percent=Decimal(20),
                            default=True)  # fmt: skip

        await database.write(found)


def command(url: str, file: Path) -> Measured:
    """`comptoir import`, as a process of its own and those that it starts."""
    begun = time.perf_counter()
    arguments = ["import", "products", str(file), "--apply", "--database", url]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments], stdout=subprocess.DEVNULL, cwd=ROOT
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    wall = time.perf_counter() - begun
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def told(name: str, measured: Measured, baseline: Measured) -> None:
    """A line of the table."""
    print(
        f"{name:22} wall {measured.wall:6.2f} s   own {measured.own:6.2f} s"
        f"   peak {measured.peak:4.0f} MB   {measured.own / baseline.own:6.1f} x raw"
    )


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PRODUCTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        baseline = min((raw_once(folder, count) for _ in range(3)), key=lambda each: each.own)
        print(f"{count} products; raw sqlite3: {baseline.wall:.3f} s, own {baseline.own:.3f} s")
        sheet = Sheet("Products", HEADINGS, rows(count))
        for form in FORMATS:
            file = folder / f"products.{form}"
            file.write_bytes(written(sheet, form))
            path = folder / f"{form}.db"
            url = f"sqlite+aiosqlite:///{path}"
            asyncio.run(shop(url))
            told(f"first, {form}", command(url, file), baseline)
            told(f"again, {form}", command(url, file), baseline)
            with sqlite3.connect(path) as connection:
                there = connection.execute("SELECT count(*) FROM product").fetchone()[0]
            assert there == count, there
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"the largest of all processes: {children:.0f} MB")


def raw_once(folder: Path, count: int) -> Measured:
    """One round of the baseline, on a new file."""
    for each in folder.glob("raw.db*"):
        each.unlink()
    return raw(folder, count)


if __name__ == "__main__":
    main()
