"""What the e-invoice of a document lacks: said before it is issued, and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from core import einvoice
from core.domain.document_type import DocumentType
from core.domain.papers import snapshot
from core.domain.papers.view import Paper, PaperText
from core.services import company
from core.services.documents import paper_view
from core.services.documents.document_totals import Fixed, totals_of
from core.services.documents.paper_view import Around
from core.services.documents.viewing import DocumentView
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord
from core.storage.tables import document


def missing_of(work: Work, view: DocumentView) -> Sequence[PaperText]:
    """What keeps the e-invoice out of a document's paper: messages with the names in them.

    Of a draft by what is known today, of an issued one by what was frozen. It concerns our own
    people who see its money, and documents whose row has an e-invoice; others get nothing.
    """
    if not _concerns(work, view, view.type):
        return ()
    paper = _drawn_up(work, view, view.record) if view.is_draft else _frozen(work, view)
    return () if paper is None else einvoice.missing(paper)


def missing_before(work: Work, view: DocumentView, target: DocumentType) -> Sequence[PaperText]:
    """The same of a document that is to be made from this one, while it can still be mended.

    Args:
        work: the unit of work; nothing is written.
        view: the source.
        target: the row of what is to be made.
    """
    if not _concerns(work, view, target):
        return ()
    # The day of a paper that moves goods is that of the delivery; an order's is only a wish.
    delivery_on = view.record.delivery_on if view.type.route is not None else None
    made = replace(view.record, kind=target.kind, delivery_on=delivery_on)
    paper = _drawn_up(work, view, made)
    return () if paper is None else einvoice.missing(paper)


def _concerns(work: Work, view: DocumentView, row: DocumentType) -> bool:
    return bool(row.paper.e_invoice) and view.sees_money and work.actor.is_staff


def _drawn_up(work: Work, view: DocumentView, record: DocumentRecord) -> Paper | None:
    lines = [each.line for each in view.lines]
    totals = totals_of(record, lines)
    if totals is None:
        return None
    fixed = Fixed(totals, totals.net, totals.tax, totals.total, totals.taxes)
    around = Around(company.current(work.connection), view.party, view.chains)
    return paper_view.draw_up(work.connection, record, lines, fixed=fixed, around=around)


def _frozen(work: Work, view: DocumentView) -> Paper | None:
    text = work.connection.execute(
        select(document.c.snapshot).where(document.c.id == view.record.id)
    ).scalar_one()
    return None if text is None else snapshot.load(text, layout=view.type.paper)
