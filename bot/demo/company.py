"""Builds the demo company through the services, as its owner would: nothing is written past them.

The story is the newcomers' own; a little is under way already, so that every home has something
to open: an order that can ship, goods that are expected, and a quote that waits for its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from bot.demo.goods import (
    BOOKS,
    FREIGHT,
    KEYBOARD,
    MONITOR,
    PRODUCTS,
    RATES,
    SMALL_LAPTOP,
    DemoProduct,
)
from bot.demo.logo import logo
from bot.demo.people import PEOPLE, SHOP, DemoPerson
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kinds
from core.domain.lifecycles import OFFER
from core.services import company
from core.services.documents import drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.numbering import business_day
from core.services.people import parties, team
from core.services.products import catalog
from core.services.work import Work
from core.storage.tables import contact

ZONE: Final = "Europe/Paris"
LANGUAGE: Final = "en"
OTHER_LANGUAGE: Final = "fr"

HIGH_END: Final = "High End Computers"
MARTIN: Final = "Papeterie Martin"
SHENZHEN: Final = "Shenzhen Parts"

# Numbers of telephones, banks and companies are such as are kept free for examples.
DETAILS: Final[Mapping[str, Any]] = {
    "name": SHOP,
    "street": "12 rue des Archives",
    "postal_code": "75004",
    "city": "Paris",
    "country": "FR",
    "tax_id": "FR11123456782",
    "phone": "+33 1 99 00 12 34",
    "email": "office@crimson.example",
    "bank_details": "IBAN FR76 3000 6000 0112 3456 7890 189\nBIC CRIMFRPPXXX",
    "currency": "EUR",
    "zone": ZONE,
    "language": LANGUAGE,
}


@dataclass(frozen=True, kw_only=True)
class DemoParty:
    """A customer or vendor; `tax` is the rule of its papers, if it has one of its own."""

    name: str
    side: str
    language: str
    currency: str
    tax: str = ""
    tax_id: str = ""
    payment_days: int = 30
    billing: tuple[str, str, str, str]
    delivery: tuple[str, str, str, str] | None = None
    phone: str
    email: str


PARTIES: Final = (
    DemoParty(
        name=HIGH_END,
        side="customer",
        language="en",
        currency="AUD",
        tax="Export",
        tax_id="ABN 12 004 044 937",
        billing=("48 George Street", "NSW 2000", "Sydney", "AU"),
        delivery=("7 Harbour Road", "NSW 2036", "Port Botany", "AU"),
        phone="+61 2 5550 1234",
        email="grace@highend.example",
    ),
    DemoParty(
        name=MARTIN,
        side="customer",
        language="fr",
        currency="EUR",
        tax_id="FR14987654324",
        billing=("18 rue de la République", "69002", "Lyon", "FR"),
        phone="+33 4 65 71 12 34",
        email="claire@martin.example",
    ),
    DemoParty(
        name=SHENZHEN,
        side="vendor",
        language="en",
        currency="USD",
        tax="Outside the scope",
        payment_days=45,
        billing=("88 Keyuan Road", "518057", "Shenzhen", "CN"),
        phone="+86 755 5550 1234",
        email="wei@shenzhen-parts.example",
    ),
)


@dataclass(frozen=True)
class Built:
    """The ids of what was built, by SKU and by name."""

    products: Mapping[str, int]
    parties: Mapping[str, int]


def build(work: Work, people: Sequence[DemoPerson] = PEOPLE) -> None:
    """Found the company with all that it trades in, with and by.

    The persons are contacts of their parties; they join by links, see `invite`.
    """
    company.set_up(work, **DETAILS, logo=logo(SHOP))
    taxes = _add_taxes(work)
    today = business_day(work.now, ZONE)
    for currency, rate in RATES.items():
        catalog.set_rate(work, currency, Decimal(rate), day=today, source="Demo")
    products = {
        each.sku: _add_product(work, each, at=at, taxes=taxes) for at, each in enumerate(PRODUCTS)
    }
    books = _add_books(work, products, today)
    built = Built(products, _add_parties(work, taxes, books))
    for person in people:
        if person.party:
            _add_contact(work, built.parties[person.party], person)
    _count_what_is_there(work, built)
    _begin_trade(work, built, today)


def invite(work: Work, person: DemoPerson) -> str:
    """The token of a one-time link that makes a user this person."""
    contact_id = None
    if person.party:
        theirs = select(contact.c.id).where(contact.c.name == person.name).order_by(contact.c.id)
        contact_id = work.connection.execute(theirs.limit(1)).scalar_one()
    return team.invite(work, person.role, contact_id=contact_id)


# --- Facts --------------------------------------------------------------------------------


def _add_taxes(work: Work) -> dict[str, int]:
    rows = (
        ("VAT 20 %", "S", "20", True),
        ("VAT 5.5 %", "S", "5.5", False),
        ("Export", "G", "0", False),
        ("Outside the scope", "O", "0", False),
    )
    return {
        name: company.add_tax(
            work, name=name, category=category, percent=Decimal(percent), default=default
        )
        for name, category, percent, default in rows
    }


def _add_product(work: Work, each: DemoProduct, *, at: int, taxes: Mapping[str, int]) -> int:
    return catalog.add_product(
        work,
        sku=each.sku,
        name=each.name,
        nature=each.nature,
        names={OTHER_LANGUAGE: each.french},
        barcode=barcode(at + 1),
        category=each.category,
        shelf=each.shelf,
        unit=each.unit,
        unit_digits=each.digits,
        tax_id=taxes["VAT 5.5 %"] if each.reduced else None,
        list_price=Decimal(each.price),
        cost_price=Decimal(each.cost) if each.cost else None,
        reorder_level=Decimal(each.low) if each.low else None,
    )


def barcode(number: int) -> str:
    """An EAN-13 of the range that every shop may use inside its own walls (200...)."""
    body = f"200{number:09d}"
    odd, even = body[::2], body[1::2]
    total = sum(int(digit) for digit in odd) + 3 * sum(int(digit) for digit in even)
    return f"{body}{-total % 10}"


def _add_books(work: Work, products: Mapping[str, int], today: date) -> dict[str, int]:
    """The price books, by the party that has them; that of nobody in particular is a default."""
    found = {}
    for each in BOOKS:
        book_id = catalog.add_price_book(
            work,
            name=each.name.format(year=today.year),
            currency=each.currency,
            valid_from=today.replace(month=1, day=1),
            is_default=not each.party,
        )
        found[each.party] = book_id
        for product, steps in each.prices:
            for quantity, price in steps:
                catalog.set_price(
                    work,
                    book_id,
                    products[product.sku],
                    unit_price=Decimal(price),
                    from_quantity=Decimal(quantity),
                )
    return found


def _add_parties(work: Work, taxes: Mapping[str, int], books: Mapping[str, int]) -> dict[str, int]:
    found = {}
    for each in PARTIES:
        party_id = parties.add_party(
            work,
            name=each.name,
            customer=each.side == "customer",
            vendor=each.side == "vendor",
            language=each.language,
            currency=each.currency,
            tax_id=each.tax_id,
            tax_rule_id=taxes.get(each.tax),
            payment_days=each.payment_days,
            price_book_id=books.get(each.name),
        )
        found[each.name] = party_id
        for use, its_address in (("billing", each.billing), ("delivery", each.delivery)):
            if its_address is not None:
                street, postal_code, city, country = its_address
                parties.add_address(
                    work,
                    party_id,
                    use=use,
                    street=street,
                    postal_code=postal_code,
                    city=city,
                    country=country,
                )
    return found


def _add_contact(work: Work, party_id: int, person: DemoPerson) -> None:
    its_party = next(each for each in PARTIES if each.name == person.party)
    parties.add_contact(
        work, party_id, name=person.name, phone=its_party.phone, email=its_party.email
    )


# --- Papers -------------------------------------------------------------------------------


def _the_kind(**features: object) -> str:
    """The kind of document with these features; no name of a kind is needed for that."""
    found: tuple[DocumentType, ...] = kinds(**features)
    return found[0].kind


def _count_what_is_there(work: Work, built: Built) -> None:
    """The opening stock is a first count: what is there comes in at its cost."""
    counted = [
        NewLine(
            built.products[each.sku],
            Decimal(0),
            counted=Decimal(each.stock),
            level_at_count=Decimal(0),
            move_at_count=0,
        )
        for each in PRODUCTS
        if Decimal(each.stock)
    ]
    count = drafting.create(work, _the_kind(counts=True), lines=counted, reason="Opening stock")
    issuing.issue(work, count, revision=0)


def _begin_trade(work: Work, built: Built, today: date) -> None:
    """An order that can ship, goods that are expected, a quote that was sent."""
    begun: tuple[tuple[str, str, Sequence[tuple[DemoProduct, str]], dict[str, Any]], ...] = (
        (
            _the_kind(claims=Claims.WAITING),
            MARTIN,
            ((MONITOR, "4"), (KEYBOARD, "4"), (FREIGHT, "1")),
            {},
        ),
        (
            _the_kind(incoming=True),
            SHENZHEN,
            ((SMALL_LAPTOP, "30"),),
            {"delivery_on": today + timedelta(days=9)},
        ),
        (_the_kind(lifecycle=OFFER), HIGH_END, ((MONITOR, "10"),), {}),
    )
    for kind, party, wanted, header in begun:
        lines = [NewLine(built.products[each.sku], Decimal(number)) for each, number in wanted]
        document_id = drafting.create(
            work, kind, party_id=built.parties[party], lines=lines, **header
        )
        issuing.issue(work, document_id, revision=0)
