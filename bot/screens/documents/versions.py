"""The earlier versions of an amended document, each with its paper at that time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, html, lines
from bot.base.turn import Tap, Turn
from bot.screens.shared.words import heading
from core.domain.messages import N_
from core.services.amendments import amending
from core.services.amendments.amending import Version
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView
from core.services.work import Work


@dataclass(frozen=True)
class Versions:
    """A document and the versions before the one in force."""

    view: DocumentView
    earlier: list[Version]


def load_versions(work: Work, document_id: int, _arguments: Arguments) -> Versions:
    """Return the versions, for people who may see the document."""
    view = viewing.view(work, document_id)
    return Versions(view, amending.versions(work.connection, document_id))


def render_versions(shown: Versions, reader: Reader) -> Card:
    """Render each version with its end date and total; a tap sends its paper."""
    view, currency = shown.view, shown.view.record.currency
    found = []
    rows: list[Row] = []
    for each in shown.earlier:
        parts = [reader.text(N_("version {version}"), version=each.version)]
        if view.sees_money and currency is not None and each.total_minor is not None:
            total = view.record.amount(each.total_minor)
            parts.append(reader.translator.money(total, currency))
        moment = reader.translator.moment(each.at, reader.zone)
        parts.append(reader.text(N_("until {moment}"), moment=moment))
        found.append(html(*parts, between=" · "))
        label = reader.text(N_("PDF of version {version}"), version=each.version)
        rows.append((Button(label, "old_paper", id=view.record.id, argument=str(each.version)),))
    return Card(
        lines(heading(view, reader), *found),
        (*rows, (back(reader, "document", id=view.record.id),)),
    )


def old_paper(turn: Turn, tap: Tap) -> None:
    """Send the paper of an earlier version to this chat, in the reader's language."""
    viewing.view(turn.work, tap.id)
    turn.paper(tap.id, language=turn.reader.translator.language, version=int(tap.argument))


SCREENS: Final = (Screen("versions", load_versions, render_versions, subject="document"),)
ACTIONS: Final = {"old_paper": old_paper}
