"""Reservations and quotes that end when their time is over."""

from datetime import timedelta

from core.domain.lifecycles import State
from core.services.documents import lifecycle
from tests.builders import Shop, story


@story
def test_a_reservation_expires_and_frees_its_goods(shop: Shop) -> None:
    shop.has(10, "laptop")
    hold = shop.reserves(6, "laptop", shop.now + timedelta(hours=1))
    assert shop.level("laptop").available == 4
    assert lifecycle.expire(shop.work) == []
    shop.passes(hours=1)
    assert lifecycle.expire(shop.work) == [hold]
    assert shop.state(hold) == State.ENDED
    assert shop.level("laptop").available == 10
    assert lifecycle.expire(shop.work) == []


@story
def test_a_quote_expires(shop: Shop) -> None:
    quote = shop.new("quote", (6, "laptop"), valid_until=shop.now + timedelta(hours=1))
    shop.passes(hours=1)
    assert lifecycle.expire(shop.work) == [quote]
    assert shop.state(quote) == State.EXPIRED
