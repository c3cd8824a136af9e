"""Parties and products that turn out to be one: the first is archived as `merged into` the other.

What was posted never changes: papers, accounts and moves stay where they are, and what is in
force goes on under the old name.  What is still open to change goes to the other one.  Whoever
was merged into the first follows, so that `merged into` is always one step and never a circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, update
from sqlalchemy.sql.schema import Table

from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.people import Ability
from core.domain.units import code_of
from core.services import stock
from core.services.history import record
from core.services.money import accounts
from core.services.people import parties
from core.services.rights import AlreadyMerged, NotFound, require_ability
from core.services.stock import StockLevel
from core.services.work import Work
from core.storage.locks import lock_rows
from core.storage.sql import insert_one
from core.storage.tables import address, contact, document, party, product
from core.storage.tables import document_line as line

UNNUMBERED = (str(State.DRAFT), str(State.REQUESTED))
GOING_ON = tuple(
    map(str, (State.SENT, State.ACCEPTED, State.CONFIRMED, State.REQUESTED, State.ACTIVE))
)


class MergedIntoItself(Refusal):
    """Nothing is merged into itself."""

    code = "merged_into_itself"
    fact_names = ("name",)


class MergedIntoArchived(Refusal):
    """What is not offered any more takes over nothing."""

    code = "merged_into_archived"
    fact_names = ("name",)


class SidesDiffer(Refusal):
    """The first is a customer or vendor and the other is not."""

    code = "sides_differ"
    fact_names = ("name", "into", "side")


class ForeignNumberTwice(Refusal):
    """Both have a paper with this number of the vendor's: a draft would be there twice."""

    code = "foreign_number_twice"
    fact_names = ("number", "into")


class UnitsDiffer(Refusal):
    """Products that are counted in other units, or goods and a service, are not the same."""

    code = "units_differ"
    fact_names = ("name", "into")


class ProductInUse(Refusal):
    """Something of the product is there, promised or on its way, or is being counted."""

    code = "product_in_use"
    fact_names = ("name", "on_hand", "quarantine", "waiting", "incoming", "claimed", "counts")


# --- Parties ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyMerge:
    """What merging a party into another will do.

    Attributes:
        source: the id and the name of the one that ends.
        target: those of the one that takes over.
        contacts: how many who speak for it will speak for the other.
        addresses: how many addresses the other gets that it has none of the same use of.
        drafts: how many papers without a number go over.
        open_papers: how many papers in force go on under the old name.
        balances: what the old account owes us by currency; it stays where it is.
    """

    source: tuple[int, str]
    target: tuple[int, str]
    contacts: int
    addresses: int
    drafts: int
    open_papers: int
    balances: Mapping[str, Decimal] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """The figures that a question shows, for its digest."""
        figures = {each: amount for each, amount in self.balances.items() if amount}
        own = (self.source, self.target, self.contacts, self.addresses, self.drafts)
        return {"merge": own, "open": self.open_papers, "balances": figures}


def plan_party_merge(work: Work, source_id: int, target_id: int) -> PartyMerge:
    """What merging a party into another would do.

    Raises:
        NotAllowed, NotFound, MergedIntoItself, MergedIntoArchived, AlreadyMerged, SidesDiffer,
        ForeignNumberTwice.
    """
    require_ability(work.actor, Ability.EDIT_PARTIES)
    rows = _both(work.connection, party, source_id, target_id=target_id, subject="party")
    source, target = rows
    for side in ("customer", "vendor"):
        if getattr(source, f"is_{side}") and not getattr(target, f"is_{side}"):
            raise SidesDiffer(name=source.name, into=target.name, side=side)
    _require_no_number_twice(work.connection, source_id, target_id=target_id, into=target.name)
    own, there = (parties.reach(work.connection, each) for each in (source_id, target_id))
    uses = {each.use for each in there[0]}
    drafts, open_papers = work.connection.execute(
        select(
            func.count().filter(moves_over()),
            func.count().filter(document.c.number.is_not(None), document.c.state.in_(GOING_ON)),
        ).where(document.c.party_id == source_id)
    ).one()
    return PartyMerge(
        source=(source_id, source.name),
        target=(target_id, target.name),
        contacts=len(own[1]),
        addresses=len({each.use for each in own[0]} - uses),
        drafts=drafts,
        open_papers=open_papers,
        balances=accounts.balances(work.connection, source_id),
    )


def merge_party(work: Work, source_id: int, target_id: int) -> PartyMerge:
    """Merge a party into another; returns what was done.

    Contacts, drafts and wishes go over.  Addresses are copied where the other has none of their
    use: what is in force is still delivered and billed to the old ones.

    Raises:
        What `plan_party_merge` raises.
    """
    plan = plan_party_merge(work, source_id, target_id)
    connection = work.connection
    _end(work, party, source_id, target_id=target_id)
    connection.execute(
        update(contact)
        .where(contact.c.party_id == source_id, contact.c.ended_at.is_(None))
        .values(party_id=target_id)
    )
    found = _copy_addresses(connection, source_id, target_id=target_id)
    goods_to = parties.address_for_goods(found)
    of_source = and_(document.c.party_id == source_id, moves_over())
    moved = list(connection.execute(select(document.c.id).where(of_source)).scalars())
    if goods_to is not None:
        connection.execute(
            update(document)
            .where(of_source, document.c.delivery_address_id.is_not(None))
            .values(delivery_address_id=goods_to.id)
        )
    connection.execute(
        update(document)
        .where(of_source)
        .values(party_id=target_id, revision=document.c.revision + 1)
    )
    for document_id in moved:
        work.touch("document", document_id)
    record(work, "party", source_id, action="merge", into=target_id, **_numbers(plan))
    record(work, "party", target_id, action="take_over", of=source_id, **_numbers(plan))
    return plan


def _numbers(plan: PartyMerge) -> dict[str, int]:
    return {"contacts": plan.contacts, "addresses": plan.addresses, "drafts": plan.drafts}


def moves_over() -> ColumnElement[bool]:
    """A draft or a wish that begins by itself.

    What was made from a paper stays with it, and money stays with its account.
    """
    return and_(
        document.c.number.is_(None),
        document.c.state.in_(UNNUMBERED),
        document.c.amends_id.is_(None),
        document.c.source_id.is_(None),
        document.c.direction.is_(None),
    )


def _require_no_number_twice(
    connection: Connection, source_id: int, *, target_id: int, into: str
) -> None:
    other = document.alias("other")
    twice = connection.execute(
        select(document.c.foreign_number)
        .join(
            other,
            and_(
                other.c.kind == document.c.kind,
                other.c.party_id == target_id,
                other.c.foreign_number == document.c.foreign_number,
            ),
        )
        .where(document.c.party_id == source_id, moves_over())
        .order_by(document.c.id)
        .limit(1)
    ).scalar_one_or_none()
    if twice is not None:
        raise ForeignNumberTwice(number=twice, into=into)


def _copy_addresses(
    connection: Connection, source_id: int, *, target_id: int
) -> list[parties.AddressRecord]:
    """The addresses of the target, with those of the source that it had none of the use of."""
    found = parties.addresses(connection, target_id)
    uses = {each.use for each in found}
    for each in parties.addresses(connection, source_id):
        if each.use not in uses:
            insert_one(
                connection, address, party_id=target_id, use=each.use, street=each.street,
                postal_code=each.postal_code, city=each.city, country=each.country,
            )  # fmt: skip
    return parties.addresses(connection, target_id)


# --- Products --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProductMerge:
    """What merging a product into another will do: its lines on drafts become lines of the other.

    `papers` is on how many papers with a number it stands; they keep it.
    """

    source: tuple[int, str]
    target: tuple[int, str]
    lines: int
    papers: int

    def facts(self) -> dict[str, Any]:
        """The figures that a question shows, for its digest."""
        return {"merge": (self.source, self.target), "lines": self.lines, "papers": self.papers}


def plan_product_merge(work: Work, source_id: int, target_id: int) -> ProductMerge:
    """What merging a product into another would do.

    Raises:
        NotAllowed, NotFound, MergedIntoItself, MergedIntoArchived, AlreadyMerged, UnitsDiffer,
        ProductInUse.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    connection = work.connection
    source, target = _both(connection, product, source_id, target_id=target_id, subject="product")
    counted = [(row.nature, code_of(row.unit), row.unit_digits) for row in (source, target)]
    if counted[0] != counted[1]:
        raise UnitsDiffer(name=source.name, into=target.name)
    of_source = line.c.product_id == source_id
    lines, counts, papers = connection.execute(
        select(
            func.count().filter(takes_other_product()),
            func.count().filter(document.c.party_id.is_(None), document.c.state.in_(UNNUMBERED)),
            func.count(document.c.number.distinct()),
        )
        .select_from(line.join(document, document.c.id == line.c.document_id))
        .where(of_source)
    ).one()
    _require_unused(stock.levels(connection, [source_id])[source_id], source.name, counts=counts)
    return ProductMerge((source_id, source.name), (target_id, target.name), lines, papers)


def _require_unused(level: StockLevel, name: str, *, counts: int) -> None:
    figures = {
        each: getattr(level, each)
        for each in ("on_hand", "quarantine", "waiting", "incoming", "claimed")
    }
    if counts or any(figures.values()):
        raise ProductInUse(name=name, counts=counts, **figures)


def merge_product(work: Work, source_id: int, target_id: int) -> ProductMerge:
    """Merge a product of which nothing is left into another; returns what was done.

    Raises:
        What `plan_product_merge` raises.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    stock.lock(work, [source_id, target_id])
    plan = plan_product_merge(work, source_id, target_id)
    _end(work, product, source_id, target_id=target_id)
    connection = work.connection
    wanted = (
        select(line.c.id, line.c.document_id)
        .select_from(line.join(document, document.c.id == line.c.document_id))
        .where(line.c.product_id == source_id, takes_other_product())
    )
    rows = connection.execute(wanted).all()
    if rows:
        connection.execute(
            update(line)
            .where(line.c.id.in_([row.id for row in rows]))
            .values(product_id=target_id, name=plan.target[1])
        )
        connection.execute(
            update(document)
            .where(document.c.id.in_({row.document_id for row in rows}))
            .values(revision=document.c.revision + 1)
        )
    for document_id in sorted({row.document_id for row in rows}):
        work.touch("document", document_id)
    record(work, "product", source_id, action="merge", into=target_id, lines=plan.lines)
    record(work, "product", target_id, action="take_over", of=source_id, lines=plan.lines)
    return plan


def takes_other_product() -> ColumnElement[bool]:
    """A line of a draft that nothing else says the product of."""
    return and_(
        document.c.number.is_(None),
        document.c.state.in_(UNNUMBERED),
        document.c.amends_id.is_(None),
        document.c.party_id.is_not(None),
        line.c.source_line_id.is_(None),
        line.c.credited_line_id.is_(None),
    )


# --- Both ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    """Who was merged into something, and what that was itself merged into, by id and name."""

    former: list[tuple[int, str]]
    into: tuple[int, str] | None


NOT_MERGED = Merged([], None)


def merged_parties(connection: Connection, party_id: int) -> Merged:
    """What a party's card says of merges."""
    return _merged(connection, party, party_id)


def merged_products(connection: Connection, product_id: int) -> Merged:
    """What a product's card says of merges."""
    return _merged(connection, product, product_id)


def _merged(connection: Connection, table: Table, id: int) -> Merged:
    into = select(table.c.merged_into).where(table.c.id == id).scalar_subquery()
    rows = connection.execute(
        select(table.c.id, table.c.name, table.c.merged_into)
        .where((table.c.merged_into == id) | (table.c.id == into))
        .order_by(table.c.id)
    ).all()
    return Merged(
        [(row.id, row.name) for row in rows if row.merged_into == id],
        next(((row.id, row.name) for row in rows if row.merged_into != id), None),
    )


def _both(
    connection: Connection, table: Table, source_id: int, *, target_id: int, subject: str
) -> tuple[Any, Any]:
    """The rows of both, locked in the order of their ids."""
    both = [source_id, target_id]
    lock_rows(connection, table, both)
    found = connection.execute(select(table).where(table.c.id.in_(both)))
    rows = {row.id: row for row in found}
    if source_id not in rows or target_id not in rows:
        raise NotFound(subject=subject)
    source, target = rows[source_id], rows[target_id]
    if source_id == target_id:
        raise MergedIntoItself(name=source.name)
    for each in (source, target):
        if each.merged_into is not None:
            raise AlreadyMerged(name=each.name)
    if target.archived_at is not None:
        raise MergedIntoArchived(name=target.name)
    return source, target


def _end(work: Work, table: Table, source_id: int, *, target_id: int) -> None:
    """Archive the source; those that were merged into it lead to the target now."""
    ended_at = table.c.archived_at
    work.connection.execute(
        update(table).where(table.c.merged_into == source_id).values(merged_into=target_id)
    )
    work.connection.execute(
        update(table)
        .where(table.c.id == source_id)
        .values(
            merged_into=target_id,
            archived_at=func.coalesce(ended_at, literal(work.now, ended_at.type)),
            revision=table.c.revision + 1,
        )
    )
