"""Who has claimed goods of a product, seen from one line: what it has, and who else waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.domain.money import ZERO
from core.domain.people import Ability
from core.services.rights import NotFound, require_ability
from core.services.stock.explanations import Held, why
from core.services.work import Work
from core.storage.queries.stock_queries import goods_lines


@dataclass(frozen=True)
class Holder:
    """A line that has claimed goods, and the other lines that wait for the same product.

    `until` is the end of its claim: only a reservation's has one.
    """

    line_id: int
    document_id: int
    number: str
    party: str
    product_id: int
    product: str
    claimed: Decimal
    until: datetime | None
    waiting: tuple[Held, ...]


def holder(work: Work, line_id: int) -> Holder:
    """What a line has claimed, and to whom it could be given, in the order of the queue.

    Raises:
        NotAllowed: the actor may not move claims.
        NotFound: there is no such line of goods.
    """
    require_ability(work.actor, Ability.MOVE_CLAIMS)
    facts = goods_lines(work.connection, [line_id]).get(line_id)
    if facts is None:
        raise NotFound(subject="line")
    explained = why(work.connection, facts.product_id)
    own = [each for each in explained.claims if each.line_id == line_id]
    return Holder(
        line_id=line_id,
        document_id=facts.document_id,
        number=facts.number,
        party=facts.party,
        product_id=facts.product_id,
        product=facts.product,
        claimed=sum((each.quantity for each in own), start=ZERO),
        until=next((each.until for each in own), None),
        waiting=tuple(each for each in explained.waiting if each.line_id != line_id),
    )
