"""The sheets of a workbook and their cells, by openpyxl's own reading of rows.

openpyxl's read-only sheet reads a whole sheet before it gives a row, only to learn its size
where the file does not say it (its own write-only books do not), makes an object of every cell
and a tree of objects of every text that stands in its cell.  Here a sheet is read once, rows
alone; what a cell means (numbers, days, shared texts, formulas) stays openpyxl's.  It is pinned
below 3.2, and `tests/files/test_reading.py` reads each kind of cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Element

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

Cells = list[dict[str, Any]]
"""Of one row: "column" from 1, "value", and "data_type" as openpyxl names it."""

_TEXT: Final = f"{{{SHEET_MAIN_NS}}}t"
_RUN: Final = f"{{{SHEET_MAIN_NS}}}r"


class Sheet:
    """A visible sheet: its title, and its rows as often as they are asked for."""

    def __init__(self, reader: ExcelReader, title: str, part: str) -> None:
        """The sheet of an opened workbook that stands in this part of its archive."""
        self.title = title
        self._reader = reader
        self._part = part

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows that the file has, each with its number, which grows."""
        book = self._reader.wb
        last = 0
        with self._reader.archive.open(self._part) as source:
            reading = _Rows(
                source,
                self._reader.shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001 - has no public name
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - has no public name
            )
            for number, cells in reading.parse():
                if number > last:
                    last = number
                    yield number, cells


class _Rows(WorkSheetParser):  # type: ignore[misc]  # untyped package
    """openpyxl's reader of a sheet, without what stands around the rows."""

    def parse(self) -> Iterator[tuple[int, Cells]]:
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()

    def parse_cell(self, element: Element) -> dict[str, Any]:
        inline = element.find(INLINE_STRING)
        if inline is not None:
            # openpyxl would make a tree of objects of it.
            element.remove(inline)
        found: dict[str, Any] = super().parse_cell(element)
        if inline is not None and found["data_type"] == "inlineStr":
            found["data_type"], found["value"] = "s", _text(inline)
        return found


def _text(inline: Element) -> str:
    """What stands in a cell, with or without fonts, and without what is only said aloud."""
    runs = (run.findtext(_TEXT) or "" for run in inline.iterfind(_RUN))
    return (inline.findtext(_TEXT) or "") + "".join(runs)


def visible_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook that a person sees, in their order.

    Raises whatever openpyxl raises for a file that was cut or made by hand.
    """
    reader = ExcelReader(BytesIO(content), read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return [
        Sheet(reader, sheet.name, relation.target)
        for sheet, relation in reader.parser.find_sheets()
        if sheet.state == "visible"
        and relation.target in reader.valid_files
        and "chartsheet" not in relation.Type
    ]
