"""What a product costs, as somebody asks: at once, in a currency, or for a party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.money import ONE
from core.domain.people import Ability
from core.services import company
from core.services.numbering import business_day
from core.services.people import parties
from core.services.products import pricing, product_views
from core.services.products.pricing import RateMissing
from core.services.products.product_views import ProductRecord, ShownPrice
from core.services.rights import require_ability
from core.services.work import Work


@dataclass(frozen=True)
class PriceAnswer:
    """What one piece costs; `party` is for whom, empty for everybody.

    `currency` is the one that was asked for; there are no prices where none is known in it.
    """

    record: ProductRecord
    prices: Sequence[ShownPrice]
    party: str = ""
    currency: str = ""


def price_of(work: Work, product_id: int, *, currency: str = "", party_id: int = 0) -> PriceAnswer:
    """What one piece costs, in a currency or for a party where that is asked.

    Who sees no parties is told his own price, whatever he asks for.

    Raises:
        NotAllowed, NotFound.
    """
    view = product_views.view(work, product_id)
    if not work.actor.is_staff:
        return PriceAnswer(view.record, view.prices)
    if party_id:
        return _for_party(work, view.record, party_id)
    if not currency:
        return PriceAnswer(view.record, view.prices)
    listed = [each for each in view.prices if each.currency == currency]
    if not listed:
        listed = _by_rate(work, view.record, currency, party_book_id=None)
    return PriceAnswer(view.record, listed, currency=currency)


def _for_party(work: Work, record: ProductRecord, party_id: int) -> PriceAnswer:
    require_ability(work.actor, Ability.SEE_PARTIES)
    party = parties.load(work.connection, [party_id])[party_id]
    currency = party.currency or company.current(work.connection).currency
    found = _by_rate(work, record, currency, party_book_id=party.price_book_id)
    return PriceAnswer(record, found, party.name, currency)


def _by_rate(
    work: Work, record: ProductRecord, currency: str, *, party_book_id: int | None
) -> list[ShownPrice]:
    """What an order in this currency would take, by the rules of prices."""
    its_company = company.current(work.connection)
    day = business_day(work.now, its_company.zone)
    try:
        rate = pricing.rate_on(
            work.connection, currency, company_currency=its_company.currency, day=day
        )
    except RateMissing:
        return []
    found = pricing.prices(
        work.connection,
        [pricing.Wanted(record.id, ONE, record.list_price)],
        currency=currency,
        party_book_id=party_book_id,
        day=day,
        rate=rate.rate,
    )
    return [ShownPrice(each.unit_price, currency) for each in found.values()]
