"""Money: totals, taxes, accounts and what settles what."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, union_all

from core.domain.documents import DOCUMENT_TYPES
from core.domain.lifecycles import State
from core.services.audit.breach import Breach, no_amount
from core.storage.tables import account_entry as entry
from core.storage.tables import allocation, document, document_tax
from core.storage.tables import unsettled as kept

_PRICED = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.priced]


def totals(connection: Connection) -> Iterator[Breach]:
    """What has a number and prices has stored totals, and net and tax are the total."""
    rows = connection.execute(
        select(document.c.id, document.c.net_minor, document.c.tax_minor, document.c.total_minor)
        .where(
            document.c.kind.in_(_PRICED),
            document.c.number.is_not(None),
            (document.c.net_minor + document.c.tax_minor).is_distinct_from(document.c.total_minor)
            | document.c.total_minor.is_(None),
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"net": row.net_minor, "tax": row.tax_minor, "total": row.total_minor}
        yield Breach("totals", f"document:{row.id}", facts)


def taxes(connection: Connection) -> Iterator[Breach]:
    """The taxes stored by rate are the document's tax, and their bases its net."""
    by_rate = (
        select(
            document_tax.c.document_id,
            document_tax.c.version,
            func.sum(document_tax.c.base_minor).label("base"),
            func.sum(document_tax.c.tax_minor).label("tax"),
        )
        .group_by(document_tax.c.document_id, document_tax.c.version)
        .subquery("by_rate")
    )
    base, tax = func.coalesce(by_rate.c.base, 0), func.coalesce(by_rate.c.tax, 0)
    rows = connection.execute(
        select(
            document.c.id, document.c.net_minor, document.c.tax_minor,
            base.label("base"), tax.label("tax"),
        )
        .select_from(
            document.outerjoin(
                by_rate,
                (by_rate.c.document_id == document.c.id)
                & (by_rate.c.version == document.c.version),
            )
        )
        .where(
            document.c.total_minor.is_not(None),
            or_(base != document.c.net_minor, tax != document.c.tax_minor),
        )
        .order_by(document.c.id)
    )  # fmt: skip
    for row in rows:
        facts = {"net": row.net_minor, "base": row.base, "tax": row.tax_minor, "taxes": row.tax}
        yield Breach("taxes", f"document:{row.id}", facts)


def _owed() -> ColumnElement[int]:
    """What a posted document changes of what its party owes, by its row."""
    kinds = DOCUMENT_TYPES.items()
    return case(
        (
            document.c.kind.in_([str(kind) for kind, row in kinds if row.settles])
            & (document.c.direction == "in"),
            -document.c.amount_minor,
        ),
        (
            document.c.kind.in_([str(kind) for kind, row in kinds if row.settles]),
            document.c.amount_minor,
        ),
        (
            document.c.kind.in_([str(kind) for kind, row in kinds if row.debt > 0]),
            document.c.total_minor,
        ),
        (
            document.c.kind.in_([str(kind) for kind, row in kinds if row.debt < 0]),
            -document.c.total_minor,
        ),
        else_=no_amount(),
    )


def entries(connection: Connection) -> Iterator[Breach]:
    """A posted paper has entered its total on its party's account, in its currency, once."""
    booked = (
        select(
            entry.c.document_id,
            func.sum(entry.c.amount_minor).label("minor"),
            func.min(entry.c.party_id).label("party_id"),
            func.max(entry.c.party_id).label("other_party_id"),
            func.min(entry.c.currency).label("currency"),
            func.max(entry.c.currency).label("other_currency"),
        )
        .where(entry.c.reverses.is_(None))
        .group_by(entry.c.document_id)
        .subquery("booked")
    )
    minor, owed = func.coalesce(booked.c.minor, 0), _owed()
    rows = connection.execute(
        select(document.c.id, owed.label("owed"), minor.label("booked"), booked.c.party_id)
        .select_from(document.outerjoin(booked, booked.c.document_id == document.c.id))
        .where(
            document.c.state.in_([str(State.POSTED), str(State.REVERSED)]),
            or_(
                owed != minor,
                (booked.c.minor.is_not(None))
                & or_(
                    booked.c.party_id != booked.c.other_party_id,
                    booked.c.currency != booked.c.other_currency,
                    booked.c.party_id.is_distinct_from(document.c.party_id),
                    booked.c.currency.is_distinct_from(document.c.currency),
                ),
            ),
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"owed_minor": row.owed, "booked_minor": row.booked, "party": row.party_id}
        yield Breach("entries", f"document:{row.id}", facts)


def allocations(connection: Connection) -> Iterator[Breach]:
    """No more of a paper is settled than it has entered, and never less than nothing."""
    both = union_all(
        select(
            entry.c.document_id,
            entry.c.amount_minor.label("booked"),
            no_amount().label("settled"),
        ),
        select(allocation.c.debit_id, no_amount(), allocation.c.amount_minor),
        select(allocation.c.credit_id, no_amount(), -allocation.c.amount_minor),
    ).subquery("both")
    booked, settled = func.sum(both.c.booked), func.sum(both.c.settled)
    rows = connection.execute(
        select(both.c.document_id, booked.label("booked"), settled.label("settled"))
        .group_by(both.c.document_id)
        .having(
            or_(
                (booked >= 0) & or_(settled > booked, settled < 0),
                (booked < 0) & or_(settled < booked, settled > 0),
            )
        )
        .order_by(both.c.document_id)
    )
    for row in rows:
        facts = {"booked_minor": row.booked, "settled_minor": row.settled}
        yield Breach("allocations", f"document:{row.document_id}", facts)


def unsettled(connection: Connection) -> Iterator[Breach]:
    """What is kept to find open papers is what their entries and allocations leave."""
    both = union_all(
        select(
            entry.c.document_id, entry.c.amount_minor.label("minor"), no_amount().label("kept")
        ),
        select(allocation.c.debit_id, -allocation.c.amount_minor, no_amount()),
        select(allocation.c.credit_id, allocation.c.amount_minor, no_amount()),
        select(kept.c.document_id, no_amount(), kept.c.minor),
    ).subquery("both")
    left, found = func.sum(both.c.minor), func.sum(both.c.kept)
    rows = connection.execute(
        select(both.c.document_id, left.label("left"), found.label("kept"))
        .group_by(both.c.document_id)
        .having(left != found)
        .order_by(both.c.document_id)
    )
    for row in rows:
        facts = {"left_minor": row.left, "kept_minor": row.kept}
        yield Breach("unsettled", f"document:{row.document_id}", facts)


def pairs(connection: Connection) -> Iterator[Breach]:
    """What settles each other is of one party and currency; what was undone is undone in full."""
    debit, credit = document.alias("debit"), document.alias("credit")
    first = allocation.alias("first")
    rows = connection.execute(
        select(allocation.c.id, allocation.c.debit_id, allocation.c.credit_id)
        .select_from(
            allocation.join(debit, debit.c.id == allocation.c.debit_id)
            .join(credit, credit.c.id == allocation.c.credit_id)
            .outerjoin(first, first.c.id == allocation.c.undoes)
        )
        .where(
            or_(
                debit.c.party_id.is_distinct_from(credit.c.party_id),
                debit.c.currency.is_distinct_from(credit.c.currency),
                allocation.c.undoes.is_not(None)
                & or_(
                    first.c.debit_id != allocation.c.debit_id,
                    first.c.credit_id != allocation.c.credit_id,
                    first.c.amount_minor != -allocation.c.amount_minor,
                ),
            )
        )
        .order_by(allocation.c.id)
    )
    for row in rows:
        facts = {"allocation": row.id, "credit": row.credit_id}
        yield Breach("pairs", f"document:{row.debit_id}", facts)
