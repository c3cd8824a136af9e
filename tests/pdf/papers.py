"""Papers to draw: those of Crimson and its trade, for every kind and with any line."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from core.domain.papers.view import (
    LabelledText,
    Paper,
    PaperAllocation,
    PaperColumn,
    PaperDates,
    PaperLayout,
    PaperLine,
    PaperPayment,
    PaperReferences,
    PaperSide,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from PIL import Image

from core.domain.documents import DOCUMENT_TYPES

LAYOUTS = {row.label: row.paper for row in DOCUMENT_TYPES.values()}

CRIMSON = PaperSide(
    "Crimson Electronics SARL",
    address=("12 rue des Forges", "31000 Toulouse"),
    country="FR",
    tax_id="FR 40 303 265 045",
    phone="+33 5 61 00 00 00",
    email="sales@crimson.example",
    registration="RCS Toulouse 303 265 045",
)
HIGH_END = PaperSide(
    "High End Computers Pty Ltd",
    contact="Margaret O’Neil",
    address=("Level 4, 120 Pitt Street", "Sydney NSW 2000"),
    country="AU",
    tax_id="51 824 753 556",
    phone="+61 2 9374 4000",
    email="accounts@highend.example",
)
DOCK = PaperSide("High End Dock 7", address=("45 Botany Road",), country="AU")

LAPTOP = PaperLine(
    1,
    "Laptop 14″, 16 GB",
    sku="CR-1400",
    note="Keep dry",
    unit="pcs",
    quantity=Decimal(20),
    ordered=Decimal(200),
    accepted=Decimal(190),
    rejected=Decimal(10),
    booked=Decimal(170),
    counted=Decimal(168),
    difference=Decimal(-2),
    unit_price=Decimal("1899.00"),
    discount_percent=Decimal("2.5"),
    tax_percent=Decimal(10),
    tax_category="S",
    net=Decimal("37030.50"),
    from_place="Main warehouse",
    to_place="Quarantine",
    disposition="To quarantine",
    reason="Broken",
)
CABLE = PaperLine(
    2,
    "Кабель, 5 m · Καλώδιο",
    sku="CR-77",
    unit="m",
    unit_digits=1,
    quantity=Decimal("12.5"),
    ordered=Decimal(500),
    accepted=Decimal("487.5"),
    rejected=Decimal(0),
    booked=Decimal(100),
    counted=Decimal(103),
    difference=Decimal(3),
    unit_price=Decimal("3.4555"),
    tax_percent=Decimal(10),
    tax_category="S",
    net=Decimal("43.19"),
    from_place="Main warehouse",
    to_place="Quarantine",
    disposition="To the warehouse",
    reason="Found",
)
TOTALS = PaperTotals(
    lines_net=Decimal("37073.69"),
    discount=Decimal("73.69"),
    net=Decimal("37000.00"),
    taxes=(PaperTax("S", Decimal(10), Decimal("37000.00"), Decimal("3700.00")),),
    total=Decimal("40700.00"),
    paid=Decimal("10000.00"),
    credited=Decimal("700.00"),
    due=Decimal("30000.00"),
)
TERMS = PaperTerms(
    mode="Bank transfer",
    text=PaperText("{count} day net", plural="{count} days net", count=30),
    bank=(LabelledText("IBAN", "FR76 3000 6000 0112 3456 7890 189"),),
)
PAYMENT = PaperPayment(
    amount=Decimal("47878.30"),
    currency="AUD",
    label="Received",
    allocations=(
        PaperAllocation("IN-2026-0042", Decimal("37000.00"), "Invoice", date(2026, 11, 24)),
        PaperAllocation("IN-2026-0040", Decimal("10000.00")),
    ),
    unallocated=Decimal("878.30"),
    other_amount=Decimal("29300.00"),
    other_currency="EUR",
    rate=Decimal("1.634071"),
)


def paper(layout: PaperLayout = LAYOUTS["Invoice"], **changed) -> Paper:
    """A paper with everything that its layout may show."""
    priced = any(column.is_money for column in layout.columns)
    whole = Paper(
        layout,
        "IN-2026-0042",
        CRIMSON,
        party=HIGH_END if layout.party_title else None,
        dates=PaperDates(
            issued_on=date(2026, 11, 24),
            delivery_on=date(2026, 11, 25),
            due_on=date(2026, 12, 24),
        ),
        references=PaperReferences(
            ours="SM/2026/11",
            theirs="PO 88-1207",
            related=(LabelledText("Sales order", "SO-2026-0017"),),
        ),
        terms=TERMS,
        lines=(LAPTOP, CABLE) if layout.columns else (),
        currency="AUD" if priced else "",
        totals=TOTALS if layout.shows_totals else None,
        payment=None if layout.columns else PAYMENT,
        delivery=DOCK,
    )
    return replace(whole, **changed)


def lines(count: int) -> tuple[PaperLine, ...]:
    """So many lines, the third of each three with a long name."""
    names = ("Laptop 14″", "Mouse", "Dock with two HDMI ports, a power supply and a long cable")
    return tuple(
        replace(LAPTOP, position=place, sku=f"S-{place:03}", name=names[place % 3], note="")
        for place in range(1, count + 1)
    )


def only(*columns: PaperColumn, **said) -> PaperLayout:
    """A layout of a made-up kind."""
    return PaperLayout("Made-up paper", columns, **said)


def picture(size: tuple[int, int] = (60, 20), kind: str = "PNG", mode: str = "RGB") -> bytes:
    """The bytes of an image."""
    written = BytesIO()
    Image.new(mode, size, "#ff000080" if mode == "RGBA" else "red").save(written, kind)
    return written.getvalue()
