"""An invoice that its customer pays in the chat, through a pretend provider of the local Telegram.

In English and in French, on SQLite and on PostgreSQL.  Paul speaks for Papeterie Martin, Ana is a
second contact there.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.domain.people import Role
from core.i18n import translator
from core.services import accounts, parties, team
from core.services.audit import audit
from core.storage.database import Database
from core.storage.models import Document, OnlineCharge, OnlinePayment
from core.storage.writing import table_of
from tests.scenarios.stage import LEA, MARTIN, SAMSON, Clock, Opening, Stage
from tests.scenarios.test_money import Person, plain

ANA, STRANGER = 107, 108
PROVIDER = "284685063:TEST:pretend"
CENTS = "43.20"
document = table_of(Document)
charge = table_of(OnlineCharge)
request = table_of(OnlinePayment)


@pytest.fixture
def stage(opening: Opening, database: Database, clock: Clock) -> Stage:
    """The stage, whose company has a payment provider."""
    return opening.stage(database, clock, provider_token=PROVIDER)


@pytest.fixture
def people(stage: Stage, language: str) -> Callable[[int], Person]:
    def person(user_id: int) -> Person:
        code = "fr" if user_id in (MARTIN, ANA) else language
        return Person(stage.chat(user_id), translator(code))

    return person


async def joins(stage: Stage, user_id: int, name: str, party: str, **rights: bool) -> int:
    """A further contact of a party, who has opened his link; the contact's id."""
    stage.world.add_person(user_id, name, language_code="fr")
    contact_id = await stage.does(
        parties.add_contact, stage.crimson.parties[party], name=name, **rights
    )
    token = await stage.does(team.invite, Role.CUSTOMER, contact_id=contact_id)
    stage.world.starts(user_id, token)
    await stage.settle()
    return int(contact_id)


async def invoiced(people: Callable[[int], Person], *texts: str) -> None:
    """Lea invoices what is typed, and sends the papers."""
    lea = people(LEA)
    for each in texts or ("Martin: 2 MOU-2",):
        await lea.says(each)
        await lea.taps("Confirm", "Invoice", "Invoice")
        await lea.taps(
            "Send to {name}",
            name=each.partition(":")[0]
            .replace("Martin", "Papeterie Martin")
            .replace("High End", "High End Computers"),
        )


async def opens(person: Person, number: str = "IN-2026-0001") -> None:
    await person.says("/start", number)


async def taps_pay(person: Person, amount: str = CENTS, currency: str = "EUR") -> None:
    await person.taps("Pay {amount}", amount=person.money(amount, currency))


async def owed(stage: Stage, party: str = "martin") -> dict[str, Decimal]:
    return dict(await stage.asks(accounts.balances, stage.crimson.parties[party]))


async def rows(stage: Stage, table: Any) -> list[Any]:
    return list(
        await stage.asks(
            lambda connection: connection.execute(select(table).order_by(table.c.id)).all()
        )
    )


async def payments(stage: Stage) -> list[Any]:
    return [each for each in await rows(stage, document) if each.direction == "in"]


def queries(stage: Stage) -> list[Any]:
    return [each for each in stage.world.queries.values() if each.kind == "checkout"]


async def test_an_invoice_is_paid_in_the_chat(stage: Stage, people) -> None:
    samson, paul = people(SAMSON), people(MARTIN)
    await invoiced(people)
    paul.chat.sees("IN-2026-0001")
    await opens(paul)
    await taps_pay(paul)
    invoice = paul.chat.last["invoice"]
    assert (invoice["currency"], invoice["total_amount"]) == ("EUR", 4320)
    assert invoice["title"] == "Facture IN-2026-0001"
    paul.chat.sees("Crimson · Facture IN-2026-0001")
    await paul.chat.pays()
    paul.sees("Thank you: {amount} has come.", amount=paul.money(CENTS))
    paul.chat.sees("PY-2026-0001")
    samson.chat.sees("IN-2026-0001", samson.money(CENTS), "Papeterie Martin")
    samson.sees(
        "{number} was paid in the chat: {amount}",
        number="IN-2026-0001",
        amount=samson.money(CENTS),
    )
    await opens(paul)
    paul.sees("paid")
    assert not any(
        label.startswith(paul.text("Pay {amount}", amount="")) for label in paul.chat.labels()
    )
    assert await owed(stage) == {}
    (paid,) = await payments(stage)
    (taken,) = await rows(stage, charge)
    assert (paid.number, paid.state, paid.payment_mode) == ("PY-2026-0001", "posted", "online")
    assert (paid.reference, paid.amount_minor) == (taken.provider_charge_id, 4320)
    assert taken.payment_id == paid.id
    await paul.says("PY-2026-0001")
    receipt = await paul.paper()
    assert plain(paul.money(CENTS)) in receipt
    assert "IN-2026-0001" in receipt
    assert taken.provider_charge_id in receipt
    assert await stage.asks(audit) == []
