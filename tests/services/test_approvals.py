"""Beyond a limit: asked for, granted as the asker's action with exactly the figures, or void."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from core.services.people import team
from core.storage.tables import history
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from core.domain.lifecycles import Action
from core.domain.limits import LimitName, digest_of_figures
from core.domain.people import Actor, Role
from core.services import approval_views, approvals, limits
from core.services.approvals import ApprovalDecided, ApprovalNeedless, Outcome, OwnApproval
from core.services.audit import audit
from core.services.documents import drafting, viewing
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.work import Work
from core.storage.database import Database
from tests.builders import NOW, Shop, Tells
from tests.services.staff import Staff, order_at, receives, staffed
from tests.services.test_audit import disarm
from tests.services.test_statement_budget import only_locks, statements_of

D = Decimal


# --- Asking and deciding ---------------------------------------------------------------------


async def test_a_grant_is_the_asker_s_action_with_exactly_the_figures(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        (event,) = staff.shop.work.events[-1:]
        assert (event.name, event.facts["approval_id"]) == ("approval_asked", asked)
        assert approval_views.count_waiting(staff.work_of("Samson")) == 1
        assert staff.grants("Samson", asked) == Outcome(number="SO-2026-0001")
        found = approval_views.view(staff.work_of("Lea"), asked)
        line = staff.shop.sees(order).lines[0].line
        assert (found.record.state, found.asker, found.decider) == ("used", "Lea", "Samson")
        assert found.record.figures == {
            "before": "1000", "after": "850", "currency": "EUR",
            "lines": [[line.id, "Laptop", "10", "15"]],
        }  # fmt: skip
        assert (found.state, found.may_decide) == ("used", False)
        rows = staff.shop.work.connection.execute(
            select(history.c.person_id, history.c.action)
            .where(history.c.subject == "document", history.c.subject_id == order)
            .order_by(history.c.id)
        ).all()
        assert rows[-1] == (staff.people["Lea"].person_id, "issue")
        assert approval_views.count_waiting(staff.work_of("Samson")) == 0
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
        again = approval_views.view(staff.work_of("Samson"), outcome.again)
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
        again = approval_views.by_id(staff.shop.work.connection, outcome.again)
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
        assert approval_views.count_waiting(staff.work_of("Samson")) == 1
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
        found = approval_views.view(staff.work_of("Lea"), asked)
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
        (found,) = approval_views.waiting(staff.work_of("Samson"))
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
            approval_views.view(staff.work_of("Omar"), asked)
        with pytest.raises(NotFound):
            staff.grants("Samson", asked + 1)
        assert approval_views.count_waiting(staff.work_of("Lea")) == 0
        assert approval_views.waiting(staff.work_of("Lea")) == []
        # She becomes an owner; what she has asked for is still not hers to grant.
        staff.people["Lea"] = replace(staff.people["Lea"], roles=frozenset({Role.OWNER}))
        with pytest.raises(OwnApproval):
            staff.grants("Lea", asked)
        assert approval_views.count_waiting(staff.work_of("Lea")) == 0
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
    figures = {"value": "15", "allowed": "10", "lines": [["Laptop", "1", "15"]]}
    digest = digest_of_figures("discount", figures)
    assert digest == digest_of_figures("discount", dict(reversed(figures.items())))
    assert digest == digest_of_figures("discount", figures | {"allowed": "12"})
    assert digest != digest_of_figures("discount", figures | {"value": "16"})
    assert digest != digest_of_figures("refund", figures)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approval SET decided_by = asked_by",
        "UPDATE approval SET decided_by = NULL",
        """UPDATE approval SET figures = '{"value": "15"}'""",
        "UPDATE approval SET figures = '[]'",
        "UPDATE approval SET figures = 'x'",
    ],
)
async def test_the_audit_finds_what_nobody_granted(database: Database, statement: str) -> None:
    def story(connection: Connection) -> list[str]:
        staff = Staff(Shop(connection))
        asked = staff.asks("Lea", order_at(staff, 15))
        assert staff.grants("Samson", asked).number
        assert audit(connection) == []
        disarm(connection)
        connection.exec_driver_sql(statement)
        return [each.check for each in audit(connection) if each.check == "approvals"]

    assert await database.write(story) == ["approvals"]


async def test_the_database_itself_refuses_a_grant_of_one_s_own(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        staff.asks("Lea", order_at(staff, 15))
        with pytest.raises(DBAPIError):
            staff.shop.work.connection.exec_driver_sql(
                "UPDATE approval SET state = 'used', decided_by = asked_by"
            )

    await tells(staffed(story))


# --- What is over ------------------------------------------------------------------------------


async def test_what_was_done_otherwise_waits_no_more(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        order = order_at(staff, 15)
        asked = staff.asks("Lea", order)
        staff.now_acts("Olga").issues(order)
        seen = approval_views.view(staff.work_of("Samson"), asked)
        assert (seen.state, seen.may_decide) == ("void", False)
        assert approval_views.waiting(staff.work_of("Samson")) == []
        assert staff.grants("Samson", asked) == Outcome()

    await tells(staffed(story))


async def test_only_what_can_be_approved_is_asked_for(tells: Tells) -> None:
    def story(staff: Staff) -> None:
        with pytest.raises(ApprovalNeedless):
            approvals.ask(
                staff.work_of("Lea"), order_at(staff, 15), revision=0, digest="x",
                action=Action.CANCEL,
            )  # fmt: skip

    await tells(staffed(story))


# --- Statements --------------------------------------------------------------------------------


MOST = {"ask": 9, "view": 2, "waiting": 2, "grant": 28}
"""Statements of each use case; a grant does the whole action (an order's issue takes 17)."""


@pytest.mark.parametrize("lines", [1, 50])
async def test_the_statements_are_the_same_for_one_line_and_for_fifty(
    tells: Tells, lines: int
) -> None:
    def story(staff: Staff) -> dict[str, int]:
        shop = staff.now_acts("the machine")
        names = [f"thing {number}" for number in range(lines)]
        for name in names:
            shop.product(name)
        counted: dict[str, int] = {}

        def calls(name: str, service: Callable[[], Any]) -> Any:
            with statements_of(shop.work.connection) as texts:
                result = service()
            counted[name] = sum(not only_locks(each) for each in texts)
            return result

        # The first time makes what is made once: the series.
        for _ in range(2):
            shop = staff.now_acts("Lea")
            rows = [replace(shop.line(2, name, 95), discount_percent=D(15)) for name in names]
            draft = shop.drafts("sales_order", *rows)
            facts = staff.tries("Lea", draft).facts
            digest, lea = str(facts["digest"]), staff.work_of("Lea")
            asked = calls(
                "ask",
                lambda draft=draft, digest=digest, lea=lea: approvals.ask(
                    lea, draft, revision=0, digest=digest
                ),
            )
            samson = staff.work_of("Samson")
            calls("view", lambda at=asked, work=samson: approval_views.view(work, at))
            calls("waiting", lambda work=samson: approval_views.waiting(work))
            calls("grant", lambda at=asked: staff.grants("Samson", at))
        return counted

    counted = await tells(staffed(story))
    assert all(counted[name] <= most for name, most in MOST.items()), counted


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
        found = approval_views.by_id(connection, asked)
        assert found is not None
        seen = viewing.view(Work(connection, people["Samson"], NOW), order)
        return found.state, seen.record.state

    states = await database.read(look)
    assert states == (("refused", "draft") if decision == "refused" else ("used", "confirmed"))
    assert await database.read(audit) == []
