"""Parties from a table, with their contacts and addresses; several rows may be about one party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from core.domain.facts.party import ADDRESS_PREFIXES, OF_ADDRESS, OF_CONTACT, OWN, SIDES
from core.domain.texts import folded
from core.services.company import CompanyRecord
from core.services.importing import problems as say
from core.services.importing.planning import Plan, Trace, traced
from core.services.importing.reading import ReadRow, ReadTable
from core.services.people import party_bulk
from core.services.people.party_bulk import PartyChange
from core.services.products.catalog_bulk import parts_of
from core.services.work import Work
from core.storage.tables import address, contact, party

SAID_OF_PARTY: Final = {
    each.file_key: column
    for column, each in OWN.items()
    if each.file is not None and column != "name"
}
"""What a file says of a party itself beside its name, and the column that keeps it."""
SAID_OF_CONTACT: Final = {
    each.file_key: column
    for column, each in OF_CONTACT.items()
    if each.file is not None and column != "name"
}
"""The same of a contact."""


@dataclass
class _Said:
    """What all rows about one party say together."""

    number: int
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    contacts: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    """In which row something was said first, by the column."""


@dataclass(frozen=True)
class _There:
    """What there is: parties by folded name, contacts and addresses by party."""

    parties: Mapping[str, Sequence[Row[Any]]]
    contacts: Mapping[int, Sequence[Row[Any]]]
    addresses: Mapping[tuple[int, str], Row[Any]]


@dataclass
class _Todo:
    """What is to be written; a new party has no id yet, so its rows name it by its number."""

    new: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    changes: list[tuple[int, PartyChange, Mapping[str, Any]]] = field(default_factory=list)
    contacts: list[tuple[int, int | None, Mapping[str, str], int]] = field(default_factory=list)
    changed_contacts: list[tuple[int, Mapping[str, Any], Mapping[str, Any]]] = field(
        default_factory=list
    )
    addresses: list[tuple[int, int | None, Mapping[str, str], int | None]] = field(
        default_factory=list
    )


def plan(connection: Connection, table: ReadTable, company: CompanyRecord) -> Plan:
    """What the parties of a table would change."""
    said = _gathered(table, company)
    there = _there(connection, list(said))
    todo = _Todo()
    unchanged = 0
    touched: set[int] = set()
    for key, each in said.items():
        rows = there.parties.get(key, ())
        living = [row for row in rows if row.archived_at is None]
        if len(living) > 1:
            facts = {"count": len(living), "text": each.name}
            table.wrong(each.number, "name", say.MANY_PARTIES, **facts)
            continue
        old = next(iter(living or rows), None)
        before = _size(todo)
        if old is None or old.archived_at is not None:
            _plan_new(table, each, todo, company=company, old=old)
        else:
            _plan_change(each, todo, old)
        _plan_reach(each, todo, old, there=there)
        if _size(todo) == before:
            unchanged += 1
        elif old is not None and old.archived_at is None:
            touched.add(old.id)
    revived = sum("archived_at" in change.values for _, change, _ in todo.changes)
    return Plan(
        lambda work: _write(work, todo),
        new=len(todo.new) + revived,
        changed=len(touched),
        unchanged=unchanged,
    )


def _size(todo: _Todo) -> int:
    return sum(map(len, vars(todo).values()))


# --- What a file says --------------------------------------------------------------------------


def _gathered(table: ReadTable, company: CompanyRecord) -> dict[str, _Said]:
    """The rows by the party that they are about."""
    found: dict[str, _Said] = {}
    for row in table.rows:
        if not row.whole:
            continue
        name = row.values["name"]
        said = found.setdefault(folded(name) or name, _Said(row.number, name))
        _add_values(table, row, said)
        _add_contact(table, row, said)
        for use, prefix in ADDRESS_PREFIXES.items():
            parts = {part: row.values.get(prefix + part, "") for part in OF_ADDRESS}
            if any(parts.values()):
                parts["country"] = parts["country"] or company.country
                key = prefix + "street"
                _agree(table, row, said, place=(said.addresses, use), column=key, value=parts)
    return found


def _add_values(table: ReadTable, row: ReadRow, said: _Said) -> None:
    for key in ("side", *SAID_OF_PARTY):
        if key in row.values:
            _agree(table, row, said, place=(said.values, key), column=key, value=row.values[key])


def _add_contact(table: ReadTable, row: ReadRow, said: _Said) -> None:
    reach = {
        column: row.values[key] for key, column in SAID_OF_CONTACT.items() if key in row.values
    }
    if "contact" not in row.values and not reach:
        return
    name = row.values.get("contact", said.name)
    key = folded(name) or name
    if key in said.contacts and said.contacts[key][1] != {"name": name, **reach}:
        table.wrong(row.number, "contact", say.OTHER_THAN_ROW, first=said.contacts[key][0])
    said.contacts.setdefault(key, (row.number, {"name": name, **reach}))


def _agree(
    table: ReadTable,
    row: ReadRow,
    said: _Said,
    *,
    place: tuple[dict[str, Any], str],
    column: str,
    value: Any,
) -> None:
    """Keep what a row says, unless an earlier row about the same party says otherwise."""
    kept, key = place
    first = said.said_in.setdefault(column, row.number)
    if kept.setdefault(key, value) != value:
        table.wrong(row.number, column, say.OTHER_THAN_ROW, first=first)


# --- What there is -----------------------------------------------------------------------------


def _there(connection: Connection, keys: Sequence[str]) -> _There:
    parties: dict[str, list[Row[Any]]] = defaultdict(list)
    for part in parts_of(keys):
        wanted = select(party).where(party.c.folded_name.in_(part), party.c.merged_into.is_(None))
        for row in connection.execute(wanted.order_by(party.c.id)):
            parties[row.folded_name].append(row)
    ids = [row.id for rows in parties.values() for row in rows]
    contacts: dict[int, list[Row[Any]]] = defaultdict(list)
    addresses: dict[tuple[int, str], Row[Any]] = {}
    for part in parts_of(ids):
        of_part = select(contact).where(contact.c.party_id.in_(part), contact.c.ended_at.is_(None))
        for row in connection.execute(of_part.order_by(contact.c.id)):
            contacts[row.party_id].append(row)
        at_part = select(address).where(address.c.party_id.in_(part), address.c.ended_at.is_(None))
        for row in connection.execute(at_part.order_by(address.c.id)):
            addresses.setdefault((row.party_id, row.use), row)
    return _There(parties, contacts, addresses)


# --- The difference ----------------------------------------------------------------------------


def _columns(said: _Said) -> dict[str, Any]:
    return {
        SAID_OF_PARTY[key]: value for key, value in said.values.items() if key in SAID_OF_PARTY
    }


def _plan_new(
    table: ReadTable, said: _Said, todo: _Todo, *, company: CompanyRecord, old: Row[Any] | None
) -> None:
    """A party that is not there, or is archived and comes back."""
    if "side" not in said.values and old is None:
        table.wrong(said.number, "side" if "side" in table.headings else "", say.MISSING_COLUMN
                    if "side" not in table.headings else say.EMPTY_CELL,
                    column=table.matched.kind.column("side").heading)  # fmt: skip
        return
    side = SIDES[said.values["side"]] if "side" in said.values else {}
    if old is not None:
        values = {"archived_at": None, "name": said.name, **side, **_columns(said)}
        _change(said, todo, old, values=values)
        return
    values = {
        "name": said.name,
        "is_customer": False,
        "is_vendor": False,
        "language": company.language,
        "currency": company.currency,
    }
    todo.new.append((said.number, {**values, **side, **_columns(said)}))


def _plan_change(said: _Said, todo: _Todo, old: Row[Any]) -> None:
    # A side is added, never taken away: there may be papers with it.
    side = SIDES[said.values["side"]] if "side" in said.values else {}
    _change(said, todo, old, values={"name": said.name, **side, **_columns(said)})


def _change(said: _Said, todo: _Todo, old: Row[Any], *, values: Mapping[str, Any]) -> None:
    new = {key: value for key, value in values.items() if getattr(old, key) != value}
    if new:
        previous = {key: getattr(old, key) for key in new}
        todo.changes.append((said.number, PartyChange(old.id, old.revision, new), previous))


def _plan_reach(said: _Said, todo: _Todo, old: Row[Any] | None, *, there: _There) -> None:
    """Contacts and addresses that are not there yet, or have changed."""
    party_id = None if old is None else old.id
    known = {} if old is None else {folded(each.name): each for each in there.contacts[old.id]}
    for key, (number, facts) in said.contacts.items():
        row = known.get(key)
        if row is None:
            todo.contacts.append((said.number, party_id, facts, number))
            continue
        new = {
            name: facts[name]
            for name in SAID_OF_CONTACT.values()
            if name in facts and facts[name] != getattr(row, name)
        }
        if new:
            previous = {name: getattr(row, name) for name in new}
            change = {"id": row.id, "party_id": row.party_id, **new}
            todo.changed_contacts.append((number, change, previous))
    for use, parts in said.addresses.items():
        present = there.addresses.get((old.id, use)) if old is not None else None
        if present is None or any(getattr(present, part) != parts[part] for part in OF_ADDRESS):
            ended = None if present is None else present.id
            todo.addresses.append((said.number, party_id, {"use": use, **parts}, ended))


# --- The change --------------------------------------------------------------------------------


def _write(work: Work, todo: _Todo) -> Sequence[Trace]:
    party_bulk.change_parties(work, [change for _, change, _ in todo.changes])
    ids = party_bulk.add_parties(work, [values for _, values in todo.new])
    by_number = {number: id for (number, _), id in zip(todo.new, ids, strict=True)}
    found = [traced(number, "party", id) for number, id in by_number.items()]
    found += [
        traced(number, "party", change.id, revision=change.revision + 1, previous=previous)
        for number, change, previous in todo.changes
    ]
    contacts = [
        {"party_id": party_id or by_number[of], **facts}
        for of, party_id, facts, _ in todo.contacts
    ]
    contact_ids = party_bulk.add_contacts(work, contacts)
    found += [
        traced(number, "contact", id)
        for (*_, number), id in zip(todo.contacts, contact_ids, strict=True)
    ]
    party_bulk.change_contacts(work, [change for _, change, _ in todo.changed_contacts])
    found += [
        traced(number, "contact", change["id"], previous=previous)
        for number, change, previous in todo.changed_contacts
    ]
    addresses = [
        {"party_id": party_id or by_number[of], **parts}
        for of, party_id, parts, _ in todo.addresses
    ]
    address_ids = party_bulk.add_addresses(work, addresses)
    # What an address took the place of is in use again when the import is undone.
    found += [
        traced(number, "address", id, revision=ended or 0)
        for (number, _, _, ended), id in zip(todo.addresses, address_ids, strict=True)
    ]
    return found
