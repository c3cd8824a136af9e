"""Papers by their number, also in short: ``SO-2026-0012``, ``so 12``, ``so12``, ``12``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from core.domain.documents import kind_by_prefix
from core.services.documents.viewing import visible
from core.services.work import Work
from core.storage.tables import counter, document

MOST_PAPERS = 5

_NUMBER = re.compile(
    r"#?\s*(?:(?P<prefix>[A-Z]{2})[\s._\-/]*)?(?:(?P<year>2\d{3})[\s._\-/]+)?#?(?P<sequence>\d{1,9})"
)


@dataclass(frozen=True)
class PaperNumber:
    """A number as it was typed; without a prefix it may be that of any kind, in any year."""

    prefix: str
    year: str
    sequence: int

    def __str__(self) -> str:
        """As far as it is known, the way it stands on the paper."""
        parts = (self.prefix, self.year, f"{self.sequence:04d}" if self.year else self.sequence)
        return "-".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class PaperHit:
    """A paper that was found."""

    id: int
    kind: str
    number: str


def read_paper_number(text: str) -> PaperNumber | None:
    """The number of a paper, if the whole text is one.  A prefix must be that of a kind."""
    found = _NUMBER.fullmatch(text.strip().upper())
    if found is None:
        return None
    prefix = found["prefix"] or ""
    if prefix and kind_by_prefix(prefix) is None:
        return None
    return PaperNumber(prefix, found["year"] or "", int(found["sequence"]))


def papers(work: Work, asked: PaperNumber) -> list[PaperHit]:
    """The papers with this number that the actor may see, the newest first."""
    like = f"{asked.prefix or '%'}-{asked.year or '%'}"
    # The few series are asked for first, so that the number is found by its index.
    its_series = select(counter.c.series).where(counter.c.series.like(like))
    condition: ColumnElement[bool] = and_(
        document.c.series.in_(its_series), document.c.sequence == asked.sequence
    )
    rows = work.connection.execute(
        select(document.c.id, document.c.kind, document.c.number)
        .where(condition, visible(work.actor))
        .order_by(document.c.issued_on.desc(), document.c.id.desc())
        .limit(MOST_PAPERS)
    )
    return [PaperHit(*row) for row in rows]
