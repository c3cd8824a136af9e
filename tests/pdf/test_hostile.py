"""What people type never harms a paper: it is printed as it is, or as a mark, never obeyed."""

import logging
from dataclasses import replace
from io import BytesIO

import pytest
from core.domain.papers.view import LabelledText, PaperReferences, PaperTerms
from pypdf import PdfReader

from core.pdf import BadLogo, draw, render
from core.pdf.bidi import clean, isolated
from core.pdf.logo import MOST_BYTES, PRINTED_PIXELS, prepare
from tests.pdf.papers import CRIMSON, LAPTOP, paper, picture
from tests.pdf.reading import pages_of, text_of, words_of


def named(name: str):
    """A paper in which everything that is typed is this."""
    side = replace(
        CRIMSON, name=name, contact=name, address=(name,), phone=name, email=name, country="FR"
    )
    line = replace(LAPTOP, name=name, note=name, sku=name, unit=name, reason=name)
    label = LabelledText("Invoice", name)
    return paper(
        party=side,
        delivery=side,
        lines=(line,),
        notes=name,
        reason=name,
        number=name,
        references=PaperReferences(name, name, (label,)),
        terms=PaperTerms(bank=(label,)),
        company=side,
    )


@pytest.mark.parametrize(
    "name",
    [
        "<b>bold</b> & <img src=/etc/hostname>",
        "**bold** __underlined__ --struck--",
        "{nb} {0} {name} %s %(x)s ${x}",
        "100 % \\ (brackets) /Names << >>",
        "'quotes' \"double\" `back`",
        "two\nlines",
    ],
)
def test_a_name_is_printed_as_it_was_typed(name, english):
    assert words_of(render(named(name), english)).count(" ".join(name.split())) >= 4


def test_the_alias_of_the_number_of_pages_is_no_alias_beside_arabic_either(english):
    assert "a {nb} x" in words_of(render(named("a {nb} x العربية"), english))


def test_a_link_in_a_name_is_no_link(english):
    content = render(named("[pay here](https://evil.example)"), english)
    assert "[pay here](https://evil.example)" in words_of(content)
    assert all("/Annots" not in page for page in PdfReader(BytesIO(content)).pages)


def test_marks_that_turn_a_line_round_are_dropped(english):
    text = text_of(render(named("pay \u202e000,1\u202c \u2066now\u2069 \u200fok\u200e"), english))
    assert "pay 000,1 now ok" in text


def test_control_characters_are_dropped_and_ends_of_lines_kept(english):
    text = text_of(render(paper(notes="NUL\x00 BEL\x07\ttab\r\nnext\x85last\x0bend"), english))
    assert "NUL BEL tab\nnext\nlast\nend" in text


def test_a_character_without_a_glyph_becomes_a_mark_and_is_reported(english, caplog):
    with caplog.at_level(logging.WARNING):
        drawn = draw(named("Fun 😀😀 北京 end"), english)
    assert drawn.uncovered == {"😀", "北", "京"}
    assert "Fun \ufffd \ufffd end" in text_of(drawn.content)
    assert "U+1F600, U+4EAC, U+5317" in caplog.text


def test_a_space_without_a_glyph_is_a_space(english):
    drawn = draw(named("wide\u3000space"), english)
    assert "wide space" in text_of(drawn.content)
    assert not drawn.uncovered


def test_a_paper_that_is_covered_reports_nothing(english, caplog):
    with caplog.at_level(logging.WARNING):
        assert not draw(paper(), english).uncovered
    assert not caplog.text


def test_a_name_of_four_thousand_characters_without_a_space_stays_in_its_column(english):
    drawn = draw(named("x" * 4096), english)
    assert drawn.pages > 3
    # Line, note, code, unit, reason and notes are printed in full.
    assert text_of(drawn.content).count("x") > 6 * 4096


def test_what_is_short_by_its_nature_is_clipped_and_pushes_nothing_away(english):
    (first, *_) = pages_of(render(named("x" * 4096), english))
    assert first.count("xxxx…") > 8
    side = replace(CRIMSON, name="Long Name & Sons " * 40)
    (first,) = pages_of(render(paper(party=side), english))
    assert "…" in first
    assert first.count("Long Name") < 12
    assert "Amount due" in first


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("plain", "plain"),
        ("a\u0301", "á"),
        ("half \ud800 and private \ue000", "half \ufffd and private \ufffd"),
        ("tick ✓\ufe0f", "tick ✓"),
        ("soft\u00adhyphen zero\u200bwidth\ufeff", "softhyphen zerowidth"),
        ("join\u200der", "joiner"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u2028b\u2029c\fd", "a\nb\nc\nd"),
        ("", ""),
    ],
)
def test_a_text_is_freed_of_what_cannot_be_printed(typed, cleaned):
    assert clean(typed) == cleaned


def test_only_what_has_no_direction_of_its_own_is_isolated():
    assert isolated("+971 4 123") == "\u2066+971 4 123\u2069"
    assert isolated("24 نوفمبر") == "24 نوفمبر"
    assert not isolated("")


# --- The logo -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_logo_of_a_common_format_is_printed(kind, english):
    content = render(paper(logo=picture(kind=kind)), english)
    (page, *_) = PdfReader(BytesIO(content)).pages
    assert len(page.images) == 1


def test_a_logo_is_written_anew_and_made_small():
    written, width, height = prepare(picture((3000, 1000)) + b"trailing secret")
    assert (width, height) == (PRINTED_PIXELS, PRINTED_PIXELS // 3)
    assert b"secret" not in written


def test_a_transparent_logo_stays_so(english):
    content = render(paper(logo=picture(mode="RGBA")), english)
    (image,) = PdfReader(BytesIO(content)).pages[0].images
    assert image.image.mode == "RGBA"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:40],
        picture(size=(6000, 5000)),
        picture() + b"\0" * MOST_BYTES,
        picture(kind="TIFF"),
    ],
    ids=["empty", "text", "svg", "cut", "pixels", "bytes", "format"],
)
def test_a_bad_logo_is_refused(content, english):
    with pytest.raises(BadLogo):
        render(paper(logo=content), english)


def test_a_damaged_logo_is_refused(english):
    whole = picture((300, 300))
    with pytest.raises(BadLogo):
        render(paper(logo=whole[: len(whole) - 30]), english)
