"""An invoice that its customer pays in the chat, through a pretend provider of the local Telegram.

In English and in French, on SQLite and on PostgreSQL.  Paul speaks for Papeterie Martin, Ana is a
second contact there.
"""

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.app import BotSettings, build
from bot.local.api_server import serving
from bot.local.faults import Fault, Outcome
from bot.local.refusals import ImpossibleAct
from bot.restored import go_on
from core.domain.people import Role
from core.i18n import translator
from core.services import accounts, parties, team
from core.services.audit import audit, warnings
from core.storage.database import Database
from core.storage.models import Contact, Document, OnlineCharge, OnlinePayment, SeriesQuestion
from core.storage.writing import table_of
from tests.bot.test_app import free_port, until
from tests.bot.test_inbox import failing
from tests.scenarios.stage import HIGH_END, LEA, MARTIN, SAMSON, Clock, Opening, Stage
from tests.scenarios.test_money import Person, plain

ANA, STRANGER = 107, 108
PROVIDER = "284685063:TEST:pretend"
CENTS = "43.20"
contact = table_of(Contact)
document = table_of(Document)
question = table_of(SeriesQuestion)
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
        await lea.taps("order_now")
    await lea.makes("IN")
        label = lea.text("Send to {name}", name="")
        await lea.taps("send")


async def opens(person: Person, number: str = "IN-2026-0001") -> None:
    await person.says("/start", number)


async def taps_pay(person: Person, amount: str = CENTS, currency: str = "EUR") -> None:
    # TODO ('"pay_online", 2160',) || ('"pay_online", 2880',) || ('"pay_online", 3000',) || ('"pay_online", 4320',)
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


async def test_what_has_changed_meanwhile_is_not_taken(stage: Stage, people) -> None:
    lea, paul = people(LEA), people(MARTIN)
    await invoiced(people)
    await opens(paul)
    await taps_pay(paul)
    stale = next(label for label in paul.chat.labels())
    # A part is paid by hand: what was asked for is not what is due.
    await opens(lea)
    await lea.taps_all("pay", "ask_amount")
    await lea.says("13.20" if lea.words.language == "en" else "13,20")
    await paul.chat.pays()
    due = {"number": "IN-2026-0001", "due": paul.money("30"), "amount": paul.money(CENTS)}
    paul.sees("{number}: {due} is due now, not {amount}. Open it again to pay that.", **due)
    # A tap on the old button shows the new figures, and asks for nothing.
    requests = await rows(stage, request)
    await paul.taps_stale("pay_online", 4320)
    assert await rows(stage, request) == requests
    await opens(paul)
    await taps_pay(paul, "30")
    # The rest is paid by hand too.
    await opens(lea)
    await lea.taps("pay")
    # TODO ('"settle", "30.00"',) || ('"settle", 3000',)
    await lea.taps("Received {amount}", amount=lea.money("30"))
    await paul.chat.pays()
    paul.sees("{number} is settled already: nothing of it is due any more.", number="IN-2026-0001")
    assert await rows(stage, charge) == []
    assert len(await payments(stage)) == 2
    assert await stage.asks(audit) == []


async def test_two_contacts_pay_the_same(stage: Stage, people) -> None:
    await invoiced(people)
    await joins(stage, ANA, "Ana", "martin")
    samson, paul, ana = people(SAMSON), people(MARTIN), people(ANA)
    for each in (paul, ana):
        await opens(each)
        await taps_pay(each)
    # Paul's card is refused by the provider, and for a while nobody else pays.
    await paul.chat.pays(card_fails=True)
    await ana.chat.pays()
    message = "{number} is being paid right now. If nothing comes of it, try in {minutes} minutes."
    ana.sees(message, number="IN-2026-0001", minutes=5)
    # He himself may try again; she may later.
    await paul.chat.pays(card_fails=True)
    stage.clock.passes(minutes=6)
    hers = stage.world.pays(ANA, ana.chat.last["message_id"])
    await stage.settle()
    # His money comes all the same, as when both had been let through in one minute: it is booked,
    # though neither the invoice nor he himself is what it was.
    (pauls,) = [each.id for each in await rows(stage, contact) if each.name == "Paul Martin"]
    await stage.does(parties.end_contact, pauls)
    await pushes(stage, MARTIN, (await rows(stage, request))[0].payload, "late")
    assert [each.amount_minor for each in await payments(stage)] == [4320, 4320]
    assert await owed(stage) == {"EUR": Decimal("-43.20")}
    samson.sees("{number} was paid twice: {payment} came after {earlier}",
                number="IN-2026-0001", payment="PY-2026-0002", earlier="PY-2026-0001")  # fmt: skip
    samson.sees("{amount} is credit now", amount=samson.money(CENTS))
    # The same money again, in the same update and in another one, is booked once.
    stage.world.redeliver(hers)
    await stage.settle()
    await pushes(stage, MARTIN, (await rows(stage, request))[0].payload, "late")
    assert len(await payments(stage)) == 2
    # The owner pays it back where it came from.
    await opens(samson, "PY-2026-0002")
    await samson.taps("refund_left")
    samson.chat.sees("pretend-late", "LOCAL-late")
    assert await stage.asks(audit) == []


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


async def answers_only(stage: Stage) -> None:
    """Fetch once, answer and send: what comes of that is not fetched."""
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.app.sender.drain()


async def warned(stage: Stage) -> list[str]:
    return [each.check for each in await stage.asks(warnings, stage.clock())]


async def test_killed_between_the_question_and_the_money(stage: Stage, people) -> None:
    paul = people(MARTIN)
    await invoiced(people)
    await opens(paul)
    await taps_pay(paul)
    stage.world.pays(MARTIN, paul.chat.last["message_id"])
    stage.app.worker.stop()
    await stage.app.polling.fetch(hold=0)
    # It dies before it has answered: the next process does.
    stage.again()
    await stage.settle()
    assert [each.answered for each in queries(stage)] == [True]
    paul.sees("Thank you: {amount} has come.", amount=paul.money(CENTS))
    # It dies after its yes, and again after it has kept the money.
    await invoiced(people, "Martin: 1 MOU-2")
    await opens(paul, "IN-2026-0002")
    await taps_pay(paul, "21.60")
    stage.world.pays(MARTIN, paul.chat.last["message_id"])
    await answers_only(stage)
    stage.again()
    await stage.app.bot.initialize()
    await stage.app.polling.fetch(hold=0)
    stage.again()
    await stage.settle()
    assert [each.amount_minor for each in await payments(stage)] == [4320, 2160]
    assert await owed(stage) == {}
    # An older copy is put back in which money waits: it is kept until the books can take it.
    await invoiced(people, "Martin: 1 MOU-3")
    await opens(paul, "IN-2026-0003")
    await taps_pay(paul, "28.80")
    stage.world.pays(MARTIN, paul.chat.last["message_id"])
    await answers_only(stage)
    stage.app.worker.stop()
    await stage.app.polling.fetch(hold=0)
    await stage.database.write(go_on, now=stage.clock())
    stage.again()
    await stage.settle()
    assert [each.amount_minor for each in await rows(stage, charge)] == [4320, 2160, 2880]
    assert "unbooked" in await warned(stage)
    assert await stage.asks(audit) == []


async def test_who_may_not_pay_is_refused(stage: Stage, people, language: str) -> None:
    paul = people(MARTIN)
    await invoiced(people)
    await joins(stage, ANA, "Ana", "martin", may_see_money=False)
    ana = people(ANA)
    await opens(ana)
    assert not any("43" in label for label in ana.chat.labels())
    await opens(paul)
    await taps_pay(paul)
    # A copy of the message opens the bot, and pays only by a client that cheats.
    stage.world.add_person(STRANGER, "Sina", language_code=language)
    sina = people(STRANGER)
    await sina.says("/start")
    for each in (sina, ana):
        await each.chat.forwards(paul.chat.last["message_id"], from_chat=MARTIN)
        with pytest.raises(ImpossibleAct):
            await each.chat.pays()
        await each.chat.pays(forged=True)
        each.sees("Nothing is open to be paid here. Ask us for the invoice.")
        await each.taps(???Payer 43,20 EUR, on=each.chat.card['message_id'])
    sina.sees("You are not known here yet. Open the link that you were given.")
    ana.chat.sees("IN-2026-0001")
    # A forged tap on a button that is not hers asks for nothing.
    button = next(
        one["callback_data"]
        for each in paul.chat.messages
        for row in each.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if "|pay_online|" in one.get("callback_data", "")
    )
    stage.world.taps(ANA, ana.chat.card["message_id"], button, forged=True)
    await stage.settle()
    assert len(await rows(stage, request)) == 1
    assert await rows(stage, charge) == []


async def test_money_that_the_books_cannot_take_yet(stage: Stage, people) -> None:
    samson, paul = people(SAMSON), people(MARTIN)
    await invoiced(people)
    await opens(paul)
    await taps_pay(paul)
    now = stage.clock()
    asked = {"series": "PY-2026", "last_known": 0, "copied_at": now, "asked_at": now}
    await stage.database.write(lambda it: it.execute(insert(question).values(**asked)) and None)
    await paul.chat.pays()
    paul.sees("Thank you: {amount} has come.", amount=paul.money(CENTS))
    samson.chat.sees("pretend-", "LOCAL-")
    assert await payments(stage) == []
    assert await warned(stage) == ["series", "unbooked"]
    # Nobody pays the same again meanwhile.
    await opens(paul)
    await taps_pay(paul)
    await paul.chat.pays()
    assert len(await rows(stage, charge)) == 1
    answered = {"last_given": 0, "answered_at": stage.clock()}
    await stage.database.write(lambda it: it.execute(update(question).values(**answered)) and None)
    await stage.settle()
    assert [each.number for each in await payments(stage)] == ["PY-2026-0001"]
    samson.chat.sees("IN-2026-0001")
    # What is asked for by no paper is credit of the payer's party; of nobody's it is told.
    await pushes(stage, MARTIN, "lost with an older copy", "lost")
    assert await owed(stage) == {"EUR": Decimal("-43.20")}
    stage.world.add_person(STRANGER, "Sina", language_code="en")
    await people(STRANGER).says("/start")
    await pushes(stage, STRANGER, "lost too", "nobody's")
    samson.chat.sees("Sina", "pretend-nobody's")
    assert await warned(stage) == ["unbooked"]
    assert await stage.asks(audit) == []


async def test_what_telegram_or_the_network_does_not_take(stage: Stage, people) -> None:
    kim, paul = people(HIGH_END), people(MARTIN)
    await invoiced(people, "High End: 20 LAP-14", "Martin: 2 MOU-2")
    # 47,800 dollars are more than Telegram takes in one payment.
    await opens(kim)
    assert not any("47" in label for label in kim.chat.labels())
    await opens(paul, "IN-2026-0002")
    # Nobody knows whether it has arrived: it is not sent twice by itself.
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendInvoice", after=True))
    await taps_pay(paul)
    paul.sees("Did this arrive? {paper}", paper="Facture IN-2026-0002")
    sent = [each for each in paul.chat.messages if "invoice" in each]
    assert len(sent) == 1
    await paul.taps("send_again")
    first, second = [each["message_id"] for each in paul.chat.messages if "invoice" in each]
    # Both name the same request: once it is paid, the other is refused.
    stage.world.pays(MARTIN, first)
    await stage.settle()
    await paul.chat.pays()
    paul.sees("{number} is settled already: nothing of it is due any more.", number="IN-2026-0002")
    assert len(await payments(stage)) == 1
    # A provider that Telegram does not know (any more).
    await invoiced(people, "Martin: 1 MOU-2")
    await opens(paul, "IN-2026-0003")
    stage.again(provider_token="1:GONE:away")
    await taps_pay(paul, "21.60")
    no = "{number} cannot be paid in the chat at the moment. Please pay it as the paper says."
    paul.sees(no, number="IN-2026-0003")
    # Without a provider nothing of it is shown.
    stage.again(provider_token="")
    await opens(paul, "IN-2026-0003")
    assert not any("21" in label for label in paul.chat.labels())
    assert second > first


async def test_a_question_waits_for_no_chat(stage: Stage, people) -> None:
    paul = people(MARTIN)
    await invoiced(people)
    await opens(paul)
    await taps_pay(paul)
    invoice = paul.chat.last["message_id"]
    # His chat has to rest because of the database; the question is answered meanwhile.
    with stage.database.watch_statements(failing("INSERT INTO operation")):
        stage.world.says(MARTIN, "MOU-2")
        await answers_only(stage)
    stage.world.pays(MARTIN, invoice)
    await answers_only(stage)
    assert [each.answered for each in queries(stage)] == [True]
    assert await payments(stage) == []
    # His money comes in its turn, and is tried until it is in the books.
    with stage.database.watch_statements(failing("INSERT INTO online_charge", times=7)):
        for _ in range(9):
            stage.clock.passes(minutes=1)
            await stage.settle()
    assert await owed(stage) == {}
    assert await stage.asks(audit) == []


async def test_an_answer_that_comes_too_late_holds_nobody_up(stage: Stage, people) -> None:
    await invoiced(people)
    await joins(stage, ANA, "Ana", "martin")
    paul, ana = people(MARTIN), people(ANA)
    for each in (paul, ana):
        await opens(each)
        await taps_pay(each)
    stage.world.pays(MARTIN, paul.chat.last["message_id"])
    stage.clock.passes(seconds=11)
    await stage.settle()
    await ana.chat.pays()
    ana.sees("Thank you: {amount} has come.", amount=ana.money(CENTS))
    assert len(await payments(stage)) == 1


async def test_a_question_waits_for_no_other_question(stage: Stage, people) -> None:
    await invoiced(people, "Martin: 2 MOU-2", "Martin: 1 MOU-2")
    await joins(stage, ANA, "Ana", "martin")
    paul, ana = people(MARTIN), people(ANA)
    await opens(paul, "IN-2026-0001")
    await taps_pay(paul)
    await opens(ana, "IN-2026-0002")
    await taps_pay(ana, "21.60")
    with stage.database.watch_statements(failing("UPDATE online_payment")):
        stage.world.pays(MARTIN, paul.chat.last["message_id"])
        await answers_only(stage)
        stage.world.pays(ANA, ana.chat.last["message_id"])
        await answers_only(stage)
    assert [each.answered for each in queries(stage)] == [False, True]
    stage.clock.passes(seconds=1)
    await stage.settle()
    assert [each.answered for each in queries(stage)] == [True, True]
    assert await owed(stage) == {}


async def test_over_http(stage: Stage, people, dialect: str, caplog) -> None:
    """Question and money come by polling here and by a webhook there; no log has the token."""
    caplog.set_level(logging.DEBUG)
    paul, port = people(MARTIN), free_port()
    await invoiced(people)
    await opens(paul)
    async with serving(stage.world) as url:
        where = f"http://127.0.0.1:{port}/" if dialect == "postgresql" else ""
        settings = BotSettings(
            stage.world.token, url, webhook_url=where, webhook_secret="a-secret_1",
            listen_port=port, provider_token=PROVIDER,
        )  # fmt: skip
        app = build(settings, stage.database, stage.clock)
        await app.start()
        button = next(
            button["callback_data"]
            for row in paul.chat.card["reply_markup"]["inline_keyboard"]
            for button in row
            if "|pay_online|" in button["callback_data"]
        )
        stage.world.taps(MARTIN, paul.chat.card["message_id"], button)

        async def has_invoice() -> bool:
            return "invoice" in paul.chat.last

        async def is_booked() -> bool:
            return await owed(stage) == {}

        await until(has_invoice)
        stage.world.pays(MARTIN, paul.chat.last["message_id"])
        await until(is_booked)
        await app.stop()
    assert PROVIDER not in caplog.text
