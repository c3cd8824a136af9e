"""Importing products: new, changed, unchanged, refused by row, undone."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.files.reader import read_table
from core.files.table import dump
from core.services import importing, search
from core.services.documents.drafting import NewLine
from core.services.importing import ImportBuiltOn, ImportImpossible, ImportRecord, Options
from core.services.importing.problems import SHORTENED
from core.services.people import merging
from core.services.products import catalog, product_views
from core.services.products.product_views import ProductRecord
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage import tables
from tests.actors import LEA
from tests.builders import Shop, story
from tests.company import OpenCompany
from tests.services.importing.tables import counts, imports, offers, problems, undoes, workbook

FRENCH = (
    "Réf.;Désignation;Prix de vente HT (€);TVA;Unité;Seuil d'alerte;Code-barres;Emplacement\n"
    "LAP-14;Portable Pro;1 450,00;20 %;pièce;5;4006381333931;B3\n"
    "CAB;Câble réseau;1,205;5,5;mètre;;;\n"
    "FRET;Transport;90;;;;;\n"
)


def product(shop: Shop, sku: str, **language: str) -> ProductRecord:
    """Return a product by its code."""
    found = catalog.product_of(shop.work, sku=sku)
    return product_views.load(shop.connection, [found], **language)[found]


@story
def test_a_french_table_adds_products(shop: Shop) -> None:
    done = imports(shop, FRENCH)
    assert (done.state, done.kind) == ("done", "products")
    assert counts(done.summary.change) == (3, 0, 0)
    laptop, cable = product(shop, "lap-14"), product(shop, "CAB")
    assert laptop.name == "Portable Pro"
    assert laptop.list_price == Decimal(1450)
    assert laptop.reorder_level == 5
    assert (laptop.barcode, laptop.shelf) == ("4006381333931", "B3")
    assert (cable.unit, cable.unit_digits) == ("m", 2)
    assert cable.list_price == Decimal("1.205")


@story
def test_imported_products_are_found_by_typing(shop: Shop) -> None:
    imports(shop, FRENCH)
    hits = search.products(shop.work, "portbale")
    assert [each.name for each in hits] == ["Portable Pro"]


@story
def test_only_what_differs_is_changed_and_empty_cells_are_ignored(shop: Shop) -> None:
    imports(shop, FRENCH)
    offered = offers(shop, "Shelf,SKU,Price\n,LAP-14,1500\nB4,cab,\n,FRET,90.00\n")
    assert counts(offered.summary.change) == (0, 2, 1)
    importing.apply(shop.work, offered.id, revision=offered.revision)
    laptop, cable = product(shop, "LAP-14"), product(shop, "CAB")
    assert (laptop.list_price, laptop.shelf) == (Decimal(1500), "B3")
    assert (cable.list_price, cable.shelf) == (Decimal("1.205"), "B4")
    assert laptop.revision == 1


@story
def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    imports(shop, FRENCH)
    again = offers(shop, FRENCH)
    assert again.earlier == shop.now
    assert counts(again.summary.change) == (0, 0, 3)
    with pytest.raises(ImportImpossible):
        importing.apply(shop.work, again.id, revision=again.revision)


@story
def test_names_are_imported_in_other_languages(shop: Shop) -> None:
    imports(shop, "SKU,Name,Nom (français)\nA,Cable,Câble\nB,Mouse,\n")
    assert product(shop, "A", language="fr").name == "Câble"
    changed = offers(shop, "SKU,Name (French)\nA,Câble\nB,Souris\n")
    assert counts(changed.summary.change) == (0, 1, 1)
    # The company's language is English, so this is the product's own name unless the row has one.
    imports(shop, "SKU,Name,Name (English)\nC,,Screen\nD,Case,Box\n")
    assert [product(shop, sku).name for sku in ("C", "D")] == ["Screen", "Case"]


WRONG = {
    "a formula": ("A,x,=1+1", "2 Price: This is a formula. Replace it with its value."),
    "no number": ("A,x,abc", "2 Price: “abc” isn't a number."),
    "below zero": ("A,x,-1", "2 Price: -1 can't be negative."),
    "too fine": ("A,x,1.1234567", "2 Price: 1.1234567 has too many decimals: use at most 6."),
    "too large": ("A,x,9999999999999", "2 Price: 9999999999999 is too large."),
    "another currency": ("A,x,12 USD", "2 Price: “12 USD” isn't in EUR."),
    "no name": ("A,,1", "2 Name: This is required but empty."),
    "no code": (",x,1", "2 SKU: This is required but empty."),
    "a shortened code": (
        "4.00638E+12,x,1",
        f"2 SKU: {SHORTENED.replace('{text}', '4.00638E+12')}",
    ),
    "too long": (f"A,{'x' * 201},1", "2 Name: This is 201 characters long. The maximum is 200."),
    "twice": ("A,x,1\na,y,2", "3 SKU: Same as row 2: “a”. Delete one of them."),
}


@pytest.mark.parametrize("name", WRONG)
@story
def test_problems_are_listed_by_row_and_column(shop: Shop, name: str) -> None:
    rows, told = WRONG[name]
    offered = offers(shop, f"SKU,Name,Price\n{rows}\nZ,right,1\n")
    assert problems(offered) == [told]
    assert offered.state == "refused"
    with pytest.raises(ImportImpossible):
        importing.apply(shop.work, offered.id, revision=offered.revision)
    assert catalog.count_products(shop.work) == 0


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("Tax", "reduced", "There is no tax called “reduced”. Choose from: VAT 20, VAT 5.5."),
        ("Tax", "19.6 %", "There is no tax called “19.6 %”. Choose from: VAT 20, VAT 5.5."),
        (
            "Unit",
            "bushel",
            "“bushel” isn't one of these: piece, box, metre, kilogram, litre, hour.",
        ),
        ("Type", "animal", "“animal” isn't one of these: goods, service."),
        ("Decimals", "7", "7 is too large."),
    ],
)
@story
def test_unknown_words_are_refused_with_the_known_ones(
    shop: Shop, column: str, cell: str, told: str
) -> None:
    offered = offers(shop, f"SKU,Name,{column}\nA,x,{cell}\n")
    assert problems(offered) == [f"2 {column}: {told}"]


DAY = date(2026, 1, 2)
ODD_CELLS = {
    "a day as a code": (
        [DAY, "x", 1],
        (
            "2 SKU: Your spreadsheet turned a code into the date 2026-01-02. "
            "Format the column as text and type the code again."
        ),
    ),
    "a fraction as a code": (
        [4006.5, "x", 1], "2 SKU: “4006.5” is a decimal number, not a code.",
    ),
    "a number longer than a spreadsheet keeps": (
        [4006381333931001, "x", 1],
        f"2 SKU: {SHORTENED.replace('{text}', '4006381333931001')}",
    ),
    "an error": (["A", "#N/A", 1], "2 Name: This cell contains the error #N/A."),
    "a time": (
        ["A", datetime(2026, 1, 2, 9, 30), 1],  # noqa: DTZ001 - a spreadsheet's have no zone
        "2 Name: “2026-01-02 09:30:00” is a time. Enter a date only.",
    ),
    "a day as a price": (["A", "x", DAY], "2 Price: “2026-01-02” isn't a number."),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_CELLS)
@story
def test_cells_that_a_spreadsheet_changed_are_refused(shop: Shop, name: str) -> None:
    row, told = ODD_CELLS[name]
    offered = offers(shop, workbook(["SKU", "Name", "Price"], row))
    assert problems(offered) == [told]


@story
def test_codes_and_names_that_became_numbers_are_texts_again(shop: Shop) -> None:
    imports(
        shop,
        workbook(
            ["SKU", "Name", "Tax"],
            [4006, 7.5, 0.2], ["DAY", DAY, 5.5], ["YES", True, None], ["NO", False, None],
        ),
    )  # fmt: skip
    found = [product(shop, sku) for sku in ("4006", "DAY", "YES", "NO")]
    assert [each.name for each in found] == ["7.5", "2026-01-02", "1", "0"]
    # A spreadsheet keeps a percentage as a fraction.
    quote = shop.drafts("quote", *(NewLine(each.id, Decimal(1)) for each in found[:2]))
    lines = shop.sees(quote).lines
    assert [each.line.tax_percent for each in lines] == [Decimal(20), Decimal("5.5")]


@story
def test_unknown_and_missing_columns_are_named(shop: Shop) -> None:
    unknown = offers(shop, "SKU,Name,Colour\nA,x,red\n")
    assert unknown.summary.unknown == ["Colour"]
    assert problems(unknown) == [
        "0 Colour: This column is unknown. Delete it, rename it or ignore it."
    ]
    assert offers(shop, "SKU,Name,Colour\nA,x,red\n", left_out=True).state == "offered"
    double = offers(shop, "SKU,Code,Name\nA,B,x\n")
    assert problems(double) == [
        "0 Code: Two columns mean the same: “SKU” and this one. Delete one."
    ]
    gap = offers(shop, "SKU,,Name\nA,,x\n")
    assert (gap.state, gap.summary.unknown) == ("offered", [])
    nothing = offers(shop, "Colour,Size\nred,big\n")
    assert nothing.kind == ""
    (told,) = problems(nothing)
    assert told.startswith("0 : It's unclear what this table contains. Products need SKU + Name;")
    assert told.endswith("prices SKU + Currency + Price; stock SKU + On hand.")
    said = offers(shop, "Colour,Name\nred,big\n", kind="products", left_out=True)
    assert problems(said) == ["0 : The column “SKU” is missing."]
    dollars = offers(shop, "SKU,Name,Price (USD)\nA,x,1\n")
    assert problems(dollars) == ["0 Price (USD): “Price (USD)” isn't in EUR."]


@pytest.mark.parametrize(
    ("content", "mark", "doubt", "price"),
    [
        ("SKU,Name,Price\nA,x,\"1,234\"\n", ".", "1,234", 1234),
        ("SKU;Name;Price\nA;x;1,234\n", ",", "1,234", Decimal("1.234")),
        ("SKU;Name;Price\nA;x;1.234\nB;y;2,5\n", ",", "", 1234),
        ("SKU;Name;Price\nA;x;1,234\nB;y;2.5\n", ".", "", 1234),
        ("SKU;Name;Price\nA;x;1.234.567,89\n", ",", "", Decimal("1234567.89")),
        ("SKU;Name;Price\nA;x;1,234,567\nB;y;1,234\n", ".", "", 1234567),
        ("SKU;Name;Price\nA;x;EUR 12,50\n", ",", "", Decimal("12.5")),
        ("SKU;Name;Price\nA;x;12,50 €\n", ",", "", Decimal("12.5")),
        ("SKU;Name;Price\nA;x;1\u202f450\n", ",", "", 1450),
    ],
)  # fmt: skip
@story
def test_the_file_shows_its_decimal_mark(
    shop: Shop, content: str, mark: str, doubt: str, price: object
) -> None:
    done = imports(shop, content)
    assert (done.summary.decimal_mark, done.summary.doubt) == (mark, doubt)
    assert product(shop, "A").list_price == price


@story
def test_an_ambiguous_number_can_be_read_the_other_way(shop: Shop) -> None:
    done = imports(shop, "SKU;Name;Price\nA;x;1,234\n", decimal_mark=".")
    assert done.summary.doubt == ""
    assert product(shop, "A").list_price == 1234


@story
def test_barcodes_can_be_swapped_but_belong_to_one_product(shop: Shop) -> None:
    imports(shop, "SKU,Name,Barcode\nA,a,111\nB,b,222\nC,c,333\n")
    swapped = imports(shop, "SKU,Barcode\nA,222\nB,111\n")
    assert counts(swapped.summary.change) == (0, 2, 0)
    taken = offers(shop, "SKU,Name,Barcode\nD,d,333\nE,e,444\nF,f,444\n")
    assert problems(taken) == [
        "2 Barcode: Another product already has this barcode: C.",
        "4 Barcode: Same barcode as row 3.",
    ]


@story
def test_a_product_with_documents_keeps_its_type_and_unit(shop: Shop) -> None:
    shop.has(5, "laptop")
    offered = offers(shop, "SKU,Unit,Type\nLAPTOP,kg,service\n")
    assert problems(offered) == [
        "2 Type: This must stay goods: documents already use it.",
        "2 Unit: This must stay piece: documents already use it.",
    ]
    shop.product("cable")
    coarser = offers(shop, "SKU,Decimals\nCABLE,1\n")
    assert problems(coarser) == [
        "2 Decimals: A unit can't have fewer decimals than before. This one has 2."
    ]


@story
def test_a_unit_that_is_kept_under_another_word_is_the_same(shop: Shop) -> None:
    laptop = shop.product("laptop")
    for kept, said in (("metre", "m"), ("Pcs", "pièce"), ("sack", "sack")):
        aged = update(tables.product).where(tables.product.c.id == laptop).values(unit=kept)
        shop.connection.execute(aged)
        offered = offers(shop, f"SKU,Unit\nLAPTOP,{said}\n")
        assert problems(offered) == []
        assert counts(offered.summary.change) == (0, 0, 1), kept
        assert product(shop, "LAPTOP").unit == kept


@story
def test_undoing_archives_new_products_and_restores_changed_ones(shop: Shop) -> None:
    imports(shop, FRENCH)
    second = imports(
        shop, "SKU,Name,Price,Name (French)\nLAP-14,Laptop,1500,Portable\nNEW,New,1,\n"
    )
    undoes(shop, second)
    laptop = product(shop, "LAP-14", language="fr")
    assert (laptop.name, laptop.list_price) == ("Portable Pro", 1450)
    assert product(shop, "NEW").archived
    assert importing.load(shop.work, second.id).state == "undone"
    with pytest.raises(ImportImpossible):
        importing.undo(shop.work, second.id, revision=second.revision + 2)


@story
def test_after_undoing_the_same_file_can_be_imported_again(shop: Shop) -> None:
    first = imports(shop, FRENCH)
    undoes(shop, first)
    assert catalog.count_products(shop.work) == 0
    again = imports(shop, FRENCH)
    assert counts(again.summary.change) == (3, 0, 0)
    assert catalog.count_products(shop.work) == 3
    assert product(shop, "LAP-14").barcode == "4006381333931"


@story
def test_an_import_cannot_be_undone_once_its_products_were_used(shop: Shop) -> None:
    done = imports(shop, FRENCH)
    shop.products["laptop"] = product(shop, "LAP-14").id
    shop.sells(1, "laptop")
    with pytest.raises(ImportBuiltOn) as refused:
        undoes(shop, done)
    assert refused.value.facts == {"names": ("Portable Pro",)}


@story
def test_an_import_cannot_be_undone_once_its_products_were_edited(shop: Shop) -> None:
    imports(shop, FRENCH)
    done = imports(shop, "SKU,Price\nCAB,2\n")
    shop.products["cable"] = product(shop, "CAB").id
    shop.changes_product("cable", shelf="Z9")
    with pytest.raises(ImportBuiltOn):
        undoes(shop, done)


@story
def test_a_plan_that_is_out_of_date_is_shown_again(shop: Shop) -> None:
    offered = offers(shop, FRENCH)
    catalog.add_product(shop.work, sku="CAB", name="Cable")
    with pytest.raises(Changed):
        importing.apply(shop.work, offered.id, revision=offered.revision)
    now = importing.load(shop.work, offered.id)
    with pytest.raises(Changed):
        importing.apply(shop.work, offered.id, revision=offered.revision)
    assert now.state == "offered"


@story
def test_a_merged_product_is_refused_by_name(shop: Shop) -> None:
    merging.merge_product(shop.work, shop.product("laptop"), shop.product("notebook"))
    offered = offers(shop, "SKU,Name\nLAPTOP,Portable\n")
    assert problems(offered) == [
        "2 SKU: “LAPTOP” was merged into another record. Use that one's name."
    ]


@story
def test_a_file_that_changes_nothing_can_be_undone(shop: Shop) -> None:
    imports(shop, FRENCH)
    done = imports(shop, "SKU,Name\nFRET,Transport\n")
    assert (done.state, counts(done.summary.change)) == ("done", (0, 0, 1))
    undoes(shop, done)
    assert catalog.count_products(shop.work) == 3


@story
def test_only_a_waiting_import_is_prepared_or_given_up(shop: Shop) -> None:
    done = imports(shop, FRENCH)
    with pytest.raises(ImportImpossible):
        importing.prepare(shop.work, done.id)
    # It was done before the job could give it up.
    importing.give_up(shop.work, done.id, incident="ABC")
    assert importing.load(shop.work, done.id) == done
    with pytest.raises(NotFound) as refused:
        importing.load(shop.work, 999)
    assert refused.value.facts == {"subject": "import"}


@story
def test_an_import_that_failed_shows_the_incident_number(shop: Shop) -> None:
    offered = offers(shop, FRENCH)
    importing.wait(shop.work, offered.id, revision=offered.revision)
    importing.give_up(shop.work, offered.id, incident="ABC-123")
    found = importing.load(shop.work, offered.id)
    assert found.state == "refused"
    assert problems(found) == [
        "0 : Something went wrong and nothing was changed. To get help, quote ABC-123."
    ]


@story
def test_only_the_owner_can_import(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        offers(shop.by(LEA), FRENCH)


async def test_many_rows_need_no_more_statements_than_one(open_shop: OpenCompany) -> None:
    async def statements_for(count: int) -> int:
        rows = "".join(f"{count}-{at},Thing {at},{at}\n" for at in range(count))
        packed = dump(read_table(f"SKU,Name,Price\n{rows}".encode()))

        def bring_in(shop: Shop) -> ImportRecord:
            return importing.bring_in(
                shop.work, "x.csv", str(count), packed=packed, options=Options()
            )

        with open_shop.database.count_statements() as statements:
            done = await open_shop.does(bring_in)
        assert done.summary.change.new == count
        return statements.count

    one, many = await statements_for(1), await statements_for(300)
    assert one == many <= 26
