"""What the card of a hold says beside its lines: what was asked, what is wished, what is free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from core.domain.document_type import Claims
from core.domain.documents import kinds
from core.domain.lifecycles import State
from core.domain.money import ZERO
from core.domain.people import Ability, Right
from core.services import company, reservations
from core.services.documents.line_products import products_for_lines
from core.services.documents.viewing import DocumentView
from core.services.numbering import business_day
from core.services.people.parties import PartyRecord
from core.services.products import pricing
from core.services.products.pricing import RateMissing, Wanted
from core.services.rights import may
from core.services.work import Work
from core.storage.queries.stock_queries import free_in_warehouse
from core.storage.tables import document, history, person

_WISHES = (reservations.WISHES_ORDER, reservations.WISHES_TIME)


@dataclass(frozen=True)
class Asker:
    """Who asked: his name, and his own zone where he has said one."""

    name: str
    zone: str | None


@dataclass(frozen=True)
class Wish:
    """What a customer wishes of a hold and was not answered yet: its order, or more time."""

    asker: Asker
    until: datetime | None

    @property
    def wants_order(self) -> bool:
        """Whether the goods are to be ordered; else more time is wished."""
        return self.until is None


@dataclass(frozen=True)
class HoldFacts:
    """See the head of this module.

    Attributes:
        asker: the customer who asked; None when who sells made it by himself.
        asked: what he asked, by line; `asked_until` his end.
        open: what each line still holds or waits for.
        free: what nobody has claimed, by product; empty for those who see no stock.
        prices: what one costs this party in `currency`, by product, for who answers.
        orders: how many orders the party has confirmed this year, for who answers.
        may_answer, may_give_up: whether this person grants and moves it, or releases it.
        is_over: its time has passed, whether or not it has been ended.
    """

    asker: Asker | None
    asked: Mapping[int, Decimal]
    asked_until: datetime | None
    open: Mapping[int, Decimal]
    may_answer: bool
    may_give_up: bool
    is_over: bool
    wish: Wish | None = None
    free: Mapping[int, Decimal] = field(default_factory=dict)
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    currency: str = ""
    orders: int = 0

    @property
    def pieces(self) -> Decimal:
        """How many pieces are open in all."""
        return sum(self.open.values(), start=ZERO)


def hold_facts(work: Work, view: DocumentView) -> HoldFacts | None:
    """What is to be said of a hold, for this person; None of any other document."""
    if view.type.claims is not Claims.UNTIL:
        return None
    record = view.record
    asked, asked_until = reservations.last_wish(work, record.id)
    is_open = {each.line.id: reservations.open_of(each.state) for each in view.lines}
    may_answer = may(work.actor, Right.ISSUE, view.type, party_id=record.party_id)
    facts = HoldFacts(
        asker=_asker(work, record.created_by) if asked and record.created_by else None,
        asked=asked,
        asked_until=asked_until,
        open=is_open,
        may_answer=may_answer,
        may_give_up=may(work.actor, Right.DRAFT, view.type, party_id=record.party_id),
        is_over=record.valid_until is not None and record.valid_until <= work.now,
    )
    if record.state in view.type.lifecycle.in_force:
        return _with_wish(work, record.id, facts)
    if record.state == view.type.lifecycle.initial and may_answer:
        return _with_figures(work, view, facts)
    return facts


def _asker(work: Work, person_id: int) -> Asker:
    row = work.connection.execute(
        select(person.c.name, person.c.zone).where(person.c.id == person_id)
    ).one()
    return Asker(row.name, row.zone)


def _with_wish(work: Work, document_id: int, facts: HoldFacts) -> HoldFacts:
    """With the last wish, unless it was answered or the hold has changed since."""
    row = work.connection.execute(
        select(history.c.action, history.c.facts, person.c.name, person.c.zone)
        .select_from(history.outerjoin(person, person.c.id == history.c.person_id))
        .where(
            history.c.subject == "document",
            history.c.subject_id == document_id,
            history.c.action.in_((*_WISHES, reservations.REFUSED, "move_end")),
        )
        .order_by(history.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.action not in _WISHES:
        return facts
    kept = json.loads(row.facts)
    if Decimal(kept["pieces"]) != facts.pieces:
        return facts
    until = datetime.fromisoformat(kept["until"]) if "until" in kept else None
    return replace(facts, wish=Wish(Asker(row.name or "", row.zone), until))


def _with_figures(work: Work, view: DocumentView, facts: HoldFacts) -> HoldFacts:
    """With what is free, what it costs and how much the party orders."""
    products = {each.line.product_id for each in view.lines if each.line.product_id is not None}
    free = free_in_warehouse(work.connection, products)
    sees_stock = work.actor.can(Ability.SEE_STOCK)
    its_company = company.current(work.connection)
    today = business_day(work.now, its_company.zone)
    party = view.party if view.sees_money else None
    prices, currency = ({}, "") if party is None else _prices(work, view, party, today=today)
    return replace(
        facts,
        free={each: free[each].free if each in free else ZERO for each in products}
        if sees_stock
        else {},
        prices=prices,
        currency=currency,
        orders=_orders_since(work, view.record.party_id, today.replace(month=1, day=1)),
    )


def _prices(
    work: Work, view: DocumentView, party: PartyRecord, *, today: date
) -> tuple[dict[int, Decimal], str]:
    """What one of each product costs the party today; nothing where there is no rate."""
    its_company = company.current(work.connection)
    currency = party.currency or its_company.currency
    try:
        rate = pricing.rate_on(
            work.connection, currency, company_currency=its_company.currency, day=today
        )
    except RateMissing:
        # Without a rate there is no price to show; an order would be refused in words.
        return {}, ""
    quantities = {each.line.product_id: each.line.quantity for each in view.lines}
    found = pricing.prices(
        work.connection,
        [
            Wanted(each.id, quantities[each.id], each.list_price)
            for each in products_for_lines(
                work.connection, [each for each in quantities if each is not None]
            ).values()
        ],
        currency=currency,
        party_book_id=party.price_book_id,
        day=today,
        rate=rate.rate,
    )
    return {each: price.unit_price for each, price in found.items()}, currency


def _orders_since(work: Work, party_id: int | None, day: date) -> int:
    """How many orders of a party were confirmed since a day and not cancelled."""
    statement = select(func.count()).select_from(document).where(
        document.c.party_id == party_id,
        document.c.kind.in_([row.kind for row in kinds(claims=Claims.WAITING)]),
        document.c.issued_on >= day,
        document.c.state != str(State.CANCELLED),
    )  # fmt: skip
    return int(work.connection.execute(statement).scalar_one())
