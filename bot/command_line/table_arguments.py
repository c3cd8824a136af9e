"""What can be typed after `comptoir import` and `comptoir export`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

import core
from core.domain.documents import DOCUMENT_TYPES, kind_by_prefix
from core.i18n.loading import languages_in, locales_folder

# The names of core.services.importing and core.reports, whose tables help need not wait for: a
# report is called like its file.
IMPORTED: Final = ("products", "parties", "prices", "stock")
EXPORTED: Final = tuple(
    each.name for each in iter_modules([f"{folder}/reports/questions" for folder in core.__path__])
)

IMPORT: Final = """\
Reads a table (CSV or XLSX) and shows what importing it would change; with --apply it is imported,
all of it or nothing. Columns are found by their names in English or French, in any order:
`comptoir export products FILE` makes a table to begin with. The same file again changes nothing.
While the bot runs, look with this, and send the file to the bot to import it.

examples:
  comptoir import products products.xlsx
  comptoir import products products.xlsx --apply
  comptoir import stock opening.csv --apply --demo
"""
EXPORT: Final = """\
Writes a report into a file; its ending (.xlsx or .csv) says in which form. It only reads, and may
run while the bot runs.

examples:
  comptoir export products products.xlsx
  comptoir export stock stock.csv --language fr
  comptoir export papers invoices.xlsx --kind IN --from 2026-01-01 --to 2026-12-31
"""

Add = Callable[..., argparse.ArgumentParser]
Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def add_tables(
    commands: Commands[argparse.ArgumentParser], add: Add
) -> list[argparse.ArgumentParser]:
    """Add both commands by `add`, the common way of all commands."""
    importing = add(commands, "import", "bring in a table, after a look at it", description=IMPORT)
    importing.add_argument("kind", choices=IMPORTED, metavar="KIND", help=", ".join(IMPORTED))
    importing.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    importing.add_argument("--apply", action="store_true", help="import it; else it is only shown")
    importing.add_argument("--leave-out", action="store_true",
                           help="leave out columns that are not known")  # fmt: skip
    importing.add_argument("--decimal", choices=[".", ","], default="",
                           help="the decimal mark, where the file does not tell")  # fmt: skip
    exporting = add(commands, "export", "write a report into a file", description=EXPORT)
    exporting.add_argument("report", choices=EXPORTED, metavar="REPORT",
                           help=", ".join(EXPORTED))  # fmt: skip
    exporting.add_argument("file", type=Path, metavar="FILE", help="ends with .xlsx or .csv")
    exporting.add_argument("--kind", type=_kind, metavar="PREFIX",
                           help="papers of one kind: " + ", ".join(_prefixes()))  # fmt: skip
    exporting.add_argument("--from", dest="begin", type=_day, metavar="DAY", help="2026-01-31")
    exporting.add_argument("--to", dest="end", type=_day, metavar="DAY", help="the last day")
    exporting.add_argument("--language", choices=languages_in(locales_folder()), default="en",
                           help="of headings and words")  # fmt: skip
    return [importing, exporting]


def _prefixes() -> list[str]:
    return [row.prefix for row in DOCUMENT_TYPES.values()]


def _kind(text: str) -> str:
    row = kind_by_prefix(text.upper())
    if row is None:
        raise argparse.ArgumentTypeError("one of " + ", ".join(_prefixes()))
    return row.kind


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written 2026-01-31") from None
