"""Papers by kind and period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import RowMapping, select

from core.domain.documents import type_of
from core.domain.lifecycles import STATE_NAMES, State
from core.domain.messages import N_
from core.files.writer import Value
from core.reports.numbered_papers import asked_for, kind_of, money
from core.reports.report import BY_KIND, BY_PERIOD, Asked, Column, Report, Row
from core.services.work import Work
from core.storage.tables import document, party


def _papers(work: Work, asked: Asked) -> Iterable[RowMapping]:
    statement = select(document, party.c.name.label("party")).select_from(
        document.outerjoin(party, party.c.id == document.c.party_id)
    )
    return work.connection.execute(asked_for(statement, asked)).mappings()


def _state(row: Row, asked: Asked) -> Value:
    return asked.words.agreeing(STATE_NAMES[State(row["state"])], noun=type_of(row["kind"]).label)


def _total(row: Row, asked: Asked) -> Value:
    return money("amount_minor" if type_of(row["kind"]).settles else "total_minor")(row, asked)


REPORT: Final = Report(
    name="papers",
    title=N_("Documents"),
    question=N_("Which documents do we have?"),
    columns=(
        Column(N_("Number"), "number"),
        Column(N_("Document type"), kind_of),
        Column(N_("Status"), _state),
        Column(N_("Date"), "issued_on"),
        Column(N_("Customer/vendor"), "party"),
        Column(N_("Reference"), "reference"),
        Column(N_("Vendor's number"), "foreign_number"),
        Column(N_("Currency"), "currency"),
        Column(N_("Net"), money("net_minor")),
        Column(N_("Tax"), money("tax_minor")),
        Column(N_("Total"), _total),
        Column(N_("Due date"), "due_on"),
    ),
    query=_papers,
    place=50,
    asks=frozenset({BY_KIND, BY_PERIOD}),
)
