"""Imports, the form of a product and typed orders understand the same words for units."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.base.screen import Reader
from bot.conversation.inputs import Asking, Unclear
from bot.conversation.step import Answers
from bot.screens.stock.unit_input import UnitInput
from bot.screens.typing.order_parsing import entry_words
from core.domain import units as table
from core.domain.people import MACHINE
from core.domain.typed_order import EntryLine, read_entry, read_figures
from core.domain.units import UNITS
from core.i18n import LANGUAGES, translator, units
from core.services.importing.cells import READERS, Known, Reading
from core.services.importing.number_formats import Convention
from core.services.importing.problems import Wrong
from core.services.work import Work

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def reader(language: str) -> Reader:
    return Reader(translator(language), MACHINE, ZoneInfo("UTC"), None)


def asking(language: str) -> Asking:
    return Asking(Work(None, MACHINE, NOW), reader(language), Answers({}, {}))


def imported(text: str, *own: str) -> str:
    known = Known("EUR", units=frozenset(own))
    return READERS["unit"](text, Reading(Convention(), known))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("unit", UNITS, ids=lambda each: each.code)
def test_every_word_is_understood_alike_everywhere(unit, language):
    label = translator(language).text(unit.label)
    written = {label, unit.code, *(word for each in unit.words.values() for word in each.split())}
    words = entry_words(reader(language))
    for word in written:
        assert units.read(word) is unit, word
        assert imported(word) == imported(word.upper()) == unit.code, word
        assert UnitInput().read(word, asking(language)) == unit.code, word
        for text in (f"3 {word} cable", f"3{word} cable", f"cable 3 {word}", f"cable 3{word}"):
            (line,) = read_entry(text, words).lines
            assert (line.words, line.quantity) == ("cable", "3"), text
        assert read_figures(f"3 {word}", words) == EntryLine("it", "3"), word


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_usual_units_are_buttons_and_every_unit_has_a_label(language):
    offered = [each for each in UNITS if each.is_offered]
    asked, words = asking(language), translator(language)
    assert [(each.key, each.label) for each in UnitInput().options(asked)] == [
        (each.code, words.text(each.label)) for each in offered
    ]
    for unit in UNITS:
        assert UnitInput().shown(unit.code, asked) == words.text(unit.label)
        assert units.shown(unit.label, words) == words.text(unit.label)


def test_a_unit_of_the_companys_own_is_imported_where_it_is_in_use():
    assert imported("sack of ours", "sack of ours") == "sack of ours"
    with pytest.raises(Wrong):
        imported("sack of ours")
    with pytest.raises(Unclear):
        UnitInput().read("sack of ours", asking("en"))
    assert units.shown("sack of ours", translator("fr")) == "sack of ours"


def test_a_word_that_is_kept_is_the_same_unit_as_its_code():
    assert imported("metre", "metre") == imported("m", "metre") == table.code_of("metre")


def test_a_measure_may_belong_to_a_name_and_a_piece_may_not():
    words = entry_words(reader("en"))
    measured, counted = (read_entry(text, words).lines[0] for text in ("hdmi 2 m", "mouse 2 pcs"))
    assert (measured.words, measured.whole) == ("hdmi", "hdmi 2 m")
    assert (counted.words, counted.whole) == ("mouse", "")
    (ahead,) = read_entry("3 T shirt", words).lines
    assert (ahead.words, ahead.quantity, ahead.with_unit) == ("shirt", "3", "T shirt")
