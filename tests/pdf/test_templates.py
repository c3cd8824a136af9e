"""Papers with a template: its texts, its parts, its designs, in both languages."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from core.domain.papers.look import (
    Design,
    LogoSide,
    LogoSize,
    PageSize,
    PaperLook,
    PaperPart,
    PaperWords,
)
from pypdf import PdfReader

from core.pdf import draw, render
from tests.pdf.papers import CABLE, LAPTOP, LAYOUTS, lines, paper, picture
from tests.pdf.reading import colours_of, pages_of, text_of, words_of

WORDS = (
    PaperWords(
        "en",
        opening="Dear {contact},\nyour order {reference}\nvalid until {valid}",
        closing="Pay {total} by {due} for {number} to {company}. <b>**bold**</b>",
        footer="Ours until paid, {party}.",
    ),
    PaperWords("fr", closing="Payez {total} avant le {due}."),
)


@pytest.mark.parametrize("design", Design)
def test_the_texts_stand_in_their_places(english, design):
    drawn = render(paper(look=PaperLook(design=design, words=WORDS), lines=lines(40)), english)
    text = words_of(drawn)
    assert "Dear Margaret O’Neil, your order PO 88-1207" in text
    assert "valid until" not in text
    closing = "Pay AUD 40,700.00 by 24 Dec 2026 for IN-2026-0042 to Crimson Electronics SARL."
    assert f"{closing} <b>**bold**</b>" in text
    assert text.index("your order") < text.index("S-001") < text.index(closing)
    pages = pages_of(drawn)
    assert len(pages) > 1
    assert all("Ours until paid, High End Computers Pty Ltd." in page for page in pages)


def test_another_language_has_its_own_text_or_the_first(french):
    text = words_of(render(paper(look=PaperLook(words=WORDS)), french))
    assert "Payez 40 700,00 AUD avant le 24 déc. 2026." in text
    assert "Dear Margaret O’Neil" in text


@pytest.mark.parametrize("design", Design)
def test_long_texts_flow_over_pages(english, design):
    words = PaperWords(
        "en",
        opening="\n".join(f"opening{number}" for number in range(70)),
        closing=" ".join(f"closing{number}" for number in range(900)),
        footer=" ".join(f"footer{number}" for number in range(200)),
    )
    drawn = draw(paper(look=PaperLook(design=design, words=(words,))), english)
    text = words_of(drawn.content)
    assert drawn.pages > 2
    assert all(f"opening{number}" in text for number in range(70))
    assert all(f"closing{number}" in text for number in range(900))
    # A footer stands on every page and may not push everything else off it.
    assert "footer0" in text
    assert "footer199" not in text


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("size", PageSize)
def test_every_kind_can_have_every_design(french, kind, design, size):
    look = PaperLook(design=design, page=size, logo_side=LogoSide.END)
    whole = paper(LAYOUTS[kind], look=look, logo=picture())
    drawn = render(whole, french)
    page = pypdfium2.PdfDocument(drawn)[0]
    assert [round(side) for side in page.get_size()] == (
        [595, 842] if size is PageSize.A4 else [612, 792]
    )
    assert "IN-2026-0042" in text_of(drawn)
    if whole.lines:
        assert "Laptop 14″, 16 GB" in words_of(drawn)


def test_a_page_from_right_to_left_has_every_design(arabic):
    for design in Design:
        text = text_of(render(paper(look=PaperLook(design=design)), arabic))
        assert "IN-2026-0042" in text


@pytest.mark.parametrize("design", Design)
def test_a_short_heading_is_not_broken(english, design):
    look = PaperLook(design=design)
    text = text_of(render(paper(look=look, lines=lines(5)), english))
    assert "No." in text


def test_what_is_hidden_is_not_there(english):
    hidden = PaperLook(hidden=tuple(PaperPart))
    rows = (LAPTOP, replace(CABLE, position=2))
    text = words_of(render(paper(look=hidden, lines=rows), english))
    for gone in ("Item code", "CR-1400", "pcs", "Tax rate", "Bank details", "IBAN"):
        assert gone not in text
    # A discount is told below what it was given on.
    assert "Discount 2.5%" in text
    note = render(paper(LAYOUTS["Delivery note"], look=hidden), english)
    assert "Name, date, signature" not in text_of(note)
    assert "Name, date, signature" in text_of(render(paper(LAYOUTS["Delivery note"]), english))


def test_several_tax_rates_are_told_even_if_hidden(english):
    look = PaperLook(hidden=(PaperPart.TAX,))
    rows = (LAPTOP, replace(CABLE, tax_percent=LAPTOP.tax_percent + 5))
    assert "Tax rate" in words_of(render(paper(look=look, lines=rows), english))


def pictures_in(content: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(BytesIO(content)).pages)


def test_a_logo_can_be_left_out(english):
    shown = [
        pictures_in(render(paper(look=PaperLook(logo=size), logo=picture()), english))
        for size in LogoSize
    ]
    assert shown == [0, 1, 1, 1]


def test_the_accent_is_everywhere_and_the_designs_differ(english):
    drawn = {
        design: render(paper(look=PaperLook(design=design, accent="#a5112f")), english)
        for design in Design
    }
    for content in drawn.values():
        assert "#a5112f" in colours_of(content)
        assert "#184758" not in colours_of(content)
    assert len({text_of(content) for content in drawn.values()}) > 1
