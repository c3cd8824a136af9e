"""What stands in an e-invoice: the paper's own sums, whatever they are, and nothing else."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from facturx import get_facturx_xml_from_pdf, parse_ubl_cii_xml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from core.domain.facts.company import COMPANY_FACTS
from core.domain.facts.party import BILLING, CONTACT, DELIVERY, PARTY_FACTS
from core.domain.money import round_amount
from core.domain.papers.view import (
    Paper,
    PaperDates,
    PaperReferences,
    PaperSide,
    PaperTerms,
    PaperText,
)
from core.domain.totals import PricedLine, TaxRate
from core.einvoice import FILE_NAME, concerns, missing, write
from core.i18n import translator
from core.pdf import render
from tests.einvoice.papers import (
    CRIMSON,
    HIGH_END,
    IBAN,
    MARTIN,
    MUELLER,
    credit,
    paper,
    priced,
)
from tests.pdf.reading import words_of

_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_SPACES = {"ram": _RAM, "udt": _UDT}


class Read:
    """An e-invoice as a machine reads it."""

    def __init__(self, its_paper: Paper, language: str = "en") -> None:
        xml = write(its_paper, translator(language))
        assert xml is not None
        self.root = etree.fromstring(xml)

    def all(self, path: str) -> list[etree._Element]:
        return self.root.findall(f".//{path}", _SPACES)

    def texts(self, path: str) -> list[str]:
        return [each.text or "" for each in self.all(path)]

    def numbers(self, path: str) -> list[Decimal]:
        return [Decimal(each) for each in self.texts(path)]

    def sum(self, name: str) -> Decimal:
        """One of the sums at the end; one that is not there is nothing."""
        found = self.numbers(f"ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:{name}")
        return found[0] if found else Decimal(0)


# --- Sums -----------------------------------------------------------------------------------

RATES = st.sampled_from(
    [
        TaxRate(*each)
        for each in (("S", Decimal(20)), ("S", Decimal("5.5")), ("S", Decimal("2.1")),
                     ("Z", Decimal(0)), ("E", Decimal(0)))
    ]
)  # fmt: skip
LINES = st.lists(
    st.builds(
        PricedLine,
        st.decimals("0.001", 1000, places=3),
        st.decimals(0, 5000, places=4),
        st.decimals(0, 100, places=1),
        RATES,
    ),
    min_size=1,
    max_size=6,
)


def net_by_hand(line: etree._Element, currency: str) -> Decimal:
    """Quantity x price, less allowances, plus charges: what BT-131 has to be."""

    def numbers(path: str) -> list[Decimal]:
        return [Decimal(each.text or "") for each in line.findall(f".//{path}", _SPACES)]

    (price,) = numbers("ram:NetPriceProductTradePrice/ram:ChargeAmount")
    (quantity,) = numbers("ram:BilledQuantity")
    net = round_amount(Fraction(price) * Fraction(quantity), currency)
    for each in line.findall(".//ram:SpecifiedTradeAllowanceCharge", _SPACES):
        (amount,) = (Decimal(one.text or "") for one in each.findall("ram:ActualAmount", _SPACES))
        is_charge = each.findtext("ram:ChargeIndicator/udt:Indicator", "", _SPACES) == "true"
        assert amount > 0
        net += amount if is_charge else -amount
    return net


@given(
    LINES,
    st.sampled_from(["EUR", "JPY"]),
    st.booleans(),
    st.decimals(0, 40, places=1),
)
def test_the_sums_are_the_papers_and_add_up(lines, currency, include_tax, percent):
    its_paper = paper(
        lines, currency=currency, include_tax=include_tax, percent=percent, party=MUELLER
    )
    totals = its_paper.totals
    assert totals is not None
    read = Read(its_paper)
    nets = read.numbers("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount")
    # The same as on the page.
    assert nets == [each.without_tax for each in its_paper.lines]
    assert read.sum("LineTotalAmount") == totals.lines_net
    assert read.sum("TaxBasisTotalAmount") == totals.net
    assert read.sum("TaxTotalAmount") == sum(each.tax for each in totals.taxes)
    assert read.sum("GrandTotalAmount") == read.sum("DuePayableAmount") == totals.total
    allowed, charged = read.sum("AllowanceTotalAmount"), read.sum("ChargeTotalAmount")
    assert allowed - charged == totals.discount
    # And by the rules BR-CO-10 to -17, which the checkers ask with a tolerance.
    assert sum(nets) == read.sum("LineTotalAmount")
    assert read.sum("TaxBasisTotalAmount") == sum(nets) - allowed + charged
    taxes = read.numbers("ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
                         "/ram:CalculatedAmount")  # fmt: skip
    assert read.sum("TaxTotalAmount") == sum(taxes)
    assert read.sum("GrandTotalAmount") == read.sum("TaxBasisTotalAmount") + sum(taxes)
    for line, net in zip(read.all("ram:IncludedSupplyChainTradeLineItem"), nets, strict=True):
        assert net_by_hand(line, currency) == net


def test_dinars_have_a_decimal_too_many():
    its_paper = paper(currency="KWD", party=MUELLER)
    gap = "amounts in {currency} have more than two decimals"
    assert missing(its_paper) == (PaperText(gap, facts={"currency": "KWD"}),)
    assert write(its_paper, translator("en")) is None


def test_what_has_come_is_taken_off_what_is_due():
    found = paper([priced("1", "100")])
    assert found.totals is not None
    read = Read(replace(found, totals=replace(found.totals, due=Decimal("20.00"))))
    assert read.sum("TotalPrepaidAmount") == Decimal("100.00")
    assert read.sum("DuePayableAmount") == Decimal("20.00")


# --- Facts ----------------------------------------------------------------------------------


def test_a_reader_of_e_invoices_reads_what_the_paper_says():
    its_paper = paper(discount=Decimal("73.69"))
    totals = its_paper.totals
    assert totals is not None
    read = parse_ubl_cii_xml(write(its_paper, translator("fr")))
    assert (read["BT-1"], read["BT-3"], read["BT-23"]) == ("IN-2026-0042", "380", "B1")
    assert (read["BT-2"], read["BT-9"]) == (date(2026, 11, 24), date(2026, 12, 24))
    assert (read["BT-13"], read["BT-14"]) == ("PO 88-1207", "SO-2026-0017")
    assert (read["BT-16"], read["BT-72"]) == ("DN-2026-0009", date(2026, 11, 20))
    assert (read["BT-20"], read["BT-84"]) == ("30 jours net", IBAN)
    ours, theirs = read["BG-4"], read["BG-7"]
    assert (ours["name"], ours["vat_identifier"]) == ("Crimson", "FR11123456782")
    assert ours["contacts"] == [{"email": CRIMSON.email, "phone": CRIMSON.phone}]
    assert (theirs["name"], theirs["legal_identifier"]) == (MARTIN.name, "987654324")
    assert (theirs["einvoicing_addr_schemeid"], theirs["einvoicing_addr"]) == (
        "0225",
        "987654324",
    )
    assert (theirs["addr_l1"], theirs["postcode"], theirs["city"]) == (
        "18 rue de la République",
        "69002",
        "Lyon",
    )
    assert [each.get("BT-21") for each in read["BG-1"]] == [None, "PMT", "PMD", "AAB"]
    for line, shown in zip(read["BG-25"], its_paper.lines, strict=True):
        assert (line["BT-153"], line["BT-155"], line["BT-130"]) == (shown.name, shown.sku, "C62")
        assert Decimal(line["BT-129"]) == shown.quantity
        assert Decimal(line["BT-146"]) == shown.unit_price
        assert Decimal(line["BT-131"]) == shown.net
    for group, tax in zip(read["BG-23"], totals.taxes, strict=True):
        assert (Decimal(group["BT-116"]), Decimal(group["BT-117"])) == (tax.base, tax.tax)
        assert (group["BT-118"], Decimal(group["BT-119"])) == (tax.category, tax.percent)
    sums = [Decimal(read[f"BT-{number}"]) for number in (106, 107, 109, 112, 115)]
    assert sums == [totals.lines_net, totals.discount, totals.net, totals.total, totals.total]


def test_a_credit_is_positive_and_names_its_invoice():
    read = Read(credit())
    assert read.texts("ram:TypeCode")[0] == "381"
    assert read.sum("DuePayableAmount") > 0
    assert read.texts("ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["IN-2026-0031"]


def test_what_the_paper_does_not_say_is_left_out():
    found = paper([priced("1", "100")])
    assert found.totals is not None
    read = Read(
        replace(
            found,
            company=replace(CRIMSON, phone="", email=""),
            party=PaperSide(
                "Ada", address=("Level 4", "Tower 2", "Gate 1", "120 Pitt Street"), country="AU"
            ),
            lines=tuple(replace(each, sku="") for each in found.lines),
            references=PaperReferences(),
            dates=PaperDates(issued_on=date(2026, 11, 24)),
            terms=PaperTerms(means="30"),
            notes="",
        )
    )
    for name in ("DefinedTradeContact", "SellerAssignedID", "DueDateDateTime", "IncludedNote",
                 "SpecifiedTradeSettlementPaymentMeans", "SpecifiedTradePaymentTerms",
                 "ActualDeliverySupplyChainEvent", "PostcodeCode[2]"):  # fmt: skip
        assert not read.all(f"ram:{name}"), name
    address = "ram:BuyerTradeParty/ram:PostalTradeAddress"
    lines = [read.texts(f"{address}/ram:Line{which}") for which in ("One", "Two", "Three")]
    assert lines == [["Level 4"], ["Tower 2"], ["Gate 1, 120 Pitt Street"]]


def test_ways_to_pay_have_codes_and_terms_their_words():
    found = paper()
    terms = replace(found.terms, means="10", bic="CRIMFRPP", text=PaperText("Payable on receipt"))
    cash = Read(replace(found, terms=terms, dates=replace(found.dates, due_on=None)))
    means = "ram:SpecifiedTradeSettlementPaymentMeans"
    assert cash.texts(f"{means}/ram:TypeCode") == ["10"]
    assert cash.texts("ram:IBANID") == []
    assert cash.texts("ram:SpecifiedTradePaymentTerms/ram:Description") == ["Payable on receipt"]
    transfer = Read(replace(found, terms=replace(terms, means="30")))
    assert transfer.texts("ram:BICID") == ["CRIMFRPP"]


def test_a_total_that_was_rounded_is_explained():
    found = paper([priced("1", "100")])
    assert found.totals is not None
    totals = replace(found.totals, total=Decimal("119.95"), rounding=Decimal("-0.05"))
    read = Read(replace(found, totals=totals))
    assert read.sum("GrandTotalAmount") == Decimal("120.00")
    assert read.sum("RoundingAmount") == Decimal("-0.05")
    assert read.sum("DuePayableAmount") == Decimal("119.95")


def test_tax_in_another_currency_than_the_books_is_said_in_both():
    found = paper([priced("3", "2390")], currency="AUD", party=HIGH_END)
    assert found.totals is not None
    totals = replace(found.totals, tax_in_books=Decimal("874.74"), books_currency="EUR")
    its_paper = replace(found, totals=totals)
    (_, in_books) = Read(its_paper).all(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
    )
    assert (in_books.text, in_books.get("currencyID")) == ("874.74", "EUR")
    assert "Tax in EUR EUR 874.74" in words_of(drawn(its_paper, "en")[0])


@pytest.mark.parametrize(
    ("said", "scheme", "value"),
    [("0225:123456782_SHOP", "0225", "123456782_SHOP"), ("", "EM", "office@crimson.example")],
)
def test_the_address_that_was_said_comes_first(said, scheme, value):
    company = replace(CRIMSON, country="IT", tax_id="IT12345678901", electronic_address=said)
    (found,) = Read(paper(company=company)).all(
        "ram:SellerTradeParty/ram:URIUniversalCommunication/ram:URIID"
    )
    assert (found.get("schemeID"), found.text) == (scheme, value)


def said_of(table, holder=""):
    """A side of which every fact with a business term says its own name; its tax id is real."""
    facts = [each for each in table if each.holder == holder and each.paper and each.paper.term]
    said = {each.paper.place: f"the {each.key}" for each in facts}
    said |= {"country": "FR", "tax_id": "FR11123456782", "electronic_address": "0225:123456782"}
    # The last line of an address is the town, which machines read apart.
    return {**said, "address": (said["address"], "the town")} if "address" in said else said


def test_what_a_fact_says_to_machines_is_in_the_e_invoice():
    buyer = said_of(PARTY_FACTS) | said_of(PARTY_FACTS, CONTACT) | said_of(PARTY_FACTS, BILLING)
    goods_to, seller = said_of(PARTY_FACTS, DELIVERY), said_of(COMPANY_FACTS)
    its_paper = paper(
        company=replace(CRIMSON, **seller),
        party=PaperSide(**buyer),
        delivery=PaperSide("Dock 4", **{place: goods_to[place] for place in goods_to}),
    )
    found = [each.text for each in Read(its_paper).root.iter() if each.text]
    for said in (buyer, goods_to, seller):
        for place, value in said.items():
            wanted = value[0] if place == "address" else value.removeprefix("0225:")
            assert wanted in found, (place, wanted)


# --- What is missing ------------------------------------------------------------------------


def without(side: PaperSide, **changed: object) -> PaperSide:
    return replace(side, **changed)


GAPS = [
    (paper(company=without(CRIMSON, tax_id="")),
     ["no tax ID for Crimson", "no SIREN for Crimson"]),
    (paper(party=without(MARTIN, tax_id="FR12")), ["no SIREN for Papeterie Martin & Fils"]),
    (paper(party=without(HIGH_END, country="", tax_id="")),
     ["no address for High End Computers"]),
    (paper([priced("1", "9", category="K")], party=without(MUELLER, tax_id="")),
     ["no VAT ID for Müller GmbH"]),
    (paper([priced("1", "9", category="AE")], party=without(MUELLER, tax_id="")),
     ["no VAT ID for Müller GmbH"]),
    (paper([priced("1", "9", category="G")], company=without(CRIMSON, tax_id="123 456 782"),
           party=HIGH_END),
     ["no VAT ID for Crimson"]),
    (paper([priced("1", "9", category="K")], party=MUELLER,
           dates=replace(paper().dates, delivery_on=None)),
     ["no delivery date"]),
    (paper([priced("1", "9", category="O"), priced("1", "9")]),
     ["lines outside the scope of tax are mixed with others"]),
]  # fmt: skip


@pytest.mark.parametrize(("its_paper", "gaps"), GAPS)
def test_what_is_missing_is_said_by_name_and_the_paper_goes_without(its_paper, gaps):
    words = translator("en")
    found = missing(its_paper)
    assert [words.text(each.message, **each.facts) for each in found] == gaps
    assert write(its_paper, words) is None


@pytest.mark.parametrize(
    "its_paper",
    [
        paper(number=None),
        paper(is_copy=True),
        paper(mark="Cancelled"),
        paper(totals=None),
        paper(company=without(CRIMSON, country="AU")),
    ],
)
def test_what_is_no_invoice_here_has_none(its_paper):
    assert write(its_paper, translator("en")) is None
    assert missing(its_paper) == ()


def test_other_papers_have_none():
    found = paper()
    other = replace(found, layout=replace(found.layout, e_invoice=""))
    assert not concerns(other)
    assert missing(other) == ()
    assert write(other, translator("en")) is None


# --- Inside the PDF -------------------------------------------------------------------------


def drawn(its_paper: Paper, language: str) -> tuple[bytes, bytes]:
    """The PDF of a paper and the e-invoice in it."""
    words = translator(language)
    xml = write(its_paper, words)
    assert xml is not None
    return render(its_paper, words, e_invoice=xml), xml


def test_the_file_is_an_archive_with_the_e_invoice_inside():
    content, xml = drawn(paper(), "fr")
    assert drawn(paper(), "fr") == (content, xml)
    catalogue = PdfReader(BytesIO(content)).trailer["/Root"]
    (attached,) = (each.get_object() for each in catalogue["/AF"])
    assert attached["/AFRelationship"] == "/Alternative"
    assert attached["/UF"] == FILE_NAME
    its_file = attached["/EF"]["/F"].get_object()
    assert its_file["/Subtype"] == "/text/xml"
    assert its_file.get_data() == xml
    assert "/ModDate" in its_file["/Params"]
    assert "/Info" not in PdfReader(BytesIO(content)).trailer
    (intent,) = (each.get_object() for each in catalogue["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object()["/N"] == 3
    about = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in about
    assert f"<fx:DocumentFileName>{FILE_NAME}</fx:DocumentFileName>" in about
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in about
    assert "<pdfaProperty:name>ConformanceLevel</pdfaProperty:name>" in about
    etree.fromstring(about)


def test_another_program_finds_the_e_invoice():
    content, xml = drawn(paper(), "fr")
    assert get_facturx_xml_from_pdf(content) == (FILE_NAME, xml)


@pytest.mark.parametrize("its_paper", [paper(discount=Decimal("73.69")), credit()])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_what_the_machine_reads(its_paper, language):
    words = translator(language)
    text = words_of(drawn(its_paper, language)[0])
    read = Read(its_paper, language)
    for name in ("TaxBasisTotalAmount", "GrandTotalAmount"):
        assert plain(words.money(read.sum(name), "EUR")) in text
    for each in its_paper.lines:
        assert plain(words.amount(each.without_tax or Decimal(0), "EUR")) in text
    for note in read.texts("ram:IncludedNote/ram:Content"):
        is_legal = note not in (its_paper.notes, its_paper.reason)
        assert plain(note) in text or (is_legal and not its_paper.layout.shows_payment_terms)
    for number in read.texts("ram:SpecifiedTaxRegistration/ram:ID"):
        assert number in text


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
