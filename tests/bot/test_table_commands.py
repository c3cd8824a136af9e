"""`comptoir import` and `comptoir export`: what an operator types, and what comes."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from bot.__main__ import main
from bot.command_line.arguments import parse
from bot.command_line.console import clock
from bot.command_line.table_arguments import EXPORTED, IMPORTED
from core.domain.people import MACHINE
from core.reports import REPORTS
from core.services.importing.columns import KINDS
from core.services.products import catalog
from core.services.work import Work
from core.storage.database import open_database
from core.storage.schema import migrate
from tests.builders import Shop

URL = "sqlite+aiosqlite:///shop.db"
PRODUCTS = "SKU,Name,Price,Tax\nLAP,Laptop,1450.50,VAT 20\nMOU,Mouse,18,\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a company in a database."""
    monkeypatch.chdir(tmp_path)

    async def make() -> None:
        async with await open_database(URL, clock=clock) as database:
            await database.write(migrate)
            await database.write(Shop)

    asyncio.run(make())
    (tmp_path / "products.csv").write_text(PRODUCTS)
    return tmp_path


def run(*arguments: str) -> int:
    return main([*arguments, "--database", URL])


def skus() -> list[str]:
    with closing(sqlite3.connect("shop.db")) as connection:
        rows = connection.execute("SELECT sku FROM product WHERE archived_at IS NULL ORDER BY sku")
        return [row[0] for row in rows]


def test_an_import_is_shown_first_and_done_with_apply(shop, capsys):
    assert run("import", "products", "products.csv") == 0
    told = capsys.readouterr().out
    assert "products.csv: Products, 2 rows" in told
    assert "Price -> List price" in told
    assert "2 new, 0 changed, 0 unchanged" in told
    assert "Nothing was changed. To import it: add --apply" in told
    assert skus() == []
    assert run("import", "products", "products.csv", "--apply") == 0
    assert "Imported: 2 new, 0 changed." in capsys.readouterr().out
    assert skus() == ["LAP", "MOU"]


def test_the_same_file_again_changes_nothing(shop, capsys):
    run("import", "products", "products.csv", "--apply")
    assert run("import", "products", "products.csv", "--apply") == 0
    assert "This very file was imported" in capsys.readouterr().out
    (shop / "products.csv").write_text(PRODUCTS + "\n")
    assert run("import", "products", "products.csv", "--apply") == 0
    assert "Everything is there already: nothing to do." in capsys.readouterr().out


def test_problems_are_told_by_row_and_nothing_is_imported(shop, capsys):
    (shop / "bad.csv").write_text("SKU,Name,Price,Colour\nA,One,x,red\nB,Two,1,\n")
    assert run("import", "products", "bad.csv", "--apply") == 1
    told = capsys.readouterr().out
    assert "the file, Colour: This column is unknown." in told
    assert "row 2, Price: “x” isn't a number." in told
    assert "2 problems." in told
    assert told.endswith("Nothing was imported.\n")
    assert run("import", "products", "bad.csv") == 1
    assert skus() == []


def test_columns_are_left_out_and_the_decimal_mark_is_said(shop, capsys):
    (shop / "x.csv").write_text("SKU;Name;Price;Colour\nA;One;1,234;red\n")
    assert run("import", "products", "x.csv", "--leave-out") == 0
    assert "1,234 is read with the decimal mark , (--decimal says another)" in (
        capsys.readouterr().out
    )
    assert run("import", "products", "x.csv", "--leave-out", "--decimal", ".", "--apply") == 0
    assert run("export", "products", "out.csv") == 0
    assert ",1234," in (shop / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.csv", None, "there is no file none.csv"),
        ("empty.csv", b"", "empty.csv is not read: there is nothing in it"),
        ("paper.xlsx", b"%PDF", "paper.xlsx is not read: it is neither CSV nor XLSX"),
        ("cut.xlsx", b"PK\x03\x04", "cut.xlsx is not read: it is damaged. Save it again"),
        ("large.csv", bytes(20_000_001), "large.csv has more than 20 megabytes. Split it"),
    ],
)
def test_what_cannot_be_read_is_said(shop, capsys, name, content, told):
    if content is not None:
        (shop / name).write_bytes(content)
    assert run("import", "products", name) == 1
    assert told in capsys.readouterr().err


def test_a_report_is_written_and_comes_back(shop, capsys):
    run("import", "products", "products.csv", "--apply")
    assert run("export", "products", "out.xlsx", "--language", "fr") == 0
    assert "out.xlsx: 2 rows" in capsys.readouterr().out
    page = openpyxl.load_workbook(io.BytesIO((shop / "out.xlsx").read_bytes())).active
    assert [page["A1"].value, page["A2"].value, page["G2"].value] == ["Référence", "LAP", 1450.5]
    assert run("import", "products", "out.xlsx") == 0
    assert "0 new, 0 changed, 2 unchanged" in capsys.readouterr().out


def test_papers_of_a_kind_and_a_time(shop, capsys):
    arguments = ["--kind", "in", "--from", "2026-01-01", "--to", "2026-12-31"]
    assert run("export", "papers", "out.csv", *arguments) == 0
    assert "out.csv: 0 rows" in capsys.readouterr().out


def test_a_form_is_needed(shop, capsys):
    assert run("export", "stock", "out.pdf") == 1
    assert "out.pdf says no form: let it end with .xlsx or .csv" in capsys.readouterr().err


def test_without_a_company_or_its_tables(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "products.csv").write_text(PRODUCTS)
    assert run("import", "products", "products.csv", "--apply") == 1
    assert "there is no database at" in capsys.readouterr().err
    with closing(sqlite3.connect("shop.db")) as empty:
        empty.execute("PRAGMA journal_mode=WAL")
    assert run("export", "products", "out.csv") == 1
    assert "has not the tables of this version" in capsys.readouterr().err
    main(["migrate", "--database", URL])
    for command in (["import", "products", "products.csv"], ["export", "products", "out.csv"]):
        assert run(*command) == 1
        assert "there is no company yet" in capsys.readouterr().err


async def test_while_the_bot_has_the_file_it_is_shown_but_not_imported(shop, capsys):
    async with await open_database(URL, clock=clock) as database:
        arguments = ("import", "products", "products.csv")
        assert await asyncio.to_thread(run, *arguments) == 0
        assert await asyncio.to_thread(run, *arguments, "--apply") == 1
        assert "Send the file to the bot, which imports it too" in capsys.readouterr().err
        await database.write(
            lambda connection: catalog.add_product(
                Work(connection, MACHINE, clock()), sku="X", name="Still works"
            )
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "animals", "x.csv"],
        ["import", "products"],
        ["export", "papers", "x.csv", "--kind", "XX"],
        ["export", "papers", "x.csv", "--from", "yesterday"],
        ["import", "products", "x.csv", "--decimal", ";"],
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert "usage: comptoir" in capsys.readouterr().err


def test_help_names_what_there_is():
    assert set(IMPORTED) == set(KINDS)
    assert set(EXPORTED) == {each.name for each in REPORTS}
