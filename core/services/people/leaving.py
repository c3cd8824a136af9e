"""A contact's link ends: with it the role that it gave, where no other contact gives it too."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, or_, update

from core.domain.people import Role
from core.services.work import Work
from core.storage.tables import contact, party, person_role


def end_links(work: Work, contact_ids: Sequence[int]) -> None:
    """End these contacts at once, and what they alone let their persons do."""
    ended = work.connection.execute(
        update(contact)
        .where(contact.c.id.in_(contact_ids))
        .values(ended_at=work.now)
        .returning(contact.c.person_id)
    )
    people = [each for each in ended.scalars() if each is not None]
    if people:
        work.connection.execute(
            delete(person_role).where(
                person_role.c.person_id.in_(people),
                or_(
                    _without(Role.CUSTOMER, party.c.is_customer),
                    _without(Role.VENDOR, party.c.is_vendor),
                ),
            )
        )


def _without(role: Role, side: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a role of a person is given by none of his contacts any more."""
    given = exists().where(
        contact.c.person_id == person_role.c.person_id,
        contact.c.ended_at.is_(None),
        party.c.id == contact.c.party_id,
        side,
    )
    return and_(person_role.c.role == str(role), ~given)
