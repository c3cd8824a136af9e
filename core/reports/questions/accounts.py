"""Open items: what parties owe us and we owe them, paper by paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select

from core.domain.documents import type_of
from core.domain.messages import N_
from core.reports.numbered_papers import kind_of, money
from core.reports.report import Asked, Column, Report
from core.services.overview import today
from core.services.work import Work
from core.storage.tables import account_entry as entry
from core.storage.tables import allocation, document, party


def _open_items(work: Work, _asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield every entry that is not settled; plus is owed to us, minus by us."""
    day = today(work)
    for row in work.connection.execute(_open()).mappings():
        # Money has no day on which it is due, whatever the party's terms are.
        due_on = row["due_on"] if type_of(row["kind"]).debt else None
        late = 0 if due_on is None else max(0, (day - due_on).days)
        yield {**row, "due_on": due_on, "late": late or None}


def _open() -> Any:
    booked = (
        select(
            entry.c.document_id,
            entry.c.party_id,
            entry.c.currency,
            func.sum(entry.c.amount_minor).label("booked"),
        )
        .group_by(entry.c.document_id, entry.c.party_id, entry.c.currency)
        .subquery("booked")
    )
    by_debit, by_credit = (
        select(column.label("document_id"), func.sum(allocation.c.amount_minor).label("settled"))
        .group_by(column)
        .subquery(name)
        for name, column in (
            ("by_debit", allocation.c.debit_id),
            ("by_credit", allocation.c.credit_id),
        )
    )
    left = (
        booked.c.booked
        - func.coalesce(by_debit.c.settled, 0)
        + func.coalesce(by_credit.c.settled, 0)
    )
    return (
        select(
            party.c.name.label("party"), document.c.number, document.c.kind, document.c.issued_on,
            document.c.due_on, booked.c.currency, booked.c.booked, left.label("open"),
        )
        .select_from(
            booked.join(document, document.c.id == booked.c.document_id)
            .join(party, party.c.id == booked.c.party_id)
            .outerjoin(by_debit, by_debit.c.document_id == document.c.id)
            .outerjoin(by_credit, by_credit.c.document_id == document.c.id)
        )
        .where(left != 0)
        .order_by(party.c.folded_name, booked.c.currency, document.c.issued_on, document.c.id)
    )  # fmt: skip


REPORT: Final = Report(
    name="accounts",
    title=N_("Open items"),
    question=N_("Who owes what, and since when?"),
    columns=(
        Column(N_("Customer/vendor"), "party"),
        Column(N_("Number"), "number"),
        Column(N_("Document type"), kind_of),
        Column(N_("Date"), "issued_on"),
        Column(N_("Due date"), "due_on"),
        Column(N_("Days overdue"), "late"),
        Column(N_("Currency"), "currency"),
        Column(N_("Amount"), money("booked")),
        Column(N_("Amount open"), money("open")),
    ),
    query=_open_items,
    place=70,
)
