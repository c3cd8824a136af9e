"""Approvals: somebody asks to go beyond a limit, another who may grants it or refuses.

What was asked stands for one revision of a document and exactly its figures.  Granting does the
action as the asker's own, with those figures; when they have changed meanwhile, nothing happens:
the approval is void, and the new figures are asked for.  Nobody approves his own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import update

from core.domain.errors import Refusal
from core.domain.lifecycles import Action, ActionRefused
from core.domain.limits import Beyond
from core.domain.people import Ability, Actor
from core.domain.texts import clean
from core.services.amendments import amending
from core.services.approval_views import REFUSED, USED, VOID, ApprovalRecord, by_id, open_of
from core.services.documents import issuing
from core.services.history import record
from core.services.limits import ApprovalNeeded
from core.services.money import refunds
from core.services.people import actors
from core.services.rights import Changed, NotAllowed, NotFound, require_ability
from core.services.work import Work
from core.storage.locks import lock_with_sources
from core.storage.queries.document_queries import documents
from core.storage.sql import insert_one
from core.storage.tables import approval


class ApprovalDecided(Refusal):
    """It was granted, refused or void before."""

    code = "approval_decided"


class ApprovalNeedless(Refusal):
    """What is asked for is within the limit, or done by somebody who may."""

    code = "approval_needless"


class OwnApproval(Refusal):
    """Nobody approves what he has asked for himself."""

    code = "own_approval"


@dataclass(frozen=True)
class Outcome:
    """What came of granting: the document's number, or the approval that was asked again.

    Neither when the figures have changed so that nothing is beyond the limit any more.
    """

    number: str = ""
    again: int | None = None


# --- The actions that can be approved ----------------------------------------------------------


@dataclass(frozen=True)
class _Approvable:
    """An action: how to see what of it is beyond, and how to do it; both take a revision.

    Doing it gives the number of the document that came of it.

    What of `STALE` doing it raises, it raises before anything is written.
    """

    beyond: Callable[..., Beyond | None]
    perform: Callable[..., str]


def _issue(work: Work, document_id: int, *, revision: int) -> str:
    found = documents(work.connection, [document_id])[document_id]
    settlement = refunds.settlement_of(work.connection, found) if found.type.settles else None
    return issuing.issue(
        work, document_id, revision=revision, excess=True, settlement=settlement
    ).number


def _amend(work: Work, document_id: int, *, revision: int) -> str:
    return amending.confirm(work, document_id, revision=revision).number


_ACTIONS: Mapping[Action, _Approvable] = {
    Action.ISSUE: _Approvable(issuing.beyond, _issue),
    Action.AMEND: _Approvable(amending.beyond, _amend),
}


STALE = (ActionRefused, ApprovalNeeded, Changed, NotAllowed, NotFound)
"""How an action says that it is not what was asked for any more, or not the asker's to do."""


# --- Asking ------------------------------------------------------------------------------------


def ask(
    work: Work, document_id: int, *, revision: int, digest: str, action: Action = Action.ISSUE
) -> int:
    """Ask for approval of what was refused; returns the id of what waits for an answer.

    Whoever asks the same again has asked already; what he asked before of the same document is
    void.

    Args:
        work: the unit of work; the actor asks.
        document_id: the draft.
        revision: the one that the person saw.
        digest: how the digest of the figures begins that the person saw.
        action: what he wants to do with it.

    Raises:
        ApprovalNeedless: nothing is beyond a limit, or he may approve himself.
        Changed: the document or its figures are not those that he saw.
        NotFound, NotAllowed: he may not do it at all.
    """
    if work.actor.can(Ability.APPROVE):
        raise ApprovalNeedless
    approvable = _ACTIONS.get(action)
    beyond = approvable and approvable.beyond(work, document_id, revision=revision)
    if not beyond:
        raise ApprovalNeedless
    if not digest or not beyond.digest.startswith(digest):
        raise Changed(subject="document", id=document_id)
    for each in open_of(work.connection, document_id):
        same = (each.document_revision, each.action, each.digest, each.asked_by)
        if same == (revision, action, beyond.digest, work.actor.person_id):
            return each.id
        _end(work, each, VOID)
    wish = _Wish(document_id, revision, action, beyond, work.actor.person_id)
    return _ask(work, wish)


@dataclass(frozen=True)
class _Wish:
    document_id: int
    revision: int
    action: Action
    beyond: Beyond
    asked_by: int


def _ask(work: Work, wish: _Wish) -> int:
    beyond = wish.beyond
    approval_id = insert_one(
        work.connection,
        approval,
        document_id=wish.document_id,
        document_revision=wish.revision,
        action=str(wish.action),
        limit_name=str(beyond.limit),
        figures=json.dumps(beyond.kept, sort_keys=True),
        digest=beyond.digest,
        asked_by=wish.asked_by,
        asked_at=work.now,
    )
    record(
        work,
        "approval",
        approval_id,
        action="ask",
        document=wish.document_id,
        limit=beyond.limit,
        value=beyond.value,
    )
    work.touch("document", wish.document_id)
    work.tell(
        "approval_asked",
        document_id=wish.document_id,
        approval_id=approval_id,
        asked_by=wish.asked_by,
    )
    return approval_id


# --- Deciding ----------------------------------------------------------------------------------


def grant(work: Work, approval_id: int, *, reason: str = "") -> Outcome:
    """Approve, and do at once what was asked for, as the asker's own action.

    Raises:
        NotAllowed, NotFound, OwnApproval.
        ApprovalDecided: another was faster.
        What the action itself raises: then nothing happens, and it stays asked.
    """
    found = to_decide(work, approval_id)
    account = actors.account_of(work.connection, found.asked_by)
    # Nobody who has asked for something is ever deleted.
    assert account is not None
    asker = account.actor
    as_asker = replace(work, actor=asker, approved=found.digest)
    try:
        number = _ACTIONS[found.action].perform(
            as_asker, found.document_id, revision=found.document_revision
        )
    except STALE:
        return _ask_again(work, found, asker)
    _end(work, found, USED, reason=reason)
    work.tell(
        "approval_granted",
        document_id=found.document_id,
        approval_id=found.id,
        asked_by=found.asked_by,
        number=number,
    )
    return Outcome(number=number)


def stop(work: Work, approval_id: int, *, refusal: Refusal) -> None:
    """End what would be approved and cannot be done, for the reason that doing it gave.

    Raises:
        NotAllowed, NotFound, OwnApproval, ApprovalDecided.
    """
    found = to_decide(work, approval_id)
    _end(work, found, VOID)
    work.tell(
        "approval_stopped",
        document_id=found.document_id,
        approval_id=found.id,
        asked_by=found.asked_by,
        refusal=refusal,
    )


def _ask_again(work: Work, found: ApprovalRecord, asker: Actor) -> Outcome:
    """What was asked has changed: it is void, and the figures of now are asked for."""
    _end(work, found, VOID)
    now = documents(work.connection, [found.document_id])[found.document_id]
    as_asker, again = replace(work, actor=asker), None
    try:
        beyond = _ACTIONS[found.action].beyond(as_asker, now.id, revision=now.revision)
    except Refusal:
        # It cannot be done any more at all, or not by him: there is nothing left to ask for.
        beyond = None
    if beyond is not None:
        again = _ask(work, _Wish(now.id, now.revision, found.action, beyond, found.asked_by))
    work.tell(
        "approval_void",
        document_id=found.document_id,
        approval_id=found.id,
        asked_by=found.asked_by,
        again=again,
    )
    return Outcome(again=again)


def refuse(work: Work, approval_id: int, *, reason: str = "") -> None:
    """Refuse what was asked for; the draft stays as it is.

    Raises:
        NotAllowed, NotFound, OwnApproval, ApprovalDecided, TextTooLong.
    """
    found = to_decide(work, approval_id)
    _end(work, found, REFUSED, reason=reason)
    work.tell(
        "approval_refused",
        document_id=found.document_id,
        approval_id=found.id,
        asked_by=found.asked_by,
    )


def withdraw(work: Work, approval_id: int) -> int:
    """Take back what one has asked for; returns the id of its document, which stays a draft.

    Raises:
        NotFound: there is none, or another asked for it.
        ApprovalDecided: it was answered meanwhile.
    """
    found = by_id(work.connection, approval_id)
    if found is None or found.asked_by != work.actor.person_id:
        raise NotFound(subject="approval")
    _end(work, _still_open(work, found), REFUSED)
    return found.document_id


def to_decide(work: Work, approval_id: int) -> ApprovalRecord:
    """The approval, its document locked, if this person may decide it and it is still open."""
    require_ability(work.actor, Ability.APPROVE)
    found = by_id(work.connection, approval_id)
    if found is None:
        raise NotFound(subject="approval")
    if found.asked_by == work.actor.person_id:
        raise OwnApproval
    return _still_open(work, found)


def _still_open(work: Work, found: ApprovalRecord) -> ApprovalRecord:
    # Two who decide at once wait for each other here, and the second reads what the first did.
    lock_with_sources(work.connection, found.document_id)
    now = by_id(work.connection, found.id)
    if now is None or not now.is_open:
        raise ApprovalDecided
    return now


def _end(work: Work, found: ApprovalRecord, state: str, *, reason: str = "") -> None:
    """Give it its last state; its document is locked, and a trigger keeps the state for ever."""
    work.connection.execute(
        update(approval)
        .where(approval.c.id == found.id)
        .values(
            state=state,
            decided_by=work.actor.person_id or None,
            decided_at=work.now,
            reason=clean(reason) if reason.strip() else "",
        )
    )
    record(work, "approval", found.id, action=state, document=found.document_id, reason=reason)
    work.touch("document", found.document_id)
