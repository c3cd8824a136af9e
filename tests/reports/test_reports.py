"""Reports: what is exported comes back unchanged; papers, lines and open items are right."""

from datetime import date
from decimal import Decimal

import pytest
from core.files.writer import FORMATS
from core.services.money import payments
from core.services.people import parties

from core.domain.documents import kind_by_prefix
from core.domain.people import Actor, Role
from core.i18n import LANGUAGES, translator
from core.reports import REPORTS, Asked, name_of, report_of, sheet_of
from core.services import company
from core.services.importing.columns import KINDS
from core.services.importing.matching import column_of
from core.services.products import catalog
from core.services.rights import NotAllowed
from tests.builders import Shop, Tells
from tests.services.importing.tables import counts, exported, offers, problems

D = Decimal


def filled(shop: Shop) -> None:
    """A shop with everything that a table can hold, words that mean harm among it."""
    shop.has(12, "laptop", price="1000.5")
    shop.product("cable", unit="m", unit_digits=2, list_price=D("1.205"), shelf="B3",
                 category="Wires", barcode="0004006381333", reorder_level=D("2.5"),
                 tax_id=shop.taxes["5.5"], names={"fr": "Câble"}, cost_price=D("0.7"))  # fmt: skip
    shop.product("pallet", unit="pallet")
    shop.product("freight", nature="service", list_price=None)
    for at, name in enumerate(("=cmd()", "+33 1", "-5", "@x", "'quoted", "1,234", "007")):
        catalog.add_product(shop.work, sku=f"{name}-{at}", name=name)
    book = catalog.add_price_book(
        shop.work, name="AUD 2026", currency="AUD", valid_from=date(2026, 1, 1), is_default=True
    )
    for step, price in ((0, "2390"), (10, "2300.50")):
        catalog.set_price(
            shop.work, book, shop.product("laptop"), unit_price=D(price), from_quantity=D(step)
        )
    both = parties.add_party(
        shop.work, name="=Both & Sons", customer=True, vendor=True, language="fr",
        currency="AUD", tax_id="+FR1", payment_days=45, payment_mode="cheque",
        electronic_address="0225:123456782_SHOP", price_book_id=book, tax_rule_id=shop.taxes["20"],
    )  # fmt: skip
    for name in ("Ann", "Bob"):
        parties.add_contact(shop.work, both, name=name, phone="+33 1", email="a@b.example")
    for use in ("billing", "delivery"):
        parties.add_address(
            shop.work, both, use=use, street="1 Road\nBack yard", postal_code="0123", city="X",
            country="FR",
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_exported_comes_back_unchanged(
    tells: Tells, kind: str, form: str, language: str
) -> None:
    def story(shop: Shop) -> None:
        filled(shop)
        file = exported(shop, kind, form=form, language=language)
        again = offers(shop, file)
        assert problems(again) == []
        assert (again.kind, again.summary.unknown) == (kind, [])
        new, changed, unchanged = counts(again.summary.change)
        assert (new, changed) == (0, 0)
        assert unchanged == {"products": 11, "parties": 3, "prices": 2, "stock": 10}[kind]

    await tells(story)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_is_known_and_means_one_column(kind, language: str) -> None:
    words = translator(language)
    for column in kind.columns:
        assert column_of(words.text(column.heading), kind)[0] == column.key
        for name in column.names:
            assert column_of(name, kind)[0] == column.key, name


async def test_papers_by_kind_and_period(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop", price=100)
        order = shop.sells(2, "laptop", price="150")
        invoice = shop.makes("invoice", order)
        shop.pays(invoice, "100")
        shop.drafts("sales_order", shop.line(1, "laptop", 1))
        words = translator("en")
        everything = sheet_of(shop.work, report_of("papers"), Asked(words))
        numbers = [row[0] for row in everything.rows]
        assert sorted(str(each) for each in numbers) == [
            "IN-2026-0001", "PO-2026-0001", "PY-2026-0001", "RN-2026-0001", "SO-2026-0001",
        ]  # fmt: skip
        kind = kind_by_prefix("IN")
        assert kind is not None
        (paper,) = sheet_of(shop.work, report_of("papers"), Asked(words, kind.kind)).rows
        assert paper[1:3] == ["Invoice", "posted"]
        assert paper[4] == "High End Computers"
        assert paper[7:11] == ["EUR", D("300.00"), D("60.00"), D("360.00")]
        asked = Asked(words, kind.kind, date(2026, 11, 25), date(2026, 12, 1))
        assert sheet_of(shop.work, report_of("papers"), asked).rows == []
        (line,) = sheet_of(shop.work, report_of("lines"), Asked(words, kind.kind)).rows
        assert line[5:] == [
            "LAPTOP", "Laptop", D(2), "piece", "EUR", D(150), None, D(20), D("300.00"),
        ]  # fmt: skip

    await tells(story)


async def test_open_items(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop", price=100)
        order = shop.sells(2, "laptop", price="150")
        invoice = shop.makes("invoice", order)
        shop.pays(invoice, "100")
        sheet = sheet_of(shop.work, report_of("accounts"), Asked(translator("fr")))
        assert sheet.headings[-1] == "Reste dû"
        (row,) = sheet.rows
        assert row[:3] == ["High End Computers", "IN-2026-0001", "Facture"]
        assert row[6:] == ["EUR", D("360.00"), D("260.00")]
        shop.pays(invoice)
        assert sheet_of(shop.work, report_of("accounts"), Asked(translator("en"))).rows == []
        # Money that nothing was owed for is theirs, and is never late.
        payments.pay(shop.work, shop.customer, direction="in", amount=D(40), currency="EUR")
        (row,) = sheet_of(shop.work, report_of("accounts"), Asked(translator("en"))).rows
        assert row[1:3] == ["PY-2026-0003", "Payment"]
        assert row[4:] == [None, None, "EUR", D("-40.00"), D("-40.00")]

    await tells(story)


async def test_reports_are_the_owners(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.acts_as(Actor(1, 1, "Lea", "en", frozenset({Role.SALES, Role.STOREKEEPER})))
        for report in REPORTS:
            with pytest.raises(NotAllowed):
                sheet_of(shop.work, report, Asked(translator("en")))

    await tells(story)


def test_files_are_named_by_what_is_in_them() -> None:
    words, day = translator("en"), date(2026, 11, 24)
    assert name_of(report_of("products"), Asked(words), today=day) == "Products 2026-11-24"
    kind = kind_by_prefix("IN")
    assert kind is not None
    asked = Asked(words, kind.kind, date(2026, 1, 1), date(2026, 1, 31))
    assert name_of(report_of("lines"), asked, today=day) == (
        "Lines of papers, Invoices 2026-01-01 2026-01-31"
    )
    with pytest.raises(KeyError):
        report_of("nothing")


async def test_the_companys_own_language_has_one_column_for_names(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        sheet = sheet_of(shop.work, report_of("products"), Asked(translator("en")))
        assert sheet.headings[-1] == "Name (French)"
        assert company.current(shop.work.connection).language == "en"

    await tells(story)
