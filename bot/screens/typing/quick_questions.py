"""Questions in a few words: ``stock laptop?``, ``owes high end``, ``late``, ``price laptop aud``.

Each question is a row: the words it begins or ends with, the screen that answers, and the ability
it needs.  The rest of the text goes through the search; without a match, the text was no such
question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from bot.base.handlers import Matcher
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
)
from bot.base.turn import Turn, Typed
from bot.screens.stock.products import order_row, price_words
from bot.screens.typing.order_parsing import words_of_all
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import DOCUMENT_TYPES, kinds
from core.domain.messages import N_
from core.domain.money import CURRENCIES
from core.domain.people import Ability, Actor
from core.domain.texts import folded
from core.services import search
from core.services.products import price_answers
from core.services.products.price_answers import PriceAnswer
from core.services.rights import require_ability
from core.services.search import Hit
from core.services.work import Work

LONGEST: Final = 100
MOST_WORDS: Final = 8

FILLERS: Final = N_(
    "the|a|an|of|for|is|are|do|does|we|i|my|our|what|which|it|in|on|to|me|show|there|s"
)
FOR: Final = N_("for")
NAMED_PAPER: Final = re.compile(
    r"(?P<words>[^\d#]*[^\W\d_])\.?\s*(?:\s(?:n[°º]|no|nr)\.?)?\s*#?\s*(?P<number>[\d \-/]*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """A quick question.

    Attributes:
        words: the phrases that ask it, separated by |.
        alone: the screen that answers it alone.
        product: the screen that answers it for a product.
        party: the screen that answers it for a party; with `papers`, the list of its papers.
        own: the screen for customers, who ask about their own papers.
        vendor: the screen for vendors, who ask about their own papers.
        needs: the ability that staff needs.
    """

    words: str
    alone: str = field(default="", kw_only=True)
    product: str = field(default="", kw_only=True)
    party: str = field(default="", kw_only=True)
    own: str = field(default="", kw_only=True)
    vendor: str = field(default="", kw_only=True)
    needs: Ability | None = field(default=None, kw_only=True)
    papers: Callable[[], DocumentType] | None = field(default=None, kw_only=True)


def _orders() -> DocumentType:
    return kinds(claims=Claims.WAITING)[0]


def _reservation_type() -> DocumentType:
    return kinds(claims=Claims.UNTIL)[0]


def _invoices() -> DocumentType:
    return kinds(debt=1, credits=False)[0]


def _purchases() -> DocumentType:
    return kinds(incoming=True)[0]


STOCK, MONEY = Ability.SEE_STOCK, Ability.SEE_MONEY
QUESTIONS: Final = (
    Question(
        N_("stock|in stock|inventory|how many|how much stock"),
        alone="stock", product="product", own="catalogue", needs=STOCK,
    ),
    Question(N_("low|low stock|what is low|reorder"), alone="stock", needs=STOCK),
    Question(
        N_("owes|owe|owed|who owes|owes us|who owes us|who owes us "
"money|balance|account"),
        alone="owed", party="account", own="my_invoices", vendor="vendor_bills", needs=MONEY,
    ),
    Question(
        N_("late|overdue|who is late|what is late|who is overdue|what is overdue"),
        alone="late", party="account", own="my_invoices", vendor="vendor_bills", needs=MONEY,
    ),
    Question(
        N_("due|unpaid|what is due|open invoices"),
        alone="owed", party="account", own="my_invoices", vendor="vendor_bills", needs=MONEY,
    ),
    Question(
        N_("orders|open orders|order of|orders of"),
        alone="orders", party="paper_list", own="my_orders", vendor="vendor_orders",
        papers=_orders,
    ),
    Question(
        N_("invoices|invoices of"),
        alone="my_invoices", party="paper_list", own="my_invoices", vendor="vendor_bills",
        papers=_invoices,
    ),
    Question(
        N_("purchases|purchase orders"), alone="purchases", party="paper_list", papers=_purchases
    ),
    Question(
        N_("to ship|to deliver|can ship|what can ship|ship|pick"), alone="to_deliver", needs=STOCK
    ),
    Question(
        N_("to receive|arrivals|what comes|still to come"), alone="to_receive", needs=STOCK
    ),
    Question(
        N_("holds|reservations|held"),
        alone="holds", product="why", party="paper_list", own="my_holds", papers=_reservation_type,
    ),
    Question(
        N_("who holds|who has|who has reserved|who reserved|who waits for|why"),
        product="why", needs=STOCK,
    ),
    Question(N_("history|moves|history of"), product="history", needs=STOCK),
    Question(
        N_("price|prices|price of|how much|what costs|cost of"), product="price",
        alone="catalogue",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question with the rest of its text."""

    question: Question
    rest: str


@cache
def _phrases() -> dict[str, Question]:
    """Return each phrase of all languages; an earlier row wins."""
    found: dict[str, Question] = {}
    for question in QUESTIONS:
        for phrase in sorted(words_of_all(question.words)):
            found.setdefault(phrase, question)
    return found


@cache
def _fillers() -> frozenset[str]:
    return words_of_all(FILLERS)


def questions_in(text: str) -> Iterator[Asked]:
    """Return the questions that a text may ask, the longest phrase first."""
    words = folded(text[:LONGEST]).split()
    if len(words) > MOST_WORDS:
        return
    phrases, fillers = _phrases(), _fillers()
    for count in range(len(words), 0, -1):
        for begins in (True, False):
            phrase = words[:count] if begins else words[-count:]
            rest = words[count:] if begins else words[:-count]
            question = phrases.get(" ".join(phrase))
            if question is not None:
                while rest and rest[0] in fillers:
                    rest = rest[1:]
                yield Asked(question, " ".join(rest))


# --- Answers ----------------------------------------------------------------------------------


def answer(turn: Turn, typed: Typed) -> bool:
    """Answer a question; the exact name of a product or a party is not a question."""
    if not turn.work.actor.roles or is_name(turn.work, typed.text):
        return False
    if any(_answered(turn, asked) for asked in questions_in(typed.text)):
        return True
    return turn.work.actor.is_staff and _list_of_kind(turn, typed.text)


def _list_of_kind(turn: Turn, text: str) -> bool:
    """Show the papers of a kind, maybe of a party: ``delivery notes``, ``quotes high end``."""
    words = folded(text[:LONGEST]).split()[:MOST_WORDS]
    for count in range(len(words), 0, -1):
        prefixes = sorted(kind_words().get(" ".join(words[:count]), ()))
        rest = " ".join(words[count:])
        hits = _parties(turn.work, rest) if prefixes and rest else []
        if prefixes and (hits or not rest):
            party_id = hits[0].id if hits else 0
            turn.show("paper_list", party_id, argument=f"{prefixes[0]}:")
            return True
    return False


def answer_mark(turn: Turn, typed: Typed) -> bool:
    """Answer a question with a question mark, even in reply to another question."""
    return typed.text.rstrip().endswith("?") and answer(turn, typed)


def is_name(work: Work, text: str) -> bool:
    """Return whether a product or a party has exactly this name."""
    hits: list[Hit] = []
    if work.actor.can(Ability.SEE_CATALOGUE):
        hits += search.products(work, text)[:1]
    if work.actor.can(Ability.SEE_PARTIES):
        hits += search.parties(work, text)[:1]
    return any(each.certain for each in hits)


def _answered(turn: Turn, asked: Asked) -> bool:
    question, actor = asked.question, turn.work.actor
    if not asked.rest:
        screen = _alone(question, actor)
        return bool(screen) and _show(turn, question, screen)
    if question.product == "price":
        return _price(turn, question, asked.rest)
    if not actor.is_staff:
        return question.own == "catalogue" and _product(
            turn, question, asked.rest, screen="product"
        )
    return (
        bool(question.product) and _product(turn, question, asked.rest, screen=question.product)
    ) or (bool(question.party) and _party(turn, question, asked.rest))


def _alone(question: Question, actor: Actor) -> str:
    """Return the screen that answers a question without a name."""
    if actor.is_staff:
        return question.alone
    return question.own if actor.can(Ability.SEE_CATALOGUE) else question.vendor


def _show(turn: Turn, question: Question, screen: str, *, id: int = 0, **arguments: Any) -> bool:
    if question.needs is not None and turn.work.actor.is_staff:
        require_ability(turn.work.actor, question.needs)
    turn.show(screen, id, **arguments)
    return True


def _product(turn: Turn, question: Question, rest: str, *, screen: str) -> bool:
    hits = _hits(turn.work, rest)
    if not hits:
        return False
    if hits[0].exact or screen != "product":
        return _show(turn, question, screen, id=hits[0].id)
    return _show(turn, question, "found", argument=rest)


def _hits(work: Work, rest: str) -> list[Hit]:
    """Return the products that match all words of the rest of a question."""
    if not work.actor.can(Ability.SEE_CATALOGUE):
        return []
    return [each for each in search.products(work, rest) if not each.partial]


def _parties(work: Work, rest: str) -> list[Hit]:
    """Return the parties that match all words of the rest of a question."""
    if not work.actor.can(Ability.SEE_PARTIES):
        return []
    return [each for each in search.parties(work, rest) if not each.partial]


def _party(turn: Turn, question: Question, rest: str) -> bool:
    hits = _parties(turn.work, rest)
    if not hits:
        return False
    if question.papers is not None:
        prefix = question.papers().prefix
        return _show(turn, question, question.party, id=hits[0].id, argument=f"{prefix}:")
    return _show(turn, question, question.party, id=hits[0].id)


# --- Papers by the name of their kind ---------------------------------------------------------


@cache
def kind_words() -> dict[str, frozenset[str]]:
    """Return the prefixes of the kinds that each name means, in all languages."""
    found: dict[str, set[str]] = {}
    for row in DOCUMENT_TYPES.values():
        for name in words_of_all(row.label) | words_of_all(row.plural):
            found.setdefault(name, set()).add(row.prefix)
    for question in QUESTIONS:
        if question.papers is not None:
            for phrase in words_of_all(question.words):
                found.setdefault(phrase, set()).add(question.papers().prefix)
    return {name: frozenset(prefixes) for name, prefixes in found.items()}


def open_named_paper(turn: Turn, typed: Typed) -> bool:
    """Open a paper by its kind and number: ``invoice 12``."""
    found = NAMED_PAPER.fullmatch(typed.text[:LONGEST].strip())
    prefixes = kind_words().get(folded(found["words"]), ()) if found else ()
    if found is None or not prefixes or not turn.work.actor.roles:
        return False
    asked = [
        number
        for prefix in sorted(prefixes)
        if (number := search.read_paper_number(f"{prefix} {found['number']}")) is not None
    ]
    papers = [paper for number in asked for paper in search.papers(turn.work, number)]
    if papers:
        turn.show("document", papers[0].id)
    else:
        turn.show("found", argument=str(asked[0]))
    return True


# --- Prices -----------------------------------------------------------------------------------


def _price(turn: Turn, question: Question, rest: str) -> bool:
    """Show a price: ``laptop``, ``laptop aud``, ``laptop for high end``."""
    words = rest.split()
    if len(words) > 1 and words[-1].upper() in CURRENCIES:
        hits = _hits(turn.work, " ".join(words[:-1]))
        if hits:
            return _show(turn, question, "price", id=hits[0].id, argument=words[-1].upper())
    said_for = words_of_all(FOR)
    for at in range(1, len(words) - 1):
        if words[at] in said_for and turn.work.actor.can(Ability.SEE_PARTIES):
            hits = _hits(turn.work, " ".join(words[:at]))
            found = search.parties(turn.work, " ".join(words[at + 1 :]), customers=True)
            if hits and found:
                argument = f":{found[0].id}"
                return _show(turn, question, "price", id=hits[0].id, argument=argument)
    hits = _hits(turn.work, rest)
    return bool(hits) and _show(turn, question, "price", id=hits[0].id)


@dataclass(frozen=True)
class Priced:
    """The prices of a product, and the orders this person may begin with it."""

    answer: PriceAnswer
    order: DocumentType | None


def load_price(work: Work, product_id: int, arguments: Arguments) -> Priced:
    """Return the prices; `argument` is a currency, or a colon and a party."""
    currency, _, party_id = str(arguments.get("argument", "")).partition(":")
    known = currency if currency in CURRENCIES else ""
    party = int(party_id) if party_id.isdecimal() else 0
    found = price_answers.price_of(work, product_id, currency=known, party_id=party)
    return Priced(found, None if found.record.archived else order_row(work))


def render_price(shown: Priced, reader: Reader) -> Card:
    """Render each price on its line; the product and an order are one tap away."""
    found = shown.answer
    named = (bold(found.record.name), found.record.sku, found.party)
    title = html(*(each for each in named if each), between=" · ")
    prices = [html(price_words(each, reader)) for each in found.prices]
    if not prices and found.currency:
        prices = [reader.html(N_("No price in {currency} yet."), currency=found.currency)]
    elif not prices:
        prices = [reader.html(N_("No price yet."))]
    rows: list[Row] = []
    if shown.order is not None:
        label, prefix = reader.text(N_("Order")), shown.order.prefix
        rows.append((Button(label, "order_product", id=found.record.id, argument=prefix),))
    rows.append((opens(found.record.name, "product", id=found.record.id),))
    return Card(lines(title, *prices), (*rows, (back(reader),)))


SCREENS: Final = (Screen("price", load_price, render_price),)
TYPED: Final = (
    Matcher("named_paper", open_named_paper, during_question=True),
    Matcher("question_mark", answer_mark, during_question=True),
    Matcher("question", answer),
)
