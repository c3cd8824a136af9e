"""Templates: colours that can be read, texts with placeholders, and which template wins."""

from dataclasses import replace
from decimal import Decimal

import pytest
from core.domain.papers.colours import (
    LEAST_CONTRAST,
    PALETTE,
    SHADE,
    WHITE,
    ColourTooPale,
    NotAColour,
    accent_of,
    contrast,
)
from core.domain.papers.look import STANDARD_LOOK, Design, PaperLook, PaperWords, TextPlace
from core.domain.papers.placeholders import Placeholder, UnknownPlaceholder, filled, parts_of
from core.domain.papers.templates import UNSAID, Chosen, Source, Template, chosen, is_scope
from hypothesis import given
from hypothesis import strategies as st

from core.domain.documents import DOCUMENT_TYPES, DocumentKind

INVOICE = DOCUMENT_TYPES[DocumentKind.INVOICE]
TRANSFER = DOCUMENT_TYPES[DocumentKind.TRANSFER]


# --- Colours ------------------------------------------------------------------------------------


def test_every_offered_colour_can_be_read():
    for code in PALETTE:
        assert accent_of(code) == code


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", WHITE, "21.0"), (WHITE, WHITE, "1.0"), ("#777777", WHITE, "4.4")],
)
def test_contrast_is_that_of_the_standard(one, other, expected):
    # The third is WCAG's own example of a grey that is just too pale: 4.48.
    assert contrast(one, other) == contrast(other, one) == Decimal(expected)


def test_colours_are_read_as_people_write_them():
    assert accent_of(" #A5112F ") == accent_of("a5112f") == "#a5112f"
    assert accent_of("#036") == "#003366"


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#gg0000", "##a5112f"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(NotAColour):
        accent_of(text)


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_is_taken_exactly_when_it_can_be_read(number):
    code = f"#{number:06x}"
    reached = min(contrast(code, WHITE), contrast(code, SHADE))
    if reached >= LEAST_CONTRAST:
        assert accent_of(code) == code
        return
    with pytest.raises(ColourTooPale) as refused:
        accent_of(code)
    assert refused.value.facts["contrast"] == reached


# --- Texts --------------------------------------------------------------------------------------

FACTS = {each: each.value.upper() for each in Placeholder}


def test_a_text_names_facts_and_keeps_doubled_braces():
    assert filled("Dear {party}, { DUE } {{x}} }}", FACTS) == "Dear PARTY, DUE {x} }"


def test_what_stands_for_a_fact_is_never_read_again():
    assert filled("{party}", FACTS | {Placeholder.PARTY: "{due} {{"}) == "{due} {{"


def test_a_line_without_its_fact_is_left_out():
    facts = FACTS | {Placeholder.DUE: ""}
    assert filled("Thanks\nPay by {due}\n\nBye", facts) == "Thanks\n\nBye"
    assert filled("Pay by {due}", facts) == ""


@pytest.mark.parametrize("text", ["{friend}", "a { b", "}", "{}", "{{{", "{party"])
def test_what_no_paper_knows_is_refused(text):
    with pytest.raises(UnknownPlaceholder) as refused:
        parts_of(text)
    assert "{party}" in refused.value.facts["known"]


@given(st.text(alphabet="ab {}\n"))
def test_any_text_can_be_typed_with_doubled_braces(text):
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert filled(doubled, {}) == text.strip("\n")


def test_a_language_without_a_text_has_the_first_one():
    look = PaperLook(
        words=(PaperWords("fr", closing="Merci"), PaperWords("en", closing="", footer="Foot"))
    )
    assert look.text(TextPlace.CLOSING, "fr") == look.text(TextPlace.CLOSING, "en") == "Merci"
    assert look.text(TextPlace.FOOTER, "fr") == "Foot"
    assert look.text(TextPlace.OPENING, "en") == ""


# --- Which one wins -----------------------------------------------------------------------------

SAID = {
    source: Template(at, source.value, (), replace(STANDARD_LOOK, design=Design.COMPACT))
    for at, source in enumerate((Source.COMPANY, Source.KIND, Source.PARTY, Source.DOCUMENT), 1)
}


def test_the_strongest_that_suits_wins():
    order = [Source.DOCUMENT, Source.PARTY, Source.KIND, Source.COMPANY]
    left = dict(SAID)
    for source in order:
        found = chosen(left, INVOICE)
        assert (found.source, found.template) == (source, SAID[source])
        assert found.look.design is Design.COMPACT
        del left[source]
    assert chosen(left, INVOICE) == UNSAID
    assert UNSAID.look == STANDARD_LOOK
    assert UNSAID.id is None


def test_what_is_archived_or_meant_for_others_is_passed_over():
    said = SAID | {
        Source.DOCUMENT: replace(SAID[Source.DOCUMENT], archived=True),
        Source.PARTY: replace(SAID[Source.PARTY], scope=("goods", "quote")),
    }
    assert chosen(said, INVOICE) == Chosen(Source.KIND, SAID[Source.KIND])
    assert chosen(said, TRANSFER).source is Source.PARTY


def test_a_scope_names_what_there_is_once():
    assert is_scope(())
    assert is_scope(("priced", "invoice"))
    assert not is_scope(("priced", "priced"))
    assert not is_scope(("poems",))
