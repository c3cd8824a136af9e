"""What waits for somebody: the numbers of a home, and the lists that they stand for.

Each list is one statement over what is open now, so that a home stays quick however much was
traded before; a person finds there only what he may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union

from core.domain.document_type import Claims, DocumentType
from core.domain.documents import DOCUMENT_TYPES, kinds
from core.domain.lifecycles import OFFER, State
from core.domain.links import Track
from core.domain.money import ZERO, from_minor, round_amount
from core.domain.people import Ability
from core.services import company
from core.services.documents.viewing import visible
from core.services.money import accounts
from core.services.numbering import business_day
from core.services.products import pricing, product_views
from core.services.rights import require_ability
from core.services.work import Work
from core.storage.columns import Minor
from core.storage.queries import stock_queries
from core.storage.tables import account_entry as entry
from core.storage.tables import allocation, claim, document, draw, level, product, waiting
from core.storage.tables import document_line as line


def today(work: Work) -> date:
    """The day of the company."""
    return business_day(work.now, company.current(work.connection).zone)


# --- Orders -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenOrders:
    """Orders whose goods have not all gone, the oldest first, and those of which some can go."""

    all: Sequence[int]
    can_ship: Sequence[int]


def open_orders(work: Work) -> OpenOrders:
    """The orders that hold goods or wait for some."""
    rows = kinds(claims=Claims.WAITING)
    # Through the level, which is small, so that only open claims are read.
    held = select(level.c.product_id).where(level.c.claimed > ZERO)
    claims = select(claim.c.line_id).where(claim.c.product_id.in_(held), claim.c.open > ZERO)
    ready = _with_lines(claims, rows, work)
    waits = _with_lines(select(waiting.c.line_id), rows, work)
    found = work.connection.execute(
        union(
            ready.add_columns(literal(1).label("ready")),
            waits.add_columns(literal(0).label("ready")),
        )
    ).all()
    return OpenOrders(
        all=sorted({row.id for row in found}),
        can_ship=sorted({row.id for row in found if row.ready}),
    )


def _with_lines(line_ids: Select[int], rows: Sequence[DocumentType], work: Work) -> Select[int]:
    """The documents of these rows, in force, with one of these lines, that he may see.

    From the lines, which are few, to their documents: those in force are many.
    """
    its = select(line.c.document_id).where(line.c.id.in_(line_ids))
    return select(document.c.id).where(
        document.c.id.in_(its), stock_queries.in_force(rows), visible(work.actor)
    )


@dataclass(frozen=True)
class Arrival:
    """An order of goods that have not all come, with the day on which they are wanted."""

    document_id: int
    on: date | None


def arrivals(work: Work) -> list[Arrival]:
    """The orders from which goods still come, the earliest first."""
    open_lines = (
        select(line.c.document_id)
        .join(product, product.c.id == line.c.product_id)
        .where(
            line.c.id.in_(stock_queries.outstanding_on(Track.FULFIL)),
            product.c.nature == stock_queries.GOODS,
            stock_queries.open_of_line() > ZERO,
        )
    )
    rows = work.connection.execute(
        select(document.c.id, document.c.delivery_on).where(
            document.c.id.in_(open_lines),
            stock_queries.in_force(kinds(incoming=True)),
            visible(work.actor),
        )
    )
    found = [Arrival(row.id, row.delivery_on) for row in rows]
    return sorted(found, key=lambda each: (each.on is None, each.on or date.max, each.document_id))


@dataclass(frozen=True)
class Inspection:
    """A paper with rejected goods that are neither accepted after all nor sent back."""

    document_id: int
    pieces: Decimal


def inspections(work: Work) -> list[Inspection]:
    """What has to be inspected, the oldest paper first."""
    rows = [row for row in DOCUMENT_TYPES.values() if row.route and row.route.rejected]
    settled = (
        select(func.coalesce(func.sum(draw.c.quantity), 0))
        .where(draw.c.line_id == line.c.id, draw.c.track == str(Track.INSPECT))
        .scalar_subquery()
    )
    left = line.c.rejected - settled
    open_lines = line.c.id.in_(stock_queries.outstanding_on(Track.INSPECT))
    found = work.connection.execute(
        select(document.c.id, func.sum(left).label("pieces"))
        .select_from(document.join(line, line.c.document_id == document.c.id))
        .where(
            document.c.id.in_(select(line.c.document_id).where(open_lines)),
            open_lines,
            stock_queries.in_force(rows),
            visible(work.actor),
            left > ZERO,
        )
        .group_by(document.c.id)
        .order_by(document.c.id)
    )
    return [Inspection(row.id, row.pieces) for row in found]


@dataclass(frozen=True)
class Holds:
    """Holds in force, those that end today, and those that wait for an answer."""

    active: int
    end_today: int
    asked: int


def holds(work: Work) -> Holds:
    """How many holds there are."""
    rows = kinds(claims=Claims.UNTIL)
    its_company = company.current(work.connection)
    zone = its_company.time_zone
    tomorrow = work.now.astimezone(zone).date() + timedelta(days=1)
    end = datetime.combine(tomorrow, time(), zone)
    asked = and_(
        document.c.kind.in_([row.kind for row in rows]),
        document.c.state.in_([str(row.lifecycle.initial) for row in rows]),
    )
    found = work.connection.execute(
        select(asked.label("asked"), document.c.valid_until).where(
            or_(stock_queries.in_force(rows), asked), visible(work.actor)
        )
    ).all()
    active = [row for row in found if not row.asked]
    ending = [each for each in active if each.valid_until and each.valid_until <= end]
    return Holds(len(active), len(ending), len(found) - len(active))


def open_offers(work: Work) -> int:
    """How many offers that he may see have been sent and not answered."""
    rows = kinds(lifecycle=OFFER)
    return int(
        work.connection.execute(
            select(func.count()).where(
                document.c.kind.in_([row.kind for row in rows]),
                document.c.state == str(State.SENT),
                visible(work.actor),
            )
        ).scalar_one()
    )


# --- Money --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Debt:
    """A paper by which a party still owes us `minor` of `currency`."""

    document_id: int
    currency: str
    minor: int
    due_on: date | None

    @property
    def amount(self) -> Decimal:
        """What is due, in its currency."""
        return from_minor(self.minor, self.currency)


def debts(work: Work) -> list[Debt]:
    """What is owed to us and not paid, the first due first.

    Who may see no money of a party finds none of its papers here.
    """
    owing = {row.kind for row in kinds(debt=1, credits=False)}
    booked = (
        select(func.coalesce(func.sum(entry.c.amount_minor), 0))
        .where(entry.c.document_id == document.c.id)
        .scalar_subquery()
    )
    paid = (
        select(func.coalesce(func.sum(allocation.c.amount_minor), 0))
        .where(allocation.c.debit_id == document.c.id)
        .scalar_subquery()
    )
    left = (booked - paid).label("minor")
    found = work.connection.execute(
        select(document.c.id, document.c.kind, document.c.currency, document.c.due_on, left)
        .where(
            # Nothing is said of the kind here: SQLite would walk all of a kind, paid or not.
            document.c.id.in_(accounts.unsettled_debits()),
            document.c.state == str(State.POSTED),
            _sees_money(work),
            left > 0,
        )
        .order_by(document.c.due_on, document.c.id)
    )
    return [
        Debt(row.id, row.currency, int(row.minor), row.due_on)
        for row in found
        if row.kind in owing
    ]


def _sees_money(work: Work) -> ColumnElement[bool]:
    if work.actor.can(Ability.SEE_MONEY):
        return visible(work.actor)
    own = sorted(each.party_id for each in work.actor.memberships if each.may_see_money)
    return and_(visible(work.actor), document.c.party_id.in_(own))


def late(work: Work) -> list[Debt]:
    """What should have been paid before today."""
    day = today(work)
    return [each for each in debts(work) if each.due_on is not None and each.due_on < day]


def in_own_currency(work: Work, found: Sequence[Debt]) -> Decimal:
    """What debts come to in the company's currency, at the latest rates.

    A currency without a rate is left out: nobody can say what it is worth.
    """
    its_company = company.current(work.connection)
    rates = pricing.latest_rates(work.connection, day=business_day(work.now, its_company.zone))
    worth = {each.currency: each.rate for each in rates} | {its_company.currency: Decimal(1)}
    total = sum(
        (each.amount * worth[each.currency] for each in found if each.currency in worth),
        start=ZERO,
    )
    return round_amount(total, its_company.currency)


def stock_value(work: Work) -> int:
    """What all goods inside are worth, in minor units of the company's currency.

    Raises:
        NotAllowed: only who may see costs.
    """
    require_ability(work.actor, Ability.SEE_COST)
    total = select(func.coalesce(func.sum(level.c.value_minor), literal(0, Minor())))
    return int(work.connection.execute(total).scalar_one())


def low_products(work: Work) -> int:
    """How many products are at their reorder level or below it.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_STOCK)
    statement = (
        select(func.count())
        .select_from(product_views.with_level())
        .where(product.c.archived_at.is_(None), product_views.is_low())
    )
    return int(work.connection.execute(statement).scalar_one())
