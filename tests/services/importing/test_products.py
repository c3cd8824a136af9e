"""Products from tables: new, changed, unchanged, refused by row, undone."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, update

from core.domain.people import MACHINE, Actor, Role
from core.files.reader import read_table
from core.files.table import dump
from core.services import importing, search
from core.services.documents.drafting import NewLine
from core.services.importing import ImportBuiltOn, ImportImpossible, Options
from core.services.importing.problems import SHORTENED
from core.services.people import merging
from core.services.products import catalog, product_views
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.work import Work
from core.storage.database import Database
from core.storage.tables import product
from tests.builders import NOW, Shop, Tells
from tests.services.importing.tables import counts, imports, offers, problems, undoes, workbook

FRENCH = (
    "Réf.;Désignation;Prix de vente HT (€);TVA;Unité;Seuil d'alerte;Code-barres;Emplacement\n"
    "LAP-14;Portable Pro;1 450,00;20 %;pièce;5;4006381333931;B3\n"
    "CAB;Câble réseau;1,205;5,5;mètre;;;\n"
    "FRET;Transport;90;;;;;\n"
)


async def test_a_french_table_makes_products(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, FRENCH)
        assert (done.state, done.kind, counts(done.summary.change)) == (
            "done",
            "products",
            (3, 0, 0),
        )
        laptop = catalog.product_of(shop.work, sku="lap-14")
        cable = catalog.product_of(shop.work, sku="CAB")
        found = product_views.load(shop.work.connection, [laptop, cable])
        assert found[laptop].name == "Portable Pro"
        assert found[laptop].list_price == Decimal(1450)
        assert found[laptop].reorder_level == 5
        assert (found[laptop].barcode, found[laptop].shelf) == ("4006381333931", "B3")
        assert (found[cable].unit, found[cable].unit_digits) == ("m", 2)
        assert found[cable].list_price == Decimal("1.205")

    await tells(story)


async def test_what_was_imported_is_found_by_typing(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        hits = search.products(shop.work, "portbale")
        assert [each.name for each in hits] == ["Portable Pro"]

    await tells(story)


async def test_only_what_differs_is_changed_and_an_empty_cell_says_nothing(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        offered = offers(shop, "Shelf,SKU,Price\n,LAP-14,1500\nB4,cab,\n,FRET,90.00\n")
        assert counts(offered.summary.change) == (0, 2, 1)
        importing.apply(shop.work, offered.id, revision=offered.revision)
        laptop = catalog.product_of(shop.work, sku="LAP-14")
        cable = catalog.product_of(shop.work, sku="CAB")
        found = product_views.load(shop.work.connection, [laptop, cable])
        assert (found[laptop].list_price, found[laptop].shelf) == (Decimal(1500), "B3")
        assert (found[cable].list_price, found[cable].shelf) == (Decimal("1.205"), "B4")
        assert found[laptop].revision == 1

    await tells(story)


async def test_the_same_file_again_changes_nothing_and_says_so(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        again = offers(shop, FRENCH)
        assert again.earlier == shop.work.now
        assert counts(again.summary.change) == (0, 0, 3)
        with pytest.raises(ImportImpossible):
            importing.apply(shop.work, again.id, revision=again.revision)

    await tells(story)


async def test_names_in_other_languages(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, "SKU,Name,Nom (français)\nA,Cable,Câble\nB,Mouse,\n")
        cable = catalog.product_of(shop.work, sku="A")
        load = product_views.load
        assert load(shop.work.connection, [cable], language="fr")[cable].name == "Câble"
        changed = offers(shop, "SKU,Name (French)\nA,Câble\nB,Souris\n")
        assert counts(changed.summary.change) == (0, 1, 1)
        # The company speaks English: that name is the product's own, unless the row has one.
        imports(shop, "SKU,Name,Name (English)\nC,,Screen\nD,Case,Box\n")
        own = [catalog.product_of(shop.work, sku=each) for each in ("C", "D")]
        assert [load(shop.work.connection, own)[each].name for each in own] == ["Screen", "Case"]

    await tells(story)


WRONG = {
    "a formula": ("A,x,=1+1", "2 Price: This is a formula. Put its value in its place."),
    "no number": ("A,x,abc", "2 Price: “abc” is no number."),
    "below zero": ("A,x,-1", "2 Price: -1 is below zero."),
    "too fine": ("A,x,1.1234567", "2 Price: 1.1234567 has too many decimals: at most 6."),
    "too large": ("A,x,9999999999999", "2 Price: 9999999999999 is too large."),
    "another currency": ("A,x,12 USD", "2 Price: “12 USD” is not in EUR."),
    "no name": ("A,,1", "2 Name: This is empty, and it is needed."),
    "no code": (",x,1", "2 SKU: This is empty, and it is needed."),
    "a shortened code": (
        "4.00638E+12,x,1",
        f"2 SKU: {SHORTENED.replace('{text}', '4.00638E+12')}",
    ),
    "too long": (f"A,{'x' * 201},1", "2 Name: This is 201 letters long: at most 200."),
    "twice": ("A,x,1\na,y,2", "3 SKU: The same as row 2: “a”. Delete one of them."),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_said_by_row_and_column(tells: Tells, name: str) -> None:
    rows, told = WRONG[name]

    def story(shop: Shop) -> None:
        offered = offers(shop, f"SKU,Name,Price\n{rows}\nZ,right,1\n")
        assert problems(offered) == [told]
        assert offered.state == "refused"
        with pytest.raises(ImportImpossible):
            importing.apply(shop.work, offered.id, revision=offered.revision)
        assert catalog.count_products(shop.work) == 0

    await tells(story)


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("Tax", "reduced", "There is no tax “reduced”. There are: VAT 20, VAT 5.5."),
        ("Tax", "19.6 %", "There is no tax “19.6 %”. There are: VAT 20, VAT 5.5."),
        ("Unit", "bushel", "“bushel” is none of these: piece, box, metre, kilogram, litre, hour."),
        ("Type", "animal", "“animal” is none of these: goods, service."),
        ("Decimals", "7", "7 is too large."),
    ],
)
async def test_unknown_words_are_refused_with_those_that_are_known(
    tells: Tells, column: str, cell: str, told: str
) -> None:
    def story(shop: Shop) -> None:
        offered = offers(shop, f"SKU,Name,{column}\nA,x,{cell}\n")
        assert problems(offered) == [f"2 {column}: {told}"]

    await tells(story)


DAY = date(2026, 1, 2)
ODD_CELLS = {
    "a day as a code": (
        [DAY, "x", 1],
        (
            "2 SKU: Your spreadsheet has made the day 2026-01-02 of a code. "
            "Format the column as text and type it again."
        ),
    ),
    "a fraction as a code": (
        [4006.5, "x", 1], "2 SKU: “4006.5” is a number with decimals, and no code.",
    ),
    "a number longer than a spreadsheet keeps": (
        [4006381333931001, "x", 1],
        f"2 SKU: {SHORTENED.replace('{text}', '4006381333931001')}",
    ),
    "an error": (["A", "#N/A", 1], "2 Name: This cell holds the error #N/A."),
    "a time": (
        ["A", datetime(2026, 1, 2, 9, 30), 1],  # noqa: DTZ001 - a spreadsheet's have no zone
        "2 Name: “2026-01-02 09:30:00” is a time. A day alone is needed.",
    ),
    "a day as a price": (["A", "x", DAY], "2 Price: “2026-01-02” is no number."),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_CELLS)
async def test_what_a_spreadsheet_made_of_a_cell_is_told(tells: Tells, name: str) -> None:
    row, told = ODD_CELLS[name]

    def story(shop: Shop) -> None:
        offered = offers(shop, workbook(["SKU", "Name", "Price"], row))
        assert problems(offered) == [told]

    await tells(story)


async def test_codes_and_names_that_a_spreadsheet_made_numbers_of_are_texts_again(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        imports(
            shop,
            workbook(
                ["SKU", "Name", "Tax"],
                [4006, 7.5, 0.2], ["DAY", DAY, 5.5], ["YES", True, None], ["NO", False, None],
            ),
        )  # fmt: skip
        ids = [catalog.product_of(shop.work, sku=each) for each in ("4006", "DAY", "YES", "NO")]
        found = product_views.load(shop.work.connection, ids)
        assert [found[id].name for id in ids] == ["7.5", "2026-01-02", "1", "0"]
        # A cell of percent holds a fraction.
        quote = shop.drafts("quote", *(NewLine(id, Decimal(1)) for id in reversed(ids[:2])))
        lines = shop.sees(quote).lines
        assert [each.line.tax_percent for each in lines] == [Decimal("5.5"), Decimal(20)]

    await tells(story)


async def test_columns(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        unknown = offers(shop, "SKU,Name,Colour\nA,x,red\n")
        assert unknown.summary.unknown == ["Colour"]
        assert problems(unknown) == [
            "0 Colour: This column is not known. Delete it, rename it or leave it out."
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
        assert told.startswith(
            "0 : Nobody can tell what this table holds. Products need SKU + Name;"
        )
        assert told.endswith("prices SKU + Currency + Price; stock SKU + On hand.")
        said = offers(shop, "Colour,Name\nred,big\n", kind="products", left_out=True)
        assert problems(said) == ["0 : The column “SKU” is missing."]
        dollars = offers(shop, "SKU,Name,Price (USD)\nA,x,1\n")
        assert problems(dollars) == ["0 Price (USD): “Price (USD)” is not in EUR."]

    await tells(story)


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
async def test_the_file_itself_says_how_it_writes_numbers(
    tells: Tells, content: str, mark: str, doubt: str, price: object
) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, content)
        assert (done.summary.decimal_mark, done.summary.doubt) == (mark, doubt)
        found = catalog.product_of(shop.work, sku="A")
        assert product_views.load(shop.work.connection, [found])[found].list_price == price

    await tells(story)


async def test_a_doubtful_number_can_be_read_the_other_way(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, "SKU;Name;Price\nA;x;1,234\n", decimal_mark=".")
        found = catalog.product_of(shop.work, sku="A")
        assert done.summary.doubt == ""
        assert product_views.load(shop.work.connection, [found])[found].list_price == 1234

    await tells(story)


async def test_barcodes_change_hands_but_belong_to_one(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, "SKU,Name,Barcode\nA,a,111\nB,b,222\nC,c,333\n")
        swapped = imports(shop, "SKU,Barcode\nA,222\nB,111\n")
        assert counts(swapped.summary.change) == (0, 2, 0)
        taken = offers(shop, "SKU,Name,Barcode\nD,d,333\nE,e,444\nF,f,444\n")
        assert problems(taken) == [
            "2 Barcode: Another product has this barcode: C.",
            "4 Barcode: The same barcode as row 3.",
        ]

    await tells(story)


async def test_what_papers_stand_on_stays(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        offered = offers(shop, "SKU,Unit,Type\nLAPTOP,kg,service\n")
        assert problems(offered) == [
            "2 Type: This stays goods: there are papers with it.",
            "2 Unit: This stays piece: there are papers with it.",
        ]
        cable = catalog.add_product(shop.work, sku="CAB", name="Cable", unit="m", unit_digits=2)
        assert cable
        finer = offers(shop, "SKU,Decimals\nCAB,1\n")
        assert problems(finer) == [
            "2 Decimals: A unit keeps its decimals or gets more: this one has 2."
        ]

    await tells(story)


async def test_a_unit_that_is_kept_under_another_word_is_the_same(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        laptop = catalog.product_of(shop.work, sku="LAPTOP")
        for kept, said in (("metre", "m"), ("Pcs", "pièce"), ("sack", "sack")):
            aged = update(product).where(product.c.id == laptop).values(unit=kept)
            shop.work.connection.execute(aged)
            offered = offers(shop, f"SKU,Unit\nLAPTOP,{said}\n")
            assert problems(offered) == []
            assert counts(offered.summary.change) == (0, 0, 1), kept
            assert product_views.load(shop.work.connection, [laptop])[laptop].unit == kept

    await tells(story)


async def test_undo_takes_back_what_was_made_and_restores_what_was_changed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        second = imports(
            shop, "SKU,Name,Price,Name (French)\nLAP-14,Laptop,1500,Portable\nNEW,New,1,\n"
        )
        undoes(shop, second)
        laptop = catalog.product_of(shop.work, sku="LAP-14")
        new = catalog.product_of(shop.work, sku="NEW")
        found = product_views.load(shop.work.connection, [laptop, new], language="fr")
        assert (found[laptop].name, found[laptop].list_price) == ("Portable Pro", 1450)
        assert found[new].archived
        assert importing.load(shop.work, second.id).state == "undone"
        with pytest.raises(ImportImpossible):
            importing.undo(shop.work, second.id, revision=second.revision + 2)

    await tells(story)


async def test_after_an_undo_the_same_file_can_come_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        first = imports(shop, FRENCH)
        undoes(shop, first)
        assert catalog.count_products(shop.work) == 0
        again = imports(shop, FRENCH)
        assert counts(again.summary.change) == (3, 0, 0)
        assert catalog.count_products(shop.work) == 3
        found = catalog.product_of(shop.work, sku="LAP-14")
        assert product_views.load(shop.work.connection, [found])[found].barcode == "4006381333931"

    await tells(story)


async def test_undo_is_refused_once_something_was_built_on_it(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, FRENCH)
        shop.products["laptop"] = catalog.product_of(shop.work, sku="LAP-14")
        shop.sells(1, "laptop")
        with pytest.raises(ImportBuiltOn) as refused:
            undoes(shop, done)
        assert refused.value.facts == {"names": ("Portable Pro",)}

    await tells(story)


async def test_undo_is_refused_once_it_was_changed_by_hand(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        done = imports(shop, "SKU,Price\nCAB,2\n")
        cable = catalog.product_of(shop.work, sku="CAB")
        catalog.change_product(shop.work, cable, revision=1, shelf="Z9")
        with pytest.raises(ImportBuiltOn):
            undoes(shop, done)

    await tells(story)


async def test_what_changed_since_it_was_shown_is_shown_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offered = offers(shop, FRENCH)
        catalog.add_product(shop.work, sku="CAB", name="Cable")
        with pytest.raises(Changed):
            importing.apply(shop.work, offered.id, revision=offered.revision)
        now = importing.load(shop.work, offered.id)
        with pytest.raises(Changed):
            importing.apply(shop.work, offered.id, revision=offered.revision)
        assert now.state == "offered"

    await tells(story)


async def test_a_product_that_was_merged_is_named_as_what_it_became(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        merging.merge_product(shop.work, shop.product("laptop"), shop.product("notebook"))
        offered = offers(shop, "SKU,Name\nLAPTOP,Portable\n")
        assert problems(offered) == [
            "2 SKU: “LAPTOP” was merged into another one. Take that one's name."
        ]

    await tells(story)


async def test_a_file_that_changes_nothing_is_done_and_can_be_undone(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, FRENCH)
        done = imports(shop, "SKU,Name\nFRET,Transport\n")
        assert (done.state, counts(done.summary.change)) == ("done", (0, 0, 1))
        undoes(shop, done)
        assert catalog.count_products(shop.work) == 3

    await tells(story)


async def test_what_is_not_waiting_is_not_prepared_or_given_up(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, FRENCH)
        with pytest.raises(ImportImpossible):
            importing.prepare(shop.work, done.id)
        # Somebody was quicker than the job that wanted to give it up.
        importing.give_up(shop.work, done.id, incident="ABC")
        assert importing.load(shop.work, done.id) == done
        with pytest.raises(NotFound) as refused:
            importing.load(shop.work, 999)
        assert refused.value.facts == {"subject": "import"}

    await tells(story)


async def test_a_file_at_which_the_machine_failed_says_under_which_number(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offered = offers(shop, FRENCH)
        importing.wait(shop.work, offered.id, revision=offered.revision)
        importing.give_up(shop.work, offered.id, incident="ABC-123")
        found = importing.load(shop.work, offered.id)
        assert found.state == "refused"
        assert problems(found) == [
            "0 : Something went wrong, and nothing was changed. Ask for help with ABC-123."
        ]

    await tells(story)


async def test_only_the_owner_imports(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.acts_as(Actor(1, 1, "Lea", "en", frozenset({Role.SALES})))
        with pytest.raises(NotAllowed):
            offers(shop, FRENCH)

    await tells(story)


async def test_many_rows_take_as_many_statements_as_one(database: Database) -> None:
    await database.write(Shop)

    def story(connection: Connection, count: int) -> None:
        rows = "".join(f"{count}-{at},Thing {at},{at}\n" for at in range(count))
        packed = dump(read_table(f"SKU,Name,Price\n{rows}".encode()))
        work = Work(connection, MACHINE, NOW)
        done = importing.bring_in(work, "x.csv", str(count), packed=packed, options=Options())
        assert done.summary.change.new == count

    found = []
    for count in (1, 300):
        with database.count_statements() as statements:
            await database.write(story, count)
        found.append(statements.count)
    assert found[0] == found[1] <= 26
