"""Invoices and credit notes as they are issued, with the sums that the core makes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.domain.documents import kinds
from core.domain.papers.legal_notes import LEGAL_NOTES
from core.domain.papers.view import (
    LabelledText,
    Paper,
    PaperDates,
    PaperLine,
    PaperPreceding,
    PaperReferences,
    PaperSide,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from core.domain.totals import TAX_CATEGORIES, PricedLine, TaxRate, Totals, compute_totals
from core.domain.units import unece_code

(INVOICE,) = (row.paper for row in kinds(debt=1, credits=False))
(CREDIT,) = (row.paper for row in kinds(debt=-1, credits=True))

CRIMSON = PaperSide(
    "Crimson",
    address=("12 rue des Archives", "75004 Paris"),
    postal_code="75004",
    city="Paris",
    country="FR",
    tax_id="FR11123456782",
    phone="+33 1 99 00 12 34",
    email="office@crimson.example",
)
MARTIN = PaperSide(
    "Papeterie Martin & Fils",
    contact="Claire",
    address=("18 rue de la République", "69002 Lyon"),
    postal_code="69002",
    city="Lyon",
    country="FR",
    tax_id="FR14987654324",
)
MUELLER = PaperSide(
    "Müller GmbH",
    address=("Hauptstraße 1", "10115 Berlin"),
    postal_code="10115",
    city="Berlin",
    country="DE",
    tax_id="DE123456789",
    email="einkauf@mueller.example",
)
HIGH_END = PaperSide(
    "High End Computers",
    address=("48 George Street", "2000 Sydney"),
    postal_code="2000",
    city="Sydney",
    country="AU",
    tax_id="ABN 12 004 044 937",
)

IBAN = "FR7630006000011234567890189"
DATES = PaperDates(
    issued_on=date(2026, 11, 24), delivery_on=date(2026, 11, 20), due_on=date(2026, 12, 24)
)
TERMS = PaperTerms(
    mode="Bank transfer",
    text=PaperText("{count} day net", plural="{count} days net", count=30),
    bank=(LabelledText("Bank details", f"IBAN {IBAN}"),),
    means="30",
    iban=IBAN,
    shows_code=True,
    notes=LEGAL_NOTES["FR"],
)


def priced(
    quantity: str, price: str, rate: str = "20", *, category: str = "S", discount: str = "0"
) -> PricedLine:
    """A line: so many at that price."""
    percent = Decimal(rate) if TAX_CATEGORIES[category].is_taxed else Decimal(0)
    return PricedLine(
        Decimal(quantity), Decimal(price), Decimal(discount), TaxRate(category, percent)
    )


LAPTOPS = priced("20", "1899", discount="2.5")
CABLE = priced("12.5", "3.4555", "5.5")


def shown(lines: Sequence[PricedLine], totals: Totals) -> tuple[PaperLine, ...]:
    """The lines as a paper has them."""
    return tuple(
        PaperLine(
            at,
            f"Thing no. {at} <&>",
            sku=f"CR-{at}",
            unit="piece",
            unit_code=unece_code("piece"),
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            tax_category=line.tax.category,
            tax_percent=line.tax.percent,
            net=amount,
            without_tax=net,
        )
        for at, (line, amount, net) in enumerate(
            zip(lines, totals.line_amounts, totals.line_nets, strict=True), 1
        )
    )


def summed(totals: Totals, *, include_tax: bool) -> PaperTotals:
    """The sums as a paper has them."""
    labels = {code: row.label if row.needs_reason else "" for code, row in TAX_CATEGORIES.items()}
    return PaperTotals(
        lines_net=totals.lines_net,
        discount=totals.discount,
        net=totals.net,
        taxes=tuple(
            PaperTax(each.category, each.percent, each.base, each.tax, labels[each.category])
            for each in totals.taxes
        ),
        total=totals.total,
        prices_include_tax=include_tax,
    )


def paper(
    lines: Sequence[PricedLine] = (LAPTOPS, CABLE),
    *,
    currency: str = "EUR",
    include_tax: bool = False,
    discount: Decimal = Decimal(0),
    percent: Decimal = Decimal(0),
    **changed: object,
) -> Paper:
    """An issued invoice of Crimson's to Papeterie Martin, or with what is `changed` of it."""
    totals = compute_totals(
        lines,
        currency=currency,
        discount_amount=discount,
        discount_percent=percent,
        prices_include_tax=include_tax,
    )
    whole = Paper(
        INVOICE,
        "IN-2026-0042",
        CRIMSON,
        party=MARTIN,
        dates=DATES,
        references=PaperReferences(
            ours="PO 88-1207", order="SO-2026-0017", shipment="DN-2026-0009"
        ),
        terms=TERMS,
        lines=shown(lines, totals),
        currency=currency,
        totals=summed(totals, include_tax=include_tax),
        notes="Thank you.",
    )
    return replace(whole, **changed)


def credit(lines: Sequence[PricedLine] = (LAPTOPS,), **changed: object) -> Paper:
    """An issued credit note for an invoice of three weeks before."""
    references = PaperReferences(preceding=(PaperPreceding("IN-2026-0031", date(2026, 11, 3)),))
    found = paper(lines, layout=CREDIT, number="CN-2026-0007", references=references)
    terms = PaperTerms(notes=LEGAL_NOTES["FR"])
    return replace(found, **{"terms": terms, "reason": "Broken"} | changed)
