"""Samples of a template: the newest paper that follows its kind, or a made-up one, marked so.

They are drawn when they are sent, like the files of reports, and kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from core.domain.document_type import DocumentType
from core.domain.documents import DOCUMENT_TYPES
from core.domain.messages import N_
from core.domain.papers import snapshot
from core.domain.papers.templates import Template
from core.domain.papers.view import Paper
from core.domain.people import Ability, Actor
from core.files.produced import FileMaker, ProducedFile
from core.i18n import Translator, negotiate, translator
from core.papers.sample_paper import sample_paper
from core.services import company, templates
from core.services.numbering import business_day
from core.services.rights import require_ability
from core.services.work import Work
from core.storage.clock import Clock
from core.storage.database import Database
from core.storage.tables import document

SAMPLE: Final = N_("Sample")
"""What is written across the pages of a sample."""


@dataclass(frozen=True)
class Sample:
    """What is drawn, in which language, and what stands beside it."""

    paper: Paper
    words: Translator
    name: str
    caption: str


def make_samples(database: Database, clock: Clock) -> FileMaker:
    """Papers as a template would have them; rights are asked again when they are sent."""

    async def sample(payload: Mapping[str, Any], actor: Actor) -> ProducedFile:
        found = await database.read(load, payload, actor, now=clock())
        content = await asyncio.to_thread(_draw, found)
        return ProducedFile(found.name, content, found.caption)

    return sample


def load(
    connection: Connection, payload: Mapping[str, Any], actor: Actor, *, now: datetime
) -> Sample:
    """All that is needed to draw a sample for this person.

    Raises:
        NotAllowed, NotFound.
    """
    work = Work(connection, actor, now)
    require_ability(actor, Ability.EDIT_TEMPLATES)
    its = templates.load(connection, int(payload["template"]))
    words = translator(negotiate(str(payload["language"] or actor.language)))
    row = _row(its, str(payload["kind"]))
    paper = _newest(work, row) or _made_up(work, row, words)
    paper = replace(paper, look=its.look, mark=SAMPLE, is_copy=False)
    title = words.text(SAMPLE)
    reader = translator(actor.language)
    parts = (reader.text(SAMPLE), its.name, reader.text(row.label))
    return Sample(paper, words, f"{title} {its.name}.pdf", " · ".join(parts))


def _row(its: Template, kind: str) -> DocumentType:
    """The kind that was asked for, else the first that says most: priced, owed, sent."""
    if kind in DOCUMENT_TYPES:
        return next(row for row in DOCUMENT_TYPES.values() if row.kind == kind)
    suiting = [row for row in DOCUMENT_TYPES.values() if its.suits(row)]
    return max(suiting, key=lambda row: (row.goes_out, bool(row.debt), row.priced))


def _newest(work: Work, row: DocumentType) -> Paper | None:
    """The paper of this kind that was issued last."""
    frozen = work.connection.execute(
        select(document.c.snapshot)
        .where(document.c.kind == row.kind, document.c.snapshot.is_not(None))
        .order_by(document.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if frozen is None:
        return None
    logo = company.current(work.connection).logo
    return snapshot.load(frozen, layout=row.paper, logo=logo)


def _made_up(work: Work, row: DocumentType, words: Translator) -> Paper:
    ours = company.current(work.connection)
    return sample_paper(row, ours, words, today=business_day(work.now, ours.zone))


def _draw(sample: Sample) -> bytes:
    # Fonts and their tools take long to load, and most starts draw nothing at once.
    from core.pdf import BadLogo, render

    try:
        return render(sample.paper, sample.words)
    except BadLogo:
        return render(replace(sample.paper, logo=None), sample.words)
