"""Facts of parties and products: each stands wherever its row says, cleaned by one rule."""

import csv
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, select, update

from bot.base.screen import Reader
from bot.conversation.inputs import Asking, Unclear
from bot.conversation.step import Answers
from bot.screens.people import parties as party_screens
from bot.screens.shared.fact_fields import input_of, shown_value
from bot.screens.shared.field_editor import Editor
from bot.screens.stock import products as product_screens
from core.domain.errors import Refusal
from core.domain.facts.company import COMPANY_FACTS
from core.domain.facts.fact import Fact, ValueKind, columns_of
from core.domain.facts.party import BILLING, CONTACT, DELIVERY, OF_CONTACT, PARTY_FACTS
from core.domain.facts.party import OWN as OF_PARTY
from core.domain.facts.product import OWN as OF_PRODUCT
from core.domain.facts.product import PRODUCT_FACTS
from core.domain.people import MACHINE
from core.i18n import translator
from core.papers import maker
from core.reports.fact_columns import told
from core.services import company
from core.services.importing.cells import READERS, Known, Reading, value_of
from core.services.importing.number_formats import Convention
from core.services.people import parties, party_bulk
from core.services.people.party_bulk import PartyChange
from core.services.products import catalog, catalog_bulk, product_views
from core.services.products.catalog_bulk import ProductChange
from core.storage.database import Database
from core.storage.models import Base, Contact, Party
from core.storage.sql import update_one
from tests.builders import Shop
from tests.services.importing.tables import counts, exported, imports, offers, problems, undoes

WORDS = translator("en")


def cells_of(shop: Shop) -> Mapping[ValueKind, str]:
    """What is written in a file, or typed, for a fact of each kind."""
    catalog.add_price_book(shop.work, name="Retail", currency="AUD")
    return {
        ValueKind.TEXT: "Seven",
        ValueKind.NOTE: "Sampleton",
        ValueKind.CODE: "S-7",
        ValueKind.EMAIL: "seven@sample.example",
        ValueKind.ELECTRONIC_ADDRESS: "0225:123456782",
        ValueKind.PRICE: "12.5",
        ValueKind.QUANTITY: "2.5",
        ValueKind.WHOLE: "7",
        ValueKind.DAYS: "45",
        ValueKind.DIGITS: "2",
        ValueKind.DATE: "2026-11-24",
        ValueKind.FLAG: "yes",
        ValueKind.CURRENCY: "AUD",
        ValueKind.LANGUAGE: "fr",
        ValueKind.COUNTRY: "AU",
        ValueKind.SIDE: "both",
        ValueKind.NATURE: "goods",
        ValueKind.UNIT: "kg",
        ValueKind.PAYMENT_MODE: "cheque",
        ValueKind.TAX: "VAT 5.5",
        ValueKind.PRICE_BOOK: "Retail",
        ValueKind.TEMPLATE: "Compact",
        ValueKind.ADDRESS: "Sampleton, S-7 Sampleton",
    }


def file_of(facts: tuple[Fact, ...], cells: Mapping[ValueKind, str]) -> str:
    """A file with each fact that has a column, under its heading."""
    told = [each for each in facts if each.file is not None]
    headings = [WORDS.text(each.file.heading) for each in told]
    return "\n".join([";".join(headings), ";".join(cells[each.kind] for each in told)])


def rows_of(shop: Shop, report: str) -> dict[str, dict[str, str]]:
    """The rows of an export by their first cells: each cell under its heading."""
    lines = exported(shop, report).decode("utf-8-sig").splitlines()
    return {next(iter(row.values())): row for row in csv.DictReader(lines)}


def reader_of(shop: Shop) -> Reader:
    found = company.current(shop.work.connection)
    return Reader(WORDS, MACHINE, ZoneInfo("Europe/Paris"), found)


def asking_of(shop: Shop) -> Asking:
    return Asking(shop.work, reader_of(shop), Answers({}, {}))


def answers(shop: Shop, editor: Editor, record_id: int, *, facts: tuple[Fact, ...]) -> None:
    """Each fact that is asked is answered by its own form, and stands on the Edit card."""
    asked = {each.key: each for each in facts if each.asked is not None}
    assert {each.key for each in editor.fields} == asked.keys()
    cells = cells_of(shop)
    for field in editor.fields:
        fact = asked[field.key]
        (form,) = (each for each in editor.forms if each.name == f"{editor.subject}_{fact.key}")
        (step,) = form.steps
        assert (step.prompt, step.optional) == (fact.asked.text, fact.asked.optional)
        value = step.input.read(cells[fact.kind], asking_of(shop))
        editor.change(shop.work, record_id, fact.key, value=value)
        card = editor.render(editor.load(shop.work, record_id), reader_of(shop))
        assert f"{WORDS.text(fact.label)}: {told_by_chat(fact, cells[fact.kind])}" in card.text
        assert fact.key in [button.argument for row in card.rows for button in row]


def told_by_chat(fact: Fact, cell: str) -> str:
    """A value as a card says it, of what a file or an answer says."""
    words = {ValueKind.DAYS: "45 days", ValueKind.PRICE: "EUR 12.50", ValueKind.LANGUAGE: "French",
             ValueKind.COUNTRY: "Australia", ValueKind.SIDE: "customer"}  # fmt: skip
    return words.get(fact.kind, cell)


# --- Every row is where it says -----------------------------------------------------------------


async def test_a_fact_of_a_party_is_everywhere_that_its_row_says(database: Database):
    def story(shop: Shop) -> None:
        cells = cells_of(shop)
        file = file_of(PARTY_FACTS, cells)
        assert counts(imports(shop, file).summary.change) == (1, 0, 0)
        party_id = party_called(shop, cells[ValueKind.TEXT])
        reader, rows = reader_of(shop), rows_of(shop, "parties")
        card = party_screens.render_party(
            party_screens.load_party(shop.work, party_id, {}), reader
        )
        shop.customer = party_id
        catalog.set_rate(shop.work, "AUD", Decimal("0.6"), day=shop.today(), source="test")
        wanted = maker.load(shop.work, shop.sells(1, "laptop"), "en")
        side, goods_to = wanted.paper.party, wanted.paper.delivery
        for fact in PARTY_FACTS:
            cell = cells[fact.kind]
            if fact.file is not None:
                heading = WORDS.text(fact.file.heading)
                assert rows[cells[ValueKind.TEXT]][heading] == told(fact.kind, cell, WORDS)
            if fact.card is not None:
                assert told_by_chat(fact, cell) in card.text, fact.key
            if fact.paper is not None and fact.paper.place:
                holder = goods_to if fact.holder == DELIVERY else side
                assert cell in getattr(holder, fact.paper.place), fact.key
            elif fact.paper is not None:
                assert (fact.label, cell) in [(each.label, each.value) for each in side.facts]
        # What is exported comes back unchanged.
        again = offers(shop, exported(shop, "parties"))
        assert problems(again) == []
        assert counts(again.summary.change)[:2] == (0, 0)

    await database.write(lambda connection: story(Shop(connection)))


async def test_a_fact_of_a_product_is_everywhere_that_its_row_says(database: Database):
    def story(shop: Shop) -> None:
        cells = cells_of(shop)
        imports(shop, file_of(PRODUCT_FACTS, cells))
        product_id = catalog.product_of(shop.work, sku=cells[ValueKind.CODE])
        reader, rows = reader_of(shop), rows_of(shop, "products")
        own = company.current(shop.work.connection).language
        card = product_screens.render_product(
            product_screens.load_product(shop.work, product_id, {}), reader
        )
        kept = product_views.load(shop.work.connection, [product_id])[product_id].facts
        for name, fact in OF_PRODUCT.items():
            assert kept[name] not in (None, fact.empty) or fact.kind is ValueKind.NATURE, name
        for fact in PRODUCT_FACTS:
            if fact.file is not None and fact.holder != own:
                heading = WORDS.text(fact.file.heading)
                cell = told(fact.kind, cells[fact.kind], WORDS)
                assert rows[cells[ValueKind.CODE]][heading] == cell
            if fact.card is not None:
                assert told_by_chat(fact, cells[fact.kind]) in card.text, fact.key
        again = offers(shop, exported(shop, "products"))
        assert problems(again) == []
        assert counts(again.summary.change) == (0, 0, 1)

    await database.write(lambda connection: story(Shop(connection)))


async def test_every_question_about_a_party_is_answered(database: Database):
    def story(shop: Shop) -> None:
        asked = tuple(each for each in PARTY_FACTS if each.holder != CONTACT)
        answers(shop, party_screens.EDITOR, shop.vendor, facts=asked)

    await database.write(lambda connection: story(Shop(connection)))


async def test_every_question_about_a_product_is_answered(database: Database):
    def story(shop: Shop) -> None:
        answers(shop, product_screens.EDITOR, shop.product("laptop"), facts=PRODUCT_FACTS)

    await database.write(lambda connection: story(Shop(connection)))


def party_called(shop: Shop, name: str) -> int:
    found = select(Party.__table__.c.id).where(Party.__table__.c.name == name)
    return shop.work.connection.execute(found).scalar_one()


# --- The tables -------------------------------------------------------------------------------

TECHNICAL: Mapping[str, set[str]] = {
    "party": {"is_customer", "is_vendor"},
    "product": {"photo_file_id"},
    "contact": {"person_id", "may_see_money", "may_order", "party_id", "ended_at"},
    "address": {"use", "party_id", "ended_at"},
    "company": {"fixed", "logo"},
}
"""Columns that are no facts: who may what, what belongs to what."""
COMMON = {"id", "created_at", "revision", "archived_at", "merged_into"}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("party", OF_PARTY),
        ("contact", OF_CONTACT),
        ("address", columns_of(PARTY_FACTS, BILLING)),
        ("address", columns_of(PARTY_FACTS, DELIVERY)),
        ("product", OF_PRODUCT),
        ("company", columns_of(COMPANY_FACTS)),
    ],
)
def test_every_column_of_a_record_is_a_fact(table: str, columns: Mapping[str, Fact]):
    kept: Table = Base.metadata.tables[table]
    folded = {f"folded_{name}" for name, each in columns.items() if each.folds}
    assert set(kept.c.keys()) - TECHNICAL[table] - COMMON == set(columns) | folded
    for name, each in columns.items():
        # What is kept where nothing is known fits its column.
        assert each.needed or each.empty is not None or kept.c[name].nullable, name


@pytest.mark.parametrize("table", [PARTY_FACTS, PRODUCT_FACTS, COMPANY_FACTS])
def test_a_table_can_be_relied_on(table: tuple[Fact, ...]):
    keys = [each.key for each in table]
    assert len(set(keys)) == len(keys)
    for fact in table:
        if fact.asked is not None:
            assert input_of(fact), fact.key
        if fact.file is not None:
            assert fact.kind in READERS, fact.key
        if fact.card is not None and not fact.card.has_own_place:
            # A line is made of what the record's own row keeps.
            assert not fact.holder, fact.key
            assert fact.kept_in, fact.key
        if fact.paper is not None and not fact.paper.place:
            assert isinstance(fact.empty, str), fact.key
            assert not fact.holder, fact.key


# --- One rule for the chat, a file and many at once ----------------------------------------------

A_LINE = "one\n  line"

STRICT: list[tuple[Fact, str]] = [
    (OF_PARTY["tax_id"], 41 * "7"),
    (OF_PARTY["electronic_address"], "somewhere"),
    (OF_PARTY["electronic_address"], "0225:" + 116 * "7"),
    (OF_PARTY["payment_days"], "366"),
    (OF_PARTY["currency"], "XYZ"),
    (OF_CONTACT["phone"], 41 * "7"),
    (OF_CONTACT["email"], "nobody"),
    (OF_CONTACT["email"], 80 * "n" + "@sample.example"),
    (OF_PRODUCT["barcode"], "B" + 40 * "7"),
    (OF_PRODUCT["shelf"], 41 * "B"),
    (OF_PRODUCT["sku"], 65 * "B"),
]
"""Values that one of the three used to take: the strictest of them has become the rule."""

WAYS = ("chat", "one", "many", "file")


def says(shop: Shop, way: str, fact: Fact, value: str) -> None:
    """Say a value of a fact: in the chat, of one record, of many at once, or in a file.

    Raises:
        Refusal, Unclear, FileRefused: the value is not taken.
    """
    if way == "chat":
        input_of(fact).read(value, asking_of(shop))
    elif way == "file":
        heading = WORDS.text(fact.file.heading)
        name = "SKU" if fact in OF_PRODUCT.values() else "Name"
        of = "LAPTOP" if fact in OF_PRODUCT.values() else "High End Computers"
        given = {name: of, heading: value} if heading != name else {name: value, "Name": "New"}
        if problems(offers(shop, ";".join(given) + "\n" + ";".join(given.values()))):
            raise FileRefused
    else:
        changes = {fact.kept_in: int(value) if fact.kind is ValueKind.DAYS else value}
        owner = "product" if fact in OF_PRODUCT.values() else fact.holder or "party"
        BY_SERVICE[owner, way](shop, changes)


class FileRefused(Exception):
    """A file has problems."""


def change_contact(shop: Shop, changes: dict[str, Any]) -> None:
    (kim,) = parties.contacts(shop.work.connection, shop.customer)
    row = {"id": kim.id, "party_id": kim.party_id}
    party_bulk.change_contacts(shop.work, [row | changes])


BY_SERVICE: Mapping[tuple[str, str], Callable[[Shop, dict[str, Any]], object]] = {
    ("party", "one"): lambda shop, changes: parties.change_party(
        shop.work, shop.customer, revision=0, **changes
    ),
    ("party", "many"): lambda shop, changes: party_bulk.change_parties(
        shop.work, [PartyChange(shop.customer, 0, changes)]
    ),
    ("contact", "one"): lambda shop, changes: parties.add_contact(
        shop.work, shop.vendor, **{"name": "Wei"} | changes
    ),
    ("contact", "many"): change_contact,
    ("product", "one"): lambda shop, changes: catalog.change_product(
        shop.work, shop.product("laptop"), revision=0, **changes
    ),
    ("product", "many"): lambda shop, changes: catalog_bulk.change_products(
        shop.work, [ProductChange(shop.product("laptop"), 0, changes)]
    ),
}


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fact", "value"), STRICT, ids=lambda each: getattr(each, "key", None))
async def test_the_strictest_rule_is_that_of_all(
    database: Database, fact: Fact, value: str, way: str
):
    def story(shop: Shop) -> None:
        shop.product("laptop")
        parties.add_contact(shop.work, shop.customer, name="Kim")
        with pytest.raises((Refusal, Unclear, FileRefused)):
            says(shop, way, fact, value)

    await database.write(lambda connection: story(Shop(connection)))


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("way", ["one", "many"])
@pytest.mark.parametrize(
    "fact",
    [OF_PARTY["name"], OF_PARTY["tax_id"], OF_PRODUCT["shelf"], OF_PRODUCT["barcode"]],
    ids=lambda each: each.key,
)
async def test_a_name_is_cleaned_alike_by_all(database: Database, fact: Fact, way: str):
    """Only many at once had cleaned a tax id; a barcode was cleaned by none."""

    def story(shop: Shop) -> None:
        assert input_of(fact).read(A_LINE, asking_of(shop)) == "one line"
        reading = Reading(Convention(".", ""), Known("EUR"), most=fact.limit)
        assert value_of(fact.kind, A_LINE, reading) == "one line"
        product_id, connection = shop.product("laptop"), shop.work.connection
        says(shop, way, fact, A_LINE)
        if fact in OF_PRODUCT.values():
            kept = product_views.load(connection, [product_id])[product_id].facts
        else:
            kept = parties.load(connection, [shop.customer])[shop.customer].facts
        assert kept[fact.key] == "one line"

    await database.write(lambda connection: story(Shop(connection)))


async def test_what_was_kept_before_a_rule_is_put_back_as_it_was(database: Database):
    """An import is undone although what it changed would be refused today."""

    def story(shop: Shop) -> None:
        connection, long = shop.work.connection, 60 * "7"
        update_one(connection, Party.__table__, shop.customer, tax_id=long)
        parties.add_contact(shop.work, shop.customer, name="Kim", phone="1")
        connection.execute(update(Contact.__table__).values(email="nobody"))
        heading = WORDS.text(OF_PARTY["tax_id"].file.heading)
        done = imports(shop, f"Name;{heading};Contact;Phone\nHigh End Computers;FR 7;Kim;2\n")
        assert parties.load(connection, [shop.customer])[shop.customer].tax_id == "FR 7"
        undoes(shop, done)
        assert parties.load(connection, [shop.customer])[shop.customer].tax_id == long
        (kim,) = parties.contacts(connection, shop.customer)
        assert (kim.phone, kim.email) == ("1", "nobody")

    await database.write(lambda connection: story(Shop(connection)))


# --- Kinds of values ----------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(
    "kind",
    sorted(set(READERS) - {ValueKind.SIDE, ValueKind.NATURE, ValueKind.UNIT, ValueKind.DIGITS}),
)
async def test_a_new_fact_may_be_of_any_kind(database: Database, kind: ValueKind):
    """The chat and a file read it alike, and the chat can show what is kept."""

    def story(shop: Shop) -> None:
        cell = cells_of(shop)[kind]
        fact = Fact("made_up", kind, "Made up")
        reading = Reading(
            Convention(".", ""),
            Known("EUR", taxes={"VAT 5.5": shop.taxes["5.5"]}, books={"retail": 1}),
            most=fact.limit,
        )
        answer = input_of(fact).read(cell, asking_of(shop))
        kept = fact.cleaned(answer)
        assert kept == fact.cleaned(value_of(kind, cell, reading))
        assert shown_value(fact, kept, reader_of(shop))

    await database.write(lambda connection: story(Shop(connection)))
