"""Many parties, contacts and addresses at once, by the rules of `core.services.people.parties`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from core.domain.identifiers import electronic_address
from core.domain.money import digits
from core.domain.payment_modes import TRANSFER
from core.domain.people import Ability
from core.domain.texts import clean, clean_note, folded
from core.services.history import record_many
from core.services.people.leaving import end_links
from core.services.products.catalog_bulk import parts_of
from core.services.rights import Changed, require_ability
from core.services.work import Work
from core.storage.tables import address, contact, party

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class PartyChange:
    """What changes of a party: columns of it."""

    id: int
    revision: int
    values: Facts


def party_values(details: Facts) -> dict[str, Any]:
    """The columns of a party for these details, cleaned and folded.

    Raises:
        TextMissing, TextTooLong, UnknownCurrency, ElectronicAddressUnclear.
    """
    values = dict(details)
    if "name" in values:
        values["name"] = clean(values["name"])
        values["folded_name"] = folded(values["name"])
    if values.get("currency") is not None:
        digits(values["currency"])
    if "tax_id" in values:
        values["tax_id"] = clean_note(values["tax_id"])
    if values.get("electronic_address"):
        values["electronic_address"] = str(electronic_address(values["electronic_address"]))
    return values


def add_parties(work: Work, rows: Sequence[Facts]) -> list[int]:
    """Add parties (the arguments of `parties.add_party`, as columns); their ids in that order.

    Raises:
        NotAllowed, TextMissing, TextTooLong, UnknownCurrency.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    defaults = {"tax_id": "", "electronic_address": "", "tax_rule_id": None,
                "payment_days": None, "currency": None, "payment_mode": TRANSFER.code,
                "price_book_id": None}  # fmt: skip
    made = [{**defaults, **party_values(row), "created_at": work.now} for row in rows]
    ids = _inserted(work, party, made, by="folded_name")
    facts = [(id, {"name": each["name"]}) for id, each in zip(ids, made, strict=True)]
    record_many(work, "party", action="add", facts=facts)
    return ids


def change_parties(work: Work, changes: Sequence[PartyChange]) -> None:
    """Change facts of parties: all of them, or none.

    Raises:
        NotAllowed, TextMissing, TextTooLong, UnknownCurrency.
        Changed: one is not at the revision that was read.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for each in changes:
        values = party_values(each.values)
        row = {f"new_{name}": value for name, value in values.items()}
        row |= {"of_id": each.id, "of_revision": each.revision}
        groups[tuple(sorted(values))].append(row)
    for columns, rows in groups.items():
        work.connection.execute(
            update(party)
            .where(party.c.id == bindparam("of_id"), party.c.revision == bindparam("of_revision"))
            .values(
                revision=bindparam("of_revision") + 1,
                **{name: bindparam(f"new_{name}", type_=party.c[name].type) for name in columns},
            ),
            rows,
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
    """Add contacts (party_id, name, phone, email); returns their ids in that order.

    Raises:
        NotAllowed, TextMissing, TextTooLong.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    made = [
        {
            "party_id": row["party_id"],
            "name": clean(row["name"]),
            "phone": clean_note(row.get("phone", "")),
            "email": clean_note(row.get("email", "")),
            "may_see_money": True,
            "may_order": True,
        }
        for row in rows
    ]
    ids = _inserted(work, contact, made, by="name")
    facts = [(each["party_id"], {"name": each["name"]}) for each in made]
    record_many(work, "party", action="add_contact", facts=facts)
    return ids


def change_contacts(work: Work, rows: Sequence[Facts]) -> None:
    """Set phone and e-mail of contacts (id, party_id, phone, email).

    Raises:
        NotAllowed, TextTooLong.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    if not rows:
        return
    work.connection.execute(
        update(contact)
        .where(contact.c.id == bindparam("of_id"))
        .values(phone=bindparam("new_phone"), email=bindparam("new_email")),
        [
            {
                "of_id": row["id"],
                "new_phone": clean_note(row["phone"]),
                "new_email": clean_note(row["email"]),
            }
            for row in rows
        ],
    )
    facts = [(row["party_id"], {"contact": row["id"]}) for row in rows]
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
    """Add addresses (party_id, use, street, postal_code, city, country); the ones before end.

    Returns their ids in that order.

    Raises:
        NotAllowed, TextMissing, TextTooLong.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
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
    made = [
        {
            "party_id": row["party_id"],
            "use": row["use"],
            "street": clean_note(row.get("street", "")),
            "postal_code": clean_note(row.get("postal_code", "")),
            "city": clean_note(row.get("city", "")),
            "country": clean(row["country"]),
        }
        for row in rows
    ]
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
