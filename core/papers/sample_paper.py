"""A made-up paper of any kind, to show how a template looks before there are papers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.domain.document_type import DocumentType
from core.domain.messages import N_, N_plural
from core.domain.papers.view import (
    LabelledText,
    Paper,
    PaperDates,
    PaperLine,
    PaperPayment,
    PaperReferences,
    PaperSide,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from core.domain.payment_modes import TRANSFER
from core.domain.units import PIECE
from core.i18n import Translator
from core.services.company import CompanyRecord
from core.services.documents.paper_view import company_side

DAYS: Final = 30
TAX: Final = Decimal(20)
GOODS: Final = (
    (N_("Office chair"), "A-100", Decimal(4), Decimal("149.00"), Decimal(10), Decimal("536.40")),
    (N_("Desk lamp"), "A-200", Decimal(12), Decimal("24.50"), None, Decimal("294.00")),
    (N_("Delivery and assembly"), "A-300", Decimal(1), Decimal("90.00"), None, Decimal("90.00")),
)
"""What it is about: name, code, quantity, unit price, discount in percent, net amount."""
NET, TAXED, TOTAL = Decimal("920.40"), Decimal("184.08"), Decimal("1104.48")


def sample_paper(
    row: DocumentType, ours: CompanyRecord, words: Translator, *, today: date
) -> Paper:
    """A paper that shows whatever papers of this kind may show.

    Args:
        row: the kind.
        ours: the company, whose letterhead it has.
        words: the language of what is made up.
        today: the day on which it is issued.
    """
    one, many = N_plural("{count} day net", "{count} days net")
    terms = PaperTerms(
        mode=TRANSFER.label,
        text=PaperText(one, plural=many, count=DAYS, facts={"count": DAYS}),
        bank=(LabelledText(N_("Bank details"), ours.bank_details),) if ours.bank_details else (),
    )
    due = today + timedelta(days=DAYS)
    return Paper(
        layout=row.paper,
        number=f"{row.prefix}-{today.year}-0042",
        company=company_side(ours),
        party=_party(ours, words) if row.paper.party_title else None,
        dates=PaperDates(issued_on=today, delivery_on=today, due_on=due if row.debt else None),
        references=PaperReferences(theirs="4500-17"),
        terms=terms if row.paper.shows_payment_terms else PaperTerms(),
        lines=_lines(row, words) if row.paper.columns else (),
        currency=ours.currency if row.priced else "",
        totals=_totals() if row.paper.shows_totals else None,
        payment=PaperPayment(TOTAL, ours.currency, N_("Received")) if row.settles else None,
        delivery=_party(ours, words) if row.paper.shows_delivery_address else None,
        notes=words.text(N_("Please deliver before noon.")),
        logo=ours.logo,
    )


def _party(ours: CompanyRecord, words: Translator) -> PaperSide:
    return PaperSide(
        words.text(N_("Sample & Partners")),
        contact=words.text(N_("Alex Sample")),
        address=(words.text(N_("1 Example Street")),),
        country=ours.country,
    )


def _lines(row: DocumentType, words: Translator) -> tuple[PaperLine, ...]:
    return tuple(
        PaperLine(
            at,
            words.text(name),
            sku=sku,
            unit=PIECE.code,
            unit_label=PIECE.label,
            quantity=number,
            ordered=number,
            accepted=number,
            rejected=Decimal(0),
            booked=number,
            counted=number,
            difference=Decimal(0),
            unit_price=price if row.priced else None,
            discount_percent=percent if row.priced else None,
            tax_percent=TAX if row.priced else None,
            tax_category="S" if row.priced else "",
            net=net if row.priced else None,
        )
        for at, (name, sku, number, price, percent, net) in enumerate(GOODS, 1)
    )


def _totals() -> PaperTotals:
    taxes = (PaperTax("S", TAX, NET, TAXED),)
    return PaperTotals(lines_net=NET, net=NET, taxes=taxes, total=TOTAL)
