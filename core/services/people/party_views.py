"""What a person sees of parties: one with its account and contacts, and pages of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from core.domain.document_type import PartySide
from core.domain.documents import kinds
from core.domain.facts.party import PARTY_FACTS
from core.domain.money import from_minor
from core.domain.people import Ability, Right
from core.services import shown_facts
from core.services.money import accounts
from core.services.money.open_items import Due, open_items
from core.services.people import parties
from core.services.people.parties import AddressRecord, ContactRecord, PartyRecord
from core.services.rights import NotFound, may, require_ability
from core.services.work import Work
from core.storage.tables import account_entry as entry
from core.storage.tables import party

PAGE_SIZE = 8


@dataclass(frozen=True)
class PartyView:
    """Everything that a card of a party may show this person.

    `balances` is what it owes us (plus) or we owe it (minus) by currency; it and `open_items`
    are empty for those who see no money.  `facts` are those that are lines of the card, by their
    keys.
    """

    record: PartyRecord
    addresses: Sequence[AddressRecord]
    contacts: Sequence[ContactRecord]
    balances: Mapping[str, Decimal]
    open_items: Sequence[Due]
    can_edit: bool
    can_pay: bool
    facts: Mapping[str, Any]


def view(work: Work, party_id: int) -> PartyView:
    """A party as `work.actor` may see it.

    Raises:
        NotAllowed: he may not see parties.
        NotFound: there is no such party.
    """
    require_ability(work.actor, Ability.SEE_PARTIES)
    connection, actor = work.connection, work.actor
    found = parties.load(connection, [party_id]).get(party_id)
    if found is None:
        raise NotFound(subject="party")
    sees_money = actor.sees_money_of(party_id)
    money = kinds(settles=True)[0]
    return PartyView(
        record=found,
        addresses=parties.addresses(connection, party_id),
        contacts=parties.contacts(connection, party_id),
        balances=accounts.balances(connection, party_id) if sees_money else {},
        open_items=open_items(connection, party_id) if sees_money else (),
        can_edit=actor.can(Ability.EDIT_PARTIES),
        can_pay=sees_money and may(actor, Right.ISSUE, money, party_id=party_id),
        facts=shown_facts.card_lines(work, PARTY_FACTS, found.facts),
    )


@dataclass(frozen=True)
class PartyRow:
    """A party in a list, with what is open on its account by currency."""

    id: int
    name: str
    balances: Mapping[str, Decimal]


@dataclass(frozen=True)
class PartyPage:
    """A part of a list: `total` is how many there are in all."""

    rows: Sequence[PartyRow]
    total: int
    offset: int


def page(work: Work, side: PartySide, *, offset: int = 0) -> PartyPage:
    """Customers or vendors that are not archived, by name.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_PARTIES)
    is_side = party.c.is_vendor if side is PartySide.VENDOR else party.c.is_customer
    conditions = [is_side, party.c.archived_at.is_(None)]
    total = work.connection.execute(
        select(func.count()).select_from(party).where(*conditions)
    ).scalar_one()
    rows = work.connection.execute(
        select(party.c.id, party.c.name)
        .where(*conditions)
        .order_by(party.c.folded_name, party.c.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()
    sees_money = work.actor.can(Ability.SEE_MONEY)
    owed = _balances(work, [row.id for row in rows]) if sees_money else {}
    found = [PartyRow(row.id, row.name, owed.get(row.id, {})) for row in rows]
    return PartyPage(found, int(total), offset)


def _balances(work: Work, party_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    rows = work.connection.execute(
        select(entry.c.party_id, entry.c.currency, func.sum(entry.c.amount_minor).label("minor"))
        .where(entry.c.party_id.in_(list(party_ids)))
        .group_by(entry.c.party_id, entry.c.currency)
        .order_by(entry.c.currency)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        if row.minor:
            amount = from_minor(int(row.minor), row.currency)
            found.setdefault(row.party_id, {})[row.currency] = amount
    return found
