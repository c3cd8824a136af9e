"""Who may do what to a document: the one place that asks the table, and refuses."""

from __future__ import annotations

from core.domain.document_type import DocumentType
from core.domain.errors import Refusal
from core.domain.people import Ability, Actor, Right


class NotAllowed(Refusal):
    """This person has no right to do this."""

    code = "not_allowed"
    fact_names = ("right",)


class NotFound(Refusal):
    """There is no such thing, or none that this person may know of."""

    code = "not_found"
    fact_names = ("subject",)


class Changed(Refusal):
    """Somebody changed it since this person looked at it; nothing was done."""

    code = "changed"
    fact_names = ("subject", "id")


class AlreadyMerged(Refusal):
    """It was merged into another one, which stands for it for good."""

    code = "already_merged"
    fact_names = ("name",)


_OWN = {
    Right.VIEW: Right.VIEW_OWN,
    Right.DRAFT: Right.DRAFT_OWN,
    Right.ANSWER: Right.ANSWER_OWN,
}


def may(actor: Actor, right: Right, row: DocumentType, *, party_id: int | None) -> bool:
    """Whether `actor` has `right` on a document of this row with this party."""
    granted = frozenset[Right]().union(
        *(row.rights.get(role, frozenset()) for role in actor.roles)
    )
    if right in granted:
        return True
    own = _OWN.get(right)
    if own is None or own not in granted or party_id not in actor.own_parties:
        return False
    return own is Right.VIEW_OWN or actor.orders_for(party_id)


def require(actor: Actor, right: Right, row: DocumentType, *, party_id: int | None) -> None:
    """Refuse unless `actor` has `right`.

    Raises:
        NotFound: he may not even look at it.
        NotAllowed: he may look, but not do this.
    """
    if may(actor, right, row, party_id=party_id):
        return
    if right is not Right.VIEW and may(actor, Right.VIEW, row, party_id=party_id):
        raise NotAllowed(right=str(right))
    if right in (Right.DRAFT, Right.ISSUE) and actor.is_staff:
        raise NotAllowed(right=str(right))
    raise NotFound(subject="document")


def require_ability(actor: Actor, ability: Ability) -> None:
    """Refuse unless one of the actor's roles has `ability`.

    Raises:
        NotAllowed: none has.
    """
    if not actor.can(ability):
        raise NotAllowed(right=str(ability))
