"""Approvals: granted as the asker's action with exactly the figures that were asked, or void."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from core.domain.lifecycles import Action
from core.domain.limits import LimitName, digest_of_figures
from core.domain.people import Role
from core.services import approval_views, approvals
from core.services.approvals import ApprovalDecided, ApprovalNeedless, Outcome, OwnApproval
from core.services.audit import audit
from core.services.people import team
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage.database import Database
from core.storage.tables import history
from tests.builders import Shop
from tests.company import OpenCompany
from tests.services.audit.breaches import disarm
from tests.services.staff import Staff, discounted_order, staff_story
from tests.services.statements import only_locks, statements_of

D = Decimal


# --- Asking and deciding ---------------------------------------------------------------------


@staff_story
def test_a_grant_does_what_was_asked_in_the_name_of_the_asker(staff: Staff) -> None:
    shop, samson = staff.shop, staff.samson
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    event = shop.events[-1]
    assert (event.name, event.facts["approval_id"]) == ("approval_asked", asked)
    assert approval_views.count_waiting(samson.work) == 1
    assert samson.grants(asked) == Outcome(number="SO-2026-0001")
    found = approval_views.view(staff.lea.work, asked)
    assert (found.record.state, found.asker, found.decider) == ("used", "Lea", "Samson")
    assert found.record.figures == {
        "before": "1000", "after": "850", "currency": "EUR",
        "lines": [[shop.line_id(order), "Laptop", "10", "15"]],
    }  # fmt: skip
    assert (found.state, found.may_decide) == ("used", False)
    rows = shop.connection.execute(
        select(history.c.person_id, history.c.action)
        .where(history.c.subject == "document", history.c.subject_id == order)
        .order_by(history.c.id)
    ).all()
    assert rows[-1] == (staff.lea.actor.person_id, "issue")
    assert approval_views.count_waiting(samson.work) == 0
    assert shop.audit() == []


@staff_story
def test_a_request_whose_document_changed_is_void_and_asked_again(staff: Staff) -> None:
    """Asked at 15 %; then 100 pieces are added; then it is granted."""
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    staff.lea.edits(order, quantity=D(110))
    outcome = staff.samson.grants(asked)
    assert outcome.number == ""
    assert outcome.again is not None
    assert staff.shop.sees(order).is_draft
    states = [staff.shop.approval(each).state for each in (asked, outcome.again)]
    assert states == ["void", "asked"]
    again = approval_views.view(staff.samson.work, outcome.again)
    assert (again.asker, again.record.figures["after"]) == ("Lea", "9350")
    assert staff.samson.grants(outcome.again).number == "SO-2026-0001"


@staff_story
def test_figures_can_change_without_their_document(staff: Staff) -> None:
    """Of two receipts, each five too many, granting the first makes the second exceed more."""
    order = staff.shop.buys(200, "laptop")
    receipts = [staff.omar.converts("receipt_note", order, 205) for _ in range(2)]
    first, second = (staff.omar.asks(each, excess=True) for each in receipts)
    assert staff.samson.grants(first).number
    outcome = staff.samson.grants(second)
    assert outcome.again is not None
    assert staff.shop.approval(outcome.again).value == D(105)


@staff_story
def test_a_request_that_came_within_the_limit_is_only_void(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    staff.lea.edits(order, discount_percent=D(5))
    assert staff.samson.grants(asked) == Outcome()
    assert staff.shop.sees(order).is_draft


@staff_story
def test_a_request_can_be_granted_after_the_limit_was_raised(staff: Staff) -> None:
    asked = staff.lea.asks(discounted_order(staff.lea, 15))
    staff.samson.sets_limit(LimitName.DISCOUNT, 20)
    assert staff.samson.grants(asked).number == "SO-2026-0001"


@staff_story
def test_a_discarded_draft_or_an_asker_who_left_makes_a_request_void(staff: Staff) -> None:
    discarded, other = (discounted_order(staff.lea, percent) for percent in (15, 16))
    asked = [staff.lea.asks(each) for each in (discarded, other)]
    staff.lea.discards(discarded)
    assert approval_views.count_waiting(staff.samson.work) == 1
    assert staff.samson.grants(asked[0]) == Outcome()
    team.remove(staff.samson.work, staff.lea.actor.person_id, Role.SALES)
    assert staff.samson.grants(asked[1]) == Outcome()
    assert [staff.shop.approval(each).state for each in asked] == ["void", "void"]
    assert staff.samson.sees(other).is_draft


@staff_story
def test_a_request_is_refused_with_a_reason(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    approvals.refuse(staff.samson.work, asked, reason="  Twelve  at most ")
    found = approval_views.view(staff.lea.work, asked).record
    assert (found.state, found.reason) == ("refused", "Twelve at most")
    with pytest.raises(ApprovalDecided):
        staff.olga.grants(asked)
    with pytest.raises(ApprovalDecided):
        approvals.refuse(staff.olga.work, asked)
    assert staff.lea.sees(order).is_draft
    assert staff.lea.asks(order) != asked


@staff_story
def test_asking_twice_asks_once_unless_the_figures_changed(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    told = len(staff.shop.events)
    assert staff.lea.asks(order) == asked
    assert len(staff.shop.events) == told
    staff.lea.edits(order, discount_percent=D(20))
    other = staff.lea.asks(order)
    assert [staff.shop.approval(each).state for each in (asked, other)] == ["void", "asked"]
    (found,) = approval_views.waiting(staff.samson.work)
    assert (found.record.id, found.record.value) == (other, D(20))


@staff_story
def test_only_another_owner_decides(staff: Staff) -> None:
    asked = staff.lea.asks(discounted_order(staff.lea, 15))
    for each in (staff.lea, staff.omar):
        with pytest.raises(NotAllowed):
            each.grants(asked)
        with pytest.raises(NotAllowed):
            approvals.refuse(each.work, asked)
    with pytest.raises(NotFound):
        approval_views.view(staff.omar.work, asked)
    with pytest.raises(NotFound):
        staff.samson.grants(asked + 1)
    assert approval_views.count_waiting(staff.lea.work) == 0
    assert approval_views.waiting(staff.lea.work) == []
    # As an owner, Lea still cannot grant her own request.
    lea = staff.shop.by(replace(staff.lea.actor, roles=frozenset({Role.OWNER})))
    with pytest.raises(OwnApproval):
        lea.grants(asked)
    assert approval_views.count_waiting(lea.work) == 0
    assert staff.shop.approval(asked).state == "asked"


@staff_story
def test_nothing_is_asked_that_needs_no_approval(staff: Staff) -> None:
    order = discounted_order(staff.samson, 50)
    with pytest.raises(ApprovalNeedless):
        staff.samson.does(approvals.ask, order, digest="x")
    staff.samson.issues(order)
    within = discounted_order(staff.lea, 5)
    with pytest.raises(ApprovalNeedless):
        staff.lea.does(approvals.ask, within, digest="x")


@staff_story
def test_only_figures_that_were_shown_can_be_asked_for(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    for digest in ("", "000000000000"):
        with pytest.raises(Changed):
            staff.lea.does(approvals.ask, order, digest=digest)
    right = str(staff.lea.needs_approval(order).facts["digest"])
    with pytest.raises(Changed):
        approvals.ask(staff.lea.work, order, revision=7, digest=right)
    with pytest.raises(NotAllowed):
        staff.omar.does(approvals.ask, order, digest=right)


def test_a_digest_stands_for_the_figures() -> None:
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
@staff_story
def test_the_audit_finds_a_grant_that_nobody_gave(staff: Staff, statement: str) -> None:
    asked = staff.lea.asks(discounted_order(staff.lea, 15))
    assert staff.samson.grants(asked).number
    assert staff.shop.audit() == []
    disarm(staff.shop.connection)
    staff.shop.connection.exec_driver_sql(statement)
    found = [each.check for each in staff.shop.audit() if each.check == "approvals"]
    assert found == ["approvals"]


@staff_story
def test_the_database_itself_refuses_a_grant_by_the_asker(staff: Staff) -> None:
    staff.lea.asks(discounted_order(staff.lea, 15))
    with pytest.raises(DBAPIError):
        staff.shop.connection.exec_driver_sql(
            "UPDATE approval SET state = 'used', decided_by = asked_by"
        )


# --- What is over ------------------------------------------------------------------------------


@staff_story
def test_a_request_whose_action_was_done_by_an_owner_waits_no_longer(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    asked = staff.lea.asks(order)
    staff.olga.issues(order)
    seen = approval_views.view(staff.samson.work, asked)
    assert (seen.state, seen.may_decide) == ("void", False)
    assert approval_views.waiting(staff.samson.work) == []
    assert staff.samson.grants(asked) == Outcome()


@staff_story
def test_only_actions_with_a_limit_can_be_asked_for(staff: Staff) -> None:
    order = discounted_order(staff.lea, 15)
    with pytest.raises(ApprovalNeedless):
        staff.lea.does(approvals.ask, order, digest="x", action=Action.CANCEL)


# --- Statements --------------------------------------------------------------------------------


MOST = {"ask": 9, "view": 2, "waiting": 2, "grant": 28}
"""The statements of each use case; a grant does the whole action (an order's issue takes 17)."""


@pytest.mark.parametrize("lines", [1, 50])
@staff_story
def test_fifty_lines_need_no_more_statements_than_one(staff: Staff, lines: int) -> None:
    lea, samson = staff.lea, staff.samson
    counted: dict[str, int] = {}

    def count(name: str, service: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
        with statements_of(staff.shop.connection) as texts:
            result = service(*arguments, **how)
        counted[name] = sum(not only_locks(each) for each in texts)
        return result

    # The first round makes what is made once: products and the series.
    for _ in range(2):
        rows = [
            lea.line(2, f"thing {number}", 95, discount_percent=D(15)) for number in range(lines)
        ]
        draft = lea.drafts("sales_order", *rows)
        digest = str(lea.needs_approval(draft).facts["digest"])
        asked = count("ask", approvals.ask, lea.work, draft, revision=0, digest=digest)
        count("view", approval_views.view, samson.work, asked)
        count("waiting", approval_views.waiting, samson.work)
        count("grant", samson.grants, asked)
    assert all(counted[name] <= most for name, most in MOST.items()), counted


async def test_two_owners_who_decide_at_once_have_one_effect(database: Database) -> None:
    def prepare(connection: Connection) -> tuple[Staff, int, int]:
        staff = Staff(connection)
        order = discounted_order(staff.lea, 15)
        return staff, order, staff.lea.asks(order)

    staff, order, asked = await database.write(prepare)

    def grant(shop: Shop) -> str:
        return shop.by(staff.samson.actor).grants(asked).number

    def refuse(shop: Shop) -> str:
        approvals.refuse(shop.by(staff.olga.actor).work, asked)
        return "refused"

    opened = OpenCompany(database, staff.shop)
    answers = await opened.at_once(*(grant, refuse) * 3)
    assert answers.count("ApprovalDecided") == 5
    (decision,) = set(answers) - {"ApprovalDecided"}
    states = await opened.does(lambda shop: (shop.approval(asked).state, shop.state(order)))
    assert states == (("refused", "draft") if decision == "refused" else ("used", "confirmed"))
    assert await database.read(audit) == []
