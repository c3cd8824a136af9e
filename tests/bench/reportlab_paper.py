"""The same words on the same number of lines by reportlab, laid out by its own Platypus."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO

from core.domain.papers.view import Paper
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from core.i18n import Translator
from core.pdf import _lay_out
from core.pdf.fonts import TEXT
from core.pdf.layout import Words
from core.pdf.letterhead import Letterhead
from core.pdf.theme import theme_of
from core.pdf.typesetter import Typesetter

FONT, BOLD = "Noto", "NotoBold"
EDGE = 15 * mm

Rows = list[list[tuple[str, bool]]]


def register() -> None:
    """Read the fonts, once for all papers, as our own way does."""
    pdfmetrics.registerFont(TTFont(FONT, str(TEXT.path(bold=False))))
    pdfmetrics.registerFont(TTFont(BOLD, str(TEXT.path(bold=True))))


def rows_of(paper: Paper, translator: Translator) -> Rows:
    """The words of our own paper, line by line, with which of them are bold."""
    typesetter = Typesetter(translator, theme_of(paper.look))
    head = Letterhead(paper, typesetter)
    flow = _lay_out(paper, typesetter, head, below=head.footer().height)
    rows: Rows = []
    for page in flow.pages:
        found = defaultdict[float, list[Words]](list)
        for placed in page:
            for piece in placed.block.pieces:
                if isinstance(piece, Words):
                    found[round(placed.y + piece.baseline, 1)].append(piece)
        for _, words in sorted(found.items()):
            ordered = sorted(words, key=lambda each: each.x)
            rows.append([(each.text, each.style.bold) for each in ordered])
    return rows


def draw(rows: Rows) -> bytes:
    """A PDF with these words: a table for each run of rows with as many cells, over pages."""
    written = BytesIO()
    document = SimpleDocTemplate(
        written, pagesize=A4, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE
    )
    tables: list[tuple[int, Rows]] = []
    for row in rows:
        if not tables or tables[-1][0] != len(row):
            tables.append((len(row), []))
        tables[-1][1].append(row)
    document.build([_table(many) for _, many in tables])
    return written.getvalue()


def _table(rows: Rows) -> Table:
    style = [("FONT", (0, 0), (-1, -1), FONT, 9), ("LINEBELOW", (0, 0), (-1, -1), 0.3, "#cccccc")]
    style += [
        ("FONT", (column, at), (column, at), BOLD, 9)
        for at, row in enumerate(rows)
        for column, (_, bold) in enumerate(row)
        if bold
    ]
    return Table([[text for text, _ in row] for row in rows], style=TableStyle(style))
