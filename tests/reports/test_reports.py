"""Reports: what is exported comes back unchanged; documents, lines and open items are right."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.files.writer import FORMATS
from core.i18n import LANGUAGES, translator
from core.reports import REPORTS, Asked, name_of, report_of, sheet_of
from core.services import company
from core.services.importing.columns import KINDS
from core.services.importing.matching import column_of
from core.services.people import parties
from core.services.products import catalog
from core.services.rights import NotAllowed
from tests.actors import LEA, OMAR
from tests.builders import Shop, story
from tests.services.importing.tables import counts, exported, offers, problems

D = Decimal


def fill(shop: Shop) -> None:
    """Give a shop everything that a table can hold, dangerous texts included."""
    shop.has(12, "laptop", price="1000.5")
    shop.product("cable", list_price=D("1.205"), shelf="B3",
                 category="Wires", barcode="0004006381333", reorder_level=D("2.5"),
                 tax_id=shop.taxes["5.5"], names={"fr": "Câble"}, cost_price=D("0.7"))  # fmt: skip
    shop.product("pallet", unit="pallet")
    shop.product("freight", list_price=None)
    for at, name in enumerate(("=cmd()", "+33 1", "-5", "@x", "'quoted", "1,234", "007")):
        catalog.add_product(shop.work, sku=f"{name}-{at}", name=name)
    book = catalog.add_price_book(
        shop.work, name="AUD 2026", currency="AUD", valid_from=date(2026, 1, 1), is_default=True
    )
    for step, price in ((0, "2390"), (10, "2300.50")):
        catalog.set_price(
            shop.work, book, shop.product("laptop"), unit_price=D(price), from_quantity=D(step)
        )
    both = shop.party(
        "=Both & Sons", customer=True, vendor=True, language="fr", currency="AUD", tax_id="+FR1",
        payment_days=45, payment_mode="cheque", electronic_address="0225:123456782_SHOP",
        price_book_id=book, tax_rule_id=shop.taxes["20"],
    )  # fmt: skip
    for name in ("Ann", "Bob"):
        parties.add_contact(shop.work, both, name=name, phone="+33 1", email="a@b.example")
    for use in ("billing", "delivery"):
        shop.address(both, use=use, street="1 Road\nBack yard", postal_code="0123")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
@story
def test_an_exported_file_can_be_imported_again_without_changes(
    shop: Shop, kind: str, form: str, language: str
) -> None:
    fill(shop)
    file = exported(shop, kind, form=form, language=language)
    again = offers(shop, file)
    assert problems(again) == []
    assert (again.kind, again.summary.unknown) == (kind, [])
    new, changed, unchanged = counts(again.summary.change)
    assert (new, changed) == (0, 0)
    assert unchanged == {"products": 11, "parties": 3, "prices": 2, "stock": 10}[kind]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exported_heading_is_recognised_as_its_column(kind, language: str) -> None:
    words = translator(language)
    for column in kind.columns:
        assert column_of(words.text(column.heading), kind)[0] == column.key
        for name in column.names:
            assert column_of(name, kind)[0] == column.key, name


def rows(shop: Shop, report: str, *asked: Any, language: str = "en") -> list[list[Any]]:
    """Return the rows of a report, of a kind and a period where they are given."""
    sheet = sheet_of(shop.work, report_of(report), Asked(translator(language), *asked))
    return [list(each) for each in sheet.rows]


def invoice_of_two(shop: Shop) -> int:
    """Sell two laptops at 150, invoice them and take 100."""
    shop.has(5, "laptop")
    invoice = shop.makes("invoice", shop.sells(2, "laptop", 150))
    shop.pays(invoice, 100)
    return invoice


@story
def test_documents_are_listed_by_kind_and_period(shop: Shop) -> None:
    invoice_of_two(shop)
    shop.drafts("sales_order", (1, "laptop"))
    assert sorted(row[0] for row in rows(shop, "papers")) == [
        "IN-2026-0001", "PO-2026-0001", "PY-2026-0001", "RN-2026-0001", "SO-2026-0001",
    ]  # fmt: skip
    (paper,) = rows(shop, "papers", "invoice")
    assert paper[1:3] == ["Invoice", "posted"]
    assert paper[4] == "High End Computers"
    assert paper[7:11] == ["EUR", D("300.00"), D("60.00"), D("360.00")]
    assert rows(shop, "papers", "invoice", date(2026, 11, 25), date(2026, 12, 1)) == []
    (line,) = rows(shop, "lines", "invoice")
    assert line[5:] == [
        "LAPTOP", "Laptop", D(2), "piece", "EUR", D(150), None, D(20), D("300.00"),
    ]  # fmt: skip


@story
def test_open_items_are_listed_with_what_is_due(shop: Shop) -> None:
    invoice = invoice_of_two(shop)
    sheet = sheet_of(shop.work, report_of("accounts"), Asked(translator("fr")))
    assert sheet.headings[-1] == "Reste dû"
    (row,) = rows(shop, "accounts", language="fr")
    assert row[:3] == ["High End Computers", "IN-2026-0001", "Facture"]
    assert row[6:] == ["EUR", D("360.00"), D("260.00")]
    shop.pays(invoice)
    assert rows(shop, "accounts") == []
    # Money for which nothing was owed is the customer's, and is never late.
    shop.collects(40)
    (row,) = rows(shop, "accounts")
    assert row[1:3] == ["PY-2026-0003", "Payment"]
    assert row[4:] == [None, None, "EUR", D("-40.00"), D("-40.00")]


@story
def test_only_the_owner_may_see_reports(shop: Shop) -> None:
    for report in REPORTS:
        for each in (LEA, OMAR):
            with pytest.raises(NotAllowed):
                sheet_of(shop.by(each).work, report, Asked(translator("en")))


def test_files_are_named_by_their_contents() -> None:
    words, day = translator("en"), date(2026, 11, 24)
    assert name_of(report_of("products"), Asked(words), today=day) == "Products 2026-11-24"
    asked = Asked(words, "invoice", date(2026, 1, 1), date(2026, 1, 31))
    assert name_of(report_of("lines"), asked, today=day) == (
        "Document lines, Invoices 2026-01-01 2026-01-31"
    )
    with pytest.raises(KeyError):
        report_of("nothing")


@story
def test_the_companys_own_language_has_no_second_column_for_names(shop: Shop) -> None:
    sheet = sheet_of(shop.work, report_of("products"), Asked(translator("en")))
    assert sheet.headings[-1] == "Name (French)"
    assert company.current(shop.connection).language == "en"
