"""Drawing a laid-out paper with fpdf2."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import Align
from PIL import Image

from core.domain.papers.view import Alignment
from core.einvoice import FILE_NAME
from core.pdf import fonts, metadata, theme
from core.pdf.fonts import TEXT, Attach, Family
from core.pdf.layout import Block, Dots, Panel, Picture, Piece, Rule, Words
from core.pdf.theme import POINT, STANDARD, Colour, Style, Theme

_MARK_ANGLE: Final = 52.0
_NO_DAY: Final = date(1970, 1, 1)
"""The day that stands in the file of a draft: the same for all, so that equal drafts are equal."""


class Document(FPDF):
    """A document that draws pieces of a layout, in the form for archives (PDF/A-3B).

    Args:
        attach: how fonts are given to the document.
        mirrored: whether its pages read from right to left.
        look: the size of its pages.
    """

    def __init__(self, attach: Attach, *, mirrored: bool = False, look: Theme = STANDARD) -> None:
        super().__init__(unit="mm", format=look.page.value, enforce_compliance="PDF/A-3B")
        self._width, self._height = look.page_width, look.page_height
        self._attach = attach
        self._mirrored = mirrored
        self._families: list[Family] = []
        self._style: tuple[Family, Style] | None = None
        self._coverage = fonts.coverage()
        self.set_auto_page_break(auto=False)
        self.set_margins(0, 0, 0)
        self.c_margin = 0
        # Without an alias, "{nb}" in a product's name is what it is.
        self.alias_nb_pages("")
        self._use(TEXT)

    def describe(
        self,
        *,
        title: str,
        author: str,
        language: str,
        day: date | None,
        e_invoice: bytes | None = None,
    ) -> None:
        """Say what the file is, and put the XML of its e-invoice into it.

        Its date is the paper's, so that equal papers give equal files.
        """
        tag = language.replace("_", "-")
        moment = datetime.combine(day or _NO_DAY, time(12), UTC)
        self.set_title(title)
        self.set_lang(tag)
        self.set_creation_date(moment)
        inside = ""
        if e_invoice is not None:
            inside = metadata.e_invoice(FILE_NAME)
            # The XML says the same as the pages; for such profiles Factur-X wants "Alternative"
            # in Germany and takes it in France.
            self.embed_file(
                bytes=e_invoice,
                basename=FILE_NAME,
                mime_type="text/xml",
                desc="Factur-X",
                creation_date=moment,
                modification_date=moment,
                associated_file_relationship="Alternative",
            )
        self.set_xmp_metadata(
            metadata.describe(
                title=title, author=author, language=tag, moment=moment, e_invoice=inside
            )
        )

    def begin_page(self, mark: str) -> None:
        """Begin a page, with a mark across it below everything else."""
        self.add_page()
        if not mark:
            return
        centre_x, centre_y = self._width / 2, self._height / 2
        with self.rotation(_MARK_ANGLE, centre_x, centre_y):
            self._words(Words(mark, theme.MARK, 0, self._width, 12, Alignment.CENTRE), centre_y)
        # fpdf2 has put back the font and the colours of before.
        self._style = None

    def draw(self, block: Block, top: float) -> None:
        """Draw a block with its top at this place of the page, in millimetres."""
        for piece in block.pieces:
            self._piece(piece, top)

    def _piece(self, piece: Piece, top: float) -> None:
        match piece:
            case Words():
                self._words(piece, top)
            case Rule():
                self._line(piece, top)
            case Panel():
                self._panel(piece, top)
            case Dots():
                self._dots(piece, top)
            case _:
                self._picture(piece, top)

    def _edge(self, x: float, width: float) -> float:
        """The left edge of what begins at ``x`` where reading begins."""
        return self._width - x - width if self._mirrored else x

    def _line(self, rule: Rule, top: float) -> None:
        x, y = self._edge(rule.x, rule.width), top + rule.y
        self.set_draw_color(*rule.colour)
        self.set_line_width(rule.thickness)
        self.line(x, y, x + rule.width, y)

    def _panel(self, panel: Panel, top: float) -> None:
        x, y = self._edge(panel.x, panel.width), top + panel.y
        if panel.fill is not None:
            self._fill(panel.fill)
            self.rect(x, y, panel.width, panel.height, style="F")
        if panel.outline is not None:
            self.set_draw_color(*panel.outline)
            self.set_line_width(theme.THIN)
            self.rect(x, y, panel.width, panel.height, style="D")

    def _dots(self, dots: Dots, top: float) -> None:
        """A code: its dark dots, each row's neighbours as one, in one path."""
        x, y = self._edge(dots.x, dots.width), top + dots.y
        size = dots.width / len(dots.rows)
        path = [
            f"{(x + start * size) * self.k:.3f} {(self.h - y - (at + 1) * size) * self.k:.3f} "
            f"{length * size * self.k:.3f} {size * self.k:.3f} re"
            for at, row in enumerate(dots.rows)
            for start, length in _dark(row)
        ]
        self._fill(dots.colour)
        self._out("\n".join([*path, "f"]))

    def _fill(self, colour: Colour) -> None:
        self.set_fill_color(*colour)
        # The colour of text is set together with its font, and both are set anew after this.
        self._style = None

    def _picture(self, picture: Picture, top: float) -> None:
        x = self._edge(picture.x, picture.width)
        with Image.open(BytesIO(picture.content)) as image:
            self.image(image, x, top + picture.y, picture.width, picture.height)

    # --- Text ---------------------------------------------------------------------------

    def _words(self, words: Words, top: float) -> None:
        x = self._edge(words.x, words.width)
        baseline = top + words.baseline
        if self._mirrored or not fonts.joining().isdisjoint(words.text):
            self._shaped(words, x, baseline)
            return
        widths = fonts.widths(bold=words.style.bold)
        scale = words.style.size * POINT / 1000
        measured = [
            (family, text, sum(map(widths.__getitem__, text)) * scale)
            for family, text in self._runs(words.text)
        ]
        room = words.width - sum(width for _, _, width in measured)
        match words.alignment:
            case Alignment.CENTRE:
                x += room / 2
            case Alignment.END:
                x += room
        for family, text, width in measured:
            self._set_style(family, words.style)
            self.text(x, baseline, text)
            x += width

    def _runs(self, text: str) -> list[tuple[Family, str]]:
        """Cut a line into stretches of one family each.

        fpdf2 can do this too, but a line that begins in another family than the last one makes
        it lose count of the font that is set, and the next line comes out as garbage.
        """
        coverage = self._coverage
        first = coverage[text[0]]
        if all(coverage[character] is first for character in text):
            return [(first, text)]
        runs: list[tuple[Family, str]] = []
        start = 0
        for place in range(1, len(text) + 1):
            if place == len(text) or coverage[text[place]] is not coverage[text[start]]:
                runs.append((coverage[text[start]], text[start:place]))
                start = place
        return runs

    def _shaped(self, words: Words, x: float, baseline: float) -> None:
        """Draw a line whose letters join or that holds both directions."""
        for character in words.text:
            self._use(self._coverage.get(character, TEXT))
        self._set_style(TEXT, words.style)
        self.set_fallback_fonts(
            [family.name for family in self._families if family is not TEXT], exact_match=True
        )
        # Without a direction, a line has that of its first letter: a Latin name keeps its order
        # on a page from right to left, and an Arabic one on a page from left to right.
        self.set_text_shaping(use_shaping_engine=True)
        size = words.style.size * POINT
        # A cell stands its letters at half its height and three tenths of their size.
        self.set_xy(x, baseline - 0.8 * size)
        self.cell(words.width, size, words.text, align=self._side(words.alignment))
        self.set_text_shaping(use_shaping_engine=False)
        self.set_fallback_fonts([])

    def _side(self, alignment: Alignment) -> Align:
        if alignment is Alignment.CENTRE:
            return Align.C
        left = (alignment is Alignment.START) is not self._mirrored
        return Align.L if left else Align.R

    def _use(self, family: Family) -> None:
        """Give the document the fonts of a family at its first use."""
        if family not in self._families:
            self._families.append(family)
            for bold in (False, True):
                self._attach(self, family, bold)

    def _set_style(self, family: Family, style: Style) -> None:
        if self._style == (family, style):
            return
        self._use(family)
        self._style = family, style
        self.set_font(family.name, "B" if style.bold else "", style.size)
        self.set_text_color(*style.colour)
        # With one colour for both, fpdf2 need not wrap every text in a state of its own.
        self.set_fill_color(*style.colour)

    def _render_styled_text_line(self, text_line: Any, *given: Any, **named: Any) -> bool:
        """Set the font at the level of the page before a line of several fonts.

        fpdf2 2.8.9 sets it inside the line's own graphics state where the line begins with a
        glyph of another font, and believes afterwards that it still holds: the next line is
        then read in the wrong font. (https://github.com/py-pdf/fpdf2/issues/1772)
        """
        if self.page and self.current_font is not None and not self.current_font_is_set_on_page:
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        return super()._render_styled_text_line(text_line, *given, **named)


def _dark(row: bytes) -> Iterator[tuple[int, int]]:
    """Where the dark stretches of a row begin, and how long they are."""
    start = 0
    for is_dark, dots in groupby(row):
        length = len(list(dots))
        if is_dark:
            yield start, length
        start += length
