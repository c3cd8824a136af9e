"""Orders and quotes are corrected through the chat: changed, closed, undone, made once more.

In English and in French, on both databases; at the end of each story the audit finds nothing.
"""

import json
from collections.abc import AsyncIterator, Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection, select

from core.domain.lifecycles import STATE_NAMES, State
from core.i18n import translator
from core.services import parties, stock
from core.services.audit import audit
from core.storage.models import Document, PaperFile
from core.storage.writing import table_of
from tests.scenarios.stage import HIGH_END, LEA, MARTIN, OMAR, SAMSON, Stage
from tests.scenarios.test_trading_day import Speaker

document, paper_file = table_of(Document), table_of(PaperFile)

Speak = Callable[[int], Speaker]
AGAIN = "again|the same|same again|repeat|as last time|same as last time"
ORDER = "High End: 20 LAP-14, 3x MOU-2 10%"


@pytest.fixture
async def speak(stage: Stage, language: str) -> AsyncIterator[Speak]:
    """A person's chat in his language; when the story is over, the books are looked through."""

    def for_person(person: int) -> Speaker:
        own = "fr" if person == MARTIN else language
        return Speaker(stage.chat(person), translator(own))

    yield for_person
    assert await stage.asks(audit) == []


NAMES = {
    "LAP-14": {"en": "Laptop Pro 14", "fr": "Portable Pro 14"},
    "MOU-2": {"en": "Mouse M2", "fr": "Souris M2"},
    "FREIGHT": {"en": "Freight", "fr": "Transport"},
}


def is_now(speaker: Speaker, state: State, paper: str) -> str:
    """The state of a kind of paper, as this person reads it."""
    return speaker.words.agreeing(STATE_NAMES[state], noun=paper)


def goods(speaker: Speaker, sku: str) -> str:
    """What a product is called in a person's language."""
    return NAMES[sku][speaker.words.language]


async def level(stage: Stage, sku: str) -> stock.StockLevel:
    product_id = stage.crimson.products[sku]
    return (await stage.asks(stock.levels, [product_id]))[product_id]


async def bought(speak: Speak, text: str) -> Speaker:
    """Goods are ordered from the vendor and received whole."""
    samson = speak(SAMSON)
    await samson.orders(f"Shenzhen: {text}")
    await samson.makes("RN")
    return samson


async def ordered(speak: Speak, text: str = ORDER) -> Speaker:
    lea = speak(LEA)
    await lea.says(text)
    await lea.taps("order_now")
    return lea


async def types_in_line(speaker: Speaker, line: str, quantity: str) -> None:
    """Open a line of a draft or of a change by its beginning and type how many."""
    # TODO ('"draft_line", "1. 20 \\u00d7 Laptop Pro 14"#',) || ('"draft_line", "1. 20 \\u00d7 Portable Pro 14"#',)
    await speaker.chat.taps(line)
    await speaker.taps("ask_line", "quantity", 20)
    await speaker.says(quantity)
    await speaker.goes_back()


# --- A change ----------------------------------------------------------------------------------


async def test_an_order_is_changed(stage: Stage, speak: Speak) -> None:
    await bought(speak, "30 LAP-14")
    lea, kim = await ordered(speak), speak(HIGH_END)
    await lea.taps("send")
    assert "Version" not in kim.paper()

    # 35 instead of 20, no mice, and a day: nothing of it counts before it is confirmed.
    await lea.taps("amend")
    await types_in_line(lea, "1. 20", "35")
    # TODO ('"draft_line", "2. 3 \\u00d7 Mouse M2"#',) || ('"draft_line", "2. 3 \\u00d7 Souris M2"#',)
    await lea.chat.taps("2. 3")
    await lea.taps("remove_line")
    await lea.goes_back()
    await lea.taps("draft_terms")
    await lea.taps("ask_term", "delivery_on")
    await lea.says("5/12/2026")
    await lea.goes_back()
    lea.sees("{name}: {before} → {after}", name=goods(lea, "LAP-14"), before="20", after="35")
    lea.sees("{name}: {before} → taken off", name=goods(lea, "MOU-2"), before="3")
    lea.sees("{number} free now", number="10")
    lea.sees("{number} wait, without a date", number="5")
    assert (await level(stage, "LAP-14")).claimed == 20

    await lea.taps("confirm_change")
    lea.sees("{number} is version {version} now", number="SO-2026-0001", version="2")
    lea.sees("version {version}", version=2)
    assert (await level(stage, "LAP-14")).claimed == 30
    assert (await level(stage, "LAP-14")).waiting == 5

    # The customer gets the second version; the first one is kept beside it.
    await lea.taps("send")
    paper = kim.paper()
    assert "Version 2" in paper
    assert "83,650.00" in paper
    assert "Mouse" not in paper
    kept = await stage.asks(
        lambda connection: connection.execute(
            select(paper_file.c.revision_key).order_by(paper_file.c.id)
        ).scalars().all()
    )  # fmt: skip
    assert kept == ["v1", "v2"]

    # What was agreed first can be looked at as it was, also by who has never printed it.
    await lea.taps("versions")
    lea.sees("version {version}", version=1)
    await lea.taps("old_paper", 1)
    assert lea.chat.document_name().startswith("SO-2026-0001")
    first = lea.paper()
    assert goods(lea, "MOU-2") in first
    assert goods(lea, "LAP-14") in first
    assert "20" in first
    assert "Version" not in first


async def test_the_second_version_names_its_goods_in_its_reader_s_language(
    speak: Speak,
) -> None:
    lea, paul = await ordered(speak, "Martin: 3 MOU-2, 20 LAP-14"), speak(MARTIN)
    await lea.taps("amend")
    # TODO ('"draft_line", "1. 3 \\u00d7 Mouse M2"#',) || ('"draft_line", "1. 3 \\u00d7 Souris M2"#',)
    await lea.chat.taps("1. 3")
    await lea.taps("remove_line")
    await lea.goes_back()
    await lea.taps("confirm_change")
    await lea.taps("send")
    assert paul.chat.document_name() == "SO-2026-0001-v2.pdf"
    assert "Portable Pro 14" in paul.paper()
    assert "Souris" not in paul.paper()


async def test_terms_of_an_order_are_changed(stage: Stage, speak: Speak) -> None:
    await stage.does(
        parties.add_address, stage.crimson.parties["high_end"], use="delivery",
        street="7 Harbour Road", postal_code="2010", city="Sydney", country="AU",
    )  # fmt: skip
    await bought(speak, "5 LAP-14")
    lea = await ordered(speak)
    await lea.taps("amend")
    await lea.goes_back()
    for label, answer in (
        ("Goods go to", "1 George Street, 2000 Sydney"),
        ("Shipping", lea.text("All at once")),
        ("Payment by", lea.text("Cash")),
        ("Payment days", ""),
    ):
        await lea.taps("draft_terms")
        # TODO ('"ask_term", "delivery_address_id"',) || ('"ask_term", "payment_days"',) || ('"ask_term", "payment_mode"',) || ('"ask_term", "ships_complete"',)
        await lea.taps(label)
        if answer:
            # TODO ('"pick", "1 George Street, 2000 Sydney"',) || ('"pick", "cash"',) || ('"pick", "whole"',)
            await lea.chat.taps(answer)
        else:
            await lea.says("14")
        await lea.goes_back()
    lea.chat.sees("1 George Street, 2000 Sydney", lea.text("All at once"), lea.text("Cash"))
    lea.sees("Total {amount}, as before", amount=lea.words.money(Decimal("47878.30"), "AUD"))
    await lea.taps("confirm_change")
    # What ships complete holds on to what it has, and waits for the rest as a whole.
    lea.sees("{number} held", number="5")
    assert "7 Harbour Road" not in await delivery_of(stage)
    assert "1 George Street" in await delivery_of(stage)


async def delivery_of(stage: Stage) -> str:
    """Where the goods of the order go, as its paper says it."""

    def snapshot(connection: Connection) -> str:
        wanted = select(document.c.snapshot).where(document.c.number == "SO-2026-0001")
        return str(json.loads(connection.execute(wanted).scalar_one())["delivery"])

    return str(await stage.asks(snapshot))


async def test_a_line_that_was_taken_off_comes_back_when_some_of_it_went(speak: Speak) -> None:
    await bought(speak, "30 LAP-14")
    lea, omar = await ordered(speak), speak(OMAR)
    await lea.taps("amend")
    # TODO ('"draft_line", "1. 20 \\u00d7 Laptop Pro 14"#',) || ('"draft_line", "1. 20 \\u00d7 Portable Pro 14"#',)
    await lea.chat.taps("1. 20")
    await lea.taps("remove_line")
    await lea.goes_back()
    await omar.says("SO-2026-0001")
    await omar.taps("convert", "DN")
    await omar.taps("make", "DN", 20)
    await lea.taps("confirm_change")
    await lea.taps("least_of_line", 20)
    lea.sees("Nothing is changed yet. It counts only once it is confirmed.")


async def test_a_change_outlives_the_bot_and_gives_way_to_a_delivery(
    stage: Stage, speak: Speak
) -> None:
    await bought(speak, "30 LAP-14")
    lea = await ordered(speak)
    await lea.taps("amend")
    await types_in_line(lea, "1. 20", "10")
    stage.again()

    # Another day, another process: the order says that a change is open, and nothing is lost.
    lea = speak(LEA)
    await lea.says("SO-2026-0001")
    await lea.taps("amend")
    lea.sees("{name}: {before} → {after}", name=goods(lea, "LAP-14"), before="20", after="10")
    lea.sees("{number} become free", number="10")

    # Meanwhile 18 are shipped: the change is refused with the numbers, and says what can be.
    omar = speak(OMAR)
    await omar.says("SO-2026-0001")
    await omar.taps("convert", "DN")
    # TODO ('"open_line", "Laptop Pro 14: 20"#',) || ('"open_line", "Portable Pro 14\\u00a0: 20"#',)
    await omar.chat.taps(goods(omar, "LAP-14"))
    await omar.taps("type_number", "quantity", 20)
    await omar.says("18")
    await omar.taps("close_line")
    await omar.taps("make", "DN", 18)
    omar.chat.sees("DN-2026-0001")
    await lea.taps("confirm_change")
    refused = (
        "{name}: {least} at least, for {done} are delivered and {billed} invoiced; "
        "{wanted} wanted."
    )
    lea.sees(refused, name=goods(lea, "LAP-14"), least="18", done="18", billed="0", wanted="10")
    await lea.taps("least_of_line", 18)
    lea.sees("{name}: {before} → {after}", name=goods(lea, "LAP-14"), before="20", after="18")
    await lea.taps("confirm_change")
    lea.sees("{number} is version {version} now", number="SO-2026-0001", version="2")
    assert (await level(stage, "LAP-14")).claimed == 0


async def test_a_change_is_thrown_away(speak: Speak) -> None:
    lea = await ordered(speak)
    await lea.taps("amend")
    await lea.goes_back()
    lea.sees("Nothing is changed yet. It counts only once it is confirmed.")
    await lea.taps("draft_lines")
    await types_in_line(lea, "1. 20", "10")
    await lea.goes_back()
    await lea.taps("drop_change")
    lea.sees("The change is gone.")
    assert lea.text("Amend") in lea.chat.labels()
    lea.chat.sees("20 × " + goods(lea, "LAP-14"))


async def test_who_made_the_order_hears_who_changed_it(speak: Speak) -> None:
    lea, samson = await ordered(speak), speak(SAMSON)
    await samson.says("SO-2026-0001")
    await samson.taps("amend")
    await types_in_line(samson, "1. 20", "25")
    await samson.goes_back()
    await samson.taps("confirm_change")
    lea.sees(
        "{name} has changed {number}: it is version {version} now",
        name="Samson", number="SO-2026-0001", version="2",
    )  # fmt: skip


# --- The rest ----------------------------------------------------------------------------------


async def test_the_rest_of_a_line_is_dropped_then_all(stage: Stage, speak: Speak) -> None:
    await bought(speak, "30 LAP-14")
    lea = await ordered(speak)
    await lea.taps("ask_end", "close")
    # TODO ('"end_line", "Mouse M2: drop 3"#',) || ('"end_line", "Souris M2 : abandonner 3"#',)
    await lea.taps("{name}: drop {number}", name=goods(lea, "MOU-2"), number="3")
    lea.sees("{name}: {number} dropped", name=goods(lea, "MOU-2"), number="3")
    lea.sees("{number} not wanted any more", number="3")
    await lea.taps("ask_end", "close")
    await lea.taps("ask_reason", "close")
    await lea.says("too late")
    lea.chat.sees("too late", is_now(lea, State.CLOSED, "Sales order"))
    assert (await level(stage, "LAP-14")).claimed == 0


# --- Undone ------------------------------------------------------------------------------------


async def test_what_was_shipped_by_mistake_comes_back_to_its_owner(
    stage: Stage, speak: Speak
) -> None:
    samson = await bought(speak, "5 LAP-14")
    lea, omar = await ordered(speak, "High End: 5 LAP-14"), speak(OMAR)
    await omar.says("SO-2026-0001")
    await omar.makes("DN", 5)
    await ordered(speak, "Martin: 5 LAP-14")
    await omar.says("DN-2026-0001")
    await omar.ends("reverse")
    omar.chat.sees(is_now(omar, State.REVERSED, "Delivery note"))
    await lea.says("SO-2026-0001")
    lea.sees("{number} held", number="5")
    await lea.says("SO-2026-0002")
    lea.sees("{number} wait, without a date", number="5")

    # What was sold of a receipt is gone: it cannot be undone any more.
    await lea.says("SO-2026-0001")
    await lea.makes("DN", 5)
    await samson.says("RN-2026-0001")
    await samson.ends("reverse")
    samson.sees("{name}: {gone} of {wanted} are gone, so this cannot be reversed.",
                name="Laptop Pro 14", gone="5", wanted="5")  # fmt: skip
    assert (await level(stage, "LAP-14")).on_hand == 0


# --- Quotes ------------------------------------------------------------------------------------


async def offers(speak: Speak, goods: str, *, customer: str = "High End") -> Speaker:
    """Lea drafts a quote from the customer's card."""
    lea = speak(LEA)
    await lea.says("/start")
    await lea.says(customer)
    await lea.taps("begin", "QU")
    await lea.says(goods)
    await lea.taps("keep_draft")
    return lea


async def test_a_quote_is_sent_accepted_and_ordered(speak: Speak) -> None:
    lea, kim = await offers(speak, "20 LAP-14, 3 MOU-2"), speak(HIGH_END)
    # One tap sends it: it has its number, and its customer his own living card and the paper.
    await lea.taps("issue")
    lea.chat.sees("QU-2026-0001", is_now(lea, State.SENT, "Quote"))
    assert "47,887.00" in kim.paper()
    await kim.says("/start")
    await kim.taps("my_quotes", 1)
    await kim.taps("document")
    # TODO ('"accept", "47887.00"',) || ('"accept", 4788700',)
    await kim.taps("Accept {amount}", amount=kim.words.money(Decimal(47887), "AUD"))
    kim.sees("Accepted. {name} has been told.", name="Crimson")
    lea.sees("{party} has accepted {number}", party="High End Computers", number="QU-2026-0001")
    await lea.taps("document", 2026, 0001)
    await lea.makes("SO", 23)
    lea.chat.sees("SO-2026-0001")
    await lea.taps("related", 1)
    # TODO ('"document", "\\ud83c\\udff7 QU-2026-0001 \· \\ud83d\\udc4d accept\\u00e9"#',) || ('"document", "\\ud83c\\udff7 QU-2026-0001 \· \\ud83d\\udc4d accepted"#',)
    await lea.chat.taps("QU-2026-0001")
    lea.chat.sees(is_now(lea, State.ACCEPTED, "Quote"))


async def test_a_quote_is_declined_with_a_reason(speak: Speak) -> None:
    lea, paul = await offers(speak, "20 LAP-14", customer="Martin"), speak(MARTIN)
    await lea.taps("issue")
    await paul.taps("ask_end", "decline")
    await paul.taps("ask_reason", "decline")
    await paul.says("trop cher")
    paul.chat.sees(is_now(paul, State.DECLINED, "Quote"))
    lea.sees("{party} has declined {number}", party="Papeterie Martin", number="QU-2026-0001")
    lea.chat.sees("trop cher")
    await lea.says("QU-2026-0001")
    lea.chat.sees("trop cher")
    assert not [each for each in lea.chat.labels() if each.startswith(lea.text("Order"))]


async def test_an_old_card_of_a_quote_accepts_nothing(speak: Speak) -> None:
    lea, kim = await offers(speak, "20 LAP-14"), speak(HIGH_END)
    await lea.taps("issue")
    label = next(each for each in kim.chat.labels() if each.startswith("Accept"))
    await lea.ends("decline")
    # TODO ('"accept", "47800.00"',) || ('"accept", 4780000',)
    await kim.chat.taps_stale(label)
    kim.chat.sees(is_now(kim, State.DECLINED, "Quote"))


async def test_a_quote_ends_by_itself(stage: Stage, speak: Speak) -> None:
    lea, kim = await offers(speak, "20 LAP-14"), speak(HIGH_END)
    await lea.taps("draft_terms")
    await lea.taps("ask_term", "valid_until")
    await lea.says("30/11/2026")
    await lea.goes_back()
    await lea.taps("issue")
    stage.clock.passes(days=8)
    await stage.app.tick()
    await stage.settle()
    lea.sees(
        "{number} for {party} has ended: nobody has answered",
        number="QU-2026-0001", party="High End Computers",
    )  # fmt: skip
    await kim.says("QU-2026-0001")
    kim.chat.sees(is_now(kim, State.EXPIRED, "Quote"))
    # It is offered once more, at today's prices.
    await lea.says("QU-2026-0001")
    await lea.taps("duplicate")
    lea.sees("This is a new draft, at today's prices.")
    lea.sees("Draft: {kind}", kind=lea.text("Quote"))


# --- Once more ---------------------------------------------------------------------------------


async def test_the_last_order_is_repeated_in_three_touches(speak: Speak) -> None:
    lea = await ordered(speak)
    lea.chat.touches = 0
    await lea.says("High End")
    await lea.taps("repeat", 2026, 0001)
    await lea.taps("order_now")
    assert lea.chat.touches == 3
    lea.chat.sees("SO-2026-0002", f"20 × {goods(lea, 'LAP-14')}", f"3 × {goods(lea, 'MOU-2')}")

    # Typed, it is one touch less; in the dialogue it is a button.
    lea.chat.touches = 0
    await lea.orders(f"High End: {lea.text(AGAIN).split('|')[0]}")
    assert lea.chat.touches == 2
    lea.chat.sees("SO-2026-0003")
    await lea.says("/start")
    await lea.taps("new_order")
    await lea.says("High End")
    await lea.taps("pick", "again")
    await lea.taps("keep_draft")
    lea.sees("Draft: {kind}", kind=lea.text("Sales order"))


async def test_there_is_nothing_to_repeat(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.says(f"Martin: {lea.text(AGAIN).split('|')[0]}")
    lea.sees("There is no order to repeat yet.")
    lea.chat.sees("Papeterie Martin")


async def test_an_order_is_duplicated_as_a_draft(speak: Speak) -> None:
    lea = await ordered(speak)
    await lea.taps("duplicate")
    lea.sees("Draft: {kind}", kind=lea.text("Sales order"))
    await lea.taps("issue")
    lea.chat.sees("SO-2026-0002", "47,878.30" if lea.words.language == "en" else "47")


# --- Freight -----------------------------------------------------------------------------------


async def test_freight_goes_from_the_order_to_the_invoice(speak: Speak) -> None:
    await bought(speak, "20 LAP-14")
    lea = await ordered(speak, "Martin: 20 LAP-14, 1 FREIGHT")
    await lea.taps("convert", "DN", 20)
    lea.chat.does_not_see(goods(lea, "FREIGHT"))
    await lea.taps("make", "DN", 20)
    await lea.makes("IN", 20)
    await lea.says("SO-2026-0001")
    await lea.makes("IN", 1)
    lea.chat.sees("IN-2026-0002", goods(lea, "FREIGHT"))
    await lea.says("SO-2026-0001")
    lea.sees("Complete")
    await lea.taps("related", 3)
    labels = " ".join(lea.chat.labels())
    assert all(each in labels for each in ("DN-2026-0001", "IN-2026-0001", "IN-2026-0002"))
