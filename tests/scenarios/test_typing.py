"""Typing, whole: orders, pasted lists, changed messages, searches and questions, as persons."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.screens.typing.order_parsing import words_of_all
from bot.screens.typing.quick_questions import QUESTIONS, Question, questions_in
from core.i18n import Translator, translator
from core.services.products import catalog
from core.storage.models import Document, Inbox
from tests.chat import Chat
from tests.scenarios.stage import HIGH_END, LEA, MARTIN, OMAR, SAMSON, VENDOR, Stage

NAMES = {
    "LAP-14": {"en": "Laptop Pro 14", "fr": "Portable Pro 14"},
    "MOU-2": {"en": "Mouse M2", "fr": "Souris M2"},
    "MOU-3": {"en": "Mouse M3", "fr": "Souris M3"},
    "CAB": {"en": "Network cable", "fr": "Câble réseau"},
}


class Typist:
    """A person whose buttons and sentences are named by their English texts."""

    def __init__(self, chat: Chat, words: Translator) -> None:
        self.chat = chat
        self.words = words
        self.language = words.language

    def text(self, message: str, **facts: object) -> str:
        return self.words.text(message, **facts)

    def goods(self, sku: str) -> str:
        return NAMES[sku][self.language]

    async def types(self, english: str, french: str = "") -> None:
        """Type in one's own language."""
        await self.chat.says(french if french and self.language == "fr" else english)

    def sees(self, *texts: str) -> None:
        self.chat.sees(*texts)

    def reads(self, message: str, **facts: object) -> None:
        self.chat.sees(self.text(message, **facts))

    async def taps(self, message: str, **facts: object) -> None:
        await self.chat.taps(self.text(message, **facts))

    @property
    def labels(self) -> list[str]:
        return self.chat.labels()


Speak = Callable[[int], Typist]


@pytest.fixture
def speak(stage: Stage, language: str) -> Speak:
    def found(person: int) -> Typist:
        code = "fr" if person == MARTIN else language
        return Typist(stage.chat(person), translator(code))

    return found


async def documents(stage: Stage) -> int:
    count = select(func.count()).select_from(Document.__table__)
    return int(await stage.asks(lambda connection: connection.execute(count).scalar_one()))


# --- Orders -----------------------------------------------------------------------------------


async def test_a_list_that_was_pasted(stage: Stage, speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says(
        "Papeterie Martin\n- 2 lpatop\n• 3x souris m3 @ 20\n- LAP-14 (1)\n1,5 câble\n-5 %"
    )
    lea.sees(
        "Papeterie Martin",
        f"2 × {lea.goods('LAP-14')} · {lea.text('“{words}”?', words='lpatop')}",
        f"3 × {lea.goods('MOU-3')} · {lea.words.unit_price(Decimal(20), 'EUR')}",
        f"1 × {lea.goods('LAP-14')}",
        f"× {lea.goods('CAB')}",
    )
    lea.reads("Discount {percent}", percent=lea.words.percent(Decimal(5)))
    assert await documents(stage) == 0
    await lea.taps("Keep as draft")
    assert await documents(stage) == 1
    lea.sees("Papeterie Martin")


async def test_either_way_round_and_a_table(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says("High End:\nLAP-14\tLaptop Pro 14\t2\t1500\nMouse M2\t3 \n5 pcs CAB")
    lea.sees(
        "High End Computers",
        f"2 × {lea.goods('LAP-14')} · {lea.words.unit_price(Decimal(1500), 'AUD')}",
        f"3 × {lea.goods('MOU-2')}",
        f"5 × {lea.goods('CAB')}",
    )


async def test_units_of_every_language_stand_beside_quantities(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says("High End: 12 mètres CAB, 2 boîtes LAP-14, MOU-2 4 pairs, 3kg MOU-3")
    lea.sees(
        "High End Computers",
        f"12 × {lea.goods('CAB')}",
        f"2 × {lea.goods('LAP-14')}",
        f"4 × {lea.goods('MOU-2')}",
        f"3 × {lea.goods('MOU-3')}",
    )


async def test_a_unit_may_belong_to_a_name(stage: Stage, speak: Speak) -> None:
    for sku, name in (("HD-2", "HDMI lead 2 m"), ("TS", "T shirt"), ("SH", "Shirt of silk")):
        await stage.does(catalog.add_product, sku=sku, name=name, list_price=Decimal(9))
    lea = speak(LEA)
    # The name by itself is a search; with a quantity, and in a list, it is the product.
    await lea.chat.says("hdmi lead 2 m")
    lea.sees("HDMI lead 2 m")
    await lea.chat.says("High End:\nhdmi lead 2 m\n3 T shirt\n5 m CAB")
    lea.sees("High End Computers", "1 × HDMI lead 2 m", "3 × T shirt", f"5 × {lea.goods('CAB')}")


async def test_a_doubtful_word_has_its_candidates(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.types("High End: 3 mouse", "High End : 3 souris")
    word = "mouse" if lea.language == "en" else "souris"
    lea.sees(f"3 × {lea.goods('MOU-2')} · {lea.text('“{words}”?', words=word)}")
    await lea.taps("“{words}”: {name}", words=word, name=lea.goods("MOU-3"))
    lea.sees(f"3 × {lea.goods('MOU-3')}")
    lea.chat.does_not_see(lea.text("“{words}”?", words=word))


async def test_a_number_that_is_none_is_said_with_its_line(stage: Stage, speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says("High End: 2 LAP-14\n1e5 MOU-2\n3 MOU-3 200%\n2 CAB @ 3 USD")
    lea.sees(f"2 × {lea.goods('LAP-14')}", f"⚠️ {lea.goods('MOU-2')}", f"⚠️ {lea.goods('MOU-3')}")
    lea.reads("the price is in {currency}: type it in the order's currency", currency="USD")
    assert lea.text("Confirm") not in lea.labels
    assert await documents(stage) == 0


async def test_more_lines_than_are_read(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says("High End:\n" + "\n".join(["2 LAP-14"] * 203))
    lea.sees(
        lea.words.plural(
            "{count} more line was not read: send it in a message of its own",
            "{count} more lines were not read: send them in a message of their own",
            3,
        )
    )


# --- A message that is changed ----------------------------------------------------------------


async def test_a_changed_message_is_read_again_into_its_card(stage: Stage, speak: Speak) -> None:
    lea = speak(LEA)
    await lea.chat.says("High End: 20 LAP-14")
    card = lea.chat.card["message_id"]
    messages = len(lea.chat.messages)
    await lea.chat.edits("High End: 2 LAP-14, 3 MOU-2")
    lea.sees(f"2 × {lea.goods('LAP-14')}", f"3 × {lea.goods('MOU-2')}")
    await lea.chat.edits("laptop?")
    lea.sees(lea.goods("LAP-14"), "LAP-14")
    await lea.chat.edits("High End: 4 LAP-14")
    lea.sees(f"4 × {lea.goods('LAP-14')}")
    assert lea.chat.card["message_id"] == card
    assert len(lea.chat.messages) == messages
    await lea.taps("Keep as draft")
    await lea.chat.edits("High End: 9 LAP-14")
    lea.chat.does_not_see(f"9 × {lea.goods('LAP-14')}")
    lea.reads(
        "That message was answered before. What came of it is changed in its own card; "
        "to begin anew, type it again."
    )
    assert await documents(stage) == 1


async def test_a_search_is_changed_also_after_looking_further(speak: Speak) -> None:
    lea = speak(LEA)
    await lea.types("mouse", "souris")
    await lea.chat.taps(next(each for each in lea.labels if lea.goods("MOU-3") in each))
    lea.sees("MOU-3")
    await lea.chat.edits("laptop")
    lea.sees("LAP-14")


async def test_an_order_is_understood_while_something_is_asked(stage: Stage, speak: Speak) -> None:
    lea = speak(LEA)
    await lea.types("2 mouse", "2 souris")
    await lea.taps("Choose: for whom?")
    await lea.chat.says("High End: 20 LAP-14")
    lea.sees("High End Computers", f"20 × {lea.goods('LAP-14')}")
    await lea.chat.taps(lea.text("‹ Back"))
    await lea.types("2 mouse", "2 souris")
    await lea.taps("Choose: for whom?")
    await lea.chat.says("marttin")
    lea.reads("Which one do you mean?")
    await lea.chat.taps("Papeterie Martin")
    lea.sees("Papeterie Martin", f"2 × {lea.goods('MOU-2')}")
    assert await documents(stage) == 0


# --- Numbers of papers ------------------------------------------------------------------------


async def test_papers_by_short_numbers(stage: Stage, speak: Speak) -> None:
    lea, kim, paul = speak(LEA), speak(HIGH_END), speak(MARTIN)
    for typed in ("in 1", "IN-2026-0001", "so12"):
        await lea.chat.says(typed)
        shown = {"in 1": "IN-1", "so12": "SO-12"}.get(typed, typed)
        lea.reads("There is no paper {number}.", number=shown)
        assert await documents(stage) == 0
    await lea.chat.says("High End: 2 LAP-14")
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001")
    for typed in ("so 1", "SO1", "so-2026-0001", "so 2026 1", "1", "#1"):
        await lea.chat.says(typed)
        lea.sees("SO-2026-0001", "High End Computers")
    await lea.types("sales order 1", "commande 1")
    lea.sees("SO-2026-0001")
    await kim.chat.says("so 1")
    kim.sees("SO-2026-0001")
    await paul.chat.says("so 1")
    paul.reads("There is no paper {number}.", number="SO-1")


# --- Questions --------------------------------------------------------------------------------


async def test_questions_of_those_who_work_here(stage: Stage, speak: Speak) -> None:
    lea = speak(LEA)
    await stage.does(
        catalog.change_product,
        stage.crimson.products["LAP-14"],
        revision=0,
        reorder_level=Decimal(5),
    )
    asked = (
        ("stock laptop?", "stock portable ?", lea.goods("LAP-14")),
        ("laptop?", "portable ?", "LAP-14"),
        ("stock mouse", "stock souris", lea.goods("MOU-3")),
        ("owes", "qui doit", lea.text("Owed to us")),
        ("owes hihg end", "qui doit hihg end", lea.text("account")),
        ("high end owes?", "high end doit ?", "High End Computers"),
        ("late", "retard", lea.text("Late")),
        ("low", "stock bas", lea.text("low")),
        ("orders", "commandes", lea.text("Sales orders")),
        ("orders of high end", "commandes de high end", lea.text("Sales orders")),
        ("delivery notes", "bons de livraison", lea.text("Delivery notes")),
        ("to ship", "à livrer", lea.text("Can ship now")),
        ("due", "échéances", lea.text("Owed to us")),
        ("price laptop aud", "prix portable aud", lea.words.money(Decimal(2390), "AUD")),
        ("price laptop usd", "prix portable usd",
         lea.text("No price in {currency} yet.", currency="USD")),
        ("price of the mouse m2 for high end", "prix de la souris m2 pour high end",
         lea.words.money(Decimal(29), "AUD")),
        ("who holds laptop", "qui a réservé le portable", lea.goods("LAP-14")),
        ("history laptop", "historique portable", lea.text("history")),
    )  # fmt: skip
    for english, french, seen in asked:
        await lea.types(english, french)
        assert seen in lea.chat.screen() + "\n".join(lea.labels), english
    assert await documents(stage) == 0


async def test_a_customer_asks_of_his_own(speak: Speak) -> None:
    kim = speak(HIGH_END)
    await kim.types("price laptop", "prix portable")
    kim.sees(kim.words.money(Decimal(2390), "AUD"))
    kim.chat.does_not_see("AUD 2026")
    await kim.types("price laptop for martin", "prix portable pour martin")
    kim.chat.does_not_see(kim.words.money(Decimal(1450), "EUR"), "Papeterie")
    await kim.types("stock laptop", "stock portable")
    kim.sees(kim.goods("LAP-14"), kim.text("on request"))
    kim.chat.does_not_see(kim.text("{number} free", number="0"))
    await kim.types("owes", "qui doit")
    kim.reads("Invoices")
    for english, french in (
        ("owes martin", "qui doit martin"),
        ("who holds laptop", "qui a réservé le portable"),
        ("orders of martin", "commandes de martin"),
    ):
        await kim.types(english, french)
        kim.chat.does_not_see("Papeterie Martin", kim.text("account"), kim.text("Owed to us"))


async def test_what_may_not_be_seen_is_not_answered(speak: Speak) -> None:
    omar, wei = speak(OMAR), speak(VENDOR)
    await omar.types("owes", "qui doit")
    omar.reads("You may not do this. The owner decides who may.")
    await wei.types("laptop", "portable")
    wei.chat.does_not_see(wei.goods("LAP-14"))
    await wei.types("orders", "commandes")
    wei.reads("Purchase orders")


async def test_help_has_examples_to_tap(stage: Stage, speak: Speak) -> None:
    lea, samson, omar = speak(LEA), speak(SAMSON), speak(OMAR)
    await lea.chat.says("/help")
    await lea.taps("{customer}: 2 {product}", customer="High End Computers",
                   product=lea.goods("LAP-14"))  # fmt: skip
    lea.sees(f"2 × {lea.goods('LAP-14')}", "High End Computers")
    await samson.chat.says("/help")
    await samson.taps("late")
    samson.reads("No payment is late.")
    await omar.chat.says("/help")
    await omar.taps("who holds {product}?", product=omar.goods("LAP-14"))
    omar.sees(omar.goods("LAP-14"))
    assert await documents(stage) == 0


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
async def test_bad_input_stays_answered(stage: Stage, speak: Speak, typed: str) -> None:
    lea = speak(LEA)
    before = len(lea.chat.messages)
    await lea.chat.says(typed)
    assert len(lea.chat.messages) > before + 1
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
