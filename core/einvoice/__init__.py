"""The e-invoice inside a paper: its facts once more, for machines (EN 16931, CII, Factur-X).

It is written from the same frozen view from which the page is drawn, and computes nothing anew:
all sums are those that the page shows.
"""

from core.domain.papers.view import Paper
from core.einvoice.rules import concerns, missing
from core.einvoice.writer import written
from core.i18n import Translator

__all__ = ["FILE_NAME", "concerns", "missing", "write"]

FILE_NAME = "factur-x.xml"
"""What the file is called inside the PDF (Factur-X 1.0, 6.2)."""


def write(paper: Paper, words: Translator) -> bytes | None:
    """The XML of an issued paper, in the language of its reader.

    Args:
        paper: the finished view in its party's language; its layout says whether there is an
            e-invoice of it. A copy in another language gets the one that was written of that.
        words: translates the texts of the catalogues in it.

    Returns:
        The bytes; None where none belongs into the paper: it is a draft, a copy or marked as
        ended, shows no sums, or lacks what `missing` lists.
    """
    is_final = paper.number is not None and not paper.is_copy and not paper.mark
    if not is_final or not concerns(paper) or missing(paper):
        return None
    return written(paper, words)
