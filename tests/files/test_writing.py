"""What is written comes back, and no spreadsheet takes any of it for a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from core.files.reader import read_table
from core.files.writer import FORMATS, Sheet, Value, written
from hypothesis import given
from hypothesis import strategies as st

DANGEROUS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "'=1", "=1\n2")


def test_no_text_is_a_formula_in_csv() -> None:
    content = written(Sheet("x", ["SKU", "=Name"], [["A", each] for each in DANGEROUS]), "csv")
    cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert all(cell[:1] not in tuple("=+-@\t\r") for row in cells for cell in row)


def test_no_text_is_a_formula_in_a_workbook() -> None:
    content = written(Sheet("x", ["SKU", "=Name"], [["A", each] for each in DANGEROUS]), "xlsx")
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    for row, text in enumerate(DANGEROUS, 2):
        cell = page.cell(row, 2)
        assert (cell.data_type, cell.value) == ("s", text)
        # Editing the cell does not make a formula of it either.
        assert cell.quotePrefix
    assert page["B1"].data_type == "s"
    assert not page["A2"].quotePrefix


def test_numbers_are_numbers_and_days_are_days() -> None:
    row: list[Value] = [Decimal("-1234.50"), 7, date(2026, 1, 2), True, None]
    sheet = Sheet("x", ["a", "b", "c", "d", "e"], [row], ",", "oui", "non")
    page = openpyxl.load_workbook(io.BytesIO(written(sheet, "xlsx"))).active
    assert [page.cell(2, at).data_type for at in range(1, 6)] == ["n", "n", "d", "s", "n"]
    assert [page.cell(2, at).value for at in (1, 2, 4, 5)] == [-1234.5, 7, "oui", None]
    assert page["C2"].value.date() == date(2026, 1, 2)
    text = written(sheet, "csv").decode("utf-8-sig")
    assert text == "a;b;c;d;e\r\n-1234,50;7;2026-01-02;oui;\r\n"


def test_a_sheet_can_have_any_title() -> None:
    for title in ("a/b:c*[d]?\\e" * 5, "", "'"):
        content = written(Sheet(title, ["a", "b"], [["x", "y"]]), "xlsx")
        name = openpyxl.load_workbook(io.BytesIO(content)).active.title
        assert 0 < len(name) <= 31


# Excel has no controls in texts; spaces at the ends are nobody's wish.
TEXTS = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=20)
    .map(lambda text: text.strip(" \xa0"))
    .filter(lambda text: "\ufeff" not in text)
)
NUMBERS = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
VALUES = st.one_of(st.none(), TEXTS, NUMBERS, st.dates(date(1950, 1, 1), date(2090, 1, 1)))


@pytest.mark.parametrize("form", FORMATS)
@given(rows=st.lists(st.tuples(TEXTS.filter(bool), VALUES, VALUES), min_size=1, max_size=8))
def test_whatever_is_written_comes_back(form: str, rows: list[tuple[Value, ...]]) -> None:
    sheet = Sheet("x", ["First", "Second", "Third"], rows)
    found = read_table(written(sheet, form))
    assert found.headings == ["First", "Second", "Third"]
    for row, given_row in zip(found.rows, rows, strict=True):
        cells = [*row.cells, None, None, None][:3]
        assert [came_back(cell) for cell in cells] == [as_text(each, form) for each in given_row]


def came_back(cell: object) -> object:
    if isinstance(cell, str):
        return plain(cell)
    return cell if cell is None or isinstance(cell, date) else plain(f"{cell:f}")


def as_text(value: Value, form: str) -> object:
    match value:
        case None | "":
            return None
        case date() if form == "xlsx":
            return value
        case date():
            return value.isoformat()
        case Decimal():
            # A workbook keeps fifteen digits.
            return plain(f"{Decimal(f'{value:.15g}') if form == 'xlsx' else value:f}")
    return plain(str(value))


def plain(text: str) -> str:
    """A number without the zeros that say nothing; any other text as it is."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    if not number.is_finite():
        return text
    return f"{number.normalize() + 0:f}"
