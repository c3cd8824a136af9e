"""A table as it stood in a file: headings, rows with their numbers, cells as the file has them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

MEGABYTE: Final = 1_000_000
MOST_BYTES: Final = 20 * MEGABYTE
"""What Telegram's getFile gives, and more than any table of ours needs."""
MOST_UNPACKED: Final = 60 * MEGABYTE
MOST_RATIO: Final = 100
"""A table of numbers and names packs about ten to one, a bomb a thousand to one."""
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100
MOST_LETTERS: Final = 32_767
"""Of one cell: what Excel itself allows."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is no value: a "formula", an "error" such as #N/A, or a "moment" of a day."""

    kind: str
    text: str


Filled = str | Decimal | date | bool | Odd
Cell = Filled | None
"""A CSV file has texts alone; an empty cell is None everywhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the headings; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read.

    `delimiter` is that of a CSV file and empty for XLSX; `sheet` is named where a file has
    several.
    """

    headings: Sequence[str]
    rows: Sequence[Row]
    delimiter: str = ""
    sheet: str = ""


def dump(table: Table) -> bytes:
    """A table as bytes that `load` understands, packed."""
    kept = {
        "headings": list(table.headings),
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "numbers": [row.number for row in table.rows],
        "rows": [[_kept(cell) for cell in row.cells] for row in table.rows],
    }
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), level=1)


def load(packed: bytes) -> Table:
    """The table that `dump` has packed."""
    kept = json.loads(zlib.decompress(packed))
    rows = [
        Row(number, [_restored(cell) for cell in cells])
        for number, cells in zip(kept["numbers"], kept["rows"], strict=True)
    ]
    return Table(kept["headings"], rows, kept["delimiter"], kept["sheet"])


def _kept(cell: Cell) -> Any:
    match cell:
        case Decimal():
            return ["number", str(cell)]
        case date():
            return ["date", cell.isoformat()]
        case Odd():
            return [cell.kind, cell.text]
    return cell


def _restored(kept: Any) -> Cell:
    if not isinstance(kept, list):
        found: str | bool | None = kept
        return found
    kind, text = kept
    if kind == "number":
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else Odd(kind, text)
