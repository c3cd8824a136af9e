"""Many parties, contacts and addresses at once, by the rules of `core.services.people.parties`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select, update

from core.domain.facts.fact import empty_values, values_of
from core.domain.facts.party import OF_ADDRESS, OF_CONTACT, OWN
from core.domain.people import Ability
from core.services.history import record_many
from core.services.people.leaving import end_links
from core.services.products.catalog_bulk import parts_of
from core.services.rights import Changed, require_ability
from core.services.work import Work
from core.storage.sql import update_rows
from core.storage.tables import address, contact, party

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class PartyChange:
    """What changes of a party: columns of it; `restored` values were kept before."""

    id: int
    revision: int
    values: Facts
    restored: bool = False


def add_parties(work: Work, rows: Sequence[Facts]) -> list[int]:
    """Add parties (the arguments of `parties.add_party`, as columns); their ids in that order.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    nothing = empty_values(OWN)
    made = [{**nothing, **values_of(OWN, row), "created_at": work.now} for row in rows]
    ids = _inserted(work, party, made, by="folded_name")
    facts = [(id, {"name": each["name"]}) for id, each in zip(ids, made, strict=True)]
    record_many(work, "party", action="add", facts=facts)
    return ids


def change_parties(work: Work, changes: Sequence[PartyChange]) -> None:
    """Change facts of parties: all of them, or none.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
        Changed: one is not at the revision that was read.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    update_rows(
        work.connection,
        party,
        [
            (each.id, each.revision, values_of(OWN, each.values, restored=each.restored))
            for each in changes
        ],
    )
    for part in parts_of(changes):
        ids = [each.id for each in part]
        found = select(party.c.id, party.c.revision).where(party.c.id.in_(ids))
        there = {row.id: row.revision for row in work.connection.execute(found)}
        for each in part:
            if there.get(each.id) != each.revision + 1:
                raise Changed(subject="party", id=each.id)
    facts = [(each.id, dict(each.values)) for each in changes]
    record_many(work, "party", action="change", facts=facts)


def add_contacts(work: Work, rows: Sequence[Facts]) -> list[int]:
    """Add contacts (party_id, and columns of a contact); returns their ids in that order.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    nothing = empty_values(OF_CONTACT)
    rights = {"may_see_money": True, "may_order": True}
    made = [{**nothing, **values_of(OF_CONTACT, row), **rights} for row in rows]
    ids = _inserted(work, contact, made, by="name")
    facts = [(each["party_id"], {"name": each["name"]}) for each in made]
    record_many(work, "party", action="add_contact", facts=facts)
    return ids


def change_contacts(work: Work, changes: Sequence[Facts], *, restored: bool = False) -> None:
    """Change contacts (id, party_id, and the columns that change).

    With `restored` they were kept before, and are not cleaned again.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    update_rows(
        work.connection,
        contact,
        [
            (
                each["id"],
                0,
                values_of(
                    OF_CONTACT,
                    {name: each[name] for name in OF_CONTACT if name in each},
                    restored=restored,
                ),
            )
            for each in changes
        ],
    )
    facts = [(each["party_id"], {"contact": each["id"]}) for each in changes]
    record_many(work, "party", action="change_contact", facts=facts)


def end_contacts(work: Work, contact_ids: Sequence[int]) -> None:
    """End contacts: their links to the party end at once.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    for part in parts_of(contact_ids):
        end_links(work, part)


def add_addresses(work: Work, rows: Sequence[Facts]) -> list[int]:
    """Add addresses (party_id, use, and columns of an address); the ones before end.

    Returns their ids in that order.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    nothing = empty_values(OF_ADDRESS)
    made = [{**nothing, **values_of(OF_ADDRESS, row)} for row in rows]
    for use in sorted({row["use"] for row in rows}):
        for part in parts_of([row["party_id"] for row in rows if row["use"] == use]):
            work.connection.execute(
                update(address)
                .where(
                    address.c.party_id.in_(part),
                    address.c.use == use,
                    address.c.ended_at.is_(None),
                )
                .values(ended_at=work.now)
            )
    ids = _inserted(work, address, made, by="use")
    facts = [(each["party_id"], {"use": each["use"]}) for each in made]
    record_many(work, "party", action="add_address", facts=facts)
    return ids


def end_addresses(work: Work, address_ids: Sequence[int], *, again: Sequence[int] = ()) -> None:
    """End addresses; those of `again` are in use again.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    for ids, moment in ((address_ids, work.now), (again, None)):
        for part in parts_of(ids):
            work.connection.execute(
                update(address).where(address.c.id.in_(part)).values(ended_at=moment)
            )


def _inserted(work: Work, table: Table, rows: Sequence[dict[str, Any]], *, by: str) -> list[int]:
    """Insert rows and give their ids in that order; a party has none of `by` twice."""
    if not rows:
        return []
    owner = table.c.get("party_id", table.c[by])
    found = work.connection.execute(
        insert(table).returning(table.c.id, owner.label("owner"), table.c[by].label("mark")),
        rows,
    )
    # The database may return them in any order.
    ids = {(row.owner, row.mark): int(row.id) for row in found}
    return [ids[row.get("party_id", row[by]), row[by]] for row in rows]
