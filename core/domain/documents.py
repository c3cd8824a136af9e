"""THE TABLE of document kinds, their conversions and what their lines offer.

Eleven kinds of paper in the trade and four more that they need share one shape: header, lines,
lifecycle, effects.  What varies is a row here; no other module names a kind, and a test looks
for it.  To add a kind: a member, a row, its conversions.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from core.domain import links
from core.domain.document_type import Claims, Conversion, DocumentType, PartySide, Route
from core.domain.lifecycles import CLAIM, OFFER, ORDER, POSTING, Action
from core.domain.limits import LimitName
from core.domain.links import LineRule, Track
from core.domain.messages import N_
from core.domain.papers.view import PaperColumn as Column
from core.domain.papers.view import PaperLayout
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


_ALL = frozenset(Right)
_LOOK = frozenset({Right.VIEW})
_OWN = frozenset({Right.VIEW_OWN})
_WORK = frozenset(
    {
        Right.VIEW, Right.DRAFT, Right.ISSUE, Right.AMEND, Right.ANSWER, Right.CANCEL,
        Right.CLOSE, Right.SEND,
    }
)  # fmt: skip
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


def _money_paper(
    title: str,
    party_title: str,
    *,
    delivers: bool = False,
    terms: bool = True,
    e_invoice: str = "",
    code: bool = False,
) -> PaperLayout:
    return PaperLayout(
        title=title,
        columns=_PRICED_COLUMNS,
        party_title=party_title,
        shows_delivery_address=delivers,
        shows_payment_terms=terms,
        shows_totals=True,
        e_invoice=e_invoice,
        shows_payment_code=code,
    )


def _goods_paper(
    title: str, party_title: str, *more: Column, boxes: tuple[str, ...] = ()
) -> PaperLayout:
    return PaperLayout(
        title=title,
        columns=(*_GOODS_COLUMNS, *more),
        party_title=party_title,
        shows_delivery_address=bool(boxes) and not more,
        signature_boxes=boxes,
    )


_OFFER_LINES = LineRule(most={Track.ORDER: links.offer_to_order, Track.DROP: None})
_SALES_LINES = LineRule(
    most={
        Track.FULFIL: links.order_to_fulfil,
        Track.BILL: links.order_to_bill,
        Track.RETURN: links.order_to_return,
        Track.CREDIT: links.order_to_credit,
        Track.DROP: None,
        Track.EXCESS: None,
    },
    is_root=True,
)
_PURCHASE_LINES = LineRule(
    most=_SALES_LINES.most,
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
_CREDITED_LINES = LineRule(most={Track.CREDIT: links.to_credit, Track.REDUCE: None})

_ROWS = (
    DocumentType(
        kind=DocumentKind.QUOTE,
        prefix="QU",
        sign="🏷",
        label=N_("Quote"),
        plural=N_("Quotes"),
        lifecycle=OFFER,
        party=PartySide.CUSTOMER,
        priced=True,
        goes_out=True,
        lines=_OFFER_LINES,
        limits={Action.ISSUE: LimitName.DISCOUNT},
        rights=_rights(sales=_WORK, customer=_OWN | {Right.ANSWER_OWN}),
        paper=_money_paper(N_("Quote"), _CUSTOMER),
    ),
    DocumentType(
        kind=DocumentKind.SALES_ORDER,
        prefix="SO",
        sign="🛒",
        label=N_("Sales order"),
        plural=N_("Sales orders"),
        lifecycle=ORDER,
        party=PartySide.CUSTOMER,
        priced=True,
        claims=Claims.WAITING,
        goes_out=True,
        lines=_SALES_LINES,
        limits={Action.ISSUE: LimitName.DISCOUNT, Action.AMEND: LimitName.DISCOUNT},
        rights=_rights(sales=_WORK, stock=_LOOK, customer=_OWN),
        paper=_money_paper(N_("Sales order"), _CUSTOMER, delivers=True),
    ),
    DocumentType(
        kind=DocumentKind.RESERVATION,
        prefix="RS",
        sign="⏳",
        label=N_("Reservation"),
        plural=N_("Reservations"),
        lifecycle=CLAIM,
        party=PartySide.CUSTOMER,
        priced=False,
        claims=Claims.UNTIL,
        goes_out=True,
        lines=_OFFER_LINES,
        rights=_rights(sales=_WORK, stock=_LOOK, customer=_ASK),
        paper=_goods_paper(N_("Reservation"), _CUSTOMER),
    ),
    DocumentType(
        kind=DocumentKind.DELIVERY_NOTE,
        prefix="DN",
        sign="🚚",
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
        paper=_goods_paper(N_("Delivery note"), _CUSTOMER, boxes=_HANDED_OVER),
    ),
    DocumentType(
        kind=DocumentKind.INVOICE,
        prefix="IN",
        sign="🧾",
        label=N_("Invoice"),
        plural=N_("Invoices"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=True,
        issue_label=N_("Invoice {number}"),
        debt=1,
        goes_out=True,
        lines=_CREDITED_LINES,
        limits={Action.ISSUE: LimitName.DISCOUNT},
        rights=_rights(sales=_WORK, customer=_OWN),
        paper=_money_paper(N_("Invoice"), _CUSTOMER, delivers=True, e_invoice="380", code=True),
    ),
    DocumentType(
        kind=DocumentKind.SALES_RETURN,
        prefix="SR",
        sign="↩️",
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
        paper=_goods_paper(N_("Sales return"), _CUSTOMER, Column.DISPOSITION, boxes=_HANDED_OVER),
    ),
    DocumentType(
        kind=DocumentKind.CREDIT_NOTE,
        prefix="CN",
        sign="💸",
        label=N_("Credit note"),
        plural=N_("Credit notes"),
        lifecycle=POSTING,
        party=PartySide.CUSTOMER,
        priced=True,
        issue_label=N_("Credit"),
        debt=-1,
        credits=True,
        needs_source=True,
        goes_out=True,
        rights=_rights(sales=_WORK, customer=_OWN),
        paper=_money_paper(N_("Credit note"), _CUSTOMER, terms=False, e_invoice="381"),
    ),
    DocumentType(
        kind=DocumentKind.PURCHASE_ORDER,
        prefix="PO",
        sign="📦",
        label=N_("Purchase order"),
        plural=N_("Purchase orders"),
        lifecycle=ORDER,
        party=PartySide.VENDOR,
        priced=True,
        incoming=True,
        goes_out=True,
        lines=_PURCHASE_LINES,
        rights=_rights(stock=_LOOK, vendor=_OWN),
        paper=_money_paper(N_("Purchase order"), _VENDOR, delivers=True),
    ),
    DocumentType(
        kind=DocumentKind.RECEIPT_NOTE,
        prefix="RN",
        sign="📥",
        label=N_("Receipt note"),
        plural=N_("Receipt notes"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=False,
        issue_label=N_("Receive"),
        route=Route(PlaceRole.VENDOR, PlaceRole.WAREHOUSE, rejected=PlaceRole.QUARANTINE),
        limits={Action.ISSUE: LimitName.OVER_RECEIPT},
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
        sign="📄",
        label=N_("Bill"),
        plural=N_("Bills"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=True,
        issue_label=N_("Post"),
        debt=-1,
        own_number=True,
        lines=_CREDITED_LINES,
        rights=_rights(vendor=_OWN),
        paper=_money_paper(N_("Bill"), _VENDOR),
    ),
    DocumentType(
        kind=DocumentKind.PURCHASE_RETURN,
        prefix="PR",
        sign="📤",
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
        paper=_goods_paper(N_("Purchase return"), _VENDOR, Column.REASON, boxes=_HANDED_OVER),
    ),
    DocumentType(
        kind=DocumentKind.VENDOR_CREDIT,
        prefix="VC",
        sign="💵",
        label=N_("Vendor credit"),
        plural=N_("Vendor credits"),
        lifecycle=POSTING,
        party=PartySide.VENDOR,
        priced=True,
        issue_label=N_("Post"),
        debt=1,
        credits=True,
        needs_source=True,
        own_number=True,
        rights=_rights(vendor=_OWN),
        paper=_money_paper(N_("Vendor credit"), _VENDOR, terms=False),
    ),
    DocumentType(
        kind=DocumentKind.STOCK_ADJUSTMENT,
        prefix="AJ",
        sign="⚖️",
        label=N_("Stock adjustment"),
        plural=N_("Stock adjustments"),
        lifecycle=POSTING,
        party=PartySide.NOBODY,
        priced=False,
        issue_label=N_("Adjust"),
        route=Route(PlaceRole.LOSS, PlaceRole.WAREHOUSE),
        counts=True,
        reversible=True,
        limits={Action.ISSUE: LimitName.WRITE_OFF},
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
        sign="🔀",
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
        limits={Action.ISSUE: LimitName.WRITE_OFF},
        rights=_rights(stock=_WORK | {Right.REVERSE}),
        paper=_goods_paper(N_("Transfer"), "", Column.FROM_PLACE, Column.TO_PLACE),
    ),
    DocumentType(
        kind=DocumentKind.PAYMENT,
        prefix="PY",
        sign="💰",
        label=N_("Payment"),
        plural=N_("Payments"),
        lifecycle=POSTING,
        party=PartySide.EITHER,
        priced=False,
        issue_label=N_("Post"),
        settles=True,
        reversible=True,
        goes_out=True,
        limits={Action.ISSUE: LimitName.REFUND},
        rights=_rights(sales=_WORK, customer=_OWN, vendor=_OWN),
        paper=PaperLayout(title=N_("Payment receipt"), party_title=N_("Customer/vendor")),
    ),
)

DOCUMENT_TYPES: Mapping[DocumentKind, DocumentType] = {
    DocumentKind(row.kind): row for row in _ROWS
}

_QUOTE, _SO, _RS, _DN = (
    DocumentKind.QUOTE,
    DocumentKind.SALES_ORDER,
    DocumentKind.RESERVATION,
    DocumentKind.DELIVERY_NOTE,
)
_IN, _SR, _CN = DocumentKind.INVOICE, DocumentKind.SALES_RETURN, DocumentKind.CREDIT_NOTE
_PO, _RN, _BI = DocumentKind.PURCHASE_ORDER, DocumentKind.RECEIPT_NOTE, DocumentKind.BILL
_PR, _VC, _TR = (
    DocumentKind.PURCHASE_RETURN,
    DocumentKind.VENDOR_CREDIT,
    DocumentKind.TRANSFER,
)

# The likely next step of a kind comes first. A verb that is also the name of a kind in English has
# a text of its own, with the place of its figure: other languages tell the two apart.
CONVERSIONS: tuple[Conversion, ...] = (
    Conversion(_QUOTE, _SO, (Track.ORDER,), N_("Order")),
    Conversion(_RS, _SO, (Track.ORDER,), N_("Order")),
    Conversion(_SO, _DN, (Track.FULFIL,), N_("Deliver")),
    Conversion(_SO, _IN, (Track.BILL,), N_("Invoice {number}")),
    Conversion(_DN, _IN, (Track.BILL,), N_("Invoice {number}")),
    Conversion(_DN, _SR, (Track.RETURN,), N_("Take back"), asks_wanted=True),
    Conversion(_IN, _CN, (Track.CREDIT,), N_("Credit"), asks_wanted=True, by_amount=True),
    Conversion(_SR, _CN, (Track.CREDIT,), N_("Credit")),
    Conversion(_PO, _RN, (Track.FULFIL,), N_("Receive")),
    Conversion(_PO, _BI, (Track.BILL,), N_("Bill {number}")),
    Conversion(_RN, _BI, (Track.BILL,), N_("Bill {number}")),
    Conversion(_RN, _PR, (Track.RETURN,), N_("Send back"), asks_wanted=True),
    Conversion(
        _RN,
        _PR,
        (Track.INSPECT,),
        N_("Send back rejected"),
        rejected_goods=True,
        asks_wanted=True,
    ),
    Conversion(
        _RN,
        _TR,
        (Track.INSPECT, Track.FULFIL),
        N_("Accept rejected"),
        rejected_goods=True,
    ),
    Conversion(_BI, _VC, (Track.CREDIT,), N_("Credit"), asks_wanted=True, by_amount=True),
    Conversion(_PR, _VC, (Track.CREDIT,), N_("Credit")),
)


@cache
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
