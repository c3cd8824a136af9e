"""Tables as people send them, and files that mean harm: read, or refused before they cost much."""

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from core.files.csv_reader import decoded, quoted, unquoted
from core.files.reader import answered, read_table, understood
from core.files.sandbox import read_packed

from core.domain.errors import Refusal
from core.files import sandbox
from core.files import table as tables
from core.files.refusals import (
    REFUSALS,
    FileDamaged,
    FileEmpty,
    FileNoTable,
    FileNotTrusted,
    FileOldOrLocked,
    FileTooLarge,
    FileTooLong,
    FileUnpacksTooLarge,
)
from core.files.table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Odd, Table

HEAD = "Référence;Désignation;Prix"


def rows_of(content: bytes) -> list[list[object]]:
    return [list(row.cells) for row in read_table(content).rows]


def workbook(*rows: list[object], **sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        page = book.create_sheet(name)
        for row in others:
            page.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.infolist():
            new.writestr(each, part if each.filename == name else old.read(each))
    return made.getvalue()


# --- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_encoding_and_line_end(delimiter: str, encoding: str, end: str) -> None:
    text = end.join([f"{HEAD};", "A-1;Câble;1", "B-2;Été;2;"]) + end
    found = read_table(text.replace(";", delimiter).encode(encoding))
    assert found.headings == HEAD.split(";")
    assert found.delimiter == delimiter
    assert [(row.number, list(row.cells)) for row in found.rows] == [
        (2, ["A-1", "Câble", "1"]),
        (3, ["B-2", "Été", "2"]),
    ]


def test_decimal_commas_are_no_delimiters() -> None:
    content = b"SKU;Name;Price;Note\nA;x;1 450,00;\nB;y;1,20;\nC;z;9,90;\n"
    assert read_table(content).headings == ["SKU", "Name", "Price", "Note"]


def test_excel_names_its_delimiter() -> None:
    found = read_table(b"sep=|\r\nSKU|Name\r\nA|one, two; three\r\n")
    assert (found.headings, found.delimiter) == (["SKU", "Name"], "|")
    assert list(found.rows[0].cells) == ["A", "one, two; three"]
    # A spreadsheet counts that line too.
    assert found.rows[0].number == 3


def test_a_title_above_and_empty_lines_are_passed_over() -> None:
    found = read_table(b"Our price list\n\nSKU,Name\n\nA,One\n,\nB,Two\n")
    assert found.headings == ["SKU", "Name"]
    assert [row.number for row in found.rows] == [5, 7]


def test_quotes_hold_delimiters_and_lines() -> None:
    assert rows_of(b'SKU,Name\nA,"one, ""two""\nthree"\n') == [["A", 'one, "two"\nthree']]


def test_a_formula_is_seen_and_an_apostrophe_says_that_it_is_none() -> None:
    assert rows_of(b"SKU,Name\n'=A,=1+1\n'+33,'quoted'\n") == [
        ["=A", Odd("formula", "=1+1")],
        ["+33", "'quoted'"],
    ]


@pytest.mark.parametrize("text", ["", "a", "=1", "+1", "-1", "@a", "\ta", "'", "'=1", "''a", "'a"])
def test_what_is_quoted_comes_back(text: str) -> None:
    assert unquoted(quoted(text)) == text
    assert quoted(text)[:1] not in tuple("=+-@\t\r")


def test_utf_16_without_a_mark_in_either_order() -> None:
    assert decoded("SKU;Name".encode("utf-16-be")) == "SKU;Name"
    assert decoded("SKU;Name".encode("utf-16-le")) == "SKU;Name"


# --- XLSX --------------------------------------------------------------------------------------


def test_cells_keep_their_kinds() -> None:
    content = workbook(
        ["SKU", "Price", "Day", "Flag", "Text", "Sum", "Error"],
        ["A", 19.99, date(2026, 1, 2), True, "=no formula", "=SUM(B2)", "#N/A"],
        [None, 0.1 + 0.2, None, None, "x", None, None],
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["E2"].data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    first, second = rows_of(saved.getvalue())
    assert first == [
        "A", Decimal("19.99"), date(2026, 1, 2), True, "=no formula",
        Odd("formula", "=SUM(B2)"), Odd("error", "#N/A"),
    ]  # fmt: skip
    assert second == [None, Decimal("0.3"), None, None, "x"]


def test_the_first_sheet_with_a_table_is_read_and_named() -> None:
    content = workbook(["only a note"], Stock=[["SKU", "On hand"], ["A", 1]], Other=[["x", "y"]])
    found = read_table(content)
    assert (found.sheet, found.headings) == ("Stock", ["SKU", "On hand"])


def test_times_are_no_days() -> None:
    moment = datetime(2026, 1, 2, 10, 30)  # noqa: DTZ001 - a spreadsheet's have no zone
    cells = rows_of(workbook(["A", "B"], [moment, time(9, 0)]))[0]
    assert [each.kind for each in cells] == ["moment", "moment"]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{}</sheetData></worksheet>"
)


def test_a_text_in_its_cell_is_read_with_its_fonts_and_without_what_is_only_said_aloud() -> None:
    cells = (
        "<is><t>plain</t></is>",
        "<is><r><rPr><b/></rPr><t>half </t></r><r><t>bold</t></r></is>",
        "<is><t>\u6771\u4eac</t><rPh sb='0' eb='2'><t>\u30c8\u30a6</t></rPh></is>",
        "<is/>",
    )
    row = "".join(f'<c t="inlineStr">{each}</c>' for each in cells)
    part = SHEET.format(f"<row>{row}</row><row r='7'>{row}</row><row r='7'>{row}</row>").encode()
    found = read_table(with_part(BOOK, "xl/worksheets/sheet1.xml", part))
    texts = ["plain", "half bold", "\u6771\u4eac"]
    assert found.headings == texts
    assert [(each.number, list(each.cells)) for each in found.rows] == [(7, texts)]


def test_a_sheet_that_does_not_say_its_size_is_not_read_once_more_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    whole = zipfile.ZipFile.open

    def watched(archive: zipfile.ZipFile, name: object, *rest: object) -> object:
        opened.append(getattr(name, "filename", str(name)))
        return whole(archive, name, *rest)  # type: ignore[arg-type]  # handed on

    part = SHEET.format("<row><c><v>1</v></c><c><v>2</v></c></row>" * 2).encode()
    content = with_part(BOOK, "xl/worksheets/sheet1.xml", part)
    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    assert rows_of(content) == [[1, 2]]
    # Once to see that it names no entities, once for its rows.
    assert opened.count("xl/worksheets/sheet1.xml") == 2


def test_a_table_is_the_same_after_packing() -> None:
    content = workbook(["A", "B"], ["x", 1.5], [date(2026, 1, 2), True], ["=1+1", None])
    found = read_table(content)
    again = tables.load(tables.dump(found))
    assert [list(row.cells) for row in again.rows] == [list(row.cells) for row in found.rows]
    assert again.headings == found.headings


# --- Hostile -----------------------------------------------------------------------------------

BOOK = workbook(["SKU", "Name"], ["A", "One"])
ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


def bomb() -> bytes:
    """A small archive that says of itself that it is 100 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(100_000_000))
    return made.getvalue()


def archive_of_text() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("read me.txt", "hello")
    return made.getvalue()


def wide() -> bytes:
    return ("SKU,Name\n" + ",".join("x" * (MOST_COLUMNS + 1)) + "\n").encode()


def long() -> bytes:
    return b"SKU,Name\n" + b"a,b\n" * (MOST_ROWS + 30)


HOSTILE: dict[str, tuple[bytes, type[Refusal]]] = {
    "nothing": (b"", FileEmpty),
    "a mark alone": (b"\xef\xbb\xbf\r\n", FileEmpty),
    "headings alone": (b"SKU,Name\n", FileEmpty),
    "delimiters alone": (b";;\n;\n", FileNoTable),
    "an empty workbook": (workbook(), FileNoTable),
    "a workbook of headings": (workbook(["SKU", "Name"]), FileEmpty),
    "one column": (b"SKU\nA\n", FileNoTable),
    "a paper": (b"%PDF-1.7 ...", FileNoTable),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FileNoTable),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), FileNoTable),
    "an odd number of bytes": ("SKU;Name".encode("utf-16")[:-1], FileNoTable),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), FileOldOrLocked),
    "too large": (bytes([65]) * (MOST_BYTES + 1), FileTooLarge),
    "a bomb": (bomb(), FileUnpacksTooLarge),
    "entities": (with_part(BOOK, "xl/worksheets/sheet1.xml", ENTITY), FileNotTrusted),
    "entities in the strings": (with_part(BOOK, "xl/styles.xml", ENTITY), FileNotTrusted),
    "another archive": (archive_of_text(), FileNoTable),
    "cut off": (BOOK[: len(BOOK) // 2], FileDamaged),
    "bytes turned": (BOOK[:200] + bytes(400) + BOOK[600:], FileDamaged),
    "broken xml": (with_part(BOOK, "xl/worksheets/sheet1.xml", b"<worksheet><row>"), FileDamaged),
    "an open quote": (b'SKU,Name\nA,"one\nB,two\n', FileDamaged),
    "too many columns": (wide(), FileTooLong),
    "too many rows": (long(), FileTooLong),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_cannot_be_read_is_refused_in_words(name: str) -> None:
    content, refusal = HOSTILE[name]
    with pytest.raises(refusal):
        read_table(content)
    with pytest.raises(refusal):
        await read_packed(content)


def test_a_cell_at_the_end_of_the_sheet_costs_nothing() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["A2"] = "SKU", "Name", "A"
    book.active["XFD3"] = "far away"
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(FileTooLong):
        read_table(saved.getvalue())


def test_an_answer_carries_the_table_or_the_refusal() -> None:
    assert tables.load(understood(answered(b"SKU,Name\nA,One\n"))).headings == ["SKU", "Name"]
    with pytest.raises(FileTooLong) as refused:
        understood(answered(wide()))
    assert refused.value.facts == {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
    assert set(REFUSALS) == {each.code for each in REFUSALS.values()}


async def test_a_workbook_is_read_apart() -> None:
    found = tables.load(await read_packed(BOOK))
    assert found == Table(["SKU", "Name"], found.rows)
    assert list(found.rows[0].cells) == ["A", "One"]


async def test_a_workbook_that_takes_too_long_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "MOST_SECONDS", 0)
    with pytest.raises(FileNotTrusted):
        await read_packed(BOOK)


async def test_a_workbook_at_which_its_process_dies_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Without its library Python ends before it has read anything.
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    with pytest.raises(FileNotTrusted):
        await read_packed(BOOK)
