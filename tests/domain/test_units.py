"""The table of units: every word means one unit, and a made-up unit stays what it is."""

from itertools import combinations

import pytest

from core.domain import units
from core.domain.texts import folded
from core.domain.units import LABELS_BEFORE_FORM_3, UNITS


def test_every_word_of_every_language_means_one_unit():
    shared = [
        (one.code, other.code, one.all_words & other.all_words)
        for one, other in combinations(UNITS, 2)
        if one.all_words & other.all_words
    ]
    assert not shared
    for unit in UNITS:
        for words in unit.words.values():
            assert all(units.find(word) is unit for word in words.split())


def test_codes_and_labels_are_unlike():
    for name in ("code", "label", "unece"):
        assert len({getattr(each, name) for each in UNITS}) == len(UNITS), name


@pytest.mark.parametrize("unit", UNITS, ids=lambda each: each.code)
def test_a_word_is_typed_as_one(unit):
    # A typed order reads one word beside a number.
    assert all(word and " " not in word for word in unit.all_words)
    assert folded(unit.code) == unit.code


@pytest.mark.parametrize(
    ("stored", "code", "unece", "label", "digits"),
    [
        ("piece", "piece", "C62", "piece", 0),
        ("Pcs.", "piece", "C62", "piece", 0),
        ("m", "m", "MTR", "metre", 2),
        ("metre", "m", "MTR", "metre", 2),
        ("Kilogram", "kg", "KGM", "kilogram", 3),
        ("heure", "h", "HUR", "hour", 2),
        ("box", "box", "XBX", "box", 0),
        ("m²", "m2", "MTK", "m²", 2),
        ("sack of ours", "sack of ours", "C62", "", 0),
        ("", "", "C62", "", 0),
    ],
)
def test_what_a_product_keeps_is_read_by_the_table(stored, code, unece, label, digits):
    assert units.code_of(stored) == code
    assert units.unece_code(stored) == unece
    assert units.label_of(stored) == label
    assert units.digits_of(stored) == digits


def test_labels_of_old_snapshots_are_still_translated():
    assert {each.label for each in UNITS} >= LABELS_BEFORE_FORM_3
