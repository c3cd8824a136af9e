"""A hold and an offer end by themselves when their time is over."""

from dataclasses import replace
from datetime import timedelta

from core.domain.lifecycles import State
from core.services import stock
from core.services.documents import lifecycle
from tests.builders import NOW, Shop, Tells


async def test_a_hold_ends_by_itself(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        until = NOW + timedelta(hours=1)
        hold = shop.issues(shop.drafts("reservation", shop.line(6, "laptop"), valid_until=until))
        product_id = shop.product("laptop")
        assert stock.levels(shop.work.connection, [product_id])[product_id].available == 4
        assert lifecycle.expire(shop.work) == []
        shop.work = replace(shop.work, now=until)
        assert lifecycle.expire(shop.work) == [hold]
        assert shop.sees(hold).record.state == State.ENDED
        assert stock.levels(shop.work.connection, [product_id])[product_id].available == 10
        assert lifecycle.expire(shop.work) == []

    await tells(story)


async def test_an_offer_stands_no_longer(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        until = NOW + timedelta(hours=1)
        quote = shop.issues(shop.drafts("quote", shop.line(6, "laptop"), valid_until=until))
        shop.work = replace(shop.work, now=until)
        assert lifecycle.expire(shop.work) == [quote]
        assert shop.sees(quote).record.state == State.EXPIRED

    await tells(story)
