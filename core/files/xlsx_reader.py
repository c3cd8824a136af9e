"""XLSX, read with openpyxl: first weighed, then row by row, and never a formula worked out.

Before openpyxl sees a part of the archive, expat has read it to its end and found no document type
in it, so that no entity can be defined: what defusedxml does for openpyxl, in a tenth of its time
(defusedxml walks every element in Python). Whoever reads in a process of its own switches the
slower guard off, see `core/files/sandbox.py`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final, NoReturn
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from openpyxl.utils.exceptions import InvalidFileException

from core.files.csv_reader import ABOVE
from core.files.refusals import (
    FileDamaged,
    FileNoTable,
    FileNotTrusted,
    FileTooLong,
    FileUnpacksTooLarge,
)
from core.files.sheets import Sheet, visible_sheets
from core.files.table import (
    MEGABYTE,
    MOST_COLUMNS,
    MOST_RATIO,
    MOST_ROWS,
    MOST_UNPACKED,
    Cell,
    Odd,
    Row,
    Table,
)

_MANIFEST: Final = "[Content_Types].xml"
_BROKEN: Final = (
    InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    EOFError, zipfile.BadZipFile, NotImplementedError, ParseError, RuntimeError, MemoryError,
    expat.ExpatError, zlib.error,
)  # fmt: skip
"""What openpyxl, zipfile and zlib raise for files that were cut or made by hand."""


def read_workbook(content: bytes) -> Table:
    """The table of the first sheet that has anything in it.

    Raises:
        FileUnpacksTooLarge: before anything is unpacked.
        FileNotTrusted: it could define entities.
        FileNoTable: it is another zip file, or no sheet has two cells in a row.
        FileTooLong, FileDamaged.
    """
    try:
        weigh(content)
        return _table_of(visible_sheets(content))
    except _BROKEN:
        raise FileDamaged(row=0) from None


def weigh(content: bytes) -> None:
    """Refuse what would unpack to too much, by what the archive says of its parts.

    It cannot say too little: a part is never unpacked beyond its stated size.

    Raises:
        FileUnpacksTooLarge, FileNoTable, FileNotTrusted.
        zipfile.BadZipFile: it is no archive.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        by_far = unpacked > MEGABYTE and unpacked > MOST_RATIO * len(content)
        if unpacked > MOST_UNPACKED or by_far:
            raise FileUnpacksTooLarge(most=MOST_UNPACKED // MEGABYTE)
        if _MANIFEST not in {part.filename for part in parts}:
            raise FileNoTable
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive.read(part))


def _refuse_entities(xml: bytes) -> None:
    """Read a part to its end; whoever names a document type could define entities.

    Raises:
        FileNotTrusted.
    """

    def refuse(*_: object) -> NoReturn:
        raise FileNotTrusted

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(xml, True)  # noqa: FBT003 - expat's own flag has no name


def _table_of(sheets: Sequence[Sheet]) -> Table:
    for sheet in sheets:
        rows = _rows(sheet)
        headings = next(
            (row for row in _first(rows) if sum(each is not None for each in row.cells) > 1), None
        )
        if headings is not None:
            # A heading is a text, whatever Excel has made of it.
            names = [_heading(each) for each in headings.cells]
            name = sheet.title if len(sheets) > 1 else ""
            return Table(names, list(rows), sheet=name)
    raise FileNoTable


def _first(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        if row.number > ABOVE:
            return


def _rows(sheet: Sheet) -> Iterator[Row]:
    """The rows that are not empty, without the empty cells at their ends."""
    for number, cells in sheet.rows():
        if number > MOST_ROWS + ABOVE + 1:
            return
        found = {cell["column"]: _value(cell["value"], cell["data_type"]) for cell in cells}
        width = max((at for at, value in found.items() if value is not None), default=0)
        if width > MOST_COLUMNS or (width and number > MOST_ROWS + ABOVE):
            raise FileTooLong(rows=MOST_ROWS, columns=MOST_COLUMNS)
        if width:
            yield Row(number, [found.get(at) for at in range(1, width + 1)])


def _heading(cell: Cell) -> str:
    return "" if cell is None else cell.text if isinstance(cell, Odd) else str(cell)


def _value(value: object, data_type: str) -> Cell:
    if value is None:
        return None
    if isinstance(value, str):
        if data_type in ("f", "e"):
            return Odd("formula" if data_type == "f" else "error", value)
        return value.strip(" \xa0") or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # A spreadsheet keeps fifteen digits; what is behind them is dust of its reckoning.
        return Decimal(f"{value:.15g}")
    return _other(value)


def _other(value: object) -> Cell:
    match value:
        case datetime():
            has_time = value.time() != time()
            return Odd("moment", value.isoformat(" ")) if has_time else value.date()
        case date():
            return value
        case time() | timedelta():
            return Odd("moment", str(value))
    # An array formula or a data table is an object of its own.
    return Odd("formula", str(getattr(value, "text", None) or "="))
