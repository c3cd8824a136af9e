"""A shop in which everybody works under his own name, and asks when he may not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from core.services.people import actors
from core.storage.sql import insert_one
from sqlalchemy import insert

from core.domain.people import Actor, Role
from core.services import approval_views, approvals
from core.services.approvals import Outcome
from core.services.documents import converting
from core.services.documents.converting import Chosen
from core.services.limits import ApprovalNeeded
from core.services.work import Work
from core.storage import tables
from core.storage.models import PersonRole
from tests.builders import NOW, Shop

D = Decimal


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
            connection, tables.person, telegram_id=number, name=name, language="en",
            created_at=NOW,
        )  # fmt: skip
        for role in roles:
            connection.execute(
                insert(PersonRole).values(person_id=person_id, role=str(role), since=NOW)
            )
        account = actors.account_of(connection, person_id)
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
        found = approval_views.by_id(self.shop.work.connection, approval_id)
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


def receives(staff: Staff, order: int, pieces: object) -> int:
    shop = staff.now_acts("Omar")
    line_id = shop.sees(order).lines[0].line.id
    chosen = {line_id: Chosen(D(str(pieces)))}
    return converting.convert(shop.work, order, "receipt_note", chosen=chosen)
