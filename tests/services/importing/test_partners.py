"""Importing parties with contacts and addresses, and prices in books; undoing both."""

from datetime import date
from decimal import Decimal

import pytest

from core.domain.people import Role
from core.services import importing, search
from core.services.importing import ImportBuiltOn
from core.services.importing.problems import NO_ELECTRONIC_ADDRESS
from core.services.people import parties, team
from core.services.people.parties import PartyRecord
from core.services.products import catalog, pricing
from core.services.products.pricing import Wanted
from tests.actors import add_person, join
from tests.builders import Shop, story
from tests.services.importing.tables import counts, imports, offers, problems, undoes, workbook

MARTIN = (
    "Client;Type;Devise;Contact;Téléphone;E-mail;Adresse;CP;Ville;Pays;Délai;Mode de règlement\n"
    "Papeterie Martin;client;EUR;Paul;+33 1;paul@martin.example;3 place;69002;Lyon;France;30;\n"
    "Papeterie Martin;client;;Anne;+33 2;;;;;;;\n"
    "Wei Parts;fournisseur;CNY;;;;88 Nanhai;518000;Shenzhen;CN;45 jours;virement\n"
)


def party(shop: Shop, name: str) -> PartyRecord:
    """Return the first party that a search finds."""
    found = search.parties(shop.work, name)[0].id
    return parties.load(shop.connection, [found])[found]


def streets(shop: Shop, name: str) -> list[str]:
    """Return the streets of a party's addresses."""
    return [each.street for each in parties.addresses(shop.connection, party(shop, name).id)]


def phones(shop: Shop, name: str) -> list[tuple[str, str]]:
    """Return the names and telephone numbers of a party's contacts."""
    found = parties.contacts(shop.connection, party(shop, name).id)
    return [(each.name, each.phone) for each in found]


@story
def test_a_french_table_adds_parties_with_contacts_and_addresses(shop: Shop) -> None:
    done = imports(shop, MARTIN)
    assert (done.kind, counts(done.summary.change)) == ("parties", (2, 0, 0))
    martin = party(shop, "Papeterie Martin")
    assert (martin.is_customer, martin.is_vendor, martin.currency) == (True, False, "EUR")
    assert (martin.payment_days, martin.payment_mode) == (30, "transfer")
    assert phones(shop, "Papeterie Martin") == [("Paul", "+33 1"), ("Anne", "+33 2")]
    (address,) = parties.addresses(shop.connection, martin.id)
    assert (address.street, address.city, address.country) == ("3 place", "Lyon", "FR")
    assert party(shop, "Wei Parts").payment_days == 45


@story
def test_importing_again_changes_only_what_differs(shop: Shop) -> None:
    imports(shop, MARTIN)
    assert counts(offers(shop, MARTIN).summary.change) == (0, 0, 2)
    number = imports(shop, "Name,VAT no\nWei Parts,CN 91\n")
    assert counts(number.summary.change) == (0, 1, 0)
    assert party(shop, "Wei Parts").tax_id == "CN 91"
    done = imports(
        shop,
        "Name;Contact;Phone;Street;City\n"
        "papeterie martin;Paul;+33 9;5 rue Neuve;Lyon\nWei Parts;;;;\n",
    )
    assert counts(done.summary.change) == (0, 1, 1)
    assert phones(shop, "papeterie martin")[0] == ("Paul", "+33 9")
    assert streets(shop, "papeterie martin") == ["5 rue Neuve"]
    undoes(shop, done)
    assert phones(shop, "papeterie martin")[0] == ("Paul", "+33 1")
    assert streets(shop, "papeterie martin") == ["3 place"]


@story
def test_a_side_is_added_but_never_removed(shop: Shop) -> None:
    imports(shop, "Name,Customer or vendor\nHigh End Computers,vendor\n")
    both = party(shop, "High End Computers")
    assert both.is_customer
    assert both.is_vendor


@story
def test_problems_with_parties_are_listed_by_row(shop: Shop) -> None:
    offered = offers(
        shop,
        "Name,Side,Currency,Country,E-mail,Language,Payment days,Price book,Peppol id\n"
        "A,customer,XYZ,Atlantis,nobody,klingon,5000,None,somewhere\n"
        "B,neighbour,,,,,,\n"
        "C,,,,,,,\n"
        "D,customer,EUR,,,,,\n"
        "D,vendor,AUD,,,,,\n".replace("Side", "Role"),
    )
    assert problems(offered) == [
        "2 Currency: “XYZ” isn't a currency code. Use one like EUR or AUD.",
        "2 Country: “Atlantis” isn't a known country. Use its name or a code like FR.",
        "2 E-mail: “nobody” isn't an email address.",
        "2 Language: “klingon” isn't one of these: en, fr.",
        "2 Payment days: 5000 is too large.",
        "2 Price book: There is no price book called “None”. Import its prices first.",
        f"2 Peppol id: {NO_ELECTRONIC_ADDRESS.format(text='somewhere')}",
        "3 Role: “neighbour” isn't one of these: customer, vendor, customer and vendor.",
        "4 Role: This is required but empty.",
        "6 Role: This conflicts with row 5, which is for the same record.",
        "6 Currency: This conflicts with row 5, which is for the same record.",
    ]
    contact = offers(
        shop, "Name,Contact,Phone\nHigh End Computers,Kim,1\nHigh End Computers,Kim,2\n"
    )
    assert problems(contact) == [
        "3 Contact: This conflicts with row 2, which is for the same record."
    ]
    shop.party("HIGH END computers")
    twice = offers(shop, "Name,Phone\nHigh End Computers,1\n")
    assert problems(twice) == [
        "2 Name: 2 customers or vendors are called “High End Computers”. Rename all but one first."
    ]
    sideless = offers(shop, "Name,Phone\nNobody,1\n")
    assert problems(sideless) == ["2 : The column “Customer or vendor” is missing."]


@story
def test_undoing_archives_parties_unless_something_depends_on_them(shop: Shop) -> None:
    done = imports(shop, MARTIN)
    martin = party(shop, "Papeterie Martin").id
    undoes(shop, done)
    assert parties.load(shop.connection, [martin])[martin].archived_at is not None
    assert parties.contacts(shop.connection, martin) == []
    again = imports(shop, MARTIN)
    assert counts(again.summary.change) == (2, 0, 0)
    assert party(shop, "Papeterie Martin").id == martin
    shop.sells(1, "laptop", party=martin)
    with pytest.raises(ImportBuiltOn) as refused:
        undoes(shop, again)
    assert refused.value.facts == {"names": ("Papeterie Martin",)}


@story
def test_an_import_cannot_be_undone_once_a_contact_has_joined(shop: Shop) -> None:
    done = imports(shop, MARTIN)
    contact = parties.contacts(shop.connection, party(shop, "Papeterie Martin").id)[0]
    link = team.invite(shop.work, Role.CUSTOMER, contact_id=contact.id)
    paul = add_person(shop.connection, "Paul", at=shop.now)
    join(shop.connection, paul, link, at=shop.now)
    with pytest.raises(ImportBuiltOn) as refused:
        undoes(shop, done)
    assert refused.value.facts == {"names": ("Paul",)}


# --- Prices ------------------------------------------------------------------------------------

PRICES = (
    "Tarif;Devise;Référence;Prix;À partir de;Valable du;Valable jusqu'au\n"
    "AUD 2026;AUD;LAPTOP;2390,00;;01/01/2026;31/12/2026\n"
    "AUD 2026;AUD;LAPTOP;2300,50;10;;\n"
    ";USD;LAPTOP;1500;;;\n"
)


def price_of(shop: Shop, quantity: int, currency: str) -> Decimal:
    """Return the price of one of so many laptops."""
    laptop = shop.product("laptop")
    found = pricing.prices(
        shop.connection, [Wanted(laptop, Decimal(quantity), Decimal(100))],
        currency=currency, party_book_id=None, day=date(2026, 11, 24), rate=Decimal(1),
    )  # fmt: skip
    return found[laptop].unit_price


@story
def test_prices_are_imported_into_books_with_steps_and_days(shop: Shop) -> None:
    shop.product("laptop")
    # A French file in an English company: one of its dates shows that days come first.
    done = imports(shop, PRICES)
    assert (done.kind, counts(done.summary.change)) == ("prices", (3, 0, 0))
    assert done.summary.change.facts["books"] == ["AUD 2026", "USD"]
    assert price_of(shop, 1, "AUD") == 2390
    assert price_of(shop, 10, "AUD") == Decimal("2300.5")
    assert price_of(shop, 1, "USD") == 1500
    assert counts(offers(shop, PRICES).summary.change) == (0, 0, 3)


@story
def test_imported_prices_can_be_changed_and_undone(shop: Shop) -> None:
    shop.product("laptop")
    first = imports(shop, PRICES)
    second = imports(
        shop,
        "Book,Currency,SKU,Price,From quantity,Valid until\n"
        "AUD 2026,AUD,laptop,2400,0,2027-12-31\nAUD 2026,AUD,laptop,2200,50,\n",
    )
    # One price is new, one changed, and so did the book's last day.
    assert counts(second.summary.change) == (1, 2, 0)
    assert price_of(shop, 1, "AUD") == 2400
    undoes(shop, second)
    assert price_of(shop, 1, "AUD") == 2390
    assert price_of(shop, 50, "AUD") == Decimal("2300.5")
    undoes(shop, importing.load(shop.work, first.id))
    assert pricing.books(shop.connection) == []
    assert price_of(shop, 1, "AUD") == 100
    assert counts(imports(shop, PRICES).summary.change) == (3, 2, 0)
    assert price_of(shop, 1, "AUD") == 2390
    alone = imports(shop, "Book,Currency,SKU,Price\nAUD 2026,AUD,LAPTOP,2395\n")
    assert counts(alone.summary.change) == (0, 1, 0)
    assert price_of(shop, 1, "AUD") == 2395


@story
def test_problems_with_prices_are_listed_by_row(shop: Shop) -> None:
    laptop = shop.product("laptop")
    shop.product("mouse")
    book = catalog.add_price_book(shop.work, name="List", currency="AUD")
    catalog.set_price(shop.work, book, laptop, unit_price=Decimal(1))
    shop.archives("mouse")
    offered = offers(
        shop,
        "Book,Currency,SKU,Price,From,Valid from\n"
        "List,USD,LAPTOP,1,,\n"
        "New,USD,,1,,\n"
        "New,USD,NONE,1,,\n"
        "New,USD,MOUSE,1,,\n"
        "New,USD,LAPTOP,1,,2026-01-01\n"
        "New,USD,LAPTOP,1,5,2026-02-01\n"
        "New,USD,LAPTOP,2,5,soon\n",
    )
    assert problems(offered) == [
        "2 Book: The price book “List” is in AUD.",
        "3 SKU: This is required but empty.",
        "4 SKU: No product has the SKU “NONE”. Import the products first.",
        "5 SKU: “MOUSE” is archived. Restore it first.",
        "7 Valid from: This conflicts with row 6, which is for the same record.",
        "8 Valid from: “soon” isn't a date. Write it as 2026-11-24.",
        "8 Book: Same as row 7: “New · USD · LAPTOP · 5”. Delete one of them.",
    ]


@story
def test_a_default_is_yes_or_no_and_a_day_is_not_a_number(shop: Shop) -> None:
    shop.product("laptop")
    head = ["Book", "Currency", "SKU", "Price", "Valid until", "Default"]
    offered = offers(shop, workbook(head, ["X", "USD", "LAPTOP", 1, 46350, "maybe"]))
    assert problems(offered) == [
        "2 Valid until: “46350” isn't a date. Write it as 2026-11-24.",
        "2 Default: “maybe” must be yes or no.",
    ]
    imports(shop, workbook(head, ["X", "USD", "LAPTOP", 1, date(2026, 12, 31), True]))
    assert [each.is_default for each in pricing.books(shop.connection)] == [True]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("03/04/2026",), "“03/04/2026” could be two different dates. Write it as 2026-11-24."),
        (("31/02/2026",), "“31/02/2026” isn't a date. Write it as 2026-11-24."),
        (("03/03/2026",), None),
        (("13/04/2026",), None),
        (("2026/4/3",), None),
    ],
)
@story
def test_an_ambiguous_day_is_refused(shop: Shop, days: tuple[str, ...], told: str | None) -> None:
    shop.product("laptop")
    rows = "".join(f"X,USD,LAPTOP,1,{at},{day}\n" for at, day in enumerate(days))
    offered = offers(shop, f"Book,Currency,SKU,Price,From quantity,Valid until\n{rows}")
    assert problems(offered) == ([] if told is None else [f"2 Valid until: {told}"])
