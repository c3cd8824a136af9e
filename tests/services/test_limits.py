"""The owner's limits: what is beyond each of them, in which figures, and who is refused."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from core.services.amendments import amending
from core.services.money import credit

from core.domain.lifecycles import Action
from core.domain.limits import LIMITS, LimitName, LimitOutOfRange
from core.domain.people import Role
from core.services import approval_views, approvals, company, limits
from core.services.documents import converting, drafting, issuing, margins
from core.services.documents.drafting import NewLine
from core.services.limits import ApprovalNeeded
from core.services.rights import NotAllowed
from core.services.stock import NotEnough
from tests.builders import Shop, Tells
from tests.services.staff import Staff, order_at, receives, staffed

D = Decimal


# --- What is beyond ----------------------------------------------------------------------------


async def test_a_discount_within_the_limit_needs_nobody(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        staff.now_acts("Lea").issues(order_at(staff, "10"))
        refused = staff.tries("Lea", order_at(staff, "10.0001")).facts
        assert (refused["limit"], refused["value"], refused["allowed"]) == (
            LimitName.DISCOUNT, D("10.0001"), D(10),
        )  # fmt: skip

    await tells(staffed(story))


async def test_discounts_on_line_and_document_count_together(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        shop.product("laptop")
        shop = staff.now_acts("Lea")
        line = replace(shop.line(10, "laptop"), discount_percent=D(10))
        both = shop.drafts("sales_order", line, discount_percent=D(10))
        assert staff.tries("Lea", both).facts["value"] == D(19)
        money = shop.drafts("sales_order", shop.line(10, "laptop"), discount_minor=25000)
        assert staff.tries("Lea", money).facts["value"] == D(25)
        quote = shop.drafts("quote", shop.line(10, "laptop"), discount_percent=D("10.5"))
        assert staff.tries("Lea", quote).facts["value"] == D("10.5")
        invoice = shop.drafts("invoice", shop.line(10, "laptop"), discount_percent=D(11))
        assert staff.tries("Lea", invoice).facts["value"] == D(11)

    await tells(staffed(story))


async def test_a_price_typed_below_the_list_is_a_discount(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        shop.product("laptop")
        shop.product("pen", list_price=None)
        shop = staff.now_acts("Lea")
        cheap = shop.drafts("sales_order", shop.line(1, "laptop", 70), shop.line(1, "pen", 1))
        assert staff.tries("Lea", cheap).facts["value"] == D(30)
        shop.issues(shop.drafts("sales_order", shop.line(1, "laptop", 120)))
        shop.issues(shop.drafts("sales_order", shop.line(1, "laptop", 90)))
        shop.issues(shop.drafts("sales_order", NewLine(None, D(1), name="A favour",
                                                                unit_price=D(0))))  # fmt: skip

    await tells(staffed(story))


async def test_what_was_agreed_on_the_paper_before_is_not_asked_again(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        shop.has(20, "laptop")
        quote = shop.issues(shop.drafts(
            "quote", replace(shop.line(10, "laptop"), discount_percent=D(15)),
            discount_percent=D(5),
        ))  # fmt: skip
        shop = staff.now_acts("Lea")
        order = shop.makes("sales_order", quote)
        draft = converting.convert(shop.work, order, "invoice")
        line = shop.sees(draft).lines[0].line
        drafting.change_line(shop.work, draft, line.id, revision=0, discount_percent=D(20))
        assert staff.tries("Lea", draft).facts["value"] == D(24)
        shop.makes("invoice", shop.makes("delivery_note", order))

    await tells(staffed(story))


async def test_a_share_of_an_order_s_discount_in_money_was_given_there(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        order = shop.issues(shop.drafts("sales_order", shop.line(10, "laptop"),
                                        discount_minor=50000))  # fmt: skip
        invoice = staff.now_acts("Lea").makes("invoice", order, 5)
        assert shop.sees(invoice).record.discount_minor == 25000

    await tells(staffed(story))


async def test_money_out_beyond_the_limit(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(1000))
        invoice = shop.issues(shop.drafts("invoice", shop.line(10, "laptop", 100)))
        shop.pays(invoice)
        paper = shop.makes("credit_note", invoice, 10)
        small = staff.now_acts("Lea").pays(paper, "200")
        assert shop.sees(small).record.state == "posted"
        with pytest.raises(ApprovalNeeded) as refused:
            shop.pays(paper, "1000.01")
        # Nobody rolls back here: the payment is a draft that waits for its approval.
        draft = int(str(refused.value.facts["document_id"]))
        assert shop.sees(draft).is_draft
        asked = staff.asks("Lea", draft)
        found = approval_views.by_id(shop.work.connection, asked)
        assert found is not None
        assert found.figures == {
            "amount": "1000.01", "currency": "EUR", "due": "1000", "numbers": ["CN-2026-0001"],
            "earlier": "200",
        }  # fmt: skip
        assert staff.grants("Samson", asked).number == shop.sees(draft).record.number
        settled = shop.sees(paper).settled
        assert settled is not None
        assert settled.due == 0

    await tells(staffed(story))


async def test_a_refund_of_several_credits_settles_all_of_them(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(100))
        invoices = [shop.issues(shop.drafts("invoice", shop.line(1, "laptop"))) for _ in "ab"]
        papers = []
        for invoice in invoices:
            shop.pays(invoice)
            papers.append(shop.makes("credit_note", invoice, 1))
        with pytest.raises(ApprovalNeeded) as refused:
            credit.pay_back(staff.work_of("Lea"), shop.customer, direction="out", currency="EUR")
        payment = int(str(refused.value.facts["document_id"]))
        asked = staff.asks("Lea", payment)
        found = approval_views.by_id(shop.work.connection, asked)
        assert found is not None
        assert (found.figures["due"], found.figures["numbers"]) == (
            "240", ["CN-2026-0001", "CN-2026-0002"],
        )  # fmt: skip
        assert staff.grants("Samson", asked).number
        for each in (*papers, payment):
            settled = shop.sees(each).settled
            assert settled is not None
            assert settled.due == 0

    await tells(staffed(story))


async def test_small_refunds_of_one_paper_are_added_up(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(100))
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "laptop")))
        shop.pays(invoice)
        paper = shop.makes("credit_note", invoice, 1)
        staff.now_acts("Lea").pays(paper, "60")
        with pytest.raises(ApprovalNeeded) as refused:
            staff.now_acts("Lea").pays(paper, "50")
        assert refused.value.facts["value"] == D(110)
        asked = staff.asks("Lea", int(str(refused.value.facts["document_id"])))
        assert staff.grants("Samson", asked).number
        # What was approved counts no more: 60 and 10 are within the limit.
        staff.now_acts("Lea").pays(paper, "10")

    await tells(staffed(story))


async def test_a_refund_names_the_credits_that_it_takes(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(10))
        for _ in range(2):
            invoice = shop.issues(shop.drafts("invoice", shop.line(1, "laptop")))
            shop.pays(invoice)
            paper = shop.makes("credit_note", invoice, 1)
        with pytest.raises(ApprovalNeeded) as refused:
            staff.now_acts("Lea").pays(paper, "100")
        found = issuing.beyond(shop.work, int(str(refused.value.facts["document_id"])), revision=0)
        assert found is not None
        assert (found.figures["due"], found.figures["numbers"]) == ("120", ["CN-2026-0002"])

    await tells(staffed(story))


async def test_a_credit_that_was_used_meanwhile_is_not_paid_back_twice(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(100))
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "laptop")))
        shop.pays(invoice)
        paper = shop.makes("credit_note", invoice, 1)
        with pytest.raises(ApprovalNeeded) as refused:
            staff.now_acts("Lea").pays(paper)
        asked = staff.asks("Lea", int(str(refused.value.facts["document_id"])))
        staff.now_acts("Samson").pays(paper)
        outcome = staff.grants("Samson", asked)
        assert outcome.again is not None
        again = approval_views.by_id(shop.work.connection, outcome.again)
        assert again is not None
        assert (again.figures["due"], again.figures["numbers"]) == ("0", [])

    await tells(staffed(story))


async def test_money_in_and_money_for_a_bill_have_no_limit(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.REFUND, D(0))
        bill = shop.makes("bill", shop.buys(10, "laptop"), 10, foreign_number="B1")
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "laptop")))
        shop = staff.now_acts("Lea")
        shop.pays(invoice)
        staff.people["Lea"] = replace(
            staff.people["Lea"], roles=frozenset({Role.SALES, Role.STOREKEEPER})
        )
        payment = drafting.create(
            staff.work_of("Lea"), "payment", party_id=shop.vendor, direction="out",
            amount_minor=90000, currency="EUR", source_id=bill,
        )  # fmt: skip
        issuing.issue(staff.work_of("Lea"), payment, revision=0)
        nothing_s = drafting.create(
            staff.work_of("Lea"), "payment", party_id=shop.vendor, direction="out",
            amount_minor=1, currency="EUR",
        )  # fmt: skip
        assert staff.tries("Lea", nothing_s).facts["value"] == D("0.01")
        assert staff.grants("Samson", staff.asks("Lea", nothing_s)).number

    await tells(staffed(story))


def counts(staff: Staff, counted: object) -> int:
    """Omar counts his laptops: a draft of what he found."""
    shop = staff.now_acts("Omar")
    line = shop.line(0, "laptop")
    level = D(100)
    line = replace(
        line, counted=D(str(counted)), level_at_count=level, move_at_count=10**6, reason="Lost"
    )
    return drafting.create(shop.work, "stock_adjustment", lines=[line])


async def test_a_loss_is_what_the_goods_are_worth(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        staff.now_acts("the machine").has(100, "laptop", "80.10")
        refused = staff.tries("Omar", counts(staff, 37)).facts
        assert (refused["limit"], refused["value"]) == (LimitName.WRITE_OFF, D("5046.30"))
        staff.now_acts("Omar").issues(counts(staff, 130))
        staff.now_acts("Omar").issues(counts(staff, 100))

    await tells(staffed(story))


async def test_goods_that_are_thrown_away_are_a_loss(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        limits.change(shop.work, LimitName.WRITE_OFF, D(250))
        shop.has(10, "laptop")
        none = shop.product("mouse")
        places = places_of(shop)
        line = replace(
            shop.line(3, "laptop"), from_place_id=places["warehouse"], to_place_id=places["loss"]
        )
        draft = staff.now_acts("Omar").drafts("transfer", line)
        assert staff.tries("Omar", draft).facts["value"] == D("300.00")
        with pytest.raises(NotEnough):
            staff.now_acts("Omar").issues(shop.drafts("transfer", replace(line, product_id=none)))
        inside = replace(line, to_place_id=places["quarantine"])
        staff.now_acts("Omar").issues(staff.shop.drafts("transfer", inside))

    await tells(staffed(story))


def places_of(shop: Shop) -> dict[str, int]:
    return {str(role): id for role, id in company.places(shop.work.connection).items()}


async def test_more_than_ordered_is_counted_over_all_receipts(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        order = shop.buys(200, "laptop")
        refused = staff.tries("Omar", receives(staff, order, 205), excess=True).facts
        assert (refused["value"], refused["allowed"]) == (D("2.5"), D(0))
        limits.change(staff.work_of("Samson"), LimitName.OVER_RECEIPT, D("2.5"))
        staff.now_acts("Omar").issues(receives(staff, order, 203), excess=True)
        shop = staff.now_acts("the machine")
        shop.issues(shop.drafts("purchase_order", shop.line(1, "laptop", 100)))
        assert shop.sees(order).lines[0].state.wanted == 203

    await tells(staffed(story))


# --- Limits --------------------------------------------------------------------------------------


async def test_the_owner_sets_each_limit_again(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        work = staff.work_of("Samson")
        assert limits.current(work.connection) == {
            name: row.default for name, row in LIMITS.items()
        }
        for _ in range(2):
            for name in LIMITS:
                limits.change(work, name, D("12.5"))
        assert set(limits.current(work.connection).values()) == {D("12.5")}
        with pytest.raises(NotAllowed):
            limits.change(staff.work_of("Lea"), LimitName.DISCOUNT, D(90))
        for name, value in ((LimitName.DISCOUNT, D(101)), (LimitName.REFUND, D(-1))):
            with pytest.raises(LimitOutOfRange):
                limits.change(staff.work_of("Samson"), name, value)

    await tells(staffed(story))


# --- Changes of an order ------------------------------------------------------------------------


def changed_order(staff: Staff, **changes: Any) -> int:
    """An order with a discount of 15 % that the owner gave, and Lea's change of it."""
    order = order_at(staff, 15, by="Samson")
    staff.now_acts("Samson").issues(order)
    shop = staff.now_acts("Lea")
    copy = amending.begin(shop.work, order)
    line = shop.sees(copy).lines[0].line
    drafting.change_line(shop.work, copy, line.id, revision=0, **changes)
    return copy


async def test_a_change_within_what_was_given_needs_nobody(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        for changes in ({"quantity": D(8)}, {"discount_percent": D(12)}, {"reason": "x"}):
            copy = changed_order(staff, **changes)
            if changes == {"reason": "x"}:
                work = staff.work_of("Lea")
                drafting.change_header(work, copy, revision=1, reference="x")
                assert amending.confirm(work, copy, revision=2).version == 2
            else:
                assert amending.confirm(staff.work_of("Lea"), copy, revision=1).version == 2

    await tells(staffed(story))


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"quantity": D(11)}, D(15)),
        ({"discount_percent": D(16)}, D(16)),
        ({"unit_price": D(50)}, D("57.5")),
    ],
)
async def test_a_change_beyond_what_was_given(
    tells: Tells, changes: dict[str, Decimal], value: Decimal
) -> None:
    def story(staff: Staff) -> None:
        copy = changed_order(staff, **changes)
        with pytest.raises(ApprovalNeeded) as refused:
            amending.confirm(staff.work_of("Lea"), copy, revision=1)
        facts = refused.value.facts
        assert (facts["action"], facts["document_id"], facts["value"]) == (
            Action.AMEND, copy, value,
        )  # fmt: skip
        asked = approvals.ask(
            staff.work_of("Lea"),
            copy,
            revision=1,
            digest=str(facts["digest"]),
            action=Action.AMEND,
        )
        seen = approval_views.view(staff.work_of("Samson"), asked)
        assert (seen.source_number, seen.may_decide) == ("SO-2026-0001", True)
        assert staff.grants("Samson", asked).number == "SO-2026-0001"
        order = staff.shop.sees(seen.document.amends_id or 0)
        assert order.record.version == 2

    await tells(staffed(story))


async def test_a_change_that_was_changed_again(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        copy = changed_order(staff, quantity=D(11))
        with pytest.raises(ApprovalNeeded) as refused:
            amending.confirm(staff.work_of("Lea"), copy, revision=1)
        digest = str(refused.value.facts["digest"])
        lea = staff.work_of("Lea")
        asked = approvals.ask(lea, copy, revision=1, digest=digest, action=Action.AMEND)
        drafting.change_header(lea, copy, revision=1, reference="x")
        outcome = staff.grants("Samson", asked)
        assert outcome.again is not None
        assert staff.grants("Samson", outcome.again).number == "SO-2026-0001"

    await tells(staffed(story))


# --- Margins ------------------------------------------------------------------------------------


async def test_the_margin_is_what_is_left_over_the_cost(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        shop = staff.now_acts("the machine")
        shop.has(10, "laptop", 60)
        shop.product("mouse", cost_price=D(5))
        shop.product("freight", nature="service")
        lines = (shop.line(2, "laptop"), shop.line(4, "mouse"), shop.line(1, "freight"))
        order = shop.drafts("sales_order", *lines, NewLine(None, D(1), name="x", unit_price=D(9)))
        assert margins.cost_of(shop.work.connection, order) == 140
        record = shop.sees(order).record
        assert margins.margin(record, D(200), Fraction(140)) == 30
        assert margins.margin(record, D(100), Fraction(140)) == -40
        assert margins.margin(record, D(0), Fraction(140)) is None
        unknown = shop.drafts("sales_order", shop.line(1, "pen"))
        assert margins.cost_of(shop.work.connection, unknown) is None

    await tells(staffed(story))
