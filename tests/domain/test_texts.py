"""Typed texts: cleaned before they are kept, folded before they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.texts import MOST_LETTERS, TextMissing, TextTooLong, clean, clean_note, folded


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  High   End \t Computers ", "High End Computers"),
        ("two\nlines", "two lines"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("gp\u202eexe", "gpexe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u2066isolated\u2069", "isolated"),
        ("e\u0301", "\u00e9"),
        ("शर्मा ट्रेडर्स", "शर्मा ट्रेडर्स"),
        ("שלום", "שלום"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("a\u00a0b", "a b"),
    ],
)
def test_a_name_is_cleaned(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b\u202e", "\x00"])
def test_an_empty_name_is_refused(typed):
    with pytest.raises(TextMissing):
        clean(typed)


def test_the_length_of_a_name_is_limited():
    assert len(clean("x" * MOST_LETTERS)) == MOST_LETTERS
    with pytest.raises(TextTooLong) as refused:
        clean("x" * (MOST_LETTERS + 1))
    assert refused.value.facts == {"length": MOST_LETTERS + 1, "most": MOST_LETTERS}
    with pytest.raises(TextTooLong):
        clean("abc", most=2)


def test_a_note_keeps_its_lines_and_may_be_empty():
    assert clean_note(" first\n\n second\x07\u202e ") == "first\n\n second"
    assert clean_note("\u200b ") == ""
    assert clean_note("x" * 2000) == "x" * 2000
    with pytest.raises(TextTooLong) as refused:
        clean_note("x" * 2001)
    assert refused.value.facts == {"length": 2001, "most": 2000}


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("  Éléphant,  BLEU! ", "elephant bleu"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("A-4/B_5", "a 4 b 5"),
        ("ＦＵＬＬ", "full"),
        ("...", ""),
        ("İstanbul", "istanbul"),
    ],
)
def test_texts_are_compared_without_accents_case_and_punctuation(typed, compared):
    assert folded(typed) == compared


@given(st.text(max_size=MOST_LETTERS))
def test_cleaning_twice_changes_nothing(typed):
    try:
        once = clean(typed, most=10**6)
    except TextMissing:
        return
    assert clean(once, most=10**6) == once
    assert not any(unicodedata.category(each) == "Cc" for each in once)


@given(st.text())
def test_folding_twice_changes_nothing(typed):
    assert folded(folded(typed)) == folded(typed)


@given(st.text())
def test_case_makes_no_difference(typed):
    assert folded(typed.casefold()) == folded(typed)
