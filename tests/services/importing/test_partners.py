"""Parties with their contacts and addresses, prices in books: from tables, and undone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from core.services.people import parties, team
from core.services.products.pricing import Wanted

from core.domain.people import Role
from core.services import importing, search
from core.services.importing import ImportBuiltOn
from core.services.importing.problems import NO_ELECTRONIC_ADDRESS
from core.services.products import catalog, pricing
from core.services.work import Work
from tests.builders import Shop, Tells
from tests.services.importing.tables import counts, imports, offers, problems, undoes, workbook
from tests.services.staff import Staff

MARTIN = (
    "Client;Type;Devise;Contact;Téléphone;E-mail;Adresse;CP;Ville;Pays;Délai;Mode de règlement\n"
    "Papeterie Martin;client;EUR;Paul;+33 1;paul@martin.example;3 place;69002;Lyon;France;30;\n"
    "Papeterie Martin;client;;Anne;+33 2;;;;;;;\n"
    "Wei Parts;fournisseur;CNY;;;;88 Nanhai;518000;Shenzhen;CN;45 jours;virement\n"
)


def party_id(work: Work, name: str) -> int:
    return search.parties(work, name)[0].id


async def test_a_french_table_makes_parties_with_contacts_and_addresses(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, MARTIN)
        assert (done.kind, counts(done.summary.change)) == ("parties", (2, 0, 0))
        martin = party_id(shop.work, "Papeterie Martin")
        found = parties.load(shop.work.connection, [martin])[martin]
        assert (found.is_customer, found.is_vendor, found.currency) == (True, False, "EUR")
        assert (found.payment_days, found.payment_mode) == (30, "transfer")
        people = parties.contacts(shop.work.connection, martin)
        assert [(each.name, each.phone) for each in people] == [
            ("Paul", "+33 1"),
            ("Anne", "+33 2"),
        ]
        (address,) = parties.addresses(shop.work.connection, martin)
        assert (address.street, address.city, address.country) == ("3 place", "Lyon", "FR")
        wei = party_id(shop.work, "Wei Parts")
        assert parties.load(shop.work.connection, [wei])[wei].payment_days == 45

    await tells(story)


async def test_again_nothing_changes_and_what_differs_is_changed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, MARTIN)
        assert counts(offers(shop, MARTIN).summary.change) == (0, 0, 2)
        number = imports(shop, "Name,VAT no\nWei Parts,CN 91\n")
        assert counts(number.summary.change) == (0, 1, 0)
        wei = party_id(shop.work, "Wei Parts")
        assert parties.load(shop.work.connection, [wei])[wei].tax_id == "CN 91"
        done = imports(
            shop,
            "Name;Contact;Phone;Street;City\n"
            "papeterie martin;Paul;+33 9;5 rue Neuve;Lyon\nWei Parts;;;;\n",
        )
        assert counts(done.summary.change) == (0, 1, 1)
        martin = party_id(shop.work, "papeterie martin")
        people = parties.contacts(shop.work.connection, martin)
        assert people[0].phone == "+33 9"
        assert [each.street for each in parties.addresses(shop.work.connection, martin)] == [
            "5 rue Neuve"
        ]
        undoes(shop, done)
        assert parties.contacts(shop.work.connection, martin)[0].phone == "+33 1"
        assert [each.street for each in parties.addresses(shop.work.connection, martin)] == [
            "3 place"
        ]

    await tells(story)


async def test_a_side_is_added_and_never_taken_away(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        imports(shop, "Name,Customer or vendor\nHigh End Computers,vendor\n")
        found = parties.load(shop.work.connection, [shop.customer])[shop.customer]
        assert found.is_customer
        assert found.is_vendor

    await tells(story)


async def test_what_is_wrong_with_parties(tells: Tells) -> None:
    def story(shop: Shop) -> None:
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
            "2 Currency: “XYZ” is no currency. Use a code like EUR or AUD.",
            "2 Country: “Atlantis” is no country that is known. Use its name or a code like FR.",
            "2 E-mail: “nobody” is no e-mail address.",
            "2 Language: “klingon” is none of these: en, fr.",
            "2 Payment days: 5000 is too large.",
            "2 Price book: There is no price book “None”. Import its prices first.",
            f"2 Peppol id: {NO_ELECTRONIC_ADDRESS.format(text='somewhere')}",
            "3 Role: “neighbour” is none of these: customer, vendor, customer and vendor.",
            "4 Role: This is empty, and it is needed.",
            "6 Role: This differs from row 5, which is about the same.",
            "6 Currency: This differs from row 5, which is about the same.",
        ]
        contact = offers(
            shop, "Name,Contact,Phone\nHigh End Computers,Kim,1\nHigh End Computers,Kim,2\n"
        )
        assert problems(contact) == [
            "3 Contact: This differs from row 2, which is about the same."
        ]
        parties.add_party(shop.work, name="HIGH END computers", customer=True, language="en")
        twice = offers(shop, "Name,Phone\nHigh End Computers,1\n")
        assert problems(twice) == [
            "2 Name: There are 2 parties called “High End Computers”. Rename all but one first."
        ]
        sideless = offers(shop, "Name,Phone\nNobody,1\n")
        assert problems(sideless) == ["2 : The column “Customer or vendor” is missing."]

    await tells(story)


async def test_undo_archives_parties_until_something_is_built_on_them(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, MARTIN)
        martin = party_id(shop.work, "Papeterie Martin")
        undoes(shop, done)
        assert parties.load(shop.work.connection, [martin])[martin].archived_at is not None
        assert parties.contacts(shop.work.connection, martin) == []
        again = imports(shop, MARTIN)
        assert counts(again.summary.change) == (2, 0, 0)
        assert party_id(shop.work, "Papeterie Martin") == martin
        shop.customer = party_id(shop.work, "Papeterie Martin")
        shop.sells(1, "laptop")
        with pytest.raises(ImportBuiltOn) as refused:
            undoes(shop, again)
        assert refused.value.facts == {"names": ("Papeterie Martin",)}

    await tells(story)


async def test_undo_is_refused_once_a_contact_has_joined(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        done = imports(shop, MARTIN)
        martin = party_id(shop.work, "Papeterie Martin")
        contact = parties.contacts(shop.work.connection, martin)[0]
        link = team.invite(shop.work, Role.CUSTOMER, contact_id=contact.id)
        paul = Staff(shop).joins("Paul")
        team.join(replace(shop.work, actor=paul), link)
        with pytest.raises(ImportBuiltOn) as refused:
            undoes(shop, done)
        assert refused.value.facts == {"names": ("Paul",)}

    await tells(story)


# --- Prices ------------------------------------------------------------------------------------

PRICES = (
    "Tarif;Devise;Référence;Prix;À partir de;Valable du;Valable jusqu'au\n"
    "AUD 2026;AUD;LAPTOP;2390,00;;01/01/2026;31/12/2026\n"
    "AUD 2026;AUD;LAPTOP;2300,50;10;;\n"
    ";USD;LAPTOP;1500;;;\n"
)


def price_of(shop: Shop, quantity: int, currency: str) -> Decimal:
    laptop = shop.product("laptop")
    found = pricing.prices(
        shop.work.connection, [Wanted(laptop, Decimal(quantity), Decimal(100))],
        currency=currency, party_book_id=None, day=date(2026, 11, 24), rate=Decimal(1),
    )  # fmt: skip
    return found[laptop].unit_price


async def test_prices_make_books_with_steps_and_days(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop")
        # A French file in an English company: its days tell that they come first.
        done = imports(shop, PRICES)
        assert (done.kind, counts(done.summary.change)) == ("prices", (3, 0, 0))
        assert done.summary.change.facts["books"] == ["AUD 2026", "USD"]
        assert price_of(shop, 1, "AUD") == 2390
        assert price_of(shop, 10, "AUD") == Decimal("2300.5")
        assert price_of(shop, 1, "USD") == 1500
        assert counts(offers(shop, PRICES).summary.change) == (0, 0, 3)

    await tells(story)


async def test_prices_change_and_are_undone(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop")
        first = imports(shop, PRICES)
        second = imports(
            shop,
            "Book,Currency,SKU,Price,From quantity,Valid until\n"
            "AUD 2026,AUD,laptop,2400,0,2027-12-31\nAUD 2026,AUD,laptop,2200,50,\n",
        )
        # One new, one changed, and the book's last day.
        assert counts(second.summary.change) == (1, 2, 0)
        assert price_of(shop, 1, "AUD") == 2400
        undoes(shop, second)
        assert price_of(shop, 1, "AUD") == 2390
        assert price_of(shop, 50, "AUD") == Decimal("2300.5")
        undoes(shop, importing.load(shop.work, first.id))
        assert pricing.books(shop.work.connection) == []
        assert price_of(shop, 1, "AUD") == 100
        assert counts(imports(shop, PRICES).summary.change) == (3, 2, 0)
        assert price_of(shop, 1, "AUD") == 2390
        alone = imports(shop, "Book,Currency,SKU,Price\nAUD 2026,AUD,LAPTOP,2395\n")
        assert counts(alone.summary.change) == (0, 1, 0)
        assert price_of(shop, 1, "AUD") == 2395

    await tells(story)


async def test_what_is_wrong_with_prices(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        shop.product("mouse")
        book = catalog.add_price_book(shop.work, name="List", currency="AUD")
        catalog.set_price(shop.work, book, laptop, unit_price=Decimal(1))
        catalog.archive_product(shop.work, shop.product("mouse"), revision=0)
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
            "3 SKU: This is empty, and it is needed.",
            "4 SKU: There is no product with the code “NONE”. Import the products first.",
            "5 SKU: “MOUSE” is archived. Offer it again first.",
            "7 Valid from: This differs from row 6, which is about the same.",
            "8 Valid from: “soon” is no day. Write it as 2026-11-24.",
            "8 Book: The same as row 7: “New · USD · LAPTOP · 5”. Delete one of them.",
        ]

    await tells(story)


async def test_which_book_is_the_default_is_yes_or_no_and_a_day_is_no_number(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop")
        head = ["Book", "Currency", "SKU", "Price", "Valid until", "Default"]
        offered = offers(
            shop,
            workbook(head, ["X", "USD", "LAPTOP", 1, 46350, "maybe"]),
        )
        assert problems(offered) == [
            "2 Valid until: “46350” is no day. Write it as 2026-11-24.",
            "2 Default: “maybe” is neither yes nor no.",
        ]
        imports(shop, workbook(head, ["X", "USD", "LAPTOP", 1, date(2026, 12, 31), True]))
        assert [each.is_default for each in pricing.books(shop.work.connection)] == [True]

    await tells(story)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("03/04/2026",), "“03/04/2026” can be two days. Write it as 2026-11-24."),
        (("31/02/2026",), "“31/02/2026” is no day. Write it as 2026-11-24."),
        (("03/03/2026",), None),
        (("13/04/2026",), None),
        (("2026/4/3",), None),
    ],
)
async def test_days_that_can_be_two_are_asked(
    tells: Tells, days: tuple[str, ...], told: str | None
) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop")
        rows = "".join(f"X,USD,LAPTOP,1,{at},{day}\n" for at, day in enumerate(days))
        offered = offers(shop, f"Book,Currency,SKU,Price,From quantity,Valid until\n{rows}")
        assert problems(offered) == ([] if told is None else [f"2 Valid until: {told}"])

    await tells(story)
