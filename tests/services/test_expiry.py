"""A hold and an offer end by themselves when their time is over."""

from dataclasses import replace
from datetime import timedelta

from core.domain.lifecycles import State
from core.services import stock
from core.services.documents import ending
from tests.builders import NOW, Shop, Tells


@story
def test_a_hold_ends_by_itself(shop: Shop) -> None:
    shop.has(10, "laptop")
    until = NOW + timedelta(hours=1)
    hold = shop.new("reservation", shop.line(6, "laptop"), valid_until=until)
    product_id = shop.product("laptop")
    assert stock.levels(shop.connection, [product_id])[product_id].available == 4
    assert ending.expire(shop.work) == []
    shop.work = replace(shop.work, now=until)
    assert ending.expire(shop.work) == [hold]
    assert shop.state(hold) == State.ENDED
    assert stock.levels(shop.connection, [product_id])[product_id].available == 10
    assert ending.expire(shop.work) == []


@story
def test_an_offer_stands_no_longer(shop: Shop) -> None:
    until = NOW + timedelta(hours=1)
    quote = shop.new("quote", shop.line(6, "laptop"), valid_until=until)
    shop.work = replace(shop.work, now=until)
    assert ending.expire(shop.work) == [quote]
    assert shop.state(quote) == State.EXPIRED
