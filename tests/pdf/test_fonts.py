"""The fonts: quick and plain ways agree, lines of several fonts read back, threads may share."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import fpdf.output
import pytest
import uharfbuzz
from core.domain.papers.view import Alignment
from fontTools.ttLib import TTFont
from fpdf import FPDF
from PIL import ImageChops
from pypdf import PdfReader

from core.pdf import draw, fonts, render, subset, theme
from core.pdf.document import Document
from core.pdf.fonts import attach_parsed, attach_plain
from core.pdf.layout import Block, Words
from tests.pdf.papers import LAYOUTS, lines, paper, picture
from tests.pdf.reading import folded, fonts_of, pages_of, pictures_of, text_of

ARABIC = "المجموع"
AMOUNT = "1,234.50"


def written(document: Document, *texts: str, style: theme.Style = theme.STRONG_BODY) -> str:
    """The texts under each other, as a reader's program reads them."""
    document.begin_page("")
    for place, text in enumerate(texts):
        words = Words(text, style, 20, 100, 10, Alignment.END)
        document.draw(Block(10, [words]), 20 + 10 * place)
    return text_of(bytes(document.output()))


@pytest.mark.parametrize("attach", [attach_parsed, attach_plain])
def test_an_amount_below_a_label_of_another_font_reads_back(attach):
    assert AMOUNT in written(Document(attach), ARABIC, AMOUNT)
    assert f"→ ✓ {AMOUNT}" in written(Document(attach), f"→ ✓ {AMOUNT}", AMOUNT)


def test_without_the_mend_the_amount_would_be_garbage():
    class Unmended(Document):
        _render_styled_text_line = FPDF._render_styled_text_line

    assert AMOUNT not in written(Unmended(attach_parsed), ARABIC, AMOUNT)


def test_the_mend_holds_on_a_page_from_right_to_left():
    text = written(Document(attach_parsed, mirrored=True), ARABIC, AMOUNT, "→", AMOUNT)
    assert text.count(AMOUNT) == 2


def test_a_bold_sign_is_taken_from_the_one_weight_there_is():
    assert "✓ Ω Ж" in written(Document(attach_parsed), "✓ Ω Ж")


@pytest.mark.parametrize("label", LAYOUTS)
def test_the_quick_way_draws_the_same_as_the_plain_one(label, english):
    whole = paper(LAYOUTS[label], notes="→ Ω Ж ✓ é العربية", mark="Cancelled")
    quick, plain = (
        draw(whole, english, attach=attach).content for attach in (attach_parsed, attach_plain)
    )
    assert pages_of(quick) == pages_of(plain)
    assert fonts_of(quick) == fonts_of(plain)
    for one, other in zip(pictures_of(quick), pictures_of(plain), strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


def test_every_font_is_embedded_and_can_be_read_back(english):
    found = fonts_of(render(paper(notes="→ العربية"), english))
    assert len(found) > 2
    assert all(font.startswith("/MPDFAA+NotoSans") for font in found)
    assert all(font.endswith("True True") for font in found)


def test_only_the_fonts_that_are_shown_are_embedded(english):
    """The text's two weights, which have the minus of what was taken off too."""
    assert len(fonts_of(render(paper(), english))) == 2


def test_fonts_of_others_are_still_cut_by_fonttools():
    document = FPDF()
    document.add_font("other", "", fonts.TEXT.path(bold=False))
    document.set_font("other", size=12)
    document.add_page()
    document.cell(text="plain")
    assert text_of(bytes(document.output())) == "plain"


def test_the_quick_way_is_given_up_where_fpdf2_or_harfbuzz_lack_a_name(monkeypatch):
    assert subset.AVAILABLE
    assert fonts.ATTACH is attach_parsed
    assert fonts.attach_way(available=False) is attach_plain
    assert not subset.install(SimpleNamespace())
    monkeypatch.delattr(uharfbuzz, "SubsetPlan")
    assert not subset.install(fpdf.output)


def test_a_font_is_read_once_also_by_threads_that_begin_together(english, monkeypatch):
    read: list[Path] = []

    class Counted(fonts.Face):
        def __init__(self, path: Path) -> None:
            read.append(path)
            super().__init__(path)

    monkeypatch.setattr(fonts, "Face", Counted)
    monkeypatch.setattr(fonts, "_faces", {})
    whole = [paper(lines=lines(count), notes="→ العربية") for count in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: render(each, english), whole))
    assert together == [render(each, english) for each in whole]
    assert len(read) == len(set(read))


def test_a_document_changes_nothing_that_the_next_one_uses(english):
    first = render(paper(), english)
    render(paper(lines=lines(30), notes="ΑΒΓ Жук ✓ שלום"), english)
    assert render(paper(), english) == first


# --- The files ------------------------------------------------------------------------------


def font_files() -> list[Path]:
    return sorted((Path(fonts.__file__).parent / "font_files").glob("*.ttf"))


def test_the_fonts_are_static_small_and_licensed():
    used = {family.path(bold=bold) for family in fonts.FAMILIES for bold in (False, True)}
    assert used == set(font_files())
    for path in font_files():
        with TTFont(path) as font:
            assert "fvar" not in font
            assert "glyf" in font
        assert path.stat().st_size < 300_000
    licence = (font_files()[0].parent / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Copyright 2010, 2012-2020 Google Inc." in licence


@pytest.mark.parametrize(
    "letters",
    [
        "ÀÉÎÕÜŒœßẞąćęłńóśźżčďěňřšťůžőűğışİ",
        "ẦẾỘỮđ ŊŋƏə",
        "ΑΩάώϊΐ ЁЖЩЫЭЮЯ ҐЄІЇ ЋЂ ҚӘӨ",
        "€£¥₹₺₽₴₦₿₫₱¢ №™©®°µ½¼¾²³ ‰′″…“”„‚«»‹›–—•·‑\u202f\u00a0",
        "→←↑↓ ☐☑☒✓✔✗ ●■★ −×÷±≤≥≠≈∞",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ٠١٢٣ پچژگ",
        "אבגדהוזחטיכלמנסעפצקרשת ₪",
        "\ufffd",
    ],
)
@pytest.mark.parametrize("bold", [False, True])
def test_what_business_letters_hold_is_covered(letters, bold):
    assert set(letters) <= fonts.coverage().keys()
    assert set(letters) <= fonts.widths(bold=bold).keys()


def test_both_weights_of_a_family_have_the_same_letters():
    for family in fonts.FAMILIES:
        regular, bold = (fonts.face(family.path(bold=bold)).widths for bold in (False, True))
        assert regular.keys() == bold.keys()


# --- Sameness -------------------------------------------------------------------------------


def test_the_same_paper_is_the_same_to_the_byte(english, french):
    assert render(paper(), english) == render(paper(), english)
    assert render(paper(), english) != render(paper(), french)


def test_the_same_paper_is_the_same_in_another_process():
    code = (
        "import hashlib;from core.i18n import translator;from core.pdf import render;"
        "from tests.pdf.papers import paper;"
        "drawn = render(paper(notes='→ العربية'), translator('en'));"
        "print(hashlib.sha256(drawn).hexdigest())"
    )
    root = Path(__file__).parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root), "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(found) == 1


def test_the_file_says_what_it_is(french):
    title = f"{french.text('Invoice')} <b> & IN-1"
    about = PdfReader(BytesIO(render(paper(number="<b> & IN-1"), french)))
    said = about.xmp_metadata
    assert said.dc_title["x-default"] == title
    assert said.dc_creator == ["Crimson Electronics SARL"]
    assert said.dc_language == ["fr"]
    assert said.xmp_create_date == said.xmp_modify_date
    assert said.xmp_create_date.isoformat() == "2026-11-24T12:00:00"
    assert about.trailer["/Root"]["/Lang"] == "fr"


def test_the_file_has_the_form_for_archives(english):
    about = PdfReader(BytesIO(render(paper(logo=picture(mode="RGBA")), english)))
    root = about.trailer["/Root"]
    assert about.xmp_metadata.pdfaid_part == "3"
    assert about.xmp_metadata.pdfaid_conformance == "B"
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    # What XMP says is not said again, and could not differ.
    assert "/Info" not in about.trailer
    assert about.pdf_header == "%PDF-1.7"


def test_equal_drafts_are_equal_though_they_have_no_day(english):
    draft = paper(number=None, dates=type(paper().dates)())
    digests = {hashlib.sha256(render(draft, english)).digest() for _ in range(2)}
    assert len(digests) == 1


# --- From right to left ---------------------------------------------------------------------


def test_a_page_from_right_to_left_is_mirrored(arabic, english):
    mirrored, plain = (places_of(render(paper(), reader)) for reader in (arabic, english))
    edge = theme.STANDARD.page_width - theme.STANDARD.margin
    assert plain["No."] < theme.STANDARD.margin + 5
    assert mirrored["No."] > edge - 15
    assert mirrored["Invoice"] == pytest.approx(theme.STANDARD.margin, abs=1)
    assert plain["Invoice"] > edge - 40


def places_of(content: bytes) -> dict[str, float]:
    """Where each piece of text begins, in millimetres from the left edge."""
    found: dict[str, float] = {}

    def note(text: str, _state: object, matrix: list[float], *_rest: object) -> None:
        if text.strip():
            found.setdefault(folded(text).strip(), matrix[4] * 25.4 / 72)

    PdfReader(BytesIO(content)).pages[0].extract_text(visitor_text=note)
    return found


def test_numbers_keep_their_order_on_a_page_from_right_to_left(arabic):
    text = text_of(render(paper(), arabic)).replace(" ", "")
    for figure in ("IN-2026-0042", "SO-2026-0017", "+61293744000", "accounts@highend.example"):
        assert figure in text


def test_an_arabic_name_is_printed_on_a_page_from_left_to_right(english):
    side = type(paper().party)("شركة النور للتجارة")
    drawn = draw(paper(party=side), english)
    assert not drawn.uncovered
    text = text_of(drawn.content)
    assert "Amount due AUD 30,000.00" in text
    assert "شركة" in text


def test_a_centred_mark_is_shaped_too(english, arabic):
    whole = paper(mark="ملغاة")
    for reader in (english, arabic):
        assert "ملغاة" in text_of(render(whole, reader))
