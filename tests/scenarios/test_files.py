"""The owner sends tables in the chat: preview, import, undo; and takes reports out again."""

import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from pypdf import PdfReader

from core.files.reading import read_table
from core.i18n import Translator, translator
from core.services import catalog, products, stock
from core.services.audit import audit
from core.services.work import Work
from tests.chat import Chat
from tests.scenarios.stage import LEA, SAMSON, Stage

PRODUCTS = (
    "Référence;Désignation;Prix de vente HT (€);TVA;Unité;Seuil d'alerte;Couleur\n"
    "LAP-14;Portable Pro;1 500,00;20 %;pièce;5;noir\n"
    "XX-1;Câble HDMI;12,50;20;pièce;;\n"
    "XX-2;Écran 27;249,90;20;u;2;gris\n"
).encode("cp1252")


class Owner:
    """Samson's chat, whose buttons are named by their English texts."""

    def __init__(self, chat: Chat, words: Translator) -> None:
        self.chat = chat
        self.words = words

    def text(self, message: str, **facts: object) -> str:
        return self.words.text(message, **facts)

    def plural(self, one: str, many: str, count: int) -> str:
        return self.words.plural(one, many, count)

    async def sends(self, name: str, content: bytes | str) -> None:
        given = content.encode() if isinstance(content, str) else content
        await self.chat.sends_document(name, given)

    async def taps(self, message: str, **facts: object) -> None:
        # TODO ('"export", "lines:SO:last:csv"',) || ('"export", "lines:SO:year:csv"',) || ('"export", "products::month:xlsx"',) || ('"import", 1',) || ('"import", 2',) || ('"import", 2999',) || ('"import", 3',) || ('"import", 3000',) || ('"paper"',) || ('"read_again", "mark.", 1234',) || ('"report", "lines"',) || ('"report", "lines:SO:last"',) || ('"report", "lines:SO:month"',) || ('"report", "lines:SO:year"',)
        await self.chat.taps(self.text(message, **facts))

    def sees(self, message: str, **facts: object) -> None:
        self.chat.sees(self.text(message, **facts))

    def counted(self, *, new: int = 0, changed: int = 0, unchanged: int = 0) -> None:
        """The figures of the card are these."""
        parts = (
            ("{count} new", new), ("{count} changed", changed), ("{count} unchanged", unchanged),
        )  # fmt: skip
        found = [self.plural(text, text, number) for text, number in parts if number]
        self.chat.sees(" · ".join(found))


@pytest.fixture
def owner(stage: Stage, language: str) -> Owner:
    return Owner(stage.chat(SAMSON), translator(language))


async def product(stage: Stage, sku: str) -> products.ProductRecord:
    def find(work: Work) -> products.ProductRecord:
        found = catalog.product_of(work, sku=sku)
        return products.load(work.connection, [found])[found]

    record: products.ProductRecord = await stage.does(find)
    return record


async def test_products_in_four_touches_and_back_in_one(stage: Stage, owner: Owner) -> None:
    before = owner.chat.touches
    await owner.sends("produits.csv", PRODUCTS)
    owner.sees("This column is not known. Delete it, rename it or leave it out.")
    await owner.taps("read_again", "left_out", 1)
    owner.counted(new=2, changed=1)
    owner.chat.sees("Prix de vente HT (€) → ", "Couleur")
    await owner.taps("import", 3)
    assert owner.chat.touches - before == 3
    owner.counted(new=2, changed=1)
    assert (await product(stage, "XX-2")).list_price == Decimal("249.9")
    assert (await product(stage, "LAP-14")).list_price == Decimal(1500)
    # What was imported is found by typing at once.
    await owner.chat.says("ecran")
    owner.chat.sees("Écran 27")
    await owner.chat.says("/import")
    await owner.taps("import_file")
    await owner.taps("undo_import", 3)
    owner.sees("Undone: everything is as it was before.")
    assert (await product(stage, "LAP-14")).list_price == Decimal(1450)
    assert (await product(stage, "XX-2")).archived


async def test_the_same_file_again_changes_nothing_and_says_so(stage: Stage, owner: Owner) -> None:
    file = "SKU,Name,Price\nA-1,One,1\nA-2,Two,2\n"
    await owner.sends("a.csv", file)
    await owner.taps("import", 2)
    await owner.sends("renamed.csv", file)
    owner.counted(unchanged=2)
    shown = owner.text(
        "This very file was imported {moment}: nothing is left to do.",
        moment=owner.words.moment(stage.clock(), ZoneInfo("Europe/Paris")),
    )
    owner.chat.sees(shown)
    assert not any(label.startswith(owner.text("Import")) for label in owner.chat.labels())


async def test_a_tap_that_comes_twice_imports_once(stage: Stage, owner: Owner) -> None:
    await owner.sends("stock.csv", "SKU,On hand,Cost\nLAP-14,10,1000\n")
    await owner.taps("import", 1)
    await owner.chat.taps_again()
    laptop = stage.crimson.products["LAP-14"]
    level = (await stage.asks(stock.levels, [laptop]))[laptop]
    assert (level.on_hand, level.value_minor) == (10, 1_000_000)
    assert await stage.asks(audit) == []


async def test_opening_stock_is_a_paper_and_undo_reverses_it(stage: Stage, owner: Owner) -> None:
    laptop = stage.crimson.products["LAP-14"]
    await owner.sends("stock.csv", "Code;Quantité;Coût unitaire\nLAP-14;10;1 000,00\nCAB;2,5;1\n")
    owner.chat.sees(owner.words.number(Decimal("12.5")))
    await owner.taps("import", 2)
    await owner.chat.says("AJ-2026-0001")
    owner.chat.sees("AJ-2026-0001")
    await owner.taps("paper")
    paper = PdfReader(io.BytesIO(owner.chat.document())).pages[0].extract_text()
    assert "LAP-14" in paper
    await owner.chat.says("/import")
    await owner.taps("import_file")
    await owner.taps("undo_import", 2)
    level = (await stage.asks(stock.levels, [laptop]))[laptop]
    assert (level.on_hand, level.value_minor) == (0, 0)
    assert await stage.asks(audit) == []


async def test_undo_is_refused_once_goods_were_sold(stage: Stage, owner: Owner) -> None:
    await owner.sends("new.csv", "SKU,Name,Price\nNEW,Newest thing,10\n")
    await owner.taps("import", 1)
    lea = stage.chat(LEA)
    await lea.orders("Papeterie Martin: 1 newest")
    await owner.chat.says("/import")
    await owner.taps("import_file")
    await owner.taps("undo_import", 1)
    names = owner.words.list(["Newest thing"])
    owner.sees("This cannot be undone any more: there is newer work with {names}.", names=names)
    assert not (await product(stage, "NEW")).archived


async def test_a_long_file_is_worked_on_beside_the_chats(stage: Stage, owner: Owner) -> None:
    rows = "".join(f"L{at},Long thing {at} {at * 7919 % 10007},{at}.25\n" for at in range(3000))
    await owner.sends("long.csv", f"SKU,Name,Price\n{rows}")
    owner.counted(new=3000)
    await owner.taps("import", 3000)
    owner.counted(new=3000)
    assert (await product(stage, "L2999")).list_price == Decimal("2999.25")
    # What it would do has changed before the job comes to it: it is shown again, not done.
    await owner.sends("more.csv", f"SKU,Name,Price\n{rows.replace('.25', '.5')}")
    owner.counted(changed=3000)
    edit = await product(stage, "L0")
    await stage.does(
        catalog.change_product, edit.id, revision=edit.revision, list_price=Decimal("0.5")
    )
    await owner.taps("import", 3000)
    owner.counted(changed=2999, unchanged=1)
    await owner.taps("import", 2999)
    owner.counted(changed=2999, unchanged=1)
    assert (await product(stage, "L2999")).list_price == Decimal("2999.5")


async def test_a_number_that_can_be_read_in_two_ways(stage: Stage, owner: Owner) -> None:
    await owner.sends("prices.csv", "SKU;Name;Price\nP-1;Piano;1,234\n")
    read = owner.words.number(Decimal("1.234"))
    owner.sees("“{text}” is read as {number}.", text="1,234", number=read)
    await owner.taps("read_again", "mark.", 1234)
    await owner.taps("import", 1)
    assert (await product(stage, "P-1")).list_price == 1234


HOSTILE = {
    "empty.csv": (b"", "There is nothing in this file, or nothing below its headings."),
    "broken.xlsx": (
        b"PK\x03\x04 broken",
        "This file is damaged and cannot be read to its end. Save it again and send that.",
    ),
    "old.xls": (
        b"\xd0\xcf\x11\xe0" + bytes(100),
        "This file is of an old Excel, or has a password. Save it as XLSX without one.",
    ),
    "paper.pdf": (
        b"%PDF-1.7",
        "This is no table that can be read. Save it as CSV or XLSX and send it as a file.",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_cannot_be_read_is_answered_in_words(
    stage: Stage, owner: Owner, name: str
) -> None:
    content, told = HOSTILE[name]
    await owner.sends(name, content)
    owner.sees(told)


async def test_a_file_of_somebody_else_is_no_import(stage: Stage, owner: Owner) -> None:
    lea = stage.chat(LEA)
    await lea.sends_document("products.csv", b"SKU,Name\nA,One\n")
    lea.does_not_see("products.csv ·")
    await lea.says("/import")
    lea.does_not_see(owner.text("Send a CSV or XLSX file: it is shown before anything changes."))


async def test_every_report_comes_as_a_file(stage: Stage, owner: Owner) -> None:
    await owner.chat.says("/export")
    await owner.taps("report", "products")
    await owner.taps("export", "products::month:xlsx")
    assert owner.chat.document_name() == f"{owner.text('Products')} 2026-11-24.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(owner.chat.document())).active
    assert page["A1"].value == owner.text("SKU")
    assert page["G2"].data_type == "n"
    # It comes back as it is.
    await owner.sends("back.xlsx", owner.chat.document())
    owner.counted(unchanged=5)
    owner.sees("Everything is there already: nothing is left to do.")


async def test_papers_of_a_kind_and_a_time(stage: Stage, owner: Owner) -> None:
    lea = stage.chat(LEA)
    await lea.orders("Papeterie Martin: 2 mouse m2")
    await owner.chat.says("/export")
    await owner.taps("report", "lines")
    await owner.taps("report_kind")
    await owner.taps("report", "lines:SO:month")
    await owner.taps("report", "lines:SO:year")
    await owner.taps("export", "lines:SO:year:csv")
    (row,) = read_table(owner.chat.document()).rows
    assert row.cells[0] == "SO-2026-0001"
    assert "MOU-2" in row.cells
    await owner.taps("report", "lines:SO:last")
    await owner.taps("export", "lines:SO:last:csv")
    assert owner.chat.document().decode("utf-8-sig").count("\n") == 1
    names = "2025-01-01 2025-12-31.csv"
    assert owner.chat.document_name().endswith(names)


async def test_a_crash_before_a_long_import_is_done_is_not_noticed(
    stage: Stage, owner: Owner
) -> None:
    rows = "".join(f"L{at},Long thing {at} {at * 7919 % 10007},{at}.25\n" for at in range(3000))
    stage.world.sends_document(SAMSON, "long.csv", f"SKU,Name,Price\n{rows}".encode())
    # The file is kept and its card queued; the process dies before anybody looks into it.
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    stage.again()
    # What the dead one was about to send is free once its lease has ended.
    stage.clock.passes(minutes=2)
    await stage.settle()
    owner.counted(new=3000)
