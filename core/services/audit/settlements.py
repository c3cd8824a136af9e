"""Money: deposits, credits that go no further than what they credit, other currencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from core.domain.documents import DOCUMENT_TYPES
from core.domain.lifecycles import State
from core.domain.money import from_minor, to_minor
from core.domain.settlement import exchange_difference
from core.services.audit.breach import Breach
from core.storage.tables import allocation, company, deposit, document, document_tax
from core.storage.tables import document_line as line
from core.storage.tables import exchange_difference as difference

_MONEY = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.settles]
_ORDERS = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.lines.is_root]
_CREDITS = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.credits]


def deposits(connection: Connection) -> Iterator[Breach]:
    """A deposit is a posted payment of the party of its order, in its currency."""
    money, order = document.alias("money"), document.alias("order_document")
    rows = connection.execute(
        select(deposit.c.payment_id, deposit.c.order_id)
        .join(money, money.c.id == deposit.c.payment_id)
        .join(order, order.c.id == deposit.c.order_id)
        .where(
            or_(
                money.c.kind.not_in(_MONEY),
                order.c.kind.not_in(_ORDERS),
                order.c.number.is_(None),
                money.c.state.not_in([str(State.POSTED), str(State.REVERSED)]),
                money.c.party_id.is_distinct_from(order.c.party_id),
                money.c.currency.is_distinct_from(order.c.currency),
            )
        )
        .order_by(deposit.c.payment_id)
    )
    for row in rows:
        yield Breach("deposits", f"document:{row.payment_id}", {"order": row.order_id})


def received(connection: Connection) -> Iterator[Breach]:
    """Money of another currency keeps its currency, its amount and its rate, or none of them."""
    kept = (
        document.c.received_currency, document.c.received_minor, document.c.received_rate
    )  # fmt: skip
    rows = connection.execute(
        select(document.c.id, document.c.currency, *kept)
        .where(
            or_(*(each.is_not(None) for each in kept)),
            or_(
                *(each.is_(None) for each in kept),
                document.c.received_currency == document.c.currency,
                document.c.received_minor <= 0,
                document.c.kind.not_in(_MONEY),
            ),
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"currency": row.received_currency, "received_minor": row.received_minor}
        yield Breach("received", f"document:{row.id}", facts)


def differences(connection: Connection) -> Iterator[Breach]:
    """What papers of other rates settle of each other has left exactly its difference."""
    own = connection.execute(select(company.c.currency)).scalar_one_or_none()
    debit, credit = document.alias("debit"), document.alias("credit")
    kept = (
        select(difference.c.allocation_id, func.sum(difference.c.amount_minor).label("minor"))
        .group_by(difference.c.allocation_id)
        .subquery("kept")
    )
    rows = connection.execute(
        select(
            allocation.c.id,
            allocation.c.amount_minor,
            debit.c.id.label("debit_id"),
            debit.c.currency,
            debit.c.rate.label("debit_rate"),
            credit.c.rate.label("credit_rate"),
            func.coalesce(kept.c.minor, 0).label("kept"),
        )
        .select_from(
            allocation.join(debit, debit.c.id == allocation.c.debit_id)
            .join(credit, credit.c.id == allocation.c.credit_id)
            .outerjoin(kept, kept.c.allocation_id == allocation.c.id)
        )
        .where(
            or_(debit.c.rate.is_distinct_from(credit.c.rate), kept.c.minor.is_not(None)),
            debit.c.rate.is_not(None),
            credit.c.rate.is_not(None),
        )
        .order_by(allocation.c.id)
    )
    for row in rows:
        won = exchange_difference(
            from_minor(row.amount_minor, row.currency),
            debit_rate=row.debit_rate,
            credit_rate=row.credit_rate,
            currency=own or row.currency,
        )
        wanted = to_minor(won, own or row.currency)
        if wanted != row.kept:
            facts = {"allocation": row.id, "kept_minor": int(row.kept), "won_minor": wanted}
            yield Breach("differences", f"document:{row.debit_id}", facts)


def credited(connection: Connection) -> Iterator[Breach]:
    """Credits come to no more than what they credit, rate by rate.

    A credit of a return may credit several papers, so what hangs together is added up together.
    """
    credit_line, owed_line = line.alias("credit_line"), line.alias("owed_line")
    target = func.coalesce(credit_line.c.credited_line_id, credit_line.c.source_line_id)
    pairs = connection.execute(
        select(credit_line.c.document_id.label("credit_id"), owed_line.c.document_id.label("owed"))
        .select_from(
            credit_line.join(document, document.c.id == credit_line.c.document_id).join(
                owed_line, owed_line.c.id == target
            )
        )
        .where(document.c.kind.in_(_CREDITS), document.c.state == str(State.POSTED))
        .distinct()
    ).all()
    group_of = _groups([(row.credit_id, row.owed) for row in pairs])
    on_credit = {row.credit_id for row in pairs}
    left: dict[tuple[int, str, object], list[int]] = defaultdict(lambda: [0, 0])
    ids = sorted(group_of)
    for row in connection.execute(select(document_tax).where(document_tax.c.document_id.in_(ids))):
        sign = -1 if row.document_id in on_credit else 1
        sums = left[group_of[row.document_id], row.category, row.percent]
        sums[0] += sign * row.base_minor
        sums[1] += sign * row.tax_minor
    for (group, category, percent), (base, tax) in sorted(left.items(), key=str):
        if base < 0 or tax < 0:
            facts = {"category": category, "percent": percent, "base_minor": base, "tax": tax}
            yield Breach("credited", f"document:{group}", facts)


def _groups(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """For each document the smallest id among those that it hangs together with."""
    found: dict[int, int] = {}

    def top(each: int) -> int:
        while found.setdefault(each, each) != each:
            each = found[each]
        return each

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        found[high] = low
    return {each: top(each) for each in list(found)}
