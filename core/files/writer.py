"""Tables written as CSV or XLSX: numbers as numbers, dates as dates, and no text as a formula.

A CSV file has a mark at its beginning, so that every spreadsheet takes it for UTF-8, and the
delimiter and decimal mark of its reader's language, which a spreadsheet of that language expects.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Final

from core.files.csv_reader import quoted

Value = str | Decimal | int | date | bool | None

FORMATS: Final = ("xlsx", "csv")
WIDEST: Final = 60
NARROWEST: Final = 8


@dataclass(frozen=True)
class Sheet:
    """What is written: a title, headings, rows of values.

    `decimal_mark` is that of the reader's language; `yes` and `no` are its words.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    decimal_mark: str = "."
    yes: str = "yes"
    no: str = "no"


def written(sheet: Sheet, form: str) -> bytes:
    """The bytes of a file of one of `FORMATS`."""
    return {"csv": csv_of, "xlsx": xlsx_of}[form](sheet)


def csv_of(sheet: Sheet) -> bytes:
    """A sheet as CSV."""
    text = StringIO(newline="")
    delimiter = ";" if sheet.decimal_mark == "," else ","
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([quoted(each) for each in sheet.headings])
    writer.writerows([_text(value, sheet) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _text(value: Value, sheet: Sheet) -> str:
    match value:
        case None:
            return ""
        case str():
            return quoted(value)
        case bool():
            return sheet.yes if value else sheet.no
        case date():
            return value.isoformat()
    return f"{Decimal(value):f}".replace(".", sheet.decimal_mark)


def xlsx_of(sheet: Sheet) -> bytes:
    """A sheet as XLSX: headings that stay, columns as wide as what stands in them."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet(_title(sheet.title))
    page.freeze_panes = "A2"
    for at, width in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(at)].width = width
    bold = Font(bold=True)

    def cell(value: Value) -> Any:
        if isinstance(value, bool):
            value = sheet.yes if value else sheet.no
        if isinstance(value, str) and quoted(value) != value:
            # With the mark that Excel itself sets for an apostrophe: it stays a text when edited.
            made = WriteOnlyCell(page, value=value)
            made.data_type = "s"
            made.quotePrefix = True
            return made
        return value

    head = []
    for each in sheet.headings:
        made = WriteOnlyCell(page, value=each)
        made.data_type, made.font = "s", bold
        head.append(made)
    page.append(head)
    for row in sheet.rows:
        page.append([cell(value) for value in row])
    found = BytesIO()
    book.save(found)
    return found.getvalue()


def _title(text: str) -> str:
    """A name for a sheet: Excel forbids some characters and more than 31 of the others."""
    return "".join(" " if each in "[]:*?/\\" else each for each in text)[:31].strip("' ") or "1"


def _widths(sheet: Sheet) -> Iterable[int]:
    for at, heading in enumerate(sheet.headings):
        longest = max((len(str(row[at] or "")) for row in sheet.rows[:200]), default=0)
        yield min(max(longest, len(heading), NARROWEST), WIDEST) + 2
