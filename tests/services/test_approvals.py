"""Beyond the owner's limits: refused, asked for, granted as the asker's action, or void."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from core.domain.limits import LIMITS, LimitName, LimitOutOfRange, digest_of_figures
from core.domain.people import Actor, Role
from core.services import approval_viewing, approvals, company, limits, team
from core.services.approvals import ApprovalDecided, ApprovalNeedless, Outcome, OwnApproval
from core.services.audit import audit
from core.services.documents import converting, drafting, issuing, viewing
from core.services.documents.converting import Chosen
from core.services.limits import ApprovalNeeded
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.work import Work
from core.storage.database import Database
from core.storage.models import History, Person, PersonRole
from core.storage.writing import insert_one, table_of
from tests.builders import NOW, Shop, Tells

D = Decimal
history = table_of(History)


class Staff:
    """A shop in which everybody works under his own name."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.machine = shop.work.actor
        self.people: dict[str, Actor] = {}
        for name, role in (
            ("Samson", Role.OWNER),
            ("Olga", Role.OWNER),
            ("Lea", Role.SALES),
            ("Omar", Role.STOREKEEPER),
        ):
            self.people[name] = self.joins(name, role)

    def joins(self, name: str, *roles: Role) -> Actor:
        connection = self.shop.work.connection
        number = len(self.people) + 1
        person_id = insert_one(
            connection, table_of(Person), telegram_id=number, name=name, language="en",
            created_at=NOW,
        )  # fmt: skip
        for role in roles:
            connection.execute(
                insert(PersonRole).values(person_id=person_id, role=str(role), since=NOW)
            )
        account = team.account_of(connection, person_id)
        assert account is not None
        return account.actor

    def now_acts(self, name: str) -> Shop:
        actor = self.people.get(name, self.machine)
        self.shop.work = replace(self.shop.work, actor=actor)
        return self.shop

    def work_of(self, name: str) -> Work:
        return self.now_acts(name).work

    def tries(self, name: str, document_id: int, **how: Any) -> ApprovalNeeded:
        """He is refused, and hears what is beyond."""
        shop = self.now_acts(name)
        with pytest.raises(ApprovalNeeded) as refused:
            shop.issues(document_id, **how)
        return refused.value

    def asks(self, name: str, document_id: int, **how: Any) -> int:
        """He is refused, and asks with the figures of the refusal."""
        facts = self.tries(name, document_id, **how).facts
        return approvals.ask(
            self.work_of(name),
            document_id,
            revision=int(str(facts["revision"])),
            digest=str(facts["digest"])[:12],
        )

    def grants(self, name: str, approval_id: int) -> Outcome:
        return approvals.grant(self.work_of(name), approval_id)

    def state(self, approval_id: int) -> str:
        found = approval_viewing.by_id(self.shop.work.connection, approval_id)
        assert found is not None
        return found.state


def order_at(staff: Staff, percent: object, *, by: str = "Lea", pieces: int = 10) -> int:
    """A draft order of laptops at 100 with a discount on its line."""
    shop = staff.now_acts("the machine")
    shop.product("laptop")
    shop = staff.now_acts(by)
    line = replace(shop.line(pieces, "laptop"), discount_percent=D(str(percent)))
    return shop.drafts("sales_order", line)


def staffed(story: Callable[[Staff], Any]) -> Callable[[Shop], Any]:
    return lambda shop: story(Staff(shop))


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
        shop.issues(shop.drafts("sales_order", drafting.NewLine(None, D(1), name="A favour",
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
        credit = shop.makes("credit_note", invoice, 10)
        small = staff.now_acts("Lea").pays(credit, "200")
        assert shop.sees(small).record.state == "posted"
        with pytest.raises(ApprovalNeeded) as refused:
            shop.pays(credit, "1000.01")
        # Nobody rolls back here: the payment is a draft that waits for its approval.
        draft = int(str(refused.value.facts["document_id"]))
        assert shop.sees(draft).is_draft
        asked = staff.asks("Lea", draft)
        found = approval_viewing.by_id(shop.work.connection, asked)
        assert found is not None
        assert found.figures == {
            "amount": "1000.01", "currency": "EUR", "due": "1000", "number": "CN-2026-0001",
        }  # fmt: skip
        assert staff.grants("Samson", asked).number == shop.sees(draft).record.number
        settled = shop.sees(credit).settled
        assert settled is not None
        assert settled.due == 0

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
        places = places_of(shop)
        line = replace(
            shop.line(3, "laptop"), from_place_id=places["warehouse"], to_place_id=places["loss"]
        )
        draft = staff.now_acts("Omar").drafts("transfer", line)
        assert staff.tries("Omar", draft).facts["value"] == D("300.00")
        inside = replace(line, to_place_id=places["quarantine"])
        staff.now_acts("Omar").issues(staff.shop.drafts("transfer", inside))

    await tells(staffed(story))


def places_of(shop: Shop) -> dict[str, int]:
    return {str(role): id for role, id in company.places(shop.work.connection).items()}


def receives(staff: Staff, order: int, pieces: object) -> int:
    shop = staff.now_acts("Omar")
    line_id = shop.sees(order).lines[0].line.id
    chosen = {line_id: Chosen(D(str(pieces)))}
    return converting.convert(shop.work, order, "receipt_note", chosen=chosen)


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


# --- Asking and deciding ---------------------------------------------------------------------


async def test_a_grant_is_the_asker_s_action_with_exactly_the_figures(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        (event,) = staff.shop.work.events[-1:]
        assert (event.name, event.facts["approval_id"]) == ("approval_asked", asked)
        assert approval_viewing.count_waiting(staff.work_of("Samson")) == 1
        assert staff.grants("Samson", asked) == Outcome(number="SO-2026-0001")
        found = approval_viewing.view(staff.work_of("Lea"), asked)
        assert (found.record.state, found.asker, found.decider) == ("used", "Lea", "Samson")
        assert found.record.figures == {
            "before": "1000", "after": "850", "currency": "EUR", "lines": [["Laptop", "10", "15"]],
        }  # fmt: skip
        assert not found.may_decide
        rows = staff.shop.work.connection.execute(
            select(history.c.person_id, history.c.action)
            .where(history.c.subject == "document", history.c.subject_id == order)
            .order_by(history.c.id)
        ).all()
        assert rows[-1] == (staff.people["Lea"].person_id, "issue")
        assert approval_viewing.count_waiting(staff.work_of("Samson")) == 0
        assert audit(staff.shop.work.connection) == []

    await tells(staffed(story))


async def test_what_has_changed_is_void_and_asked_again(tells: Tells) -> None:
    """The case: approval asked at 15 %, then 100 pieces added, then granted."""

    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        shop = staff.now_acts("Lea")
        line = shop.sees(order).lines[0].line
        drafting.change_line(shop.work, order, line.id, revision=0, quantity=D(110))
        outcome = staff.grants("Samson", asked)
        assert outcome.number == ""
        assert outcome.again is not None
        assert shop.sees(order).is_draft
        assert (staff.state(asked), staff.state(outcome.again)) == ("void", "asked")
        again = approval_viewing.view(staff.work_of("Samson"), outcome.again)
        assert (again.asker, again.record.figures["after"]) == ("Lea", "9350")
        assert staff.grants("Samson", outcome.again).number == "SO-2026-0001"

    await tells(staffed(story))


async def test_figures_that_changed_without_the_document(tells: Tells) -> None:
    """Two receipts of five too many: the first granted makes the second more than was asked."""

    def story(staff: Staff) -> None:
        order = staff.now_acts("the machine").buys(200, "laptop")
        first, second = receives(staff, order, 205), receives(staff, order, 205)
        asked = [staff.asks("Omar", each, excess=True) for each in (first, second)]
        assert staff.grants("Samson", asked[0]).number
        outcome = staff.grants("Samson", asked[1])
        assert outcome.again is not None
        again = approval_viewing.by_id(staff.shop.work.connection, outcome.again)
        assert again is not None
        assert again.value == D(105)

    await tells(staffed(story))


async def test_what_is_within_the_limit_meanwhile_is_only_void(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        shop = staff.now_acts("Lea")
        line = shop.sees(order).lines[0].line
        drafting.change_line(shop.work, order, line.id, revision=0, discount_percent=D(5))
        assert staff.grants("Samson", asked) == Outcome()
        assert shop.sees(order).is_draft

    await tells(staffed(story))


async def test_a_limit_that_was_raised_grants_all_the_same(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        asked = staff.asks("Lea", order_at(staff, 15))
        limits.change(staff.work_of("Samson"), LimitName.DISCOUNT, D(20))
        assert staff.grants("Samson", asked).number == "SO-2026-0001"

    await tells(staffed(story))


async def test_a_draft_that_is_gone_and_an_asker_who_left(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        thrown, other = order_at(staff, 15), order_at(staff, 16)
        asked = [staff.asks("Lea", each) for each in (thrown, other)]
        drafting.discard(staff.work_of("Lea"), thrown, revision=0)
        assert approval_viewing.count_waiting(staff.work_of("Samson")) == 1
        assert staff.grants("Samson", asked[0]) == Outcome()
        team.remove(staff.work_of("Samson"), staff.people["Lea"].person_id, Role.SALES)
        assert staff.grants("Samson", asked[1]) == Outcome()
        assert [staff.state(each) for each in asked] == ["void", "void"]
        assert staff.now_acts("Samson").sees(other).is_draft

    await tells(staffed(story))


async def test_refused_with_a_reason(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        approvals.refuse(staff.work_of("Samson"), asked, reason="  Twelve  at most ")
        found = approval_viewing.view(staff.work_of("Lea"), asked)
        assert (found.record.state, found.record.reason) == ("refused", "Twelve at most")
        with pytest.raises(ApprovalDecided):
            staff.grants("Olga", asked)
        with pytest.raises(ApprovalDecided):
            approvals.refuse(staff.work_of("Olga"), asked)
        assert staff.now_acts("Lea").sees(order).is_draft
        again = staff.asks("Lea", order)
        assert again != asked

    await tells(staffed(story))


async def test_asking_twice_is_asking_once_and_other_figures_make_it_void(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        before = len(staff.shop.work.events)
        assert staff.asks("Lea", order) == asked
        assert len(staff.shop.work.events) == before
        shop = staff.now_acts("Lea")
        line = shop.sees(order).lines[0].line
        drafting.change_line(shop.work, order, line.id, revision=0, discount_percent=D(20))
        other = staff.asks("Lea", order)
        assert (staff.state(asked), staff.state(other)) == ("void", "asked")
        (found,) = approval_viewing.waiting(staff.work_of("Samson"))
        assert (found.record.id, found.record.value) == (other, D(20))

    await tells(staffed(story))


async def test_who_may_not(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        for name in ("Lea", "Omar"):
            with pytest.raises(NotAllowed):
                staff.grants(name, asked)
            with pytest.raises(NotAllowed):
                approvals.refuse(staff.work_of(name), asked)
        with pytest.raises(NotFound):
            approval_viewing.view(staff.work_of("Omar"), asked)
        with pytest.raises(NotFound):
            staff.grants("Samson", asked + 1)
        assert approval_viewing.count_waiting(staff.work_of("Lea")) == 0
        assert approval_viewing.waiting(staff.work_of("Lea")) == []
        # She becomes an owner; what she has asked for is still not hers to grant.
        staff.people["Lea"] = replace(staff.people["Lea"], roles=frozenset({Role.OWNER}))
        with pytest.raises(OwnApproval):
            staff.grants("Lea", asked)
        assert approval_viewing.count_waiting(staff.work_of("Lea")) == 0
        assert staff.state(asked) == "asked"

    await tells(staffed(story))


async def test_who_may_approve_needs_nobody(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 50, by="Samson")
        with pytest.raises(ApprovalNeedless):
            approvals.ask(staff.work_of("Samson"), order, revision=0, digest="x")
        staff.now_acts("Samson").issues(order)
        within = order_at(staff, 5)
        with pytest.raises(ApprovalNeedless):
            approvals.ask(staff.work_of("Lea"), within, revision=0, digest="x")

    await tells(staffed(story))


async def test_figures_that_nobody_has_shown_are_not_asked_for(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        for digest, revision in (("", 0), ("000000000000", 0)):
            with pytest.raises(Changed):
                approvals.ask(staff.work_of("Lea"), order, revision=revision, digest=digest)
        right = str(staff.tries("Lea", order).facts["digest"])
        with pytest.raises(Changed):
            approvals.ask(staff.work_of("Lea"), order, revision=7, digest=right)
        with pytest.raises(NotAllowed):
            approvals.ask(staff.work_of("Omar"), order, revision=0, digest=right)

    await tells(staffed(story))


def test_the_digest_stands_for_the_figures() -> None:
    assert digest_of_figures({"a": "1", "b": ["2"]}) == digest_of_figures({"b": ["2"], "a": "1"})
    assert digest_of_figures({"a": "1"}) != digest_of_figures({"a": "2"})


async def test_two_owners_at_once_have_one_effect(database: Database) -> None:
    def prepare(connection: Connection) -> tuple[dict[str, Actor], int, int]:
        staff = Staff(Shop(connection))
        order = order_at(staff, 15)
        return staff.people, order, staff.asks("Lea", order)

    people, order, asked = await database.write(prepare)

    def decide(connection: Connection, name: str) -> str:
        work = Work(connection, people[name], NOW)
        try:
            if name == "Samson":
                return approvals.grant(work, asked).number
            approvals.refuse(work, asked)
        except ApprovalDecided:
            return "too late"
        return "refused"

    answers = await asyncio.gather(
        *(database.write(decide, name) for name in ("Samson", "Olga") * 3)
    )
    assert answers.count("too late") == 5
    (decision,) = set(answers) - {"too late"}

    def look(connection: Connection) -> tuple[str, str]:
        found = approval_viewing.by_id(connection, asked)
        assert found is not None
        seen = viewing.view(Work(connection, people["Samson"], NOW), order)
        return found.state, seen.record.state

    states = await database.read(look)
    assert states == (("refused", "draft") if decision == "refused" else ("used", "confirmed"))
    assert await database.read(audit) == []
