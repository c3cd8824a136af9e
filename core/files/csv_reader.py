"""CSV as people have it: any of four delimiters, any encoding that a spreadsheet writes."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import StringIO
from typing import Final

from core.files.refusals import FileDamaged, FileNoTable, FileTooLong
from core.files.table import MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, Cell, Odd, Row, Table

DELIMITERS: Final = (";", ",", "\t", "|")
ABOVE: Final = 20
"""So many rows may stand above the headings: a title, a date."""
SAMPLE: Final = 50
"""So many records say which delimiter it is."""

# UTF-32 begins like UTF-16, so it comes first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMULA_BEGINS: Final = "=+-@\t\r"
QUOTE: Final = "'"


def read_delimited(content: bytes) -> Table:
    """The table of a CSV file.

    Raises:
        FileNoTable: it is no text, or has no more than one column.
        FileDamaged: a quotation mark is not closed.
        FileTooLong.
    """
    text = decoded(content)
    csv.field_size_limit(MOST_LETTERS * 4)
    delimiter, text = _delimiter_of(text)
    records = enumerate(map(_without_end, _records(text, delimiter)), 1)
    found = [(number, cells) for number, cells in records if cells]
    head = next((at for at, (_, cells) in enumerate(found) if sum(map(bool, cells)) > 1), None)
    if head is None:
        raise FileNoTable
    headings = found[head][1]
    rows = [Row(number, [_cell(cell) for cell in cells]) for number, cells in found[head + 1 :]]
    return Table([unquoted(each) for each in headings], rows, delimiter)


def _cell(text: str) -> Cell:
    """What begins like a formula is one, unless an apostrophe says that it is a text."""
    return Odd("formula", text) if text.startswith("=") else unquoted(text) or None


def decoded(content: bytes) -> str:
    """The text of a file, by its mark, else UTF-8, else what Windows has in the west.

    Raises:
        FileNoTable: it is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content[:2000]:
        # Without a mark: letters of the west have a zero byte before or behind them.
        zeros_first = content[:2000:2].count(0) > content[1:2000:2].count(0)
        return _decoded(content, "utf-16-be" if zeros_first else "utf-16-le")
    try:
        return _without_controls(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return _without_controls(content.decode(encoding))
    except UnicodeDecodeError:
        raise FileNoTable from None


def _without_controls(text: str) -> str:
    """The text, if it is one: pictures and programs have bytes that no text has.

    Raises:
        FileNoTable.
    """
    if any(ord(each) < 32 and each not in "\t\r\n\x0c\x1f" for each in text[:4000]):
        raise FileNoTable
    return text.replace("\0", "")


def _delimiter_of(text: str) -> tuple[str, str]:
    """The delimiter, and the text without the line in which Excel names it."""
    first, _, rest = text.partition("\n")
    named = first.strip().lower()
    if named.startswith("sep=") and len(named) == 5:
        return first.strip()[4], "\n" + rest
    return max(DELIMITERS, key=lambda each: _fit(text, each)), text


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first records have as many cells as most have, and how many those are."""
    counts: list[int] = []
    # A delimiter that is none can leave a quotation mark open: what was read before counts.
    with suppress(FileDamaged):
        for cells in _records(text[:200_000], delimiter):
            if any(cells):
                counts.append(len(cells))
            if len(counts) == SAMPLE:
                break
    usual = max(set(counts), key=counts.count, default=0)
    return (counts.count(usual), usual) if usual > 1 else (0, 0)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > MOST_ROWS + ABOVE:
                raise FileTooLong(rows=MOST_ROWS, columns=MOST_COLUMNS)
            yield [each.strip(" \xa0") for each in cells]
    except csv.Error:
        raise FileDamaged(row=number + 1) from None


def _without_end(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end of a record.  Raises FileTooLong."""
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise FileTooLong(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return cells


def _lines(text: str) -> Iterable[str]:
    return StringIO(text, newline="")


# --- Formulas ----------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet takes for a formula (CWE-1236)."""
    begins = text[:1]
    return QUOTE + text if begins and (begins in _FORMULA_BEGINS or begins == QUOTE) else text


def unquoted(text: str) -> str:
    """The text that `quoted` was given; others' apostrophes stay."""
    if text[:1] == QUOTE and len(text) > 1 and (text[1] in _FORMULA_BEGINS or text[1] == QUOTE):
        return text[1:]
    return text
