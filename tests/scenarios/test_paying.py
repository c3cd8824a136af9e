"""An invoice that its customer pays in the chat, through a pretend provider of the local Telegram.

In English and in French, on SQLite and on PostgreSQL.  Paul speaks for Papeterie Martin, Ana is a
second contact there.
"""

import logging
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.app import BotSettings, build
from bot.local_telegram.api_server import serving
from bot.local_telegram.faults import Fault, Outcome
from bot.local_telegram.refusals import ImpossibleAct
from bot.operate.after_restore import go_on
from bot.screens.home.home import STRANGER as STRANGERS
from core.domain.people import Role
from core.services.audit import warnings
from core.services.people import parties
from core.storage.tables import contact, document
from core.storage.tables import online_charge as charge
from core.storage.tables import online_payment as request
from core.storage.tables import series_question as question
from tests.bot.test_app import free_port, until
from tests.bot.test_inbox import failing
from tests.people import PAUL, Person
from tests.scenarios.stage import Stage

ANA, STRANGER = 107, 108
PROVIDER = "284685063:TEST:pretend"
CENTS = "43.20"


@pytest.fixture
def provider_token() -> str:
    return PROVIDER


async def joins(stage: Stage, party: str = "martin", **rights: bool) -> Person:
    """Ana, a second contact of a party."""
    return await stage.joins(ANA, "Ana", Role.CUSTOMER, language="fr", party=party, **rights)


async def invoiced(lea: Person, *texts: str) -> None:
    """Lea invoices what is typed, and sends the papers."""
    for each in texts or ("Martin: 2 MOU-2",):
        await lea.orders(each)
        await lea.makes("IN")
        await lea.taps("send")


async def opens(person: Person, number: str = "IN-2026-0001") -> None:
    await person.says("/start", number)


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


async def test_an_invoice_is_paid_in_the_chat(stage: Stage, samson, lea, paul) -> None:
    await invoiced(lea)
    paul.sees("IN-2026-0001")
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    invoice = paul.last["invoice"]
    assert (invoice["currency"], invoice["total_amount"]) == ("EUR", 4320)
    assert invoice["title"].endswith("IN-2026-0001")
    paul.sees_line("Crimson", "IN-2026-0001")
    await paul.pays()
    paul.sees(CENTS, "PY-2026-0001")
    samson.sees_line("IN-2026-0001", CENTS)
    samson.sees("Papeterie Martin")
    await opens(paul)
    paul.sees_settled("invoice", "paid")
    assert not paul.can("pay_online")
    assert await stage.owed("martin") == {}
    (paid,) = await payments(stage)
    (taken,) = await rows(stage, charge)
    assert (paid.number, paid.state, paid.payment_mode) == ("PY-2026-0001", "posted", "online")
    assert (paid.reference, paid.amount_minor) == (taken.provider_charge_id, 4320)
    assert taken.payment_id == paid.id
    await paul.says("PY-2026-0001")
    await paul.taps("paper")
    receipt = paul.paper()
    assert paul.printed(CENTS) in receipt
    assert "IN-2026-0001" in receipt
    assert taken.provider_charge_id in receipt


async def test_what_has_changed_meanwhile_is_not_taken(stage: Stage, lea, paul) -> None:
    await invoiced(lea)
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    # A part is paid by hand: what was asked for is not what is due.
    await opens(lea)
    await lea.taps_all("pay", "ask_amount")
    await lea.says({"en": "13.20", "fr": "13,20"}[lea.language])
    await paul.pays()
    paul.is_refused("due_changed", "IN-2026-0001", "30.00", CENTS)
    # A tap on the old button shows the new figures, and asks for nothing.
    requests = await rows(stage, request)
    await paul.taps_stale("pay_online", CENTS)
    assert await rows(stage, request) == requests
    await opens(paul)
    await paul.taps("pay_online", "30.00")
    # The rest is paid by hand too.
    await opens(lea)
    await lea.taps_all("pay", ("settle", "30.00"))
    await paul.pays()
    paul.is_refused("nothing_due", "IN-2026-0001")
    assert await rows(stage, charge) == []
    assert len(await payments(stage)) == 2


async def test_two_contacts_pay_the_same(stage: Stage, samson, lea, paul) -> None:
    await invoiced(lea)
    ana = await joins(stage)
    for each in (paul, ana):
        await opens(each)
        await each.taps("pay_online", CENTS)
    # Paul's card is refused by the provider, and for a while nobody else pays.
    await paul.pays(card_fails=True)
    await ana.pays()
    ana.is_refused("being_paid", "IN-2026-0001", 5)
    # Paul may try again; Ana may later.
    await paul.pays(card_fails=True)
    stage.clock.passes(minutes=6)
    hers = stage.world.pays(ANA, ana.last["message_id"])
    await stage.settle()
    # Paul's money comes all the same, as when both had been let through in one minute: it is
    # booked, though neither the invoice nor Paul is what it was.
    (pauls,) = [each.id for each in await rows(stage, contact) if each.name == "Paul Martin"]
    await stage.does(parties.end_contact, pauls)
    await pushes(stage, PAUL, (await rows(stage, request))[0].payload, "late")
    assert [each.amount_minor for each in await payments(stage)] == [4320, 4320]
    assert await stage.owed("martin") == {"EUR": Decimal("-43.20")}
    samson.sees_line("IN-2026-0001", "PY-2026-0002", "PY-2026-0001")
    samson.sees_line("Papeterie Martin", CENTS)
    # The same money again, in the same update and in another one, is booked once.
    stage.world.redeliver(hers)
    await stage.settle()
    await pushes(stage, PAUL, (await rows(stage, request))[0].payload, "late")
    assert len(await payments(stage)) == 2
    # The owner pays it back where it came from.
    await opens(samson, "PY-2026-0002")
    await samson.taps("refund_left")
    samson.sees("pretend-late", "LOCAL-late")


async def pushes(stage: Stage, user_id: int, payload: str, name: str, **changed: Any) -> None:
    """Money comes whose checkout nobody has seen here."""
    paid = {
        "currency": "EUR",
        "total_amount": 4320,
        "invoice_payload": payload,
        "telegram_payment_charge_id": f"LOCAL-{name}",
        "provider_payment_charge_id": f"pretend-{name}",
        **changed,
    }
    message = stage.world.new_message(
        user_id, stage.world.people[user_id].user(), {"successful_payment": paid}
    )
    stage.world.updates.push({"message": message})
    await stage.settle()


async def warned(stage: Stage) -> list[str]:
    return [each.check for each in await stage.asks(warnings, stage.clock())]


async def test_killed_between_the_question_and_the_money(stage: Stage, lea, paul) -> None:
    await invoiced(lea)
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    stage.world.pays(PAUL, paul.last["message_id"])
    stage.app.worker.stop()
    await stage.app.polling.fetch(hold=0)
    # It dies before it has answered: the next process does.
    stage.again()
    await stage.settle()
    assert [each.answered for each in queries(stage)] == [True]
    paul.sees(CENTS)
    # It dies after its yes, and again after it has kept the money.
    await invoiced(lea, "Martin: 1 MOU-2")
    await opens(paul, "IN-2026-0002")
    await paul.taps("pay_online", "21.60")
    stage.world.pays(PAUL, paul.last["message_id"])
    await stage.works_once()
    stage.again()
    await stage.app.bot.initialize()
    await stage.app.polling.fetch(hold=0)
    stage.again()
    await stage.settle()
    assert [each.amount_minor for each in await payments(stage)] == [4320, 2160]
    assert await stage.owed("martin") == {}
    # An older copy is put back in which money waits: it is kept until the books can take it.
    await invoiced(lea, "Martin: 1 MOU-3")
    await opens(paul, "IN-2026-0003")
    await paul.taps("pay_online", "28.80")
    stage.world.pays(PAUL, paul.last["message_id"])
    await stage.works_once()
    stage.app.worker.stop()
    await stage.app.polling.fetch(hold=0)
    await stage.database.write(go_on, now=stage.clock())
    stage.again()
    await stage.settle()
    assert [each.amount_minor for each in await rows(stage, charge)] == [4320, 2160, 2880]
    assert "unbooked" in await warned(stage)


async def test_who_may_not_pay_is_refused(stage: Stage, lea, paul, language: str) -> None:
    await invoiced(lea)
    ana = await joins(stage, may_see_money=False)
    await opens(ana)
    assert not ana.can("pay_online")
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    # A copy of the message opens the bot, and pays only by a client that cheats.
    stage.world.add_person(STRANGER, "Sina", language_code=language)
    sina = stage.chat(STRANGER)
    await sina.says("/start")
    for each in (sina, ana):
        await each.forwards(paul.last["message_id"], from_chat=PAUL)
        with pytest.raises(ImpossibleAct):
            await each.pays()
        await each.pays(forged=True)
        each.is_refused("nothing_to_pay")
        await each.taps("url", on=each.card["message_id"])
    sina.reads(STRANGERS)
    ana.sees("IN-2026-0001")
    # A forged tap on a button that is not hers asks for nothing.
    await ana.forges(paul.button("pay_online").data)
    assert len(await rows(stage, request)) == 1
    assert await rows(stage, charge) == []


async def test_money_that_the_books_cannot_take_yet(stage: Stage, samson, lea, paul) -> None:
    await invoiced(lea)
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    now = stage.clock()
    asked = {"series": "PY-2026", "last_known": 0, "copied_at": now, "asked_at": now}
    await stage.database.write(lambda it: it.execute(insert(question).values(**asked)) and None)
    await paul.pays()
    paul.sees(CENTS)
    samson.sees("pretend-", "LOCAL-")
    assert await payments(stage) == []
    assert await warned(stage) == ["series", "unbooked"]
    # Nobody pays the same again meanwhile.
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    await paul.pays()
    assert len(await rows(stage, charge)) == 1
    answered = {"last_given": 0, "answered_at": stage.clock()}
    await stage.database.write(lambda it: it.execute(update(question).values(**answered)) and None)
    await stage.settle()
    assert [each.number for each in await payments(stage)] == ["PY-2026-0001"]
    samson.sees("IN-2026-0001")
    # What is asked for by no paper is credit of the payer's party; of nobody's it is told.
    await pushes(stage, PAUL, "lost with an older copy", "lost")
    assert await stage.owed("martin") == {"EUR": Decimal("-43.20")}
    stage.world.add_person(STRANGER, "Sina", language_code="en")
    await stage.chat(STRANGER).says("/start")
    await pushes(stage, STRANGER, "lost too", "nobody's")
    samson.sees("Sina", "pretend-nobody's")
    assert await warned(stage) == ["unbooked"]


async def test_what_telegram_or_the_network_does_not_take(stage: Stage, lea, kim, paul) -> None:
    await invoiced(lea, "High End: 20 LAP-14", "Martin: 2 MOU-2")
    # 47,800 dollars are more than Telegram takes in one payment.
    await opens(kim)
    assert not kim.can("pay_online")
    await opens(paul, "IN-2026-0002")
    # Nobody knows whether it has arrived: it is not sent twice by itself.
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendInvoice", after=True))
    await paul.taps("pay_online", CENTS)
    paul.sees("IN-2026-0002")
    sent = [each for each in paul.messages if "invoice" in each]
    assert len(sent) == 1
    await paul.taps("send_again")
    first, second = [each["message_id"] for each in paul.messages if "invoice" in each]
    # Both name the same request: once it is paid, the other is refused.
    stage.world.pays(PAUL, first)
    await stage.settle()
    await paul.pays()
    paul.is_refused("nothing_due", "IN-2026-0002")
    assert len(await payments(stage)) == 1
    # A provider that Telegram does not know (any more).
    await invoiced(lea, "Martin: 1 MOU-2")
    await opens(paul, "IN-2026-0003")
    stage.again(provider_token="1:GONE:away")
    await paul.taps("pay_online", "21.60")
    paul.sees("IN-2026-0003")
    assert "invoice" not in paul.last
    # Without a provider nothing of it is shown.
    stage.again(provider_token="")
    await opens(paul, "IN-2026-0003")
    assert not paul.can("pay_online")
    assert second > first


async def test_a_question_waits_for_no_chat(stage: Stage, lea, paul) -> None:
    await invoiced(lea)
    await opens(paul)
    await paul.taps("pay_online", CENTS)
    invoice = paul.last["message_id"]
    # Paul's chat has to rest because of the database; the question is answered meanwhile.
    with stage.database.watch_statements(failing("INSERT INTO operation")):
        stage.world.says(PAUL, "MOU-2")
        await stage.works_once()
    stage.world.pays(PAUL, invoice)
    await stage.works_once()
    assert [each.answered for each in queries(stage)] == [True]
    assert await payments(stage) == []
    # The money comes in its turn, and is tried until it is in the books.
    with stage.database.watch_statements(failing("INSERT INTO online_charge", times=7)):
        for _ in range(9):
            stage.clock.passes(minutes=1)
            await stage.settle()
    assert await stage.owed("martin") == {}


async def test_an_answer_that_comes_too_late_holds_nobody_up(stage: Stage, lea, paul) -> None:
    await invoiced(lea)
    ana = await joins(stage)
    for each in (paul, ana):
        await opens(each)
        await each.taps("pay_online", CENTS)
    stage.world.pays(PAUL, paul.last["message_id"])
    stage.clock.passes(seconds=11)
    await stage.settle()
    await ana.pays()
    ana.sees(CENTS)
    assert len(await payments(stage)) == 1


async def test_a_question_waits_for_no_other_question(stage: Stage, lea, paul) -> None:
    await invoiced(lea, "Martin: 2 MOU-2", "Martin: 1 MOU-2")
    ana = await joins(stage)
    await opens(paul, "IN-2026-0001")
    await paul.taps("pay_online", CENTS)
    await opens(ana, "IN-2026-0002")
    await ana.taps("pay_online", "21.60")
    with stage.database.watch_statements(failing("UPDATE online_payment")):
        stage.world.pays(PAUL, paul.last["message_id"])
        await stage.works_once()
        stage.world.pays(ANA, ana.last["message_id"])
        await stage.works_once()
    assert [each.answered for each in queries(stage)] == [False, True]
    stage.clock.passes(seconds=1)
    await stage.settle()
    assert [each.answered for each in queries(stage)] == [True, True]
    assert await stage.owed("martin") == {}


async def test_over_http(stage: Stage, lea, paul, dialect: str, caplog) -> None:
    """Question and money come by polling here and by a webhook there; no log has the token."""
    caplog.set_level(logging.DEBUG)
    port = free_port()
    await invoiced(lea)
    await opens(paul)
    async with serving(stage.world) as url:
        where = f"http://127.0.0.1:{port}/" if dialect == "postgresql" else ""
        settings = BotSettings(
            stage.world.token, url, webhook_url=where, webhook_secret="a-secret_1",
            listen_port=port, provider_token=PROVIDER,
        )  # fmt: skip
        app = build(settings, stage.database, stage.clock)
        await app.start()
        pay = paul.button("pay_online")
        stage.world.taps(PAUL, pay.message_id, pay.data)

        async def has_invoice() -> bool:
            return "invoice" in paul.last

        async def is_booked() -> bool:
            return await stage.owed("martin") == {}

        await until(has_invoice)
        stage.world.pays(PAUL, paul.last["message_id"])
        await until(is_booked)
        await app.stop()
    assert PROVIDER not in caplog.text
