"""The code for the reader's bank: read from the drawn page, as a telephone does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.domain.papers.look import PaperPart
from core.i18n import Translator, translator
from core.pdf import render
from core.pdf.payment_code import folded_name
from tests.einvoice.papers import IBAN, paper
from tests.pdf.reading import codes_of


def says(**changed: str) -> str:
    facts = {"bic": "", "name": "Crimson", "amount": "44482.17"} | changed
    return (
        f"BCD\n002\n1\nSCT\n{facts['bic']}\n{facts['name']}\n{IBAN}\nEUR{facts['amount']}\n\n\n"
        "IN-2026-0042"
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_app_of_a_bank_reads_whom_and_how_much_to_pay(language):
    (code,) = codes_of(render(paper(), translator(language)))
    assert code == says()


def test_a_page_from_right_to_left_has_a_code_that_is_not_mirrored(arabic: Translator):
    (code,) = codes_of(render(paper(), arabic))
    assert code == says()


def test_what_is_due_is_asked_for_and_the_bank_named():
    found = paper()
    assert found.totals is not None
    its_paper = replace(
        found,
        totals=replace(found.totals, due=Decimal("20.10")),
        terms=replace(found.terms, bic="CRIMFRPPXXX"),
        company=replace(found.company, name="Crimson’s Électronique & Fils"),
    )
    (code,) = codes_of(render(its_paper, translator("fr")))
    name = "Crimson's Electronique & Fils"
    assert code == says(amount="20.1", bic="CRIMFRPPXXX", name=name)


def _without_code() -> list[object]:
    found = paper()
    assert found.totals is not None
    return [
        replace(found, number=None),
        replace(found, mark="Cancelled"),
        replace(found, terms=replace(found.terms, iban="")),
        replace(found, terms=replace(found.terms, shows_code=False)),
        replace(found, look=replace(found.look, hidden=(PaperPart.BANK,))),
        replace(found, totals=replace(found.totals, due=Decimal(0))),
        replace(found, totals=replace(found.totals, due=Decimal(1000000000))),
        replace(found, layout=replace(found.layout, shows_payment_code=False)),
        paper(currency="CHF"),
    ]


@pytest.mark.parametrize("its_paper", _without_code())
def test_without_account_euros_or_debt_there_is_no_code(its_paper):
    assert codes_of(render(its_paper, translator("en"))) == []


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Müller & Søn ß", "Muller & Son ss"),
        ("Crimson  Électronique", "Crimson Electronique"),
        ("株式会社クリムゾン", "株式会社クリムゾン"),
        ("A" * 80, "A" * 70),
    ],
)
def test_a_name_is_written_in_letters_that_banks_read_alike(name, folded):
    assert folded_name(name) == folded
