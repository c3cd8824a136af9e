"""The chain of papers in one transaction, each a button."""

from __future__ import annotations

from typing import Final

from bot.base.screen import Arguments, Card, Reader, Row, Screen, back, lines, opens
from bot.screens.shared.words import heading, state_name, title_of
from core.domain.documents import type_of
from core.domain.messages import N_
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView
from core.services.work import Work


def load_related(work: Work, document_id: int, _arguments: Arguments) -> DocumentView:
    """Return the document whose chain is requested."""
    return viewing.view(work, document_id)


def render_related(view: DocumentView, reader: Reader) -> Card:
    """Render the chain, one line and one button for each paper."""
    rows: list[Row] = []
    for each in view.related:
        row = type_of(each.kind)
        state = state_name(each.state, reader, of=row)
        label = f"{title_of(row, each.number, reader)} · {state}"
        if each.id != view.record.id:
            rows.append((opens(label, "document", id=each.id),))
    return Card(
        lines(heading(view, reader), reader.text(N_("Related documents, oldest first:"))),
        (*rows, (back(reader, "document", id=view.record.id),)),
    )


SCREENS: Final = (Screen("related", load_related, render_related, subject="document"),)
