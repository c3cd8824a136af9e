"""Goods: levels, moves and claims say the same."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select, union_all

from core.domain.places import PlaceRole
from core.domain.stock import EndReason
from core.services.audit.breach import Breach, no_amount, no_quantity
from core.storage.tables import claim, claim_end, level, move, place, waiting


def levels(connection: Connection) -> Iterator[Breach]:
    """At every place inside there is what the moves have brought and not taken, and its value."""
    both = union_all(
        select(
            move.c.product_id,
            move.c.to_place_id.label("place_id"),
            move.c.quantity.label("moved"),
            move.c.value_minor.label("moved_minor"),
            no_quantity().label("on_hand"),
            no_amount().label("value_minor"),
        ),
        select(
            move.c.product_id,
            move.c.from_place_id,
            -move.c.quantity,
            -move.c.value_minor,
            no_quantity(),
            no_amount(),
        ),
        select(
            level.c.product_id,
            level.c.place_id,
            no_quantity(),
            no_amount(),
            level.c.on_hand,
            level.c.value_minor,
        ),
    ).subquery("both")
    sums = {
        name: func.sum(both.c[name]) for name in ("moved", "moved_minor", "on_hand", "value_minor")
    }
    rows = connection.execute(
        select(both.c.product_id, both.c.place_id, *(sums[name].label(name) for name in sums))
        .select_from(both.join(place, place.c.id == both.c.place_id))
        .where(place.c.inside)
        .group_by(both.c.product_id, both.c.place_id)
        .having(or_(sums["moved"] != sums["on_hand"], sums["moved_minor"] != sums["value_minor"]))
        .order_by(both.c.product_id, both.c.place_id)
    )
    for row in rows:
        yield Breach(
            "levels",
            f"product:{row.product_id}",
            {
                "place": row.place_id,
                "on_hand": row.on_hand,
                "moved": row.moved,
                "value_minor": row.value_minor,
                "moved_minor": row.moved_minor,
            },
        )


def claimed(connection: Connection) -> Iterator[Breach]:
    """What a level says is claimed is what is open of the claims there."""
    both = union_all(
        select(
            level.c.product_id,
            level.c.place_id,
            level.c.claimed,
            no_quantity().label("open"),
        ),
        select(claim.c.product_id, claim.c.place_id, no_quantity(), claim.c.open),
    ).subquery("both")
    says, opens = func.sum(both.c.claimed), func.sum(both.c.open)
    rows = connection.execute(
        select(both.c.product_id, both.c.place_id, says.label("claimed"), opens.label("open"))
        .group_by(both.c.product_id, both.c.place_id)
        .having(says != opens)
        .order_by(both.c.product_id, both.c.place_id)
    )
    for row in rows:
        yield Breach(
            "claimed",
            f"product:{row.product_id}",
            {"place": row.place_id, "claimed": row.claimed, "open": row.open},
        )


def claims(connection: Connection) -> Iterator[Breach]:
    """What is open of a claim is its quantity less its ends."""
    ends = (
        select(claim_end.c.claim_id, func.sum(claim_end.c.quantity).label("ended"))
        .group_by(claim_end.c.claim_id)
        .subquery("ends")
    )
    ended = func.coalesce(ends.c.ended, 0)
    rows = connection.execute(
        select(claim.c.id, claim.c.quantity, claim.c.open, ended.label("ended"))
        .select_from(claim.outerjoin(ends, ends.c.claim_id == claim.c.id))
        .where(claim.c.open != claim.c.quantity - ended)
        .order_by(claim.c.id)
    )
    for row in rows:
        facts = {"quantity": row.quantity, "open": row.open, "ended": row.ended}
        yield Breach("claims", f"claim:{row.id}", facts)


def conserved(connection: Connection) -> Iterator[Breach]:
    """Over all places, outside ones too, the goods of a product come to nothing."""
    source, target = place.alias("source"), place.alias("target")
    crossing = move.join(source, source.c.id == move.c.from_place_id).join(
        target, target.c.id == move.c.to_place_id
    )
    both = union_all(
        select(level.c.product_id, level.c.on_hand.label("inside"), no_quantity().label("came")),
        select(move.c.product_id, no_quantity(), move.c.quantity)
        .select_from(crossing)
        .where(~source.c.inside, target.c.inside),
        select(move.c.product_id, no_quantity(), -move.c.quantity)
        .select_from(crossing)
        .where(source.c.inside, ~target.c.inside),
    ).subquery("both")
    inside, came = func.sum(both.c.inside), func.sum(both.c.came)
    rows = connection.execute(
        select(both.c.product_id, inside.label("inside"), came.label("came"))
        .group_by(both.c.product_id)
        .having(inside != came)
        .order_by(both.c.product_id)
    )
    for row in rows:
        facts = {"inside": row.inside, "came": row.came}
        yield Breach("goods", f"product:{row.product_id}", facts)


def values(connection: Connection) -> Iterator[Breach]:
    """Nothing is below zero, no more is claimed than is there, and nothing is worth nothing."""
    rows = connection.execute(
        select(level)
        .where(
            or_(
                level.c.on_hand < 0,
                level.c.claimed < 0,
                level.c.claimed > level.c.on_hand,
                level.c.value_minor < 0,
                (level.c.on_hand == 0) & (level.c.value_minor != 0),
            )
        )
        .order_by(level.c.product_id, level.c.place_id)
    )
    for row in rows:
        yield Breach(
            "values",
            f"product:{row.product_id}",
            {
                "place": row.place_id,
                "on_hand": row.on_hand,
                "claimed": row.claimed,
                "value_minor": row.value_minor,
            },
        )


def free_goods(connection: Connection) -> Iterator[Breach]:
    """Nobody waits for goods that nobody has claimed.

    But lines that ship complete, and lines whose claim a person released for others: those are
    served when nobody else wants the goods.
    """
    released = (
        select(claim.c.id)
        .join(claim_end, claim_end.c.claim_id == claim.c.id)
        .where(claim.c.line_id == waiting.c.line_id, claim_end.c.reason == str(EndReason.RELEASED))
        .exists()
    )
    free = level.c.on_hand - level.c.claimed
    rows = connection.execute(
        select(waiting.c.line_id, waiting.c.product_id, waiting.c.quantity, free.label("free"))
        .select_from(
            waiting.join(level, level.c.product_id == waiting.c.product_id).join(
                place, place.c.id == level.c.place_id
            )
        )
        .where(
            place.c.role == str(PlaceRole.WAREHOUSE), free > 0, ~waiting.c.complete_only, ~released
        )
        .order_by(waiting.c.line_id)
    )
    for row in rows:
        facts = {"product": row.product_id, "waiting": row.quantity, "free": row.free}
        yield Breach("free_goods", f"line:{row.line_id}", facts)
