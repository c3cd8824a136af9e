"""Parties with their contacts and addresses, in the columns that an import takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, select

from core.domain.facts.party import ADDRESS_PREFIXES, CONTACT, OWN, PARTY_FACTS, side_of
from core.domain.messages import N_
from core.reports.fact_columns import columns_of_facts, selected
from core.reports.report import Asked, Report
from core.services.importing.columns import PARTIES
from core.services.work import Work
from core.storage.tables import address, contact, party


def _parties(work: Work, _asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield a row for each contact; a party without contacts has one."""
    contacts: dict[int, list[RowMapping]] = defaultdict(list)
    living = select(contact).where(contact.c.ended_at.is_(None)).order_by(contact.c.id)
    for row in work.connection.execute(living).mappings():
        contacts[row["party_id"]].append(row)
    addresses: dict[tuple[int, str], RowMapping] = {}
    in_use = select(address).where(address.c.ended_at.is_(None)).order_by(address.c.id)
    for row in work.connection.execute(in_use).mappings():
        addresses.setdefault((row["party_id"], row["use"]), row)
    columns, source = selected(party, OWN)
    rows = work.connection.execute(
        select(party.c.id, party.c.is_customer, party.c.is_vendor, *columns)
        .select_from(source)
        .where(party.c.archived_at.is_(None))
        .order_by(party.c.folded_name, party.c.id)
    ).mappings()
    for row in rows:
        side = side_of(is_customer=row["is_customer"], is_vendor=row["is_vendor"])
        own = {**row, "side": side}
        for use in ADDRESS_PREFIXES:
            own |= _facts_of(use, addresses.get((row["id"], use)))
        its_contacts: Sequence[RowMapping | None] = contacts[row["id"]] or [None]
        for each in its_contacts:
            yield own | _facts_of(CONTACT, each)


def _facts_of(holder: str, row: RowMapping | None) -> dict[str, Any]:
    """Return what a contact or an address says; nothing where there is none."""
    return {
        each.file_key: None if row is None else row[each.kept_in]
        for each in PARTY_FACTS
        if each.holder == holder and each.kept_in
    }


REPORT: Final = Report(
    name="parties",
    title=PARTIES.label,
    question=N_("Who do we trade with, and how do we reach them?"),
    columns=columns_of_facts(PARTY_FACTS),
    query=_parties,
    place=40,
)
