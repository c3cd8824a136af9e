"""The XML of an e-invoice: UN/CEFACT Cross Industry Invoice, the profile EN 16931 of Factur-X.

The order of the elements is that of the schema. Amounts are the stored ones.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from core.domain.money import ZERO
from core.domain.papers.view import Paper, PaperLine, PaperSide, PaperTax
from core.domain.payment_modes import TRANSFER
from core.einvoice import sums
from core.einvoice.identity import identity_of
from core.i18n import Translator

PROFILE: Final = "urn:cen.eu:en16931:2017"
_SPACES: Final[Mapping[str, str]] = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold."""
_DAY: Final = "102"
"""The form of a date by UNTDID 2379: YYYYMMDD."""
_FREE_OF_TAX: Final[Mapping[str, str]] = {
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}
"""Why there is no tax, by the VATEX code list (BT-121); an exemption has many reasons."""
_DISCOUNT_CODE: Final = "95"
_GOODS, _SERVICES, _BOTH = "B1", "S1", "M1"
"""What is invoiced, as France wants to know it (BT-23, BR-FR-08)."""


def written(paper: Paper, words: Translator) -> bytes:
    """The XML of a paper to which nothing is missing.

    Args:
        paper: the finished view of an issued paper.
        words: of the paper's language.
    """
    return _Writer(paper, words).document()


def _add(parent: ET.Element, path: str, text: str = "", **attributes: str) -> ET.Element:
    """Add elements, one in the other: "ram:A/ram:B"; the last one has the text.

    Prefixes are written as they are, and declared at the root: that is twice as quick as names
    with their spaces, and a paper may have hundreds of lines.
    """
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    if text:
        parent.text = _FORBIDDEN.sub("", text)
    parent.attrib.update(attributes)
    return parent


def _add_day(parent: ET.Element, path: str, day: date, *, kind: str = "udt") -> None:
    _add(parent, f"{path}/{kind}:DateTimeString", f"{day:%Y%m%d}", format=_DAY)


def _plain(number: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


class _Writer:
    """Writes one paper."""

    def __init__(self, paper: Paper, words: Translator) -> None:
        assert paper.totals is not None
        assert paper.party is not None
        self._paper = paper
        self._words = words
        self._totals = paper.totals
        self._party = paper.party
        self._outside_tax = any(each.category == sums.OUTSIDE for each in paper.totals.taxes)

    def document(self) -> bytes:
        """The whole document."""
        spaces = {f"xmlns:{prefix}": space for prefix, space in _SPACES.items()}
        root = ET.Element("rsm:CrossIndustryInvoice", spaces)
        self._context(_add(root, "rsm:ExchangedDocumentContext"))
        self._header(_add(root, "rsm:ExchangedDocument"))
        trade = _add(root, "rsm:SupplyChainTradeTransaction")
        for line in self._paper.lines:
            self._line(_add(trade, "ram:IncludedSupplyChainTradeLineItem"), line)
        self._agreement(_add(trade, "ram:ApplicableHeaderTradeAgreement"))
        self._delivery(_add(trade, "ram:ApplicableHeaderTradeDelivery"))
        self._settlement(_add(trade, "ram:ApplicableHeaderTradeSettlement"))
        return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))

    # --- The head -------------------------------------------------------------------------

    def _context(self, context: ET.Element) -> None:
        if self._paper.company.country == "FR":
            services = {line.is_service for line in self._paper.lines}
            process = _BOTH if len(services) > 1 else _SERVICES if True in services else _GOODS
            parameter = "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
            _add(context, parameter, process)
        _add(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", PROFILE)

    def _header(self, header: ET.Element) -> None:
        paper = self._paper
        _add(header, "ram:ID", paper.number or "")
        _add(header, "ram:TypeCode", paper.layout.e_invoice)
        assert paper.dates.issued_on is not None
        _add_day(header, "ram:IssueDateTime", paper.dates.issued_on)
        for text in (paper.reason, paper.notes):
            if text.strip():
                _add(header, "ram:IncludedNote/ram:Content", text.strip())
        for each in paper.terms.notes:
            note = _add(header, "ram:IncludedNote")
            _add(note, "ram:Content", self._words.text(each.value))
            _add(note, "ram:SubjectCode", each.label)

    # --- Lines ----------------------------------------------------------------------------

    def _line(self, item: ET.Element, line: PaperLine) -> None:
        words = self._words
        its_sum = sums.line_sum(line, self._paper)
        position = _add(item, "ram:AssociatedDocumentLineDocument")
        _add(position, "ram:LineID", str(line.position))
        notes = [line.note, words.text(line.remark) if line.remark else ""]
        if any(notes):
            _add(position, "ram:IncludedNote/ram:Content", "\n".join(filter(None, notes)))
        product = _add(item, "ram:SpecifiedTradeProduct")
        if line.sku:
            _add(product, "ram:SellerAssignedID", line.sku)
        _add(product, "ram:Name", line.name)
        price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
        _add(item, price, _plain(its_sum.price))
        quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
        _add(item, quantity, _plain(line.quantity or ZERO), unitCode=line.unit_code)
        settlement = _add(item, "ram:SpecifiedLineTradeSettlement")
        self._tax(_add(settlement, "ram:ApplicableTradeTax"), sums.group_of(line))
        for each in its_sum.differences:
            self._difference(settlement, each)
        total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        _add(settlement, total, f"{its_sum.net:f}")

    def _tax(self, tax: ET.Element, group: sums.Group) -> None:
        category, percent = group
        _add(tax, "ram:TypeCode", "VAT")
        _add(tax, "ram:CategoryCode", category)
        if category != sums.OUTSIDE:  # BR-O-05
            _add(tax, "ram:RateApplicablePercent", _plain(percent))

    def _difference(self, parent: ET.Element, found: sums.Difference) -> ET.Element:
        """An allowance or a charge; its amount has no sign."""
        element = _add(parent, "ram:SpecifiedTradeAllowanceCharge")
        indicator = "true" if found.amount < 0 else "false"
        _add(element, "ram:ChargeIndicator/udt:Indicator", indicator)
        _add(element, "ram:ActualAmount", f"{abs(found.amount):f}")
        if found.reason == sums.DISCOUNT:
            _add(element, "ram:ReasonCode", _DISCOUNT_CODE)
        _add(element, "ram:Reason", self._words.text(found.reason))
        return element

    # --- Who, where, when -----------------------------------------------------------------

    def _agreement(self, agreement: ET.Element) -> None:
        paper = self._paper
        self._side(_add(agreement, "ram:SellerTradeParty"), paper.company)
        self._side(_add(agreement, "ram:BuyerTradeParty"), self._party)
        references = paper.references
        if references.order:
            _add(agreement, "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID",
                 references.order)  # fmt: skip
        if references.ours:
            _add(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
                 references.ours)  # fmt: skip

    def _side(self, element: ET.Element, side: PaperSide) -> None:
        known = identity_of(side, outside_tax=self._outside_tax)
        _add(element, "ram:Name", side.name)
        if known.legal:
            scheme = {"schemeID": known.legal_scheme} if known.legal_scheme else {}
            _add(element, "ram:SpecifiedLegalOrganization/ram:ID", known.legal, **scheme)
        self._contact(element, side)
        self._address(_add(element, "ram:PostalTradeAddress"), side)
        if known.electronic is not None:
            address = "ram:URIUniversalCommunication/ram:URIID"
            _add(element, address, known.electronic.value, schemeID=known.electronic.scheme)
        of_office = known.tax if side is self._paper.company else ""
        for number, scheme_id in ((of_office, "FC"), (known.vat, "VA")):
            if number:
                registration = "ram:SpecifiedTaxRegistration/ram:ID"
                _add(element, registration, number, schemeID=scheme_id)

    def _contact(self, element: ET.Element, side: PaperSide) -> None:
        if not (side.contact or side.phone or side.email):
            return
        contact = _add(element, "ram:DefinedTradeContact")
        if side.contact:
            _add(contact, "ram:PersonName", side.contact)
        if side.phone:
            _add(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", side.phone)
        if side.email:
            _add(contact, "ram:EmailURIUniversalCommunication/ram:URIID", side.email)

    def _address(self, element: ET.Element, side: PaperSide) -> None:
        streets = list(side.address)
        if side.postal_code or side.city:
            # The town has elements of its own.
            streets.pop()
        if side.postal_code:
            _add(element, "ram:PostcodeCode", side.postal_code)
        first, second, *rest = (*streets, "", "")
        for name, line in (
            ("One", first),
            ("Two", second),
            ("Three", ", ".join(filter(None, rest))),
        ):
            if line:
                _add(element, f"ram:Line{name}", line)
        if side.city:
            _add(element, "ram:CityName", side.city)
        _add(element, "ram:CountryID", side.country)

    def _delivery(self, delivery: ET.Element) -> None:
        paper = self._paper
        place = paper.delivery if paper.delivery and paper.delivery.country else self._party
        goods_go = _add(delivery, "ram:ShipToTradeParty")
        _add(goods_go, "ram:Name", place.name)
        self._address(_add(goods_go, "ram:PostalTradeAddress"), place)
        if paper.dates.delivery_on is not None:
            event = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
            _add_day(delivery, event, paper.dates.delivery_on)
        if paper.references.shipment:
            _add(delivery, "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID",
                 paper.references.shipment)  # fmt: skip

    # --- Money ----------------------------------------------------------------------------

    def _settlement(self, settlement: ET.Element) -> None:
        paper, totals = self._paper, self._totals
        _add(settlement, "ram:PaymentReference", paper.number or "")
        if totals.tax_in_books is not None:
            _add(settlement, "ram:TaxCurrencyCode", totals.books_currency)
        _add(settlement, "ram:InvoiceCurrencyCode", paper.currency)
        self._means(settlement)
        for tax in totals.taxes:
            self._tax_sum(_add(settlement, "ram:ApplicableTradeTax"), tax)
        differences = sums.differences(paper.lines, totals)
        for each in differences:
            element = self._difference(settlement, each)
            self._tax(_add(element, "ram:CategoryTradeTax"), each.group)
        self._terms(settlement)
        self._sums(settlement, differences)
        for preceding in paper.references.preceding:
            element = _add(settlement, "ram:InvoiceReferencedDocument")
            _add(element, "ram:IssuerAssignedID", preceding.number)
            if preceding.issued_on is not None:
                _add_day(element, "ram:FormattedIssueDateTime", preceding.issued_on, kind="qdt")

    def _means(self, settlement: ET.Element) -> None:
        terms = self._paper.terms
        # BR-61: a transfer names the account to which it goes.
        if not terms.means or (terms.means == TRANSFER.means and not terms.iban):
            return
        means = _add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        _add(means, "ram:TypeCode", terms.means)
        if terms.means == TRANSFER.means:
            _add(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", terms.iban)
            if terms.bic:
                _add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", terms.bic)

    def _tax_sum(self, element: ET.Element, tax: PaperTax) -> None:
        _add(element, "ram:CalculatedAmount", f"{tax.tax:f}")
        _add(element, "ram:TypeCode", "VAT")
        if tax.reason:
            _add(element, "ram:ExemptionReason", self._words.text(tax.reason))
        _add(element, "ram:BasisAmount", f"{tax.base:f}")
        _add(element, "ram:CategoryCode", tax.category)
        if tax.category in _FREE_OF_TAX:
            _add(element, "ram:ExemptionReasonCode", _FREE_OF_TAX[tax.category])
        if tax.category != sums.OUTSIDE:
            _add(element, "ram:RateApplicablePercent", _plain(tax.percent))

    def _terms(self, settlement: ET.Element) -> None:
        text, due_on = self._paper.terms.text, self._paper.dates.due_on
        if text is None and due_on is None:
            return
        terms = _add(settlement, "ram:SpecifiedTradePaymentTerms")
        if text is not None and text.count is None:
            _add(terms, "ram:Description", self._words.text(text.message, **text.facts))
        elif text is not None and text.count is not None:
            said = self._words.plural(text.message, text.plural, text.count, **text.facts)
            _add(terms, "ram:Description", said)
        if due_on is not None:
            _add_day(terms, "ram:DueDateDateTime", due_on)

    def _sums(self, settlement: ET.Element, differences: list[sums.Difference]) -> None:
        totals, currency = self._totals, self._paper.currency
        settled = sums.settlement_of(totals)
        element = _add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
        charged = sum((-each.amount for each in differences if each.amount < 0), ZERO)
        allowed = sum((each.amount for each in differences if each.amount > 0), ZERO)
        tax = sum((each.tax for each in totals.taxes), ZERO)
        _add(element, "ram:LineTotalAmount", f"{totals.lines_net:f}")
        if charged:
            _add(element, "ram:ChargeTotalAmount", f"{charged:f}")
        if allowed:
            _add(element, "ram:AllowanceTotalAmount", f"{allowed:f}")
        _add(element, "ram:TaxBasisTotalAmount", f"{totals.net:f}")
        _add(element, "ram:TaxTotalAmount", f"{tax:f}", currencyID=currency)
        if totals.tax_in_books is not None:
            in_books = f"{totals.tax_in_books:f}"
            _add(element, "ram:TaxTotalAmount", in_books, currencyID=totals.books_currency)
        if settled.rounding:
            _add(element, "ram:RoundingAmount", f"{settled.rounding:f}")
        _add(element, "ram:GrandTotalAmount", f"{settled.total:f}")
        if settled.prepaid:
            _add(element, "ram:TotalPrepaidAmount", f"{settled.prepaid:f}")
        _add(element, "ram:DuePayableAmount", f"{settled.due:f}")
