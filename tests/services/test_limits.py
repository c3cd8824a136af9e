"""The owner's limits: what goes beyond each of them, by which figures, and who is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.domain.lifecycles import Action
from core.domain.limits import LIMITS, LimitName, LimitOutOfRange
from core.domain.people import Role
from core.domain.places import PlaceRole
from core.services import approval_views, approvals, limits
from core.services.documents import issuing, margins
from core.services.documents.drafting import NewLine
from core.services.limits import ApprovalNeeded
from core.services.rights import NotAllowed
from core.services.stock import NotEnough
from tests.builders import Shop
from tests.services.staff import Staff, discounted_order, staff_story

D = Decimal


def beyond(word: Callable[..., Any], *arguments: Any, **how: Any) -> tuple[int, Mapping[str, Any]]:
    """Do what needs an approval; return the draft that waits for it, and the figures."""
    with pytest.raises(ApprovalNeeded) as refused:
        word(*arguments, **how)
    facts = refused.value.facts
    return int(str(facts["document_id"])), facts


def credited(shop: Shop, pieces: int = 1) -> int:
    """Invoice laptops at 120 with tax, take the money and credit them; return the credit note."""
    invoice = shop.invoices(pieces, "laptop")
    shop.pays(invoice)
    return shop.makes("credit_note", invoice, pieces)


# --- Discounts ---------------------------------------------------------------------------------


@staff_story
def test_a_discount_within_the_limit_needs_no_approval(staff: Staff) -> None:
    staff.lea.issues(discounted_order(staff.lea, 10))
    refused = staff.lea.needs_approval(discounted_order(staff.lea, "10.0001")).facts
    assert (refused["limit"], refused["value"], refused["allowed"]) == (
        LimitName.DISCOUNT, D("10.0001"), D(10),
    )  # fmt: skip


@staff_story
def test_discounts_on_line_and_document_count_together(staff: Staff) -> None:
    def measured(kind: str, *lines: Any, **header: Any) -> object:
        return lea.needs_approval(lea.drafts(kind, *lines, **header)).facts["value"]

    lea, laptops = staff.lea, (10, "laptop")
    reduced = lea.line(*laptops, discount_percent=D(10))
    assert measured("sales_order", reduced, discount_percent=D(10)) == D(19)
    assert measured("sales_order", laptops, discount_minor=25000) == D(25)
    assert measured("quote", laptops, discount_percent=D("10.5")) == D("10.5")
    assert measured("invoice", laptops, discount_percent=D(11)) == D(11)


@staff_story
def test_a_price_typed_below_the_list_is_a_discount(staff: Staff) -> None:
    staff.shop.product("pen", list_price=None)
    lea = staff.lea
    cheap = lea.drafts("sales_order", (1, "laptop", 70), (1, "pen", 1))
    assert lea.needs_approval(cheap).facts["value"] == D(30)
    lea.sells(1, "laptop", 120)
    lea.sells(1, "laptop", 90)
    lea.new("sales_order", NewLine(None, D(1), name="A favour", unit_price=D(0)))


@staff_story
def test_a_discount_agreed_on_the_source_is_not_asked_again(staff: Staff) -> None:
    staff.shop.has(20, "laptop")
    reduced = staff.shop.line(10, "laptop", discount_percent=D(15))
    quote = staff.shop.new("quote", reduced, discount_percent=D(5))
    order = staff.lea.makes("sales_order", quote)
    draft = staff.lea.converts("invoice", order)
    staff.lea.edits(draft, discount_percent=D(20))
    assert staff.lea.needs_approval(draft).facts["value"] == D(24)
    staff.lea.makes("invoice", staff.lea.makes("delivery_note", order))


@staff_story
def test_an_invoices_share_of_its_orders_discount_needs_no_approval(staff: Staff) -> None:
    order = staff.shop.new("sales_order", (10, "laptop"), discount_minor=50000)
    invoice = staff.lea.makes("invoice", order, 5)
    assert staff.shop.record(invoice).discount_minor == 25000


# --- Refunds -----------------------------------------------------------------------------------


@staff_story
def test_a_refund_beyond_the_limit_waits_for_its_approval(staff: Staff) -> None:
    shop = staff.shop
    shop.sets_limit(LimitName.REFUND, 1000)
    note = credited(shop, 10)
    assert shop.state(staff.lea.pays(note, 200)) == "posted"
    # Nothing is rolled back here: the payment is a draft that waits for its approval.
    draft, _ = beyond(staff.lea.pays, note, "1000.01")
    assert shop.sees(draft).is_draft
    asked = staff.lea.asks(draft)
    assert shop.approval(asked).figures == {
        "amount": "1000.01", "currency": "EUR", "due": "1000", "numbers": ["CN-2026-0001"],
        "earlier": "200",
    }  # fmt: skip
    assert staff.samson.grants(asked).number == shop.record(draft).number
    assert shop.due(note) == 0


@staff_story
def test_a_refund_of_several_credits_settles_all_of_them(staff: Staff) -> None:
    shop = staff.shop
    shop.sets_limit(LimitName.REFUND, 100)
    notes = [credited(shop) for _ in range(2)]
    payment, _ = beyond(staff.lea.pays_back)
    asked = staff.lea.asks(payment)
    figures = shop.approval(asked).figures
    assert (figures["due"], figures["numbers"]) == ("240", ["CN-2026-0001", "CN-2026-0002"])
    assert staff.samson.grants(asked).number
    assert [shop.due(each) for each in (*notes, payment)] == [0, 0, 0]


@staff_story
def test_small_refunds_of_one_credit_note_add_up(staff: Staff) -> None:
    staff.shop.sets_limit(LimitName.REFUND, 100)
    note = credited(staff.shop)
    staff.lea.pays(note, 60)
    payment, facts = beyond(staff.lea.pays, note, 50)
    assert facts["value"] == D(110)
    assert staff.samson.grants(staff.lea.asks(payment)).number
    # An approved refund no longer counts: 60 and 10 are within the limit.
    staff.lea.pays(note, 10)


@staff_story
def test_a_refund_names_the_credits_that_it_uses(staff: Staff) -> None:
    staff.shop.sets_limit(LimitName.REFUND, 10)
    credited(staff.shop)
    payment, _ = beyond(staff.lea.pays, credited(staff.shop), 100)
    found = issuing.beyond(staff.shop.work, payment, revision=0)
    assert found is not None
    assert (found.figures["due"], found.figures["numbers"]) == ("120", ["CN-2026-0002"])


@staff_story
def test_a_credit_that_was_used_in_the_meantime_is_not_paid_back_twice(staff: Staff) -> None:
    staff.shop.sets_limit(LimitName.REFUND, 100)
    note = credited(staff.shop)
    payment, _ = beyond(staff.lea.pays, note)
    asked = staff.lea.asks(payment)
    staff.samson.pays(note)
    outcome = staff.samson.grants(asked)
    assert outcome.again is not None
    figures = staff.shop.approval(outcome.again).figures
    assert (figures["due"], figures["numbers"]) == ("0", [])


@staff_story
def test_money_received_and_money_for_a_bill_have_no_limit(staff: Staff) -> None:
    shop = staff.shop
    shop.sets_limit(LimitName.REFUND, 0)
    bill = shop.makes("bill", shop.buys(10, "laptop"), 10, foreign_number="B1")
    staff.lea.pays(shop.invoices(1, "laptop"))
    both = frozenset({Role.SALES, Role.STOREKEEPER})
    lea = shop.by(replace(staff.lea.actor, roles=both))

    def draft_of(cents: int, **header: Any) -> int:
        return lea.drafts(
            "payment", party=shop.vendor, direction="out", amount_minor=cents, currency="EUR",
            **header,
        )  # fmt: skip

    lea.issues(draft_of(90000, source_id=bill))
    for_nothing = draft_of(1)
    assert lea.needs_approval(for_nothing).facts["value"] == D("0.01")
    assert staff.samson.grants(lea.asks(for_nothing)).number


# --- Write-offs and excess ---------------------------------------------------------------------


@staff_story
def test_a_loss_is_measured_by_the_value_of_the_goods(staff: Staff) -> None:
    staff.shop.has(100, "laptop", "80.10")
    refused = staff.omar.needs_approval(staff.omar.counts("laptop", 37, reason="Lost")).facts
    assert (refused["limit"], refused["value"]) == (LimitName.WRITE_OFF, D("5046.30"))
    for counted in (130, 100):
        staff.omar.issues(staff.omar.counts("laptop", counted, reason="Lost"))


@staff_story
def test_scrapped_goods_are_a_loss(staff: Staff) -> None:
    def move(name: str, target: PlaceRole) -> int:
        return staff.omar.transfers(3, name, PlaceRole.WAREHOUSE, target)

    staff.shop.sets_limit(LimitName.WRITE_OFF, 250)
    staff.shop.has(10, "laptop")
    scrapped = staff.omar.needs_approval(move("laptop", PlaceRole.LOSS))
    assert scrapped.facts["value"] == D("300.00")
    with pytest.raises(NotEnough):
        staff.omar.issues(move("mouse", PlaceRole.LOSS))
    staff.omar.issues(move("laptop", PlaceRole.QUARANTINE))


@staff_story
def test_an_excess_is_measured_over_all_receipts(staff: Staff) -> None:
    order = staff.shop.buys(200, "laptop")
    much = staff.omar.converts("receipt_note", order, 205)
    refused = staff.omar.needs_approval(much, excess=True).facts
    assert (refused["value"], refused["allowed"]) == (D("2.5"), D(0))
    staff.samson.sets_limit(LimitName.OVER_RECEIPT, "2.5")
    staff.omar.issues(staff.omar.converts("receipt_note", order, 203), excess=True)
    staff.shop.buys(1, "laptop")
    assert staff.shop.sees(order).lines[0].state.wanted == 203


# --- Limits --------------------------------------------------------------------------------------


@staff_story
def test_the_owner_can_set_each_limit_again(staff: Staff) -> None:
    current = limits.current(staff.shop.connection)
    assert current == {name: row.default for name, row in LIMITS.items()}
    for _ in range(2):
        for name in LIMITS:
            staff.samson.sets_limit(name, "12.5")
    assert set(limits.current(staff.shop.connection).values()) == {D("12.5")}
    with pytest.raises(NotAllowed):
        staff.lea.sets_limit(LimitName.DISCOUNT, 90)
    for name, value in ((LimitName.DISCOUNT, 101), (LimitName.REFUND, -1)):
        with pytest.raises(LimitOutOfRange):
            staff.samson.sets_limit(name, value)


# --- Changes of an order ------------------------------------------------------------------------


def changed_order(staff: Staff, **changes: Any) -> int:
    """Order with a discount of 15 % from the owner, and let Lea change the order."""
    order = staff.samson.issues(discounted_order(staff.samson, 15))
    return staff.lea.begins_change(order, **changes)


def ask_for_change(staff: Staff, copy: int) -> tuple[int, Mapping[str, Any]]:
    """Confirm a change beyond a limit and ask for its approval; return that, and the figures."""
    _, facts = beyond(staff.lea.confirms, copy)
    digest = str(facts["digest"])
    asked = staff.lea.does(approvals.ask, copy, digest=digest, action=Action.AMEND)
    return asked, facts


@staff_story
def test_a_change_within_the_approved_discount_needs_no_approval(staff: Staff) -> None:
    for changes in ({"quantity": D(8)}, {"discount_percent": D(12)}):
        assert staff.lea.confirms(changed_order(staff, **changes)).version == 2
    copy = changed_order(staff, reason="x")
    staff.lea.edits_header(copy, reference="x")
    assert staff.lea.confirms(copy).version == 2


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"quantity": D(11)}, D(15)),
        ({"discount_percent": D(16)}, D(16)),
        ({"unit_price": D(50)}, D("57.5")),
    ],
)
@staff_story
def test_a_change_beyond_the_approved_discount_needs_another_approval(
    staff: Staff, changes: dict[str, Decimal], value: Decimal
) -> None:
    copy = changed_order(staff, **changes)
    asked, facts = ask_for_change(staff, copy)
    assert (facts["action"], facts["document_id"], facts["value"]) == (Action.AMEND, copy, value)
    seen = approval_views.view(staff.samson.work, asked)
    assert (seen.source_number, seen.may_decide) == ("SO-2026-0001", True)
    assert staff.samson.grants(asked).number == "SO-2026-0001"
    assert staff.shop.record(seen.document.amends_id or 0).version == 2


@staff_story
def test_a_change_that_was_edited_after_asking_is_asked_again(staff: Staff) -> None:
    copy = changed_order(staff, quantity=D(11))
    asked, _ = ask_for_change(staff, copy)
    staff.lea.edits_header(copy, reference="x")
    outcome = staff.samson.grants(asked)
    assert outcome.again is not None
    assert staff.samson.grants(outcome.again).number == "SO-2026-0001"


# --- Margins ------------------------------------------------------------------------------------


@staff_story
def test_the_margin_is_what_remains_after_the_cost(staff: Staff) -> None:
    shop = staff.shop
    shop.has(10, "laptop", 60)
    shop.product("mouse", cost_price=D(5))
    other = NewLine(None, D(1), name="x", unit_price=D(9))
    order = shop.drafts("sales_order", (2, "laptop"), (4, "mouse"), (1, "freight"), other)
    assert margins.cost_of(shop.connection, order) == 140
    record = shop.sees(order).record
    assert margins.margin(record, D(200), Fraction(140)) == 30
    assert margins.margin(record, D(100), Fraction(140)) == -40
    assert margins.margin(record, D(0), Fraction(140)) is None
    unknown = shop.drafts("sales_order", (1, "pen"))
    assert margins.cost_of(shop.connection, unknown) is None
