"""Money that is booked at the same minute by several: nothing is settled or paid back twice."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core.services.money import accounts, credit, payments
from sqlalchemy import Connection

from core.domain.people import MACHINE
from core.services.audit import audit
from core.services.documents import converting, issuing, viewing
from core.services.work import Work
from core.storage.database import Database
from tests.builders import NOW, Shop


def work_on(connection: Connection) -> Work:
    return Work(connection, MACHINE, NOW)


async def at_once(database: Database, *doings: Callable[[Connection], Any]) -> list[Any]:
    """What came of each, or the name of what it was refused with."""
    done = await asyncio.gather(*map(database.write, doings), return_exceptions=True)
    return [type(each).__name__ if isinstance(each, BaseException) else each for each in done]


async def test_two_contacts_pay_the_same_debt_at_the_same_minute(database: Database) -> None:
    def story(connection: Connection) -> tuple[int, int]:
        shop = Shop(connection)
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100)))
        return invoice, shop.customer

    def pay(connection: Connection) -> list[str]:
        work = work_on(connection)
        payments.settle_due(work, invoice, amount=Decimal(120))
        return [each.name for each in work.events]

    invoice, customer = await database.write(story)
    told = await at_once(database, pay, pay)
    # Both are booked; whoever came second found it paid.
    assert sorted(told) == [[], ["paid_twice"]]
    assert await database.read(accounts.balances, customer) == {"EUR": -120}
    assert await database.read(audit) == []


async def test_all_that_is_due_is_paid_once(database: Database) -> None:
    def story(connection: Connection) -> int:
        shop = Shop(connection)
        return shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100)))

    def pay(connection: Connection) -> str:
        return payments.settle_due(work_on(connection), invoice).number

    invoice = await database.write(story)
    done = await at_once(database, pay, pay, pay)
    assert sorted(done) == ["NotFound", "NotFound", "PY-2026-0001"]
    assert await database.read(audit) == []


async def test_credit_is_paid_back_once(database: Database) -> None:
    def story(connection: Connection) -> int:
        shop = Shop(connection)
        payments.pay(shop.work, shop.customer, direction="in", amount=Decimal(100), currency="EUR")
        return shop.customer

    def back(connection: Connection) -> str:
        return credit.pay_back(
            work_on(connection), customer, direction="out", currency="EUR", amount=Decimal(60)
        ).number

    customer = await database.write(story)
    done = await at_once(database, back, back)
    assert sorted(done) == ["MoreThanOpen", "PY-2026-0002"]
    assert await database.read(accounts.balances, customer) == {"EUR": -40}
    assert await database.read(audit) == []


async def test_payments_over_the_same_papers_in_another_order_do_not_block(
    database: Database,
) -> None:
    def story(connection: Connection) -> tuple[list[int], int]:
        shop = Shop(connection)
        made = [shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100))) for _ in range(3)]
        return made, shop.customer

    def pays(settles: list[int]) -> Callable[[Connection], str]:
        def pay(connection: Connection) -> str:
            return payments.pay(
                work_on(connection), customer, direction="in", amount=Decimal(150),
                currency="EUR", settles=settles,
            ).number  # fmt: skip

        return pay

    made, customer = await database.write(story)
    orders = [made, made[::-1], made[1:] + made[:1], made]
    done = await at_once(database, *map(pays, orders))
    assert sorted(done) == [f"PY-2026-000{number}" for number in range(1, 5)]
    assert await database.read(accounts.balances, customer) == {"EUR": -240}
    assert await database.read(audit) == []


async def test_a_deposit_comes_while_its_order_is_invoiced(database: Database) -> None:
    def story(connection: Connection) -> tuple[int, list[int], int]:
        shop = Shop(connection)
        order = shop.sells(2, "pen", 100)
        payments.take_deposit(shop.work, order, amount=Decimal(50))
        drafts = []
        for _ in range(2):
            (line,) = shop.sees(order).lines
            chosen = {line.line.id: converting.Chosen(Decimal(1))}
            drafts.append(converting.convert(shop.work, order, "invoice", chosen=chosen))
        return order, drafts, shop.customer

    def take(connection: Connection) -> str:
        return payments.take_deposit(work_on(connection), order, amount=Decimal(30)).number

    def issues(draft: int) -> Callable[[Connection], str]:
        def issue(connection: Connection) -> str:
            work = work_on(connection)
            revision = viewing.view(work, draft).record.revision
            return issuing.issue(work, draft, revision=revision).number

        return issue

    order, drafts, customer = await database.write(story)
    done = await at_once(database, take, issues(drafts[0]), issues(drafts[1]))
    assert sorted(done) == ["IN-2026-0001", "IN-2026-0002", "PY-2026-0002"]
    assert await database.read(accounts.balances, customer) == {"EUR": 160}
    assert await database.read(audit) == []
