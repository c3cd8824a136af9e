"""The finished view of a document: what its paper (its PDF) shows, and nothing else.

Services fill these classes; ``core.pdf`` draws them. They hold facts, never sentences: every
text for people is a message of the catalogues, translated when the paper is drawn, and every
text that somebody typed is kept as it is and never translated. No kind of document is named:
what varies between kinds is the :class:`PaperLayout` of the kind's row.

All amounts, quantities and percentages are decimals; a float is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from core.domain.papers.columns import Alignment, PaperColumn
from core.domain.papers.look import STANDARD_LOOK, PaperLook

__all__ = [
    "Alignment",
    "LabelledText",
    "Paper",
    "PaperAllocation",
    "PaperColumn",
    "PaperDates",
    "PaperFact",
    "PaperLayout",
    "PaperLine",
    "PaperPayment",
    "PaperPreceding",
    "PaperReferences",
    "PaperSide",
    "PaperTax",
    "PaperTerms",
    "PaperText",
    "PaperTotals",
]

PaperFact = str | int | Decimal | date
"""A fact inside a text: numbers and dates are written in the paper's language."""


@cache
def field_names(record: type[Any]) -> tuple[str, ...]:
    """The names of a record's fields: asked of each record of each paper."""
    return tuple(each.name for each in fields(record))


def _refuse_floats(record: Any) -> None:
    """Refuse a record in which a figure is a float.

    Raises:
        TypeError: a field holds a float; money and quantities are decimals.
    """
    for name in field_names(record.__class__):
        if isinstance(getattr(record, name), float):
            message = f"{type(record).__name__}.{name} is a float: use a Decimal"
            raise TypeError(message)


@dataclass(frozen=True, slots=True)
class PaperLayout:
    """What a kind's row says about its paper.

    Attributes:
        title: the paper's title, a message.
        columns: the columns of the table of lines, from start to end; none for a paper
            without lines, such as a payment.
        party_title: what stands over the other side's address, a message ("Customer").
        shows_delivery_address: whether the delivery address has a block of its own.
        shows_payment_terms: whether mode, terms, due date and bank details are printed.
        shows_totals: whether sums and taxes stand under the lines.
        signature_boxes: what stands over each box for a signature, messages.
        e_invoice: the type code of the e-invoice that goes inside, by UNTDID 1001 (BT-3); empty
            where none does.
        shows_payment_code: whether a code for the reader's bank may stand beside the sums.
    """

    title: str
    columns: tuple[PaperColumn, ...] = ()
    party_title: str = ""
    shows_delivery_address: bool = False
    shows_payment_terms: bool = False
    shows_totals: bool = False
    signature_boxes: tuple[str, ...] = ()
    e_invoice: str = ""
    shows_payment_code: bool = False

    def __post_init__(self) -> None:
        if len(set(self.columns)) != len(self.columns):
            message = f"the layout of {self.title!r} names a column twice"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class PaperText:
    """A text for people, with its facts, before it is translated.

    Attributes:
        message: the English source text, with named placeholders.
        plural: the source text for several; ``count`` chooses between the two.
        count: the number that the plural depends on.
        facts: what stands in the placeholders, by name.
    """

    message: str
    plural: str = ""
    count: int | None = None
    facts: Mapping[str, PaperFact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.plural) != (self.count is not None):
            message = f"{self.message!r}: a plural and its count go together"
            raise ValueError(message)
        if any(isinstance(fact, float) for fact in self.facts.values()):
            message = f"{self.message!r} has a float among its facts: use a Decimal"
            raise TypeError(message)


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label (a message) and what stands behind it (printed as it is)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PaperSide:
    """One side of the trade: our company, the customer, the vendor, or a delivery address.

    Attributes:
        name: the company's or the person's name.
        contact: the person to speak to.
        address: the lines of the postal address, without the country.
        country: an ISO 3166 code of two letters, written out in the paper's language.
        tax_id: the number under which the side pays tax.
        phone: a telephone number.
        email: a mail address.
        registration: what the law wants on a company's papers, such as its register number.
        postal_code: the part of the address's last line that is one, for machines.
        city: the other part of that line.
        electronic_address: where it receives e-invoices, if it was said.
        facts: what else is printed of it, below its address.
    """

    name: str
    contact: str = ""
    address: tuple[str, ...] = ()
    country: str = ""
    tax_id: str = ""
    phone: str = ""
    email: str = ""
    registration: str = ""
    postal_code: str = ""
    city: str = ""
    electronic_address: str = ""
    facts: tuple[LabelledText, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the table; what is None or empty stays empty on the paper.

    Attributes:
        position: the line's number, from one.
        name: the product's name.
        sku: the product's code.
        note: what was typed about this line.
        remark: what there is to say about it, a message ("Price reduction").
        unit: the unit as the product keeps it: a code, or a word of the company's own.
        unit_label: its label, a message; empty for a unit of the company's own.
        unit_digits: how many decimals the unit has.
        quantity: how much the paper is about.
        ordered: how much was ordered.
        accepted: how much was accepted when it came.
        rejected: how much was rejected when it came.
        booked: how much the books said before a count.
        counted: how much was counted.
        difference: counted less booked, with its sign.
        unit_price: the price of one unit, in the paper's currency.
        discount_percent: the line's discount, in percent.
        tax_percent: the tax rate, in percent.
        tax_category: the tax category by UNCL 5305 ("S", "Z", "E", "AE", "K", "G", "O").
        net: the line's amount, in the paper's currency, as its price was given: with its tax where
            prices include tax.
        without_tax: the same without tax (BT-131).
        unit_code: the unit's code by UN/ECE Recommendation 20.
        is_service: whether it is work and not goods.
        from_place: where the goods come from.
        to_place: where the goods go to.
        disposition: what happens to the goods, a message.
        reason: why, as it was typed.
    """

    position: int
    name: str
    sku: str = ""
    note: str = ""
    remark: str = ""
    unit: str = ""
    unit_label: str = ""
    unit_digits: int = 0
    quantity: Decimal | None = None
    ordered: Decimal | None = None
    accepted: Decimal | None = None
    rejected: Decimal | None = None
    booked: Decimal | None = None
    counted: Decimal | None = None
    difference: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    tax_percent: Decimal | None = None
    tax_category: str = ""
    net: Decimal | None = None
    without_tax: Decimal | None = None
    unit_code: str = ""
    is_service: bool = False
    from_place: str = ""
    to_place: str = ""
    disposition: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        _refuse_floats(self)


@dataclass(frozen=True, slots=True)
class PaperTax:
    """The tax of one category and rate.

    Attributes:
        category: the tax category by UNCL 5305.
        percent: the rate, in percent.
        base: the net amount that is taxed.
        tax: the tax on it.
        reason: why there is no tax, a message, for a category that is free of it.
    """

    category: str
    percent: Decimal
    base: Decimal
    tax: Decimal
    reason: str = ""

    def __post_init__(self) -> None:
        _refuse_floats(self)


@dataclass(frozen=True, slots=True)
class PaperAllocation:
    """What of a payment went to which paper, or what of which payment a paper has taken.

    Attributes:
        number: the other paper's number.
        amount: the amount, in the currency that both have.
        label: the paper's title, a message.
        issued_on: the day on which the paper was issued.
    """

    number: str
    amount: Decimal
    label: str = ""
    issued_on: date | None = None

    def __post_init__(self) -> None:
        _refuse_floats(self)


@dataclass(frozen=True, slots=True)
class PaperTotals:
    """The sums under the lines, in the paper's currency, as they were stored.

    Attributes:
        lines_net: the sum of the lines' net amounts.
        net: what is left after the document's discount.
        total: net and taxes.
        discount: the document's discount, a positive amount that is taken off.
        discount_percent: the discount in percent, where it was given so.
        taxes: one entry for each category and rate.
        rounding: what was added (or taken off, below zero) to reach a total agreed before.
        deposits: payments that were kept for this paper and that it has taken.
        paid: what has been paid so far; None where it is not said.
        credited: what credit notes have taken off; None where it is not said.
        due: what is still to be paid; None where it is not said.
        prices_include_tax: whether the prices were agreed with the tax in them.
        tax_in_books: all tax in the currency of our books, where the paper's is another (BT-111).
        books_currency: that currency, by ISO 4217.
    """

    lines_net: Decimal
    net: Decimal
    total: Decimal
    discount: Decimal = Decimal(0)
    discount_percent: Decimal | None = None
    taxes: tuple[PaperTax, ...] = ()
    rounding: Decimal = Decimal(0)
    deposits: tuple[PaperAllocation, ...] = ()
    paid: Decimal | None = None
    credited: Decimal | None = None
    due: Decimal | None = None
    prices_include_tax: bool = False
    tax_in_books: Decimal | None = None
    books_currency: str = ""

    def __post_init__(self) -> None:
        _refuse_floats(self)


@dataclass(frozen=True, slots=True)
class PaperPayment:
    """The money of a payment's paper.

    Attributes:
        amount: what settles the account, in ``currency``.
        currency: the account's currency, by ISO 4217.
        label: what stands over the amount, a message ("Received", "Paid out").
        allocations: what of it went to which paper.
        unallocated: what is left on the account as credit.
        other_amount: what was handed over, when that was another currency.
        other_currency: that other currency.
        rate: at what rate, as it was said: one ``rate_base`` was worth so much ``rate_quoted``.
        rate_base: empty for ``other_currency``.
        rate_quoted: empty for ``currency``.
    """

    amount: Decimal
    currency: str
    label: str
    allocations: tuple[PaperAllocation, ...] = ()
    unallocated: Decimal = Decimal(0)
    other_amount: Decimal | None = None
    other_currency: str = ""
    rate: Decimal | None = None
    rate_base: str = ""
    rate_quoted: str = ""

    def __post_init__(self) -> None:
        _refuse_floats(self)


@dataclass(frozen=True, slots=True)
class PaperDates:
    """The days that a paper may name; one that is None is not printed.

    Attributes:
        issued_on: when the paper was issued; None for a draft.
        delivery_on: when the goods are, or were, delivered.
        due_on: until when it is to be paid.
        valid_until: until when the offer stands or the goods are held.
    """

    issued_on: date | None = None
    delivery_on: date | None = None
    due_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PaperPreceding:
    """A paper that this one corrects: its number and its day (BT-25, BT-26)."""

    number: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaperReferences:
    """What connects a paper with others.

    Attributes:
        ours: our own reference.
        theirs: the other side's reference, such as the number of a vendor's own bill.
        related: the papers that it came from or corrects: a title (a message), a number.
        order: the number of the order that it came from, where there is one (BT-14).
        shipment: the number of the paper with which its goods went, where there is one (BT-16).
        preceding: the papers that it takes something back from.
    """

    ours: str = ""
    theirs: str = ""
    related: tuple[LabelledText, ...] = ()
    order: str = ""
    shipment: str = ""
    preceding: tuple[PaperPreceding, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """How a paper is to be paid.

    Attributes:
        mode: the way of paying, a message ("Bank transfer").
        text: the terms, such as ``PaperText("{count} day net", plural="{count} days net",
            count=30)``.
        bank: our bank details, label by label, or as one text of several lines.
        means: the way of paying by UNTDID 4461 (BT-81).
        iban: our account, checked, where the bank details name one (BT-84).
        bic: our bank, where they name it (BT-86).
        shows_code: whether we want a code for the reader's bank on the paper.
        notes: what the law wants to be said of late and early payment: the subject's code by
            UNTDID 4451 (BT-21), a message (BT-22).
    """

    mode: str = ""
    text: PaperText | None = None
    bank: tuple[LabelledText, ...] = ()
    means: str = ""
    iban: str = ""
    bic: str = ""
    shows_code: bool = False
    notes: tuple[LabelledText, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that one paper shows.

    Attributes:
        layout: what the kind's row says about its paper.
        number: the paper's number; None for a draft, which gets a mark across its pages.
        company: our company, whose letterhead it is.
        party: the other side; None for a paper within the company.
        dates: the days that it names.
        references: references and related papers.
        terms: how it is to be paid.
        lines: the lines of its table.
        currency: the currency of its amounts, by ISO 4217; empty without amounts.
        totals: the sums under the lines.
        payment: the money of a payment's paper.
        delivery: where the goods go, when that is not the party's own address.
        version: from 2 on, how often the paper was issued; an amended paper says it.
        is_copy: whether it repeats a paper in another language than it was issued in.
        mark: what is written across its pages, a message ("Cancelled").
        reason: why the paper was made, as it was typed.
        notes: what was typed for its reader.
        look: what its template says.
        logo: our logo, the bytes of an image.
    """

    layout: PaperLayout
    number: str | None
    company: PaperSide
    party: PaperSide | None = None
    dates: PaperDates = PaperDates()
    references: PaperReferences = PaperReferences()
    terms: PaperTerms = PaperTerms()
    lines: tuple[PaperLine, ...] = ()
    currency: str = ""
    totals: PaperTotals | None = None
    payment: PaperPayment | None = None
    delivery: PaperSide | None = None
    version: int = 1
    is_copy: bool = False
    mark: str = ""
    reason: str = ""
    notes: str = ""
    look: PaperLook = STANDARD_LOOK
    logo: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.totals is not None and not self.currency:
            message = "a paper with totals names its currency"
            raise ValueError(message)
