"""What a line offers and what is drawn from it, case by case."""

from decimal import Decimal

import pytest

from core.domain import links
from core.domain.documents import DocumentKind as Kind
from core.domain.links import (
    DrawnQuantity,
    LineRule,
    LineState,
    Link,
    MoreThanOffered,
    Offer,
    Track,
)
from tests.domain.books import Books, Refused

QU, SO, RS, DN = Kind.QUOTE, Kind.SALES_ORDER, Kind.RESERVATION, Kind.DELIVERY_NOTE
IN, SR, CN = Kind.INVOICE, Kind.SALES_RETURN, Kind.CREDIT_NOTE
PO, RN, BI = Kind.PURCHASE_ORDER, Kind.RECEIPT_NOTE, Kind.BILL
PR, VC, TR = Kind.PURCHASE_RETURN, Kind.VENDOR_CREDIT, Kind.TRANSFER


def offers(books, source, *targets, rejected_goods=False):
    """Return what a document proposes to each kind."""
    found = [books.offer(source, each, rejected_goods=rejected_goods) for each in targets]
    return [int(each.proposed) for each in found]


def sold(*kinds, quantity=10):
    """Return books with a sales order of ten, and documents of so many of each kind from it."""
    books = Books()
    order = books.add(SO, 10)
    return books, order, *(books.convert(order, each, quantity) for each in kinds)


# --- The cases, sales ---------------------------------------------------------------------------


def test_a_return_without_replacement_lowers_what_is_invoiced():
    books, order, note = sold(DN)
    books.convert(note, SR, 3, drops=True)
    assert offers(books, order, DN, IN) == [0, 7]
    assert offers(books, note, IN) == [7]


def test_a_return_to_be_replaced_is_delivered_again_and_stays_invoiced():
    books, order, note, _ = sold(DN, IN)
    back = books.convert(note, SR, 3)
    assert offers(books, order, DN, IN) == [3, 0]
    assert offers(books, back, CN) == [0]
    assert books.credit(back, CN, 3) == [3]
    assert offers(books, order, DN, IN) == [3, 3]


def test_a_credit_of_goods_no_longer_wanted_lowers_what_is_delivered():
    books, order, invoice = sold(IN)
    books.convert(invoice, CN, 4, drops=True)
    assert offers(books, order, DN, IN) == [6, 0]


def test_a_credit_of_goods_still_wanted_is_invoiced_again():
    books, order, invoice = sold(IN)
    books.convert(invoice, CN, 4)
    assert offers(books, order, DN, IN) == [10, 4]


@pytest.mark.parametrize("credit_first", [False, True])
def test_the_second_of_return_and_credit_settles_what_the_first_opened(credit_first):
    books, order, note, invoice = sold(DN, IN)
    if credit_first:
        books.convert(invoice, CN, 4, drops=True)
        assert offers(books, note, SR) == [4]
        books.convert(note, SR, 4, drops=True)
    else:
        books.convert(note, SR, 4, drops=True)
        assert offers(books, invoice, CN) == [4]
        books.convert(invoice, CN, 4, drops=True)
    line = books.line(order)
    assert (line.wanted, line.fulfilled, line.billed) == (6, 6, 6)
    assert offers(books, order, DN, IN) == [0, 0]


def test_goods_returned_for_replacement_after_their_credit_are_wanted_again():
    books, order, note, invoice = sold(DN, IN)
    books.convert(invoice, CN, 4, drops=True)
    books.convert(note, SR, 4)
    assert offers(books, order, DN, IN) == [4, 4]


def test_a_surplus_is_not_wanted_again_when_it_comes_back():
    """The return is reversed after its replacement went out: there is one piece too many."""
    books, order, note = sold(DN)
    back = books.convert(note, SR, 1)
    books.convert(order, DN, 1)
    books.reverse(back)
    assert offers(books, note, SR) == [1]
    books.convert(note, SR, 1)
    assert offers(books, order, DN) == [0]


def test_an_invoice_of_the_order_leaves_nothing_to_invoice_on_the_note():
    books = Books()
    order = books.add(SO, 10)
    books.convert(order, IN, 10)
    note = books.convert(order, DN, 10)
    assert offers(books, note, IN) == [0]


def test_an_invoice_of_the_note_leaves_the_rest_to_the_order():
    books, order, note = sold(DN, quantity=6)
    books.convert(note, IN, 6)
    assert offers(books, order, IN, DN) == [4, 4]


def test_a_credit_of_the_orders_invoice_frees_nothing_on_the_note():
    books, order, note = sold(DN, quantity=6)
    books.convert(order, IN, 6)
    back = books.convert(note, SR, 3)
    books.credit(back, CN, 3)
    assert offers(books, order, IN) == [7]
    assert offers(books, note, IN) == [3]


@pytest.mark.parametrize(
    ("invoices", "returned", "parts"),
    [
        ((6, 4), 8, [6, 2]),
        ((6, 4), 6, [6]),
        ((6, 4), 10, [6, 4]),
        ((1, 2, 7), 5, [1, 2, 2]),
    ],
)
def test_a_return_credits_its_oldest_invoice_first(invoices, returned, parts):
    books, _, note = sold(DN)
    for each in invoices:
        books.convert(note, IN, each)
    back = books.convert(note, SR, returned, drops=True)
    assert offers(books, back, CN) == [returned]
    assert books.credit(back, CN, returned) == parts
    assert books.offer(back, CN) == Offer(Decimal(0), Decimal(0))


def test_a_return_that_was_never_invoiced_has_nothing_to_credit():
    books, _, note = sold(DN)
    back = books.convert(note, SR, 8, drops=True)
    assert books.offered(back, books.rule(back, CN)) == []


def test_an_order_of_computers_and_freight_is_complete_when_both_are_invoiced():
    books = Books()
    computers, freight = books.add(SO, 20), books.add(SO, 1, service=True)
    books.convert(computers, DN, 20)
    assert offers(books, computers, DN, IN) == [0, 20]
    assert books.line(freight).to_fulfil == 0
    assert books.line(freight).fulfilled == 0
    for each in (computers, freight):
        books.convert(each, IN, books.line(each).quantity)
        line = books.line(each)
        assert line.fulfilled == line.billed == line.wanted


def test_a_service_cannot_be_returned():
    line = LineState(1, Decimal(3), {Track.BILL: Decimal(3)}, service=True)
    assert links.order_to_return(line) == 0
    assert links.order_to_fulfil(line) == 0


def test_a_quote_is_ordered_in_parts_but_never_twice():
    books = Books()
    for start in (QU, RS):
        quote = books.add(start, 10)
        books.convert(quote, SO, 6)
        assert offers(books, quote, SO) == [4]
        with pytest.raises(MoreThanOffered) as refused:
            books.convert(quote, SO, 5)
        assert refused.value.facts == {"name": "", "wanted": Decimal(5), "offered": Decimal(4)}


# --- The cases, purchases -----------------------------------------------------------------------


def received(*, accepted=190, rejected=10, ordered=200, **more):
    """Return books with a purchase order and its receipt."""
    books = Books()
    order = books.add(PO, ordered)
    note = books.convert(order, RN, accepted, rejected=rejected, **more)
    return books, order, note


def test_accepted_goods_are_billed_and_rejected_goods_inspected():
    books, order, note = received()
    assert offers(books, order, RN) == [10]
    assert books.offer(order, BI) == Offer(Decimal(190), Decimal(200))
    assert books.offer(note, BI) == Offer(Decimal(190), Decimal(190))
    assert offers(books, note, TR, PR, rejected_goods=True) == [10, 10]


def test_rejected_goods_that_are_accepted_later_are_received_and_billed():
    books, order, note = received()
    books.convert(note, TR, 10, rejected_goods=True)
    assert offers(books, order, RN, BI) == [0, 200]
    assert offers(books, note, BI) == [200]
    assert offers(books, note, TR, PR, rejected_goods=True) == [0, 0]


def test_rejected_goods_that_go_back_are_still_to_come():
    books, order, note = received()
    back = books.convert(note, PR, 10, rejected_goods=True)
    assert offers(books, order, RN, BI) == [10, 190]
    assert offers(books, back, VC) == [0]


def test_rejected_goods_that_go_back_for_good_are_credited_if_billed():
    books, order, note = received()
    books.convert(order, BI, 200)
    back = books.convert(note, PR, 10, rejected_goods=True, drops=True)
    assert offers(books, order, RN, BI) == [0, 0]
    assert offers(books, back, VC) == [10]
    books.credit(back, VC, 10)
    line = books.line(order)
    assert line.fulfilled == line.billed == line.wanted == 190


def test_no_more_rejected_goods_are_dropped_than_are_still_to_come():
    books, order, note = received(accepted=195)
    books.convert(note, PR, 10, rejected_goods=True, drops=True)
    assert books.line(order).wanted == 195


def test_an_approved_excess_is_wanted_kept_and_billed():
    books, order, note = received(accepted=205, rejected=0, excess=True)
    assert offers(books, order, RN, BI) == [0, 205]
    assert offers(books, note, PR) == [0]
    books.convert(note, PR, 5)
    assert offers(books, order, RN) == [5]


def test_an_approved_excess_does_not_change_what_has_to_go_back():
    """Four pieces have to go back; when three more are approved, it is still four, not one."""
    books, order, note = received(accepted=200, rejected=0)
    bill = books.convert(order, BI, 200)
    books.convert(bill, VC, 4, drops=True)
    books.convert(order, RN, 3, excess=True)
    assert books.line(order).to_fulfil == -4
    assert offers(books, note, PR) == [4]


def test_without_approval_no_more_is_received_than_ordered():
    with pytest.raises(MoreThanOffered):
        received(accepted=205)


def test_goods_credited_before_they_go_back_are_not_billed_again():
    books, order, note = received(accepted=200, rejected=0)
    bill = books.convert(order, BI, 200)
    books.convert(bill, VC, 4, drops=True)
    assert offers(books, order, BI) == [0]
    assert offers(books, note, PR) == [4]


def test_a_vendors_service_is_billed_without_a_receipt():
    books = Books()
    order = books.add(PO, 3, service=True)
    assert offers(books, order, BI) == [3]


# --- Closing and reversing ----------------------------------------------------------------------


def test_closing_drops_undelivered_goods_and_unbilled_services():
    books = Books()
    order, freight = books.add(SO, 10), books.add(SO, 2, service=True)
    invoice = books.convert(order, IN, 10)
    note = books.convert(order, DN, 6)
    books.convert(freight, IN, 1)
    assert (books.close(order), books.close(freight)) == (4, 1)
    assert offers(books, invoice, CN) == [4]
    assert offers(books, note, SR) == [0]


def test_a_closed_order_replaces_nothing_and_bills_no_service_again():
    books = Books()
    order, freight = books.add(SO, 10), books.add(SO, 2, service=True)
    note = books.convert(order, DN, 6)
    bill = books.convert(freight, IN, 2)
    books.close(order)
    books.close(freight)
    books.convert(note, SR, 1)
    books.convert(bill, CN, 1)
    assert books.line(order).wanted == 5
    assert books.line(freight).wanted == 1


def test_a_closed_order_can_still_be_invoiced_again_by_its_note():
    books, order, note = sold(DN, quantity=6)
    invoice = books.convert(note, IN, 6)
    books.close(order)
    books.convert(invoice, CN, 6)
    assert offers(books, note, IN) == [6]


def test_a_reversed_delivery_of_a_closed_order_is_not_wanted_again():
    books, order, note = sold(DN, quantity=6)
    invoice = books.convert(order, IN, 6)
    books.close(order)
    books.reverse(note)
    assert books.line(order).wanted == 0
    assert offers(books, invoice, CN) == [6]


def test_a_reversed_delivery_is_delivered_again():
    books, order, note = sold(DN, quantity=6)
    books.reverse(note)
    assert offers(books, order, DN) == [10]


def test_a_document_that_others_build_on_is_not_reversed():
    books, order, note = received()
    accepted = books.convert(note, TR, 10, rejected_goods=True)
    with pytest.raises(Refused):
        books.reverse(note)
    books.convert(note, PR, 195, drops=True)
    with pytest.raises(Refused):
        books.reverse(accepted)
    assert offers(books, order, RN) == [0]


def test_the_wanted_quantity_is_never_negative():
    """A return had its pieces wanted again, and is reversed after everything was dropped."""
    books, order, note, invoice = sold(DN, IN)
    books.convert(invoice, CN, 4, drops=True)
    back = books.convert(note, SR, 4)
    books.convert(note, SR, 6, drops=True)
    books.close(order)
    assert books.line(order).wanted == 0
    books.reverse(back)
    assert books.line(order).wanted == 0
    assert offers(books, note, SR) == [4]


def test_overdrawn_tracks_are_named():
    def named(kind, quantity, **drawn):
        state = LineState(
            1, Decimal(quantity), {Track(name): Decimal(each) for name, each in drawn.items()}
        )
        books = Books()
        return links.overdrawn(Link(state, books.types[kind].lines))

    assert named(SO, 10, fulfil=12, bill=13) == ()
    assert named(SO, 10, drop=11) == (Track.DROP,)
    assert named(SO, 10, fulfil=2, **{"return": 3}) == (Track.RETURN,)
    assert named(SO, 10, bill=2, credit=3) == (Track.CREDIT,)
    assert named(QU, 10, order=11) == (Track.ORDER,)
    assert named(DN, 10, **{"return": 11}) == (Track.RETURN,)
    assert named(IN, 10, credit=11) == (Track.CREDIT,)
    assert named(RN, 10, inspect=1) == (Track.INSPECT,)


def test_only_a_closed_order_drops_anything_after_a_reversal():
    line = LineState(1, Decimal(10))
    rule = LineRule(is_root=True)
    assert links.dropped_after_reversal(Link(line, LineRule(), in_force=False)) == 0
    assert links.dropped_after_reversal(Link(line, rule)) == 0
    assert links.dropped_after_reversal(Link(line, rule, in_force=False)) == 10


# --- Draws --------------------------------------------------------------------------------------


def test_a_draw_is_made_on_the_source_and_on_every_ancestor_with_the_track():
    books = Books()
    quote = books.add(QU, 10)
    order = books.convert(quote, SO, 10)
    note = books.convert(order, DN, 10)
    invoice = books.convert(note, IN, 4)
    assert books.entries[invoice].draws == [
        DrawnQuantity(note, Track.BILL, Decimal(4)),
        DrawnQuantity(order, Track.BILL, Decimal(4)),
    ]


def test_a_credit_without_an_order_is_offered_but_not_proposed():
    books = Books()
    invoice = books.add(IN, 10)
    assert books.offer(invoice, CN) == Offer(Decimal(0), Decimal(10))
    books.convert(invoice, CN, 10, drops=True)
    assert books.offer(invoice, CN).most == 0


def test_lines_without_a_limit_offer_nothing():
    nothing = links.offer([Link(LineState(1, Decimal(3)), LineRule())], (Track.FULFIL,))
    assert nothing == Offer(Decimal(0), Decimal(0))


def test_an_order_that_cannot_be_billed_proposes_no_credit():
    rule = LineRule(most={Track.CREDIT: links.order_to_credit}, is_root=True)
    link = Link(LineState(1, Decimal(3), {Track.BILL: Decimal(3)}), rule)
    assert links.offer([link], (Track.CREDIT,)) == Offer(Decimal(0), Decimal(3))


@pytest.mark.parametrize(
    ("whole", "free", "parts"),
    [
        ((8, 8), (6, 4), [(6, 6), (2, 2)]),
        ((3, 8), (6, 4), [(3, 6), (0, 2)]),
        ((0, 2), (6, 4), [(0, 2), (0, 0)]),
        ((5, 5), (-1, 9), [(0, 0), (5, 5)]),
        ((5, 5), (), []),
    ],
)
def test_a_credit_is_spread_over_what_can_be_credited(whole, free, parts):
    found = links.spread(
        Offer(*(Decimal(each) for each in whole)), [Decimal(each) for each in free]
    )
    assert [(each.proposed, each.most) for each in found] == parts
