"""Typing, whole: orders, pasted lists, changed messages, searches and questions, as persons."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.screens.stock.products import AVAILABILITY
from bot.screens.typing.order_parsing import words_of_all
from bot.screens.typing.quick_questions import QUESTIONS, Question, questions_in
from core.services.products import catalog
from core.services.products.product_views import Availability
from core.storage.models import Document, Inbox
from tests.people import Person
from tests.scenarios.stage import Stage


async def types(person: Person, english: str, french: str) -> None:
    """Type in one's own language."""
    await person.says(french if person.language == "fr" else english)


async def documents(stage: Stage) -> int:
    count = select(func.count()).select_from(Document.__table__)
    return int(await stage.asks(lambda connection: connection.execute(count).scalar_one()))


# --- Orders -----------------------------------------------------------------------------------


async def test_a_list_that_was_pasted(stage: Stage, lea) -> None:
    await lea.says(
        "Papeterie Martin\n- 2 lpatop\n• 3x souris m3 @ 20\n- LAP-14 (1)\n1,5 câble\n-5 %"
    )
    lea.sees("Papeterie Martin", 5)
    lea.sees_line(2, "Pro 14", "lpatop")
    lea.sees_line(3, "M3", "20.00")
    lea.sees_line(1, "Pro 14")
    lea.sees_line("1.5 ×" if lea.language == "en" else "1,5 ×")
    assert await documents(stage) == 0
    await lea.taps("keep_draft")
    assert await documents(stage) == 1
    lea.sees("Papeterie Martin")


async def test_either_way_round_and_a_table(lea) -> None:
    await lea.says("High End:\nLAP-14\tLaptop Pro 14\t2\t1500\nMouse M2\t3 \n5 pcs CAB")
    lea.sees("High End Computers")
    lea.sees_line(2, "Pro 14", "1500.00")
    lea.sees_line(3, "M2")
    lea.sees_line(5, "×")


async def test_a_doubtful_word_has_its_candidates(lea) -> None:
    await types(lea, "High End: 3 mouse", "High End : 3 souris")
    word = {"en": "“mouse”", "fr": "«\u202fsouris\u202f»"}[lea.language]
    lea.sees_line(3, "M2", "?")
    await lea.taps("mean", "M3")
    lea.sees_line(3, "M3")
    lea.does_not_see(word, "M2")


async def test_a_number_that_is_none_is_said_with_its_line(stage: Stage, lea) -> None:
    await lea.says("High End: 2 LAP-14\n1e5 MOU-2\n3 MOU-3 200%\n2 CAB @ 3 USD")
    lea.sees_line(2, "Pro 14")
    lea.sees_line("⚠️", "M2")
    lea.sees_line("⚠️", "M3")
    lea.sees_line("⚠️", "USD")
    assert not lea.can("order_now")
    assert await documents(stage) == 0


async def test_more_lines_than_are_read(lea) -> None:
    await lea.says("High End:\n" + "\n".join(["2 LAP-14"] * 203))
    lea.sees(3)


# --- A message that is changed ----------------------------------------------------------------


async def test_a_changed_message_is_read_again_into_its_card(stage: Stage, lea) -> None:
    await lea.says("High End: 20 LAP-14")
    card = lea.card["message_id"]
    messages = len(lea.messages)
    await lea.edits("High End: 2 LAP-14, 3 MOU-2")
    lea.sees_line(2, "Pro 14")
    lea.sees_line(3, "M2")
    await lea.edits("laptop?")
    lea.sees("LAP-14")
    await lea.edits("High End: 4 LAP-14")
    lea.sees_line(4, "Pro 14")
    assert lea.card["message_id"] == card
    assert len(lea.messages) == messages
    await lea.taps("keep_draft")
    await lea.edits("High End: 9 LAP-14")
    lea.does_not_see("9 ×")
    assert await documents(stage) == 1


async def test_a_search_is_changed_also_after_looking_further(lea) -> None:
    await types(lea, "mouse", "souris")
    await lea.taps("product", "M3")
    lea.sees("MOU-3")
    await lea.edits("laptop")
    lea.sees("LAP-14")


async def test_an_order_is_understood_while_something_is_asked(stage: Stage, lea) -> None:
    await types(lea, "2 mouse", "2 souris")
    await lea.taps("ask_party")
    await lea.says("High End: 20 LAP-14")
    lea.sees("High End Computers")
    lea.sees_line(20, "Pro 14")
    await lea.goes_back()
    await types(lea, "2 mouse", "2 souris")
    await lea.taps("ask_party")
    await lea.says("marttin")
    await lea.taps("pick", "Papeterie Martin")
    lea.sees("Papeterie Martin")
    lea.sees_line(2, "M2")
    assert await documents(stage) == 0


# --- Numbers of papers ------------------------------------------------------------------------


async def test_papers_by_short_numbers(stage: Stage, lea, kim, paul) -> None:
    for typed, shown in (
        ("in 1", "IN-1"), ("IN-2026-0001", "IN-2026-0001"), ("so12", "SO-12"),
    ):  # fmt: skip
        await lea.says(typed)
        assert shown in lea.text
        assert await documents(stage) == 0
    await lea.orders("High End: 2 LAP-14")
    lea.sees("SO-2026-0001")
    for typed in ("so 1", "SO1", "so-2026-0001", "so 2026 1", "1", "#1"):
        await lea.says(typed)
        lea.sees("SO-2026-0001", "High End Computers")
    await types(lea, "sales order 1", "commande 1")
    lea.sees("SO-2026-0001")
    await kim.says("so 1")
    kim.sees("SO-2026-0001")
    await paul.says("so 1")
    assert "SO-1" in paul.text
    assert not paul.can("paper")


# --- Questions --------------------------------------------------------------------------------


@pytest.fixture
async def trade(stage: Stage, samson, lea) -> None:
    """An order that can ship, and an invoice that is late."""
    await samson.buys("9 MOU-2")
    await lea.orders("High End: 5 MOU-2")
    await lea.orders("High End: 1 FREIGHT")
    await lea.makes("IN")
    stage.clock.passes(days=40)
    laptop = stage.crimson.products["LAP-14"]
    await stage.does(catalog.change_product, laptop, revision=0, reorder_level=Decimal(5))


ANSWERED = (
    ("stock laptop?", "stock portable ?", ("ask_hold",)),
    ("laptop?", "portable ?", ("ask_hold",)),
    ("stock mouse", "stock souris", ("product", "M3")),
    ("owes", "qui doit", ("document", "IN-2026-0001")),
    ("owes hihg end", "qui doit hihg end", ("document", "IN-2026-0001")),
    ("high end owes?", "high end doit ?", ("document", "IN-2026-0001")),
    ("late", "retard", ("document", "IN-2026-0001")),
    ("low", "stock bas", ("product", "Pro 14")),
    ("orders", "commandes", ("document", "SO-2026-0002")),
    ("orders of high end", "commandes de high end", ("document", "SO-2026-0001")),
    ("delivery notes", "bons de livraison", ("papers",)),
    ("to ship", "à livrer", ("document", "SO-2026-0001")),
    ("due", "échéances", ("document", "IN-2026-0001")),
    ("price laptop", "prix portable", ("order_product",)),
    ("who holds mouse m2", "qui a réservé la souris m2", ("claim", "SO-2026-0001", 5)),
    ("history mouse m2", "historique souris m2", ("product",)),
)


async def test_questions_of_those_who_work_here(trade, stage: Stage, lea) -> None:
    before = await documents(stage)
    for english, french, found in ANSWERED:
        await types(lea, english, french)
        assert lea.can(*found), (english, lea.actions())
    for english, french, price in (
        ("price laptop aud", "prix portable aud", "2390.00"),
        ("price laptop usd", "prix portable usd", "USD"),
        ("price of the mouse m2 for high end", "prix de la souris m2 pour high end", "29.00"),
    ):
        await types(lea, english, french)
        lea.sees(price)
    assert await documents(stage) == before


async def test_a_customer_asks_of_what_is_theirs(trade, kim) -> None:
    await types(kim, "price laptop", "prix portable")
    kim.sees("2390.00")
    kim.does_not_see("AUD 2026")
    await types(kim, "price laptop for martin", "prix portable pour martin")
    kim.does_not_see(1450, "Papeterie")
    await types(kim, "stock laptop", "stock portable")
    kim.sees("Pro 14")
    kim.reads(AVAILABILITY[Availability.ON_REQUEST])
    kim.does_not_see(0)
    await types(kim, "owes", "qui doit")
    assert kim.can("document", "IN-2026-0001")
    for english, french in (
        ("owes martin", "qui doit martin"),
        ("who holds laptop", "qui a réservé le portable"),
        ("orders of martin", "commandes de martin"),
    ):
        await types(kim, english, french)
        assert kim.actions() == ["home"], "nothing is called so"


async def test_what_may_not_be_seen_is_not_answered(trade, omar, wei) -> None:
    await types(omar, "owes", "qui doit")
    omar.is_refused("not_allowed")
    await types(wei, "laptop", "portable")
    wei.does_not_see("Pro 14")
    await types(wei, "orders", "commandes")
    assert wei.can("document", "PO-2026-0001")


async def test_help_has_examples_to_tap(trade, lea, samson, omar) -> None:
    await lea.says("/help")
    await lea.taps("try_it", "High End Computers", 2)
    lea.sees("High End Computers")
    lea.sees_line(2, "Pro 14")
    await samson.says("/help")
    await samson.taps("try_it", "1")
    assert samson.can("document", "IN-2026-0001"), "it asks what is late"
    await omar.says("/help")
    await omar.taps("try_it", "2")
    omar.sees("Pro 14")


# --- Whatever is typed is answered ------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 4096, "1 " * 2048, "é," * 2048, "\u0000", "a\u0000b", "\u202e3 laptop\u202c",
        "\u200f\u200f", "💥" * 2000, ":" * 300, "High End:", ": 3 mouse", "?", "???", "%", "3",
        "-", "0 0", "so 999999999999", "in", "#", "1\t2\t3", "stock", "price", "'", '"',
        "<b>3 laptop</b>", "{name}: 2 {x}", "stock {product}?",
    ],
    ids=repr,
)  # fmt: skip
async def test_bad_input_stays_answered(stage: Stage, lea, typed: str) -> None:
    before = len(lea.messages)
    await lea.says(typed)
    assert len(lea.messages) > before + 1
    incidents = select(Inbox.id).where(Inbox.incident.is_not(None))
    assert await stage.asks(lambda connection: connection.execute(incidents).all()) == []
    assert await documents(stage) == 0


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_question(text: str) -> None:
    assert all(each.question in QUESTIONS for each in questions_in(text))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.words)
def test_every_phrase_asks_a_question(question: Question) -> None:
    for phrase in sorted(words_of_all(question.words)):
        found = list(questions_in(f"{phrase} laptop pro"))
        assert found[0].rest == "laptop pro"
        assert question in [each.question for each in questions_in(phrase)] or found
