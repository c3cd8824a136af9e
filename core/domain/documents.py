"""THE TABLE of document kinds, their conversions and what their lines offer.

Eleven kinds of paper in the trade and four more that they need share one shape: header, lines,
lifecycle, effects.  What varies is a row here; no other module names a kind, and a test looks
for it.  To add a kind: a member, a row, its conversions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain import links
from core.domain.lifecycles import CLAIM, OFFER, ORDER, POSTING, Lifecycle
from core.domain.links import LineRule, Track
from core.domain.messages import N_
from core.domain.paper import PaperColumn as Column
from core.domain.paper import PaperLayout
from core.domain.people import Right, Role
from core.domain.places import PlaceRole


class DocumentKind(StrEnum):
    """The kinds of documents."""

    QUOTE = "quote"
    SALES_ORDER = "sales_order"
    RESERVATION = "reservation"
    DELIVERY_NOTE = "delivery_note"
    INVOICE = "invoice"
    SALES_RETURN = "sales_return"
    CREDIT_NOTE = "credit_note"
    PURCHASE_ORDER = "purchase_order"
    RECEIPT_NOTE = "receipt_note"
    BILL = "bill"
    PURCHASE_RETURN = "purchase_return"
    VENDOR_CREDIT = "vendor_credit"
    STOCK_ADJUSTMENT = "stock_adjustment"
    TRANSFER = "transfer"
    PAYMENT = "payment"


class PartySide(StrEnum):
    """With whom a document is made."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EITHER = "either"
    NOBODY = "nobody"


class Claims(StrEnum):
    """Whether the lines of a document in force claim goods."""

    NO = "no"
    # Claims what is there and waits for the rest, for as long as it is in force.
    WAITING = "waiting"
    # Claims until a date.
    UNTIL = "until"


@dataclass(frozen=True)
class Route:
    """Where goods go from and to; a line may choose another place among `choices`."""

    source: PlaceRole
    target: PlaceRole
    # The places that a line may name instead of the inside end of the route.
    choices: tuple[PlaceRole, ...] = ()
    # What is rejected goes there (a receipt's quarantine).
    rejected: PlaceRole | None = None


@dataclass(frozen=True)
class DocumentType:
    """A row: everything in which a kind differs from the others.

    Attributes:
        debt: +1 when the party owes us the total, -1 when we owe it, 0 when nothing is owed.
        settles: it is money itself: it moves the account by its amount and direction.
        counts: its lines are counts of what is there, not quantities that move.
        needs_source: it can only be made from another document.
        incoming: its open lines are goods that are expected.
        goes_out: it is sent to the party as a paper.
        own_number: the party gives it a number of its own (a vendor's bill).
    """

    kind: DocumentKind
    prefix: str
    label: str
    plural: str
    lifecycle: Lifecycle
    party: PartySide
    priced: bool
    paper: PaperLayout
    rights: Mapping[Role, frozenset[Right]]
    issue_label: str = ""
    route: Route | None = None
    debt: int = 0
    settles: bool = False
    claims: Claims = Claims.NO
    incoming: bool = False
    reversible: bool = False
    counts: bool = False
    needs_source: bool = False
    goes_out: bool = False
    own_number: bool = False
    lines: LineRule = field(default_factory=LineRule)


@dataclass(frozen=True)
class Conversion:
    """One document made from another: the tracks it draws on, the limiting one first.

    `rejected_goods` tells a second row for the same pair apart: its lines are what a receipt
    rejected, and they leave from quarantine.
    """

    source: DocumentKind
    target: DocumentKind
    tracks: tuple[Track, ...]
    label: str
    rejected_goods: bool = False
    # The person says of each line whether the pieces are still wanted (returns, credits).
    asks_wanted: bool = False


_ALL = frozenset(Right)
_LOOK = frozenset({Right.VIEW})
_OWN = frozenset({Right.VIEW_OWN})
_WORK = frozenset(
    {Right.VIEW, Right.DRAFT, Right.ISSUE, Right.AMEND, Right.CANCEL, Right.CLOSE, Right.SEND}
)
_ASK = frozenset({Right.VIEW_OWN, Right.DRAFT_OWN})


def _rights(
    *,
    sales: frozenset[Right] = frozenset(),
    stock: frozenset[Right] = frozenset(),
    customer: frozenset[Right] = frozenset(),
    vendor: frozenset[Right] = frozenset(),
) -> Mapping[Role, frozenset[Right]]:
    return {
        Role.OWNER: _ALL,
        Role.SALES: sales,
        Role.STOREKEEPER: stock,
        Role.CUSTOMER: customer,
        Role.VENDOR: vendor,
    }


_PRICED_COLUMNS = (
    Column.POSITION, Column.SKU, Column.PRODUCT, Column.QUANTITY, Column.UNIT,
    Column.UNIT_PRICE, Column.DISCOUNT, Column.TAX, Column.NET,
)  # fmt: skip
_GOODS_COLUMNS = (
    Column.POSITION, Column.SKU, Column.PRODUCT, Column.QUANTITY, Column.UNIT,
)  # fmt: skip
_HANDED_OVER = (N_("Handed over by"), N_("Received by"))
_CUSTOMER = N_("Customer")
_VENDOR = N_("Vendor")

_OFFER_LINES = LineRule(most={Track.ORDER: links.offer_to_order, Track.DROP: None})
_SALES_LINES = LineRule(
    most={
        Track.FULFIL: links.order_to_fulfil,
        Track.BILL: links.order_to_bill,
        Track.RETURN: links.order_to_return,
        Track.CREDIT: links.order_to_credit,
        Track.DROP: None,
    },
    is_root=True,
)
_PURCHASE_LINES = LineRule(
    most={**_SALES_LINES.most, Track.BILL: links.purchase_to_bill},
    proposed={Track.BILL: links.purchase_bill_proposed},
    is_root=True,
)
_DELIVERED_LINES = LineRule(
    most={
        Track.BILL: links.note_to_bill,
        Track.RETURN: links.note_to_return,
        Track.CREDIT: None,
    }
)
_RECEIVED_LINES = LineRule(
    most={
        Track.BILL: links.note_to_bill,
        Track.RETURN: links.note_to_return,
        Track.INSPECT: links.note_to_inspect,
        Track.FULFIL: None,
        Track.CREDIT: None,
    }
)
_CREDITED_LINES = LineRule(most={Track.CREDIT: links.to_credit})

_ROWS = (
    DocumentType(
        kind=DocumentKind.QUOTE,
        prefix="QU",
        label=N_("Quote"),
        plural=N_("Quotes"),
        lifecycle=OFFER,
        party=PartySide.CUSTOMER,
        priced=True,
        goes_out=True,
        lines=_OFFER_LINES,
        rights=_rights(sales=_WORK, customer=_OWN),
        paper=PaperLayout(
            title=N_("Quote"),
            columns=_PRICED_COLUMNS,
            party_title=_CUSTOMER,
            shows_payment_terms=True,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.SALES_ORDER,
        prefix="SO",
        label=N_("Sales order"),
        plural=N_("Sales orders"),
        lifecycle=ORDER,
        party=PartySide.CUSTOMER,
        priced=True,
        claims=Claims.WAITING,
        goes_out=True,
        lines=_SALES_LINES,
        rights=_rights(sales=_WORK, stock=_LOOK, customer=_OWN),
        paper=PaperLayout(
            title=N_("Sales order"),
            columns=_PRICED_COLUMNS,
            party_title=_CUSTOMER,
            shows_delivery_address=True,
            shows_payment_terms=True,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.RESERVATION,
        prefix="RS",
        label=N_("Reservation"),
        plural=N_("Reservations"),
        lifecycle=CLAIM,
        party=PartySide.CUSTOMER,
        priced=False,
        claims=Claims.UNTIL,
        goes_out=True,
        lines=_OFFER_LINES,
        rights=_rights(sales=_WORK, stock=_LOOK, customer=_ASK),
        paper=PaperLayout(title=N_("Reservation"), columns=_GOODS_COLUMNS, party_title=_CUSTOMER),
    ),
    DocumentType(
        kind=DocumentKind.DELIVERY_NOTE,
        prefix="DN",
        label=N_("Delivery note"),
        plural=N_("Delivery notes"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=False,
        issue_label=N_("Ship"),
        route=Route(PlaceRole.WAREHOUSE, PlaceRole.CUSTOMER),
        reversible=True,
        needs_source=True,
        goes_out=True,
        lines=_DELIVERED_LINES,
        rights=_rights(sales=_WORK, stock=_WORK | {Right.REVERSE}, customer=_OWN),
        paper=PaperLayout(
            title=N_("Delivery note"),
            columns=_GOODS_COLUMNS,
            party_title=_CUSTOMER,
            shows_delivery_address=True,
            signature_boxes=_HANDED_OVER,
        ),
    ),
    DocumentType(
        kind=DocumentKind.INVOICE,
        prefix="IN",
        label=N_("Invoice"),
        plural=N_("Invoices"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=True,
        issue_label=N_("Invoice"),
        debt=1,
        goes_out=True,
        lines=_CREDITED_LINES,
        rights=_rights(sales=_WORK, customer=_OWN),
        paper=PaperLayout(
            title=N_("Invoice"),
            columns=_PRICED_COLUMNS,
            party_title=_CUSTOMER,
            shows_delivery_address=True,
            shows_payment_terms=True,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.SALES_RETURN,
        prefix="SR",
        label=N_("Sales return"),
        plural=N_("Sales returns"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=False,
        issue_label=N_("Take back"),
        route=Route(
            PlaceRole.CUSTOMER,
            PlaceRole.WAREHOUSE,
            choices=(PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE, PlaceRole.LOSS),
        ),
        reversible=True,
        needs_source=True,
        goes_out=True,
        lines=_CREDITED_LINES,
        rights=_rights(sales=_WORK, stock=_WORK | {Right.REVERSE}, customer=_OWN),
        paper=PaperLayout(
            title=N_("Sales return"),
            columns=(*_GOODS_COLUMNS, Column.DISPOSITION),
            party_title=_CUSTOMER,
            signature_boxes=_HANDED_OVER,
        ),
    ),
    DocumentType(
        kind=DocumentKind.CREDIT_NOTE,
        prefix="CN",
        label=N_("Credit note"),
        plural=N_("Credit notes"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=True,
        issue_label=N_("Credit"),
        debt=-1,
        needs_source=True,
        goes_out=True,
        rights=_rights(sales=_WORK, customer=_OWN),
        paper=PaperLayout(
            title=N_("Credit note"),
            columns=_PRICED_COLUMNS,
            party_title=_CUSTOMER,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.PURCHASE_ORDER,
        prefix="PO",
        label=N_("Purchase order"),
        plural=N_("Purchase orders"),
        lifecycle=ORDER,
        party=PartySide.VENDOR,
        priced=True,
        incoming=True,
        goes_out=True,
        lines=_PURCHASE_LINES,
        rights=_rights(stock=_LOOK, vendor=_OWN),
        paper=PaperLayout(
            title=N_("Purchase order"),
            columns=_PRICED_COLUMNS,
            party_title=_VENDOR,
            shows_delivery_address=True,
            shows_payment_terms=True,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.RECEIPT_NOTE,
        prefix="RN",
        label=N_("Receipt note"),
        plural=N_("Receipt notes"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=False,
        issue_label=N_("Receive"),
        route=Route(PlaceRole.VENDOR, PlaceRole.WAREHOUSE, rejected=PlaceRole.QUARANTINE),
        reversible=True,
        needs_source=True,
        lines=_RECEIVED_LINES,
        rights=_rights(stock=_WORK | {Right.REVERSE}, vendor=_OWN),
        paper=PaperLayout(
            title=N_("Receipt note"),
            columns=(
                Column.POSITION,
                Column.SKU,
                Column.PRODUCT,
                Column.ORDERED,
                Column.ACCEPTED,
                Column.REJECTED,
                Column.UNIT,
            ),
            party_title=_VENDOR,
            signature_boxes=(N_("Delivered by"), N_("Inspected by")),
        ),
    ),
    DocumentType(
        kind=DocumentKind.BILL,
        prefix="BI",
        label=N_("Bill"),
        plural=N_("Bills"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=True,
        issue_label=N_("Book"),
        debt=-1,
        own_number=True,
        lines=_CREDITED_LINES,
        rights=_rights(vendor=_OWN),
        paper=PaperLayout(
            title=N_("Bill"),
            columns=_PRICED_COLUMNS,
            party_title=_VENDOR,
            shows_payment_terms=True,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.PURCHASE_RETURN,
        prefix="PR",
        label=N_("Purchase return"),
        plural=N_("Purchase returns"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=False,
        issue_label=N_("Send back"),
        route=Route(
            PlaceRole.WAREHOUSE,
            PlaceRole.VENDOR,
            choices=(PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE),
        ),
        reversible=True,
        needs_source=True,
        goes_out=True,
        lines=_CREDITED_LINES,
        rights=_rights(stock=_WORK | {Right.REVERSE}, vendor=_OWN),
        paper=PaperLayout(
            title=N_("Purchase return"),
            columns=(*_GOODS_COLUMNS, Column.REASON),
            party_title=_VENDOR,
            signature_boxes=_HANDED_OVER,
        ),
    ),
    DocumentType(
        kind=DocumentKind.VENDOR_CREDIT,
        prefix="VC",
        label=N_("Vendor credit"),
        plural=N_("Vendor credits"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=True,
        issue_label=N_("Book"),
        debt=1,
        needs_source=True,
        own_number=True,
        rights=_rights(vendor=_OWN),
        paper=PaperLayout(
            title=N_("Vendor credit"),
            columns=_PRICED_COLUMNS,
            party_title=_VENDOR,
            shows_totals=True,
        ),
    ),
    DocumentType(
        kind=DocumentKind.STOCK_ADJUSTMENT,
        prefix="AJ",
        label=N_("Stock adjustment"),
        plural=N_("Stock adjustments"),
        lifecycle=POSTING,
        party=PartySide.NOBODY,
        priced=False,
        issue_label=N_("Adjust"),
        route=Route(PlaceRole.LOSS, PlaceRole.WAREHOUSE),
        counts=True,
        reversible=True,
        rights=_rights(stock=_WORK),
        paper=PaperLayout(
            title=N_("Stock adjustment"),
            columns=(
                Column.POSITION,
                Column.SKU,
                Column.PRODUCT,
                Column.BOOKED,
                Column.COUNTED,
                Column.DIFFERENCE,
                Column.UNIT,
                Column.REASON,
            ),
            signature_boxes=(N_("Counted by"), N_("Approved by")),
        ),
    ),
    DocumentType(
        kind=DocumentKind.TRANSFER,
        prefix="TR",
        label=N_("Transfer"),
        plural=N_("Transfers"),
        lifecycle=POSTING,
        party=PartySide.NOBODY,
        priced=False,
        issue_label=N_("Move"),
        route=Route(
            PlaceRole.QUARANTINE,
            PlaceRole.WAREHOUSE,
            choices=(PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE, PlaceRole.LOSS),
        ),
        reversible=True,
        rights=_rights(stock=_WORK | {Right.REVERSE}),
        paper=PaperLayout(
            title=N_("Transfer"),
            columns=(*_GOODS_COLUMNS, Column.FROM_PLACE, Column.TO_PLACE),
        ),
    ),
    DocumentType(
        kind=DocumentKind.PAYMENT,
        prefix="PY",
        label=N_("Payment"),
        plural=N_("Payments"),
        lifecycle=POSTING,
        party=PartySide.EITHER,
        priced=False,
        issue_label=N_("Book"),
        settles=True,
        reversible=True,
        goes_out=True,
        rights=_rights(sales=_WORK, customer=_OWN, vendor=_OWN),
        paper=PaperLayout(title=N_("Payment receipt"), party_title=N_("Party")),
    ),
)

DOCUMENT_TYPES: Mapping[DocumentKind, DocumentType] = {row.kind: row for row in _ROWS}

CONVERSIONS: tuple[Conversion, ...] = (
    Conversion(DocumentKind.QUOTE, DocumentKind.SALES_ORDER, (Track.ORDER,), N_("Order")),
    Conversion(DocumentKind.RESERVATION, DocumentKind.SALES_ORDER, (Track.ORDER,), N_("Order")),
    Conversion(DocumentKind.SALES_ORDER, DocumentKind.DELIVERY_NOTE, (Track.FULFIL,), N_("Deliver")),
    Conversion(DocumentKind.SALES_ORDER, DocumentKind.INVOICE, (Track.BILL,), N_("Invoice")),
    Conversion(DocumentKind.DELIVERY_NOTE, DocumentKind.INVOICE, (Track.BILL,), N_("Invoice")),
    Conversion(
        DocumentKind.DELIVERY_NOTE,
        DocumentKind.SALES_RETURN,
        (Track.RETURN,),
        N_("Take back"),
        asks_wanted=True,
    ),
    Conversion(
        DocumentKind.INVOICE,
        DocumentKind.CREDIT_NOTE,
        (Track.CREDIT,),
        N_("Credit"),
        asks_wanted=True,
    ),
    Conversion(DocumentKind.SALES_RETURN, DocumentKind.CREDIT_NOTE, (Track.CREDIT,), N_("Credit")),
    Conversion(DocumentKind.PURCHASE_ORDER, DocumentKind.RECEIPT_NOTE, (Track.FULFIL,), N_("Receive")),
    Conversion(DocumentKind.PURCHASE_ORDER, DocumentKind.BILL, (Track.BILL,), N_("Bill")),
    Conversion(DocumentKind.RECEIPT_NOTE, DocumentKind.BILL, (Track.BILL,), N_("Bill")),
    Conversion(
        DocumentKind.RECEIPT_NOTE,
        DocumentKind.PURCHASE_RETURN,
        (Track.RETURN,),
        N_("Send back"),
        asks_wanted=True,
    ),
    Conversion(
        DocumentKind.RECEIPT_NOTE,
        DocumentKind.PURCHASE_RETURN,
        (Track.INSPECT,),
        N_("Send back the rejected"),
        rejected_goods=True,
        asks_wanted=True,
    ),
    Conversion(
        DocumentKind.RECEIPT_NOTE,
        DocumentKind.TRANSFER,
        (Track.INSPECT, Track.FULFIL),
        N_("Accept the rejected"),
        rejected_goods=True,
    ),
    Conversion(
        DocumentKind.BILL,
        DocumentKind.VENDOR_CREDIT,
        (Track.CREDIT,),
        N_("Credit"),
        asks_wanted=True,
    ),
    Conversion(DocumentKind.PURCHASE_RETURN, DocumentKind.VENDOR_CREDIT, (Track.CREDIT,), N_("Credit")),
)  # fmt: skip


def type_of(kind: str) -> DocumentType:
    """The row of a kind, from the text that the database keeps.

    Raises:
        ValueError: there is no such kind.
    """
    return DOCUMENT_TYPES[DocumentKind(kind)]


def conversions_from(kind: str) -> tuple[Conversion, ...]:
    """What a document of this kind can be converted into, the likely next step first."""
    return tuple(each for each in CONVERSIONS if each.source == kind)


def conversion(source: str, target: str, *, rejected_goods: bool = False) -> Conversion:
    """The conversion from one kind to another.

    Raises:
        LookupError: there is none.
    """
    for each in CONVERSIONS:
        if (each.source, each.target) == (source, target) and (
            each.rejected_goods == rejected_goods
        ):
            return each
    raise LookupError(f"nothing converts {source} into {target}")


def kinds(**features: object) -> tuple[DocumentType, ...]:
    """The rows in which every feature given has this value: ``kinds(settles=True)``."""
    return tuple(
        row
        for row in DOCUMENT_TYPES.values()
        if all(getattr(row, name) == value for name, value in features.items())
    )


def kind_by_prefix(prefix: str) -> DocumentType | None:
    """The row whose numbers begin with `prefix`, or none."""
    return next((row for row in DOCUMENT_TYPES.values() if row.prefix == prefix.upper()), None)
