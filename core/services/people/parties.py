"""Parties (customers and vendors), their addresses and contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    bindparam,
    literal,
    null,
    select,
    union_all,
    update,
)

from core.domain.document_type import DocumentType, PartySide
from core.domain.errors import Refusal
from core.domain.facts.fact import values_of
from core.domain.facts.party import OF_ADDRESS, OF_CONTACT, OWN
from core.domain.people import Ability
from core.domain.totals import TaxRate
from core.services import templates
from core.services.history import record
from core.services.people.leaving import end_links
from core.services.rights import AlreadyMerged, Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.records import filled
from core.storage.sql import IDS, insert_one, prefixed
from core.storage.tables import address, contact, party, tax


class PartyUnsuitable(Refusal):
    """A customer is wanted and this is none, or a vendor, or it is archived."""

    code = "party_unsuitable"
    fact_names = ("name", "side")


class PartyWithoutCurrency(Refusal):
    """The party has no currency yet, so nothing can be priced for it."""

    code = "party_without_currency"
    fact_names = ("name", "party_id")


class PartyWithoutAddress(Refusal):
    """Goods are to go to a party that has no address."""

    code = "party_without_address"
    fact_names = ("name", "party_id")


@dataclass(frozen=True)
class PartyRecord:
    """A party with its tax rule, when it has one of its own.

    `facts` are all that its row keeps of the table of facts, by their columns: what cards, files
    and papers go by.  Those that rules go by have a field.
    """

    id: int
    name: str
    is_customer: bool
    is_vendor: bool
    currency: str | None
    language: str
    tax_id: str
    electronic_address: str
    payment_days: int | None
    payment_mode: str
    price_book_id: int | None
    template_id: int | None
    archived_at: datetime | None
    revision: int
    tax_rule: TaxRate | None
    facts: Mapping[str, Any]

    def suits(self, side: PartySide) -> bool:
        """Whether a document of this side can be made with it."""
        if self.archived_at is not None:
            return False
        return {
            PartySide.CUSTOMER: self.is_customer,
            PartySide.VENDOR: self.is_vendor,
            PartySide.EITHER: True,
            PartySide.NOBODY: False,
        }[side]


@dataclass(frozen=True)
class AddressRecord:
    """An address of a party; `use` is "billing" or "delivery"."""

    id: int
    party_id: int
    use: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class ContactRecord:
    """A human at a party."""

    id: int
    party_id: int
    name: str
    phone: str
    email: str
    person_id: int | None
    may_see_money: bool
    may_order: bool


COLUMNS: dict[str, ColumnElement[Any]] = {
    **{each.name: party.c[each.name] for each in fields(PartyRecord) if each.name in party.c},
    **{name: party.c[name] for name in OWN},
    "tax_category": tax.c.category,
    "tax_percent": tax.c.percent,
}
"""What a statement selects of a party that is joined to its tax rule."""


def record_of(row: Row[Any]) -> PartyRecord | None:
    """Return the party of a row that has `COLUMNS` under the prefix "party", if there is one."""
    if row.party_of_id is None:
        return None
    category = row.party_of_tax_category
    rule = None if category is None else TaxRate(category, row.party_of_tax_percent)
    facts = {name: row._mapping[f"party_of_{name}"] for name in OWN}
    return filled(PartyRecord, row, prefix="party", tax_rule=rule, facts=facts)


_PARTIES = (
    select(*prefixed("party", COLUMNS))
    .select_from(party.outerjoin(tax, tax.c.id == party.c.tax_rule_id))
    .where(party.c.id.in_(IDS))
)


def load(connection: Connection, party_ids: Collection[int]) -> dict[int, PartyRecord]:
    """The parties with these ids."""
    rows = connection.execute(_PARTIES, {"ids": sorted(set(party_ids))})
    records = (record_of(row) for row in rows)
    return {each.id: each for each in records if each is not None}


def addresses(connection: Connection, party_id: int) -> list[AddressRecord]:
    """The addresses of a party that are in use, the oldest first."""
    rows = connection.execute(
        select(
            address.c.id, address.c.party_id, address.c.use, address.c.street,
            address.c.postal_code, address.c.city, address.c.country,
        )
        .where(address.c.party_id == party_id, address.c.ended_at.is_(None))
        .order_by(address.c.id)
    )  # fmt: skip
    return [AddressRecord(**row._asdict()) for row in rows]


def contacts(connection: Connection, party_id: int) -> list[ContactRecord]:
    """The contacts of a party that have not ended, the oldest first."""
    rows = connection.execute(
        select(
            contact.c.id, contact.c.party_id, contact.c.name, contact.c.phone, contact.c.email,
            contact.c.person_id, contact.c.may_see_money, contact.c.may_order,
        )
        .where(contact.c.party_id == party_id, contact.c.ended_at.is_(None))
        .order_by(contact.c.id)
    )  # fmt: skip
    return [ContactRecord(**row._asdict()) for row in rows]


_OF_ADDRESS = ("use", "street", "postal_code", "city", "country")
_OF_CONTACT = ("name", "phone", "email", "person_id", "may_see_money", "may_order")


def _reach() -> CompoundSelect[Any]:
    # The first part gives the columns of both their names and types.
    of_contact = select(
        literal("contact").label("what"),
        contact.c.id,
        contact.c.party_id,
        *(contact.c[each] for each in _OF_CONTACT),
        *(literal("").label(each) for each in _OF_ADDRESS),
    ).where(contact.c.party_id == bindparam("of"), contact.c.ended_at.is_(None))
    of_address = select(
        literal("address"),
        address.c.id,
        address.c.party_id,
        *(null() for _ in _OF_CONTACT),
        *(address.c[each] for each in _OF_ADDRESS),
    ).where(address.c.party_id == bindparam("of"), address.c.ended_at.is_(None))
    return union_all(of_contact, of_address).order_by("id")


_REACH = _reach()

Reach = tuple[list[AddressRecord], list[ContactRecord]]
"""The addresses and the contacts of a party."""


def reach(connection: Connection, party_id: int) -> Reach:
    """The addresses and the contacts of a party, in one statement."""
    rows = connection.execute(_REACH, {"of": party_id}).all()
    return (
        [filled(AddressRecord, row) for row in rows if row.what == "address"],
        [filled(ContactRecord, row) for row in rows if row.what == "contact"],
    )


def address_for_goods(found: list[AddressRecord]) -> AddressRecord | None:
    """Where goods go: the delivery address, else the billing address, else nowhere."""
    return next(
        (each for use in ("delivery", "billing") for each in found if each.use == use), None
    )


def require_suitable(found: PartyRecord, row: DocumentType, *, goes_on: bool = False) -> None:
    """Refuse a party that a document of this row cannot be made with.

    With `goes_on` it may be archived: the document is made from one that is there, or is
    money that has come or gone, which is always booked.

    Raises:
        PartyUnsuitable: it is archived, or on the wrong side.
        PartyWithoutCurrency: the document is priced and the party has no currency.
    """
    goes_on = goes_on and found.archived_at is not None
    if not (replace(found, archived_at=None) if goes_on else found).suits(row.party):
        raise PartyUnsuitable(name=found.name, side=str(row.party))
    if found.currency is None and (row.priced or row.settles):
        raise PartyWithoutCurrency(name=found.name, party_id=found.id)


def add_party(
    work: Work,
    *,
    name: str,
    customer: bool = False,
    vendor: bool = False,
    language: str,
    currency: str | None = None,
    **details: Any,
) -> int:
    """Add a party; returns its id.

    Args:
        work: the unit of work.
        name: what it is called.
        customer: we sell to it.
        vendor: we buy from it.
        language: of its papers.
        currency: of its account; without one nothing can be priced for it.
        details: other columns of `core.domain.facts.party`.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    values = values_of(OWN, {"name": name, "language": language, "currency": currency, **details})
    party_id = insert_one(
        work.connection,
        party,
        is_customer=customer,
        is_vendor=vendor,
        created_at=work.now,
        **values,
    )
    record(work, "party", party_id, action="add", name=values["name"])
    return party_id


def change_party(work: Work, party_id: int, *, revision: int, **changes: Any) -> None:
    """Change facts of a party.

    Raises:
        NotAllowed, Changed, and what `core.domain.facts` refuses.
        WrongTemplate: the template is archived.
        AlreadyMerged: it is to be taken up again, and another one stands for it.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    values = values_of(OWN, changes)
    if "template_id" in values:
        templates.require_choosable(work, values["template_id"])
    if "archived_at" in values and values["archived_at"] is None:
        _require_own(work.connection, party_id)
    done = work.connection.execute(
        update(party)
        .where(party.c.id == party_id, party.c.revision == revision)
        .values(revision=revision + 1, **values)
    )
    if done.rowcount != 1:
        raise Changed(subject="party", id=party_id)
    record(work, "party", party_id, action="change", **changes)


def _require_own(connection: Connection, party_id: int) -> None:
    name = connection.execute(
        select(party.c.name).where(party.c.id == party_id, party.c.merged_into.is_not(None))
    ).scalar_one_or_none()
    if name is not None:
        raise AlreadyMerged(name=name)


def add_address(work: Work, party_id: int, *, use: str, **details: Any) -> int:
    """Add an address of a party; the one before of its use ends.

    Args:
        work: the unit of work.
        party_id: whose it is.
        use: "billing" or "delivery".
        details: street, postal_code, city and country.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    values = values_of(OF_ADDRESS, details)
    work.connection.execute(
        update(address)
        .where(address.c.party_id == party_id, address.c.use == use, address.c.ended_at.is_(None))
        .values(ended_at=work.now)
    )
    address_id = insert_one(work.connection, address, party_id=party_id, use=use, **values)
    record(work, "party", party_id, action="add_address", use=use)
    return address_id


def add_contact(
    work: Work,
    party_id: int,
    *,
    name: str,
    may_see_money: bool = True,
    may_order: bool = True,
    **details: Any,
) -> int:
    """Add a human at a party, who joins the chat by a link of their own.

    Args:
        work: the unit of work.
        party_id: for whom they speak.
        name: their name.
        may_see_money: whether they see prices and amounts.
        may_order: whether they may ask for goods.
        details: phone and email.

    Raises:
        NotAllowed, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    contact_id = insert_one(
        work.connection,
        contact,
        party_id=party_id,
        may_see_money=may_see_money,
        may_order=may_order,
        **values_of(OF_CONTACT, {"name": name, **details}),
    )
    record(work, "party", party_id, action="add_contact", name=name)
    return contact_id


def contact_of(connection: Connection, contact_id: int) -> ContactRecord:
    """A contact that has not ended.

    Raises:
        NotFound.
    """
    row = connection.execute(
        select(contact.c.party_id).where(contact.c.id == contact_id, contact.c.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound(subject="contact")
    return next(each for each in contacts(connection, row.party_id) if each.id == contact_id)


def change_contact(work: Work, contact_id: int, **changes: bool) -> None:
    """Change what a contact may: `may_see_money`, `may_order`.

    Raises:
        NotAllowed, NotFound.
        TypeError: anything else is no such right.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    if not set(changes) <= {"may_see_money", "may_order"}:
        raise TypeError(f"no rights of a contact: {sorted(changes)}")
    found = contact_of(work.connection, contact_id)
    work.connection.execute(update(contact).where(contact.c.id == contact_id).values(**changes))
    record(work, "party", found.party_id, action="change_contact", contact=contact_id, **changes)


def end_contact(work: Work, contact_id: int) -> None:
    """End a contact: his link to the party ends at once, and the role that it alone gave.

    Raises:
        NotAllowed, NotFound.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    found = contact_of(work.connection, contact_id)
    end_links(work, [contact_id])
    record(work, "party", found.party_id, action="end_contact", contact=contact_id)
