"""Papers as PDF: one layout for all kinds, driven by what the paper itself says.

``render`` may be called from any thread, and from several at once; it must not be called on
the event loop, which it would hold for milliseconds.
"""

import logging
from dataclasses import dataclass

from core.domain.messages import N_
from core.domain.papers.look import TextPlace
from core.domain.papers.view import Paper
from core.i18n import Translator
from core.pdf.closing import Closing
from core.pdf.document import Document
from core.pdf.fonts import ATTACH, Attach
from core.pdf.hiding import without_hidden
from core.pdf.layout import Block, Flow
from core.pdf.letterhead import Letterhead
from core.pdf.lines import Lines
from core.pdf.logo import BadLogo
from core.pdf.theme import theme_of
from core.pdf.typesetter import Typesetter

__all__ = ["BadLogo", "RenderedPaper", "draw", "render"]

_LOGGER = logging.getLogger(__name__)
_FOOT_PLACE = 0.36
"""Where the foot begins, as a share of the room below the content."""


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    """A drawn paper.

    Attributes:
        content: the bytes of the PDF.
        pages: how many pages it has.
        uncovered: the characters that no font has; a mark stands in their place.
    """

    content: bytes
    pages: int
    uncovered: frozenset[str]


def draw(
    paper: Paper,
    translator: Translator,
    *,
    e_invoice: bytes | None = None,
    attach: Attach = ATTACH,
) -> RenderedPaper:
    """Draw a paper in the language of its reader.

    Equal papers give equal bytes: nothing in the file depends on the clock or on chance.

    Args:
        paper: what the paper shows.
        translator: writes texts, amounts and dates in the reader's language.
        e_invoice: the same for machines, as `core.einvoice` writes it: it goes into the file.
        attach: how the document gets its fonts; the quick way unless somebody compares.

    Returns:
        The bytes, and what is worth knowing about them.

    Raises:
        BadLogo: the logo is no image that can be printed.
    """
    paper = without_hidden(paper)
    theme = theme_of(paper.look)
    typesetter = Typesetter(translator, theme)
    head = Letterhead(paper, typesetter)
    footer = head.footer()
    flow = _lay_out(paper, typesetter, head, below=footer.height)
    document = Document(attach, mirrored=translator.rtl, look=theme)
    foot_top = theme.content_end - footer.height + theme.bottom * _FOOT_PLACE
    document.describe(
        title=head.title(),
        author=typesetter.typed(paper.company.name),
        language=translator.language,
        day=paper.dates.issued_on,
        e_invoice=e_invoice,
    )
    mark = head.mark()
    for number, page in enumerate(flow.pages, 1):
        document.begin_page(mark)
        document.draw(head.band(), 0.0)
        for placed in page:
            document.draw(placed.block, placed.y)
        document.draw(footer, foot_top)
        document.draw(head.foot(number, len(flow.pages)), foot_top + footer.height)
    uncovered = frozenset(typesetter.uncovered)
    if uncovered:
        codes = ", ".join(sorted(f"U+{ord(character):04X}" for character in uncovered))
        _LOGGER.warning("paper %s: no font has %s", paper.number, codes)
    return RenderedPaper(bytes(document.output()), len(flow.pages), uncovered)


def render(paper: Paper, translator: Translator, *, e_invoice: bytes | None = None) -> bytes:
    """Draw a paper in the language of its reader; the bytes of the PDF. See :func:`draw`."""
    return draw(paper, translator, e_invoice=e_invoice).content


def _lay_out(paper: Paper, typesetter: Typesetter, head: Letterhead, *, below: float) -> Flow:
    """Put the parts of a paper on pages, of which the footer takes so much."""
    ending = Closing(paper, typesetter)
    lines = Lines(paper, typesetter)
    flow = Flow(typesetter.theme, head.running_head(), below=below)
    flow.place(head.letterhead())
    flow.gap(6)
    flow.place(head.sides())
    flow.gap(6)
    _place_text(flow, ending.paragraphs(N_("Reason"), paper.reason), below=5)
    _place_text(flow, ending.wording(TextPlace.OPENING), below=5)
    sums = ending.sums()
    if paper.layout.columns:
        lines.table().flow(flow, closing=sums.height)
    if paper.payment is not None:
        flow.place(ending.payment(paper.payment))
        flow.gap(6)
        if paper.payment.allocations or paper.payment.unallocated:
            lines.allocations(paper.payment).flow(flow)
    flow.place(sums)
    flow.gap(6)
    _place_text(flow, ending.paragraphs(N_("Notes"), paper.notes), below=6)
    _place_text(flow, ending.wording(TextPlace.CLOSING), below=6)
    if paper.layout.signature_boxes:
        flow.gap(2)
        flow.place(ending.signatures())
    return flow


def _place_text(flow: Flow, blocks: list[Block], *, below: float) -> None:
    for block in blocks:
        flow.place(block)
    if blocks:
        flow.gap(below)
