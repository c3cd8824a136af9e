"""French texts as a printer would set them, also with their facts filled in."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.i18n import translator
from tests.core.typography_fr import faults

CATALOGUE = Path(__file__).parents[2] / "locales" / "fr" / "LC_MESSAGES" / "messages.po"
WORDS = translator("fr")
FACTS = (
    WORDS.money(Decimal("12345.6"), "EUR"),
    WORDS.percent(Decimal("5.5")),
    WORDS.number(Decimal("-1234.25")),
    WORDS.day(date(2026, 12, 1)),
    "SO-2026-0012",
    "L’Atelier",
)


def french() -> list[str]:
    """Every form of every message, but the lists of words that people may type."""
    with CATALOGUE.open("rb") as file:
        messages = [each for each in read_po(file) if each.id]
    forms: list[str] = []
    for each in messages:
        source = each.id if isinstance(each.id, str) else each.id[0]
        if not re.search(r"\|.*\|", source):
            forms += [each.string] if isinstance(each.string, str) else each.string
    return forms


@pytest.mark.parametrize(
    "text",
    [
        "Total: 5 %", "Total : 5 %", "Quoi ?", "« oui »", "l'avoir", "Attendez...", '"oui"',
        "1234,50 EUR", "n° 5", "5.5 %", "18 h",
    ],
)  # fmt: skip
def test_a_fault_is_found(text):
    assert faults(text)


def test_no_text_has_a_fault():
    assert {text: found for text in french() if (found := faults(text))} == {}


@pytest.mark.parametrize("fact", FACTS)
def test_no_text_has_a_fault_with_its_facts(fact):
    filled = [re.sub(r"(?<!\{)\{\w+\}(?!\})", lambda _: fact, text) for text in french()]
    assert {text: found for text in filled if (found := faults(text))} == {}


def test_moments_have_no_fault():
    moment = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
    assert faults(WORDS.day(moment.date())) == []
