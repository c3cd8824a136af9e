"""E-invoices against the rules that are published for them, and against copies made wrong.

The European rules are those of Factur-X 1.09 (EN 16931), the French ones those of the exchange
between platforms (BR-FR).
"""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from core.domain.papers.view import Paper, PaperAllocation

from core.einvoice import missing, write
from core.i18n import translator
from tests.einvoice.checking import findings
from tests.einvoice.papers import (
    HIGH_END,
    MARTIN,
    MUELLER,
    credit,
    paper,
    priced,
)


def with_deposit() -> Paper:
    found = paper()
    assert found.totals is not None
    deposit = PaperAllocation("PY-2026-0003", Decimal(100))
    totals = replace(found.totals, deposits=(deposit,), due=found.totals.total - 100)
    return replace(found, totals=totals)


def in_dollars(category: str) -> Paper:
    found = paper([priced("3", "2390", category=category)], currency="AUD", party=HIGH_END)
    assert found.totals is not None
    in_books = Decimal("0.00") if category == "G" else Decimal("87.47")
    totals = replace(found.totals, tax_in_books=in_books, books_currency="EUR")
    return replace(found, totals=totals)


def work_and_goods() -> Paper:
    found = paper()
    lines = [
        replace(each, is_service=bool(at), note="By hand\x07")
        for at, each in enumerate(found.lines)
    ]
    return replace(found, lines=tuple(lines))


def last_of_a_credit() -> Paper:
    """It takes a cent more than its line comes to, for all cents have to go."""
    found = credit([priced("1", "0.33")])
    assert found.totals is not None
    (tax,) = found.totals.taxes
    taxes = (replace(tax, base=Decimal("0.34"), tax=Decimal("0.06")),)
    totals = replace(found.totals, net=Decimal("0.34"), total=Decimal("0.40"), taxes=taxes)
    return replace(found, totals=totals)


PAPERS = {
    "two rates": paper(),
    "a discount on all": paper(discount=Decimal("73.69"), percent=Decimal(3)),
    "prices with tax": paper(
        [priced("3", "19.99", discount="10"), priced("7", "3.45", "5.5")],
        include_tax=True,
        percent=Decimal(3),
    ),
    "a deposit": with_deposit(),
    "yen": paper([priced("3", "1499")], currency="JPY", party=MUELLER),
    "a foreign currency": in_dollars("S"),
    "an export": in_dollars("G"),
    "reverse charge": paper([priced("1", "100", category="AE")], party=MUELLER),
    "within the union": paper([priced("1", "100", category="K")], party=MUELLER),
    "exempt, at zero, and a gift": paper(
        [priced("1", "5", category="E"), priced("1", "5", category="Z"), priced("1", "0")]
    ),
    "outside the scope": paper([priced("2", "50", category="O")], discount=Decimal(5)),
    "work and goods": work_and_goods(),
    "a credit": credit(),
    "the last cent of a credit": last_of_a_credit(),
}

# The rules of the exchange in France are for trade within it.
WITHIN_FRANCE = {name for name, each in PAPERS.items() if each.party == MARTIN}


@pytest.mark.parametrize("name", PAPERS)
def test_the_published_rules_have_nothing_against_it(name):
    its_paper = PAPERS[name]
    assert missing(its_paper) == ()
    xml = write(its_paper, translator("fr"))
    assert xml is not None
    assert findings(xml, french=name in WITHIN_FRANCE) == []


# What is made wrong of a right e-invoice, and the rule that must refuse it (documents.md 5.3).
WRONG = [
    (r"(<ram:GrandTotalAmount>)\d+", r"\g<1>1", "BR-CO-15"),
    (r"(<ram:DuePayableAmount>)\d+", r"\g<1>1", "BR-CO-16"),
    (r"(<ram:LineTotalAmount>)\d+", r"\g<1>1", "BR-CO-10"),
    (r"(<ram:LineTotalAmount>)\d+", r"\g<1>1", "BR-S-08"),
    (r"(<ram:TaxBasisTotalAmount>)\d+", r"\g<1>1", "BR-CO-13"),
    (r"(<ram:CalculatedAmount>)\d+", r"\g<1>1", "BR-CO-14"),
    (r"<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>", "", "BR-S-02"),
    (r"<ram:InvoiceCurrencyCode>EUR", "<ram:InvoiceCurrencyCode>EUX",
     "Value of 'ram:InvoiceCurrencyCode' is not allowed"),
    (r"(<ram:ChargeAmount>)", r"\g<1>-", "BR-27"),
    (r"<ram:CountryID>FR</ram:CountryID>", "", "Missing child element"),
    (r"<ram:SubjectCode>PMT", "<ram:SubjectCode>AAI", "BR-FR-05"),
    (r"<ram:SubjectCode>PMD", "<ram:SubjectCode>AAI", "BR-FR-05"),
    (r"<ram:SubjectCode>AAB", "<ram:SubjectCode>AAI", "BR-FR-05"),
    (r"<ram:BusinessProcess.*?</ram:BusinessProcess[A-Za-z]*>", "", "BR-FR-08"),
    (r"<ram:URIUniversalCommunication>.*?</ram:URIUniversalCommunication>", "", "BR-FR-13"),
    (r"(<ram:SpecifiedLegalOrganization><ram:ID[^>]*>)\d", r"\g<1>", "BR-FR-10"),
    (r"(DueDateDateTime><udt:DateTimeString format=\"102\">)20261224", r"\g<1>20261101",
     "BR-FR-CO-07"),
    (r"(ram:RateApplicablePercent>)20<", r"\g<1>19<", "BR-FR-16"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "wrong", "rule"), WRONG)
def test_a_wrong_copy_is_refused_by_the_rule_that_says_so(found, wrong, rule):
    xml = write(paper(), translator("fr"))
    assert xml is not None
    changed, times = re.subn(found, wrong, xml.decode(), flags=re.DOTALL)
    assert times
    assert any(rule in each for each in findings(changed.encode(), french=True))


@pytest.mark.parametrize(
    ("its_paper", "cut", "rule"),
    [
        (PAPERS["reverse charge"], r"<ram:ExemptionReason(Code)?>[^<]*</ram:ExemptionReason\w*>",
         "BR-AE-10"),
        (PAPERS["a credit"], r"<ram:InvoiceReferencedDocument>.*</ram:InvoiceReferencedDocument>",
         "BR-FR-CO-05"),
        (PAPERS["within the union"], r"<ram:ActualDelivery.*</ram:ActualDelivery[A-Za-z]*>",
         "BR-IC-11"),
    ],
)  # fmt: skip
def test_what_is_cut_out_is_missed(its_paper, cut, rule):
    xml = write(its_paper, translator("fr"))
    assert xml is not None
    changed, times = re.subn(cut, "", xml.decode())
    assert times
    assert any(rule in each for each in findings(changed.encode(), french=True))
