"""What was asked for and what became of it: for who asked, and for those who may decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from core.domain.lifecycles import Action
from core.domain.limits import LimitName
from core.domain.people import Ability
from core.services.rights import NotFound
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, documents
from core.storage.tables import approval, document, party, person

ASKED, USED, REFUSED, VOID = "asked", "used", "refused", "void"
"""The states: it waits; it was granted and done; refused; or changed before it was decided."""
WITHDRAWN = "withdrawn"
"""What it is to people when who asked has refused it himself: he may not answer it otherwise."""


@dataclass(frozen=True)
class ApprovalRecord:
    """What was asked for, and what became of it.

    `value` and `allowed` are in the unit of the limit; `figures` are those of the measure.
    """

    id: int
    document_id: int
    document_revision: int
    action: Action
    limit: LimitName
    value: Decimal
    allowed: Decimal
    figures: Mapping[str, Any]
    digest: str
    state: str
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == ASKED


@dataclass(frozen=True)
class ApprovalView:
    """An approval with the names that its card shows, as one person may see it.

    `source_number` is that of the paper which the document was made from, or changes.
    """

    record: ApprovalRecord
    document: DocumentRecord
    source_number: str
    party: str
    asker: str
    decider: str
    may_decide: bool
    may_withdraw: bool = False

    @property
    def state(self) -> str:
        """What became of it; asked for what is over by now, it does not count any more."""
        if self.record.is_open and _is_over(self.document, self.record.action):
            return VOID
        if self.record.state == REFUSED and self.record.decided_by == self.record.asked_by:
            return WITHDRAWN
        return self.record.state


def _is_over(its_document: DocumentRecord, action: Action) -> bool:
    """Whether the document has ended since, or was issued otherwise."""
    issued = action is Action.ISSUE and its_document.number is not None
    return issued or its_document.ended_at is not None


def view(work: Work, approval_id: int) -> ApprovalView:
    """An approval, for who asked for it and for who may decide it.

    Raises:
        NotFound: there is none, or it is not his.
    """
    found = _views(work, approval.c.id == approval_id)
    if not found:
        raise NotFound(subject="approval")
    return found[0]


def waiting(work: Work) -> list[ApprovalView]:
    """What waits for an answer of this person, the oldest first."""
    return [each for each in _views(work, *_is_waiting(work)) if each.may_decide]


def count_waiting(work: Work) -> int:
    """How many approvals wait for an answer of this person."""
    if not work.actor.can(Ability.APPROVE):
        return 0
    statement = (
        select(func.count())
        .select_from(approval.join(document, document.c.id == approval.c.document_id))
        .where(*_is_waiting(work))
    )
    return int(work.connection.execute(statement).scalar_one())


def open_of(connection: Connection, document_id: int) -> list[ApprovalRecord]:
    """What is asked for a document and has no answer yet."""
    return _load(connection, approval.c.document_id == document_id, approval.c.state == ASKED)


def asked_already(work: Work, document_id: int, *, digest: str) -> int | None:
    """What this person asked with just these figures and has no answer to, if he did."""
    for each in open_of(work.connection, document_id):
        if (each.digest, each.asked_by) == (digest, work.actor.person_id):
            return each.id
    return None


def by_id(connection: Connection, approval_id: int) -> ApprovalRecord | None:
    """An approval, or None when there is none."""
    return next(iter(_load(connection, approval.c.id == approval_id)), None)


def _is_waiting(work: Work) -> Sequence[ColumnElement[bool]]:
    """What others asked for documents that have not ended since, nor been issued otherwise."""
    return (
        approval.c.state == ASKED,
        approval.c.asked_by != work.actor.person_id,
        document.c.ended_at.is_(None),
        or_(approval.c.action != str(Action.ISSUE), document.c.number.is_(None)),
    )


def _load(connection: Connection, *conditions: ColumnElement[bool]) -> list[ApprovalRecord]:
    rows = connection.execute(select(approval).where(*conditions).order_by(approval.c.id))
    return [_record(row._asdict()) for row in rows]


def _record(row: Mapping[str, Any]) -> ApprovalRecord:
    figures = json.loads(row["figures"])
    return ApprovalRecord(
        id=row["id"],
        document_id=row["document_id"],
        document_revision=row["document_revision"],
        action=Action(row["action"]),
        limit=LimitName(row["limit_name"]),
        value=Decimal(figures.pop("value")),
        allowed=Decimal(figures.pop("allowed")),
        figures=figures,
        digest=row["digest"],
        state=row["state"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )


def _views(work: Work, *conditions: ColumnElement[bool]) -> list[ApprovalView]:
    """Approvals with their documents and names, in two statements, the oldest first."""
    decides = work.actor.can(Ability.APPROVE)
    if not decides:
        conditions = (*conditions, approval.c.asked_by == work.actor.person_id)
    asker, decider = person.alias("asker"), person.alias("decider")
    source = document.alias("source")
    rows = work.connection.execute(
        select(
            approval,
            asker.c.name.label("asker_name"),
            decider.c.name.label("decider_name"),
            party.c.name.label("party_name"),
            source.c.number.label("source_number"),
        )
        .select_from(
            approval.join(document, document.c.id == approval.c.document_id)
            .join(asker, asker.c.id == approval.c.asked_by)
            .outerjoin(decider, decider.c.id == approval.c.decided_by)
            .outerjoin(party, party.c.id == document.c.party_id)
            .outerjoin(source, source.c.id == document.c.source_id)
        )
        .where(*conditions)
        .order_by(approval.c.id)
    ).all()
    found = documents(work.connection, [row.document_id for row in rows])
    return [
        ApprovalView(
            record=_record(row._asdict()),
            document=found[row.document_id],
            source_number=row.source_number or "",
            party=row.party_name or "",
            asker=row.asker_name,
            decider=row.decider_name or "",
            may_decide=decides
            and row.state == ASKED
            and row.asked_by != work.actor.person_id
            and not _is_over(found[row.document_id], Action(row.action)),
            may_withdraw=row.state == ASKED
            and row.asked_by == work.actor.person_id
            and not _is_over(found[row.document_id], Action(row.action)),
        )
        for row in rows
    ]
