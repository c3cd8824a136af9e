"""Lines: what was drawn from them, and what they claim and wait for.

Rules are those of `core.domain.links`, asked once for all lines that stand alike: the database
sums and groups, so a hundred thousand lines are a few hundred questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Subquery, case, func, or_, select

from core.domain.document_type import Claims
from core.domain.documents import DOCUMENT_TYPES, kinds, type_of
from core.domain.lifecycles import State
from core.domain.links import (
    LineState,
    Link,
    Track,
    note_to_inspect,
    offer_to_order,
    overdrawn,
)
from core.domain.money import ZERO
from core.services.audit.breach import Breach, no_quantity
from core.storage.queries.stock_queries import GOODS
from core.storage.tables import claim, document, draw, outstanding, product, waiting
from core.storage.tables import document_line as line

_DRAWN = [f"drawn_{track}" for track in Track]


def _drawn() -> Subquery:
    """What was drawn from each line, a column for each track."""
    return (
        select(
            draw.c.line_id,
            *(
                func.sum(case((draw.c.track == str(track), draw.c.quantity), else_=no_quantity()))
                .label(name)
                for track, name in zip(Track, _DRAWN, strict=True)
            ),
        )
        .group_by(draw.c.line_id)
        .subquery("drawn")
    )  # fmt: skip


def _alike(drawn: Subquery) -> list[ColumnElement[Any]]:
    """What a rule wants to know of a line; lines that agree in it stand alike."""
    return [
        document.c.kind,
        document.c.state,
        document.c.number.is_not(None).label("issued"),
        func.coalesce(product.c.nature, "service").label("nature"),
        line.c.quantity,
        line.c.rejected,
        *(func.coalesce(drawn.c[name], 0).label(name) for name in _DRAWN),
    ]


def _link(row: Row[*tuple[Any, ...]]) -> Link:
    its_type = type_of(row.kind)
    facts = row._mapping
    state = LineState(
        line_id=row.line_id,
        quantity=row.quantity,
        drawn={track: facts[name] for track, name in zip(Track, _DRAWN, strict=True)},
        rejected=row.rejected,
        service=row.nature != GOODS,
    )
    return Link(state, its_type.lines, row.state in its_type.lifecycle.in_force)


_FIRST = func.min(line.c.id).label("line_id")
_COUNT = func.count().label("lines")


def _promised() -> tuple[Subquery, Subquery]:
    """What each line has claimed, and what it waits for."""
    claims = (
        select(claim.c.line_id, func.sum(claim.c.open).label("open"))
        .where(claim.c.open > 0)
        .group_by(claim.c.line_id)
        .subquery("claims")
    )
    waits = select(waiting.c.line_id, waiting.c.quantity).subquery("waits")
    return claims, waits


def standing(connection: Connection) -> Iterator[Breach]:
    """What was drawn from each line, what it claims and waits for, and what is left of it.

    One look for three checks: most of it is the same sum of the draws.
    """
    drawn = _drawn()
    claims, waits = _promised()
    alike = [
        *_alike(drawn),
        func.coalesce(claims.c.open, 0).label("claimed"),
        func.coalesce(waits.c.quantity, 0).label("waiting"),
        document.c.watched,
        outstanding.c.track,
        func.coalesce(outstanding.c.quantity, no_quantity()).label("outstanding"),
    ]
    rows = connection.execute(
        select(*alike, _FIRST, _COUNT)
        .select_from(
            line.join(document, document.c.id == line.c.document_id)
            .outerjoin(product, product.c.id == line.c.product_id)
            .outerjoin(drawn, drawn.c.line_id == line.c.id)
            .outerjoin(claims, claims.c.line_id == line.c.id)
            .outerjoin(waits, waits.c.line_id == line.c.id)
            .outerjoin(outstanding, outstanding.c.line_id == line.c.id)
        )
        .where(
            # Half of all lines are those of notes and invoices of which nothing was drawn yet.
            or_(
                document.c.kind.in_(_claiming_kinds()),
                document.c.kind.in_([str(row.kind) for row in kinds(incoming=True)]),
                line.c.rejected > 0,
                drawn.c.line_id.is_not(None),
                claims.c.line_id.is_not(None),
                waits.c.line_id.is_not(None),
                outstanding.c.line_id.is_not(None),
            )
        )
        .group_by(*alike)
        .order_by(_FIRST)
    )
    for row in rows:
        link = _link(row)
        yield from _overdrawn(row, link)
        yield from _demand(row, link)
        yield from _outstanding(row, link)


def _overdrawn(row: Row[*tuple[Any, ...]], link: Link) -> Iterator[Breach]:
    """No more was drawn from a line than it has, and on no track that its kind has not."""
    wrong = {track: link.line.on(track) for track in overdrawn(link)}
    wrong |= {
        track: link.line.on(track)
        for track in Track
        if link.line.on(track) < 0 or (link.line.on(track) and not link.rule.has(track))
    }
    if wrong:
        facts = {str(track): quantity for track, quantity in sorted(wrong.items())}
        facts = {"quantity": row.quantity, "lines": row.lines, **facts}
        yield Breach("draws", f"line:{row.line_id}", facts)


def _demand(row: Row[*tuple[Any, ...]], link: Link) -> Iterator[Breach]:
    """Lines claim and wait for exactly what they still want; those not in force for nothing.

    A reservation's line may hold less than it offers: a part was released, or its time is over.
    """
    its_claims = type_of(row.kind).claims
    if its_claims is Claims.NO or link.line.service:
        return
    until = its_claims is Claims.UNTIL
    wanted = offer_to_order(link.line) if until else link.line.to_fulfil
    wanted = max(ZERO, wanted) if link.in_force else ZERO
    promised = row.claimed + row.waiting
    if promised > wanted or (promised < wanted and not until):
        facts = {"wanted": wanted, "claimed": row.claimed, "waiting": row.waiting}
        yield Breach("demand", f"line:{row.line_id}", {"lines": row.lines, **facts})


def _outstanding(row: Row[*tuple[Any, ...]], link: Link) -> Iterator[Breach]:
    """What is to come or to be inspected is found where it is looked for: no line is hidden."""
    watched = type_of(row.kind).watched if row.issued else None
    track, left = watched, None
    if watched is None or link.line.service:
        track = None
    elif watched is Track.INSPECT:
        left = note_to_inspect(link.line)
        track = watched if row.rejected else None
    else:
        left = link.line.to_fulfil
    kept = None if row.track is None else row.outstanding
    if row.watched != watched or row.track != track or (track and kept != left):
        facts = {"lines": row.lines, "watched": row.watched, "left": left, "kept": kept}
        yield Breach("outstanding", f"line:{row.line_id}", facts)


def _claiming_kinds() -> list[str]:
    return [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.claims is not Claims.NO]


def nothing_promised(connection: Connection) -> Iterator[Breach]:
    """Services and papers that claim nothing have no claim, and a claim is on the line's goods."""
    claims = select(claim.c.line_id, claim.c.product_id).where(claim.c.open > 0)
    promises = claims.union_all(select(waiting.c.line_id, waiting.c.product_id)).subquery()
    rows = connection.execute(
        select(line.c.id, document.c.kind, promises.c.product_id)
        .select_from(
            promises.join(line, line.c.id == promises.c.line_id)
            .join(document, document.c.id == line.c.document_id)
            .join(product, product.c.id == promises.c.product_id)
        )
        .where(
            document.c.kind.not_in(_claiming_kinds())
            | (product.c.nature != GOODS)
            | line.c.product_id.is_distinct_from(promises.c.product_id)
        )
        .distinct()
        .order_by(line.c.id)
    )
    for row in rows:
        facts = {"kind": row.kind, "product": row.product_id}
        yield Breach("nothing_promised", f"line:{row.id}", facts)


def reversed_draws(connection: Connection) -> Iterator[Breach]:
    """What a reversed or cancelled document had drawn was given back."""
    left = func.sum(draw.c.quantity)
    rows = connection.execute(
        select(document.c.id, draw.c.line_id, draw.c.track, left.label("left"))
        .select_from(
            draw.join(line, line.c.id == draw.c.by_line_id).join(
                document, document.c.id == line.c.document_id
            )
        )
        .where(document.c.state.in_([str(State.REVERSED), str(State.CANCELLED)]))
        .group_by(document.c.id, draw.c.line_id, draw.c.track)
        .having(left != 0)
        .order_by(document.c.id, draw.c.line_id, draw.c.track)
    )
    for row in rows:
        facts = {"line": row.line_id, "track": row.track, "left": row.left}
        yield Breach("reversed_draws", f"document:{row.id}", facts)
