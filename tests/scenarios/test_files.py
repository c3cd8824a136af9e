"""The owner sends tables in the chat: preview, import, undo; and takes reports out again."""

import io
from decimal import Decimal

import openpyxl
import pytest
from pypdf import PdfReader

from bot.screens.settings.imports import STATES
from core.files.reader import read_table
from core.services.products import catalog, product_views
from core.services.work import Work
from tests.people import SAMSON
from tests.scenarios.stage import Stage

PRODUCTS = (
    "Référence;Désignation;Prix de vente HT (€);TVA;Unité;Seuil d'alerte;Couleur\n"
    "LAP-14;Portable Pro;1 500,00;20 %;pièce;5;noir\n"
    "XX-1;Câble HDMI;12,50;20;pièce;;\n"
    "XX-2;Écran 27;249,90;20;u;2;gris\n"
).encode("cp1252")


async def product(stage: Stage, sku: str) -> product_views.ProductRecord:
    def find(work: Work) -> product_views.ProductRecord:
        found = catalog.product_of(work, sku=sku)
        return product_views.load(work.connection, [found])[found]

    record: product_views.ProductRecord = await stage.does(find)
    return record


async def test_products_in_four_touches_and_back_in_one(stage: Stage, samson) -> None:
    await samson.sends_document("produits.csv", PRODUCTS)
    await samson.taps("read_again", "left_out", 1)
    samson.sees_line(2, "·", 1)
    samson.sees("Prix de vente HT (€) → ", "Couleur")
    await samson.taps("import", 3)
    assert samson.touches == 3
    samson.sees_line(2, "·", 1)
    assert (await product(stage, "XX-2")).list_price == Decimal("249.9")
    assert (await product(stage, "LAP-14")).list_price == Decimal(1500)
    # What was imported is found by typing at once.
    await samson.says("ecran")
    samson.sees("Écran 27")
    await samson.says("/import")
    await samson.taps_all(("import_file", "produits.csv"), ("undo_import", 3))
    samson.reads(STATES["undone"])
    assert (await product(stage, "LAP-14")).list_price == Decimal(1450)
    assert (await product(stage, "XX-2")).archived


async def test_the_same_file_again_changes_nothing_and_says_so(samson) -> None:
    file = "SKU,Name,Price\nA-1,One,1\nA-2,Two,2\n"
    await samson.sends_document("a.csv", file)
    await samson.taps("import", 2)
    await samson.sends_document("renamed.csv", file)
    samson.sees(2, "10:00")
    assert not samson.can("import")


async def test_a_tap_that_comes_twice_imports_once(stage: Stage, samson) -> None:
    await samson.sends_document("stock.csv", "SKU,On hand,Cost\nLAP-14,10,1000\n")
    await samson.taps("import", 1)
    await samson.taps_again()
    level = await stage.level("LAP-14")
    assert (level.on_hand, level.value_minor) == (10, 1_000_000)


async def test_opening_stock_is_a_paper_and_undo_reverses_it(stage: Stage, samson) -> None:
    table = "Code;Quantité;Coût unitaire\nLAP-14;10;1 000,00\nCAB;2,5;1\n"
    await samson.sends_document("stock.csv", table)
    samson.sees("12.5")
    await samson.taps("import", 2)
    await samson.says("AJ-2026-0001")
    samson.sees("AJ-2026-0001")
    await samson.taps("paper")
    paper = PdfReader(io.BytesIO(samson.document())).pages[0].extract_text()
    assert "LAP-14" in paper
    await samson.says("/import")
    await samson.taps_all(("import_file", "stock.csv"), ("undo_import", 2))
    level = await stage.level("LAP-14")
    assert (level.on_hand, level.value_minor) == (0, 0)


async def test_undo_is_refused_once_goods_were_sold(stage: Stage, samson, lea) -> None:
    await samson.sends_document("new.csv", "SKU,Name,Price\nNEW,Newest thing,10\n")
    await samson.taps("import", 1)
    await lea.orders("Papeterie Martin: 1 newest")
    await samson.says("/import")
    await samson.taps_all(("import_file", "new.csv"), ("undo_import", 1))
    samson.is_refused("import_built_on", "Newest thing")
    assert not (await product(stage, "NEW")).archived


def long_table() -> str:
    rows = "".join(f"L{at},Long thing {at} {at * 7919 % 10007},{at}.25\n" for at in range(3000))
    return f"SKU,Name,Price\n{rows}"


async def test_a_long_file_is_worked_on_beside_the_chats(stage: Stage, samson) -> None:
    await samson.sends_document("long.csv", long_table())
    await samson.taps("import", 3000)
    samson.sees(3000)
    assert (await product(stage, "L2999")).list_price == Decimal("2999.25")
    # What it would do has changed before the job comes to it: it is shown again, not done.
    await samson.sends_document("more.csv", long_table().replace(".25", ".5"))
    samson.sees(3000)
    edit = await product(stage, "L0")
    await stage.does(
        catalog.change_product, edit.id, revision=edit.revision, list_price=Decimal("0.5")
    )
    await samson.taps("import", 3000)
    samson.sees_line(2999, "·", 1)
    await samson.taps("import", 2999)
    samson.sees_line(2999, "·", 1)
    assert (await product(stage, "L2999")).list_price == Decimal("2999.5")


async def test_a_number_that_can_be_read_in_two_ways(stage: Stage, samson) -> None:
    await samson.sends_document("prices.csv", "SKU;Name;Price\nP-1;Piano;1,234\n")
    samson.sees_line("1,234", "1.234")
    await samson.taps_all(("read_again", 1234), ("import", 1))
    assert (await product(stage, "P-1")).list_price == 1234


HOSTILE = {
    "empty.csv": (b"", "file_empty"),
    "broken.xlsx": (b"PK\x03\x04 broken", "file_damaged"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + bytes(100), "file_old_or_locked"),
    "paper.pdf": (b"%PDF-1.7", "file_no_table"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_cannot_be_read_is_answered_in_words(samson, name: str) -> None:
    content, refusal = HOSTILE[name]
    await samson.sends_document(name, content)
    samson.is_refused(refusal)


async def test_a_file_of_somebody_else_is_no_import(lea) -> None:
    await lea.sends_document("products.csv", "SKU,Name\nA,One\n")
    assert not lea.can("import")
    await lea.says("/import")
    lea.does_not_see("CSV")


async def test_every_report_comes_as_a_file(samson) -> None:
    await samson.says("/export")
    label = samson.button("report", "products").label
    await samson.taps_all(("report", "products"), ("export", "xlsx"))
    assert samson.document_name() == f"{label} 2026-11-24.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(samson.document())).active
    assert "LAP-14" in [row[0].value for row in page.iter_rows(min_row=2)]
    assert page["G2"].data_type == "n"
    # It comes back as it is.
    await samson.sends_document("back.xlsx", samson.document())
    samson.sees(5)
    assert not samson.can("import")


async def test_papers_of_a_kind_and_a_time(samson, lea) -> None:
    await lea.orders("Papeterie Martin: 2 mouse m2")
    await samson.says("/export")
    await samson.taps_all(("report", "lines"), "report_kind", ("report", "lines:SO:month"))
    await samson.taps_all(("report", "year"), ("export", "csv"))
    (row,) = read_table(samson.document()).rows
    assert row.cells[0] == "SO-2026-0001"
    assert "MOU-2" in row.cells
    await samson.taps_all(("report", "last"), ("export", "csv"))
    assert samson.document().decode("utf-8-sig").count("\n") == 1
    assert samson.document_name().endswith("2025-01-01 2025-12-31.csv")


async def test_a_crash_before_a_long_import_is_done_is_not_noticed(stage: Stage, samson) -> None:
    stage.world.sends_document(SAMSON, "long.csv", long_table().encode())
    # The file is kept and its card queued; the process dies before anybody looks into it.
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    stage.again()
    # What the dead one was about to send is free once its lease has ended.
    stage.clock.passes(minutes=2)
    await stage.settle()
    assert samson.can("import", 3000)
