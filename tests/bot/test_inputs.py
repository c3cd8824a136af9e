"""How answers are read: numbers, money, days, choices, parties and products."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.base.recipients import reader_of
from bot.base.screen import Reader
from bot.base.updates import Attachment
from bot.conversation.inputs import (
    Asking,
    Choice,
    Date,
    File,
    FileAnswer,
    Money,
    Number,
    Percent,
    Quantity,
    Text,
    Unclear,
)  # fmt: skip
from bot.conversation.record_inputs import Found, Party, Product
from bot.conversation.step import Answers
from core.domain.errors import (
    AmbiguousNumber,
    AmountTooFine,
    NotADate,
    NotANumber,
    NumberTooFine,
    PriceNegative,
    QuantityTooFine,
)  # fmt: skip
from core.domain.people import MACHINE, Actor, Role
from core.domain.texts import TextMissing
from core.i18n import translator
from core.services import company
from core.services.company import CompanyMissing
from core.services.people import parties
from core.services.products import catalog
from core.services.rights import NotAllowed
from core.services.work import Work
from tests.clock import Clock

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def asking(language="en", zone="UTC"):
    reader = Reader(translator(language), MACHINE, ZoneInfo(zone), None)
    return Asking(Work(None, MACHINE, NOW), reader, Answers({}, {}))


def in_euros(found):
    return "EUR"


@pytest.mark.parametrize(
    ("given", "text", "value", "shown"),
    [
        (Text(), "  a   name ", "a name", "a name"),
        (Text(note=True), "two\nlines", "two\nlines", "two\nlines"),
        (Number(), "12", Decimal(12), "12"),
        (Quantity(digits=2), "1.50", Decimal("1.5"), "1.5"),
        (Quantity(zero=True), "0", Decimal(0), "0"),
        (Quantity(digits=lambda found: 3), "0.125", Decimal("0.125"), "0.125"),
        (Money(currency=in_euros), "EUR 1,234.50", Decimal("1234.50"), "EUR 1,234.50"),
        (Money(currency=in_euros), "7 eur", Decimal(7), "EUR 7.00"),
        (Money(currency=in_euros, unit_price=True), "0.0075", Decimal("0.0075"), "EUR 0.0075"),
        (Money(currency=in_euros), "1,234", Decimal(1234), "EUR 1,234.00"),
        (Percent(), "5.5 %", Decimal("5.5"), "5.5%"),
        (Date(), "28 nov", date(2026, 11, 28), "28 Nov 2026"),
    ],
)
def test_what_is_read_kept_and_shown(given, text, value, shown):
    found = given.read(text, asking())
    assert found == value
    assert given.restore(given.keep(found)) == value
    assert given.shown(found, asking()) == shown


@pytest.mark.parametrize(
    ("given", "text", "refusal"),
    [
        (Text(), " ", TextMissing),
        (Number(), "many", NotANumber),
        (Number(digits=3), "1,234", AmbiguousNumber),
        (Quantity(), "1.005", QuantityTooFine),
        (Number(), "1.5", NumberTooFine),
        (Number(least=Decimal(2)), "1", Unclear),
        (Number(most=Decimal(2)), "3", Unclear),
        (Percent(), "101", Unclear),
        (Percent(), "-1", Unclear),
        (Money(currency=in_euros), "1.005", AmountTooFine),
        (Money(currency=in_euros), "-1", Unclear),
        (Money(currency=in_euros, unit_price=True), "-1", PriceNegative),
        (Money(), "1", CompanyMissing),
        (Date(), "sometime", NotADate),
        (Date(past=False), "yesterday", Unclear),
        (Choice({"a": "Apple", "b": "Apricot"}), "ap", Unclear),
        (Choice({"a": "Apple"}), "", Unclear),
        (File(), "text", Unclear),
    ],
)
def test_what_is_not_taken(given, text, refusal):
    with pytest.raises(refusal):
        given.read(text, asking())


def test_a_day_is_of_the_companys_zone():
    assert Date().read("today", asking()) == date(2026, 11, 24)
    in_sydney = asking(zone="Australia/Sydney")
    assert Date().read("today", in_sydney) == date(2026, 11, 25)
    offered = Date(offer=(0,)).options(in_sydney)
    assert [(each.key, each.label) for each in offered] == [("2026-11-25", "Wed 25 Nov")]
    assert Date(offer=(0,)).pick("2026-11-25", in_sydney) == date(2026, 11, 25)
    with pytest.raises(Unclear):
        Date(offer=(0,)).pick("2026-11-24", in_sydney)


def test_a_choice_is_typed_or_tapped():
    fruit = Choice({"apple": "Apple", "pear": "Pear"})
    assert fruit.read("APPLE", asking()) == "apple"
    assert fruit.read("pe", asking()) == "pear"
    assert fruit.pick("pear", asking()) == "pear"
    with pytest.raises(Unclear):
        fruit.pick("plum", asking())
    assert fruit.shown("plum", asking()) == "plum"
    names = Choice(lambda found: {"1": "Apple {x}"}, translated=False)
    assert [each.label for each in names.options(asking())] == ["Apple {x}"]


def test_an_input_that_takes_no_file():
    with pytest.raises(TypeError):
        Text().read_file(Attachment("a", "b", 1, b"c"), asking())
    assert File().shown(FileAnswer("0", "a.csv"), asking()) == "a.csv"


@pytest.fixture
async def trade(database):
    """A company with two customers, one vendor and three products."""

    def fill(connection):
        work = Work(connection, MACHINE, Clock()())
        company.set_up(
            work, name="Crimson", country="FR", currency="EUR", zone="Europe/Paris", language="en"
        )
        ids = {}
        for name, is_customer in (("High End", True), ("High Sea", True), ("Volt", False)):
            ids[name] = parties.add_party(
                work, name=name, customer=is_customer, vendor=not is_customer, language="en"
            )
        for sku, name in (("LAP-14", "Laptop Pro"), ("LAP-15", "Laptop"), ("M2", "Mouse")):
            ids[sku] = catalog.add_product(work, sku=sku, name=name, barcode=f"40{sku[-1]}")
        return ids

    return await database.write(fill)


def people(connection, *roles):
    actor = Actor(1, 1, "Lea", "en", frozenset(roles))
    return Asking(Work(connection, actor, NOW), reader_of(connection, actor), Answers({}, {}))


async def test_parties_are_found(database, trade):
    def look(connection):
        lea = people(connection, Role.SALES)
        assert Party().read("high  END", lea) == trade["High End"]
        assert Party().read("sea", lea) == trade["High Sea"]
        assert Party().shown(trade["Volt"], lea) == "Volt"
        with pytest.raises(Unclear) as unclear:
            Party().read("high", lea)
        assert [each.label for each in unclear.value.options] == ["High End", "High Sea"]
        for none in ("nobody", "", "%"):
            with pytest.raises(Unclear):
                Party().read(none, lea)
        with pytest.raises(Unclear):
            Party(customers=True).read("volt", lea)
        assert Party(vendors=True).read("volt", lea) == trade["Volt"]
        assert Party().pick(str(trade["Volt"]), lea) == trade["Volt"]
        for forged in ("x", "999", str(trade["Volt"])):
            with pytest.raises(Unclear):
                Party(customers=True).pick(forged, lea)
        recent = Party(recent=lambda found: [Found(7, "Last")])
        assert [each.key for each in recent.options(lea)] == ["7"]
        assert not Party().options(lea)
        with pytest.raises(NotAllowed):
            Party().read("volt", people(connection, Role.CUSTOMER))
        with pytest.raises(NotAllowed):
            Party().pick(str(trade["Volt"]), people(connection, Role.CUSTOMER))

    await database.read(look)


async def test_products_are_found_by_code_and_barcode(database, trade):
    def look(connection):
        lea = people(connection, Role.SALES)
        assert Product().read("lap-14", lea) == trade["LAP-14"]
        assert Product().read("404", lea) == trade["LAP-14"]
        assert Product().read("laptop", lea) == trade["LAP-15"]
        assert Product().read("mou", lea) == trade["M2"]
        with pytest.raises(NotAllowed):
            Product().read("mouse", people(connection, Role.VENDOR))

    await database.read(look)


async def test_money_is_the_companys_when_nothing_else_is_said(database, trade):
    def look(connection):
        assert Money().shown(Decimal(5), people(connection, Role.SALES)) == "EUR 5.00"

    await database.read(look)
