"""Does everything that must hold, hold?  What `check` asks, and a restored backup.

Every check reads sets, never row by row, and compares what is kept twice: levels with their
moves, claims with their ends, papers with their hashes, accounts with their papers.  The
database refuses most of this by itself; what is found here came past it.  Breaches are facts for
the operator; the command line makes sentences of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from core.services.audit import (
    goods,
    lines,
    merges,
    money,
    online,
    papers,
    settlements,
    storage,
    templates,
    versions,
)
from core.services.audit.breach import Breach

__all__ = [
    "CHECKS", "WARNINGS", "Breach", "audit", "of_the_file", "of_the_rows", "warnings",
]  # fmt: skip

Check = Callable[[Connection], Iterator[Breach]]

CHECKS: dict[str, Check] = {
    "integrity": storage.integrity,
    "foreign_keys": storage.foreign_keys,
    "triggers": storage.triggers,
    "levels": goods.levels,
    "claimed": goods.claimed,
    "claims": goods.claims,
    "goods": goods.conserved,
    "values": goods.values,
    "free_goods": goods.free_goods,
    "demand": lines.standing,
    "draws": lines.standing,
    "outstanding": lines.standing,
    "nothing_promised": lines.nothing_promised,
    "numbers": papers.numbers,
    "in_question": papers.in_question,
    "dates": papers.dates,
    "chain": papers.chain,
    "frozen": papers.frozen,
    "versions": versions.versions,
    "totals": money.totals,
    "taxes": money.taxes,
    "entries": money.entries,
    "allocations": money.allocations,
    "unsettled": money.unsettled,
    "pairs": money.pairs,
    "deposits": settlements.deposits,
    "received": settlements.received,
    "differences": settlements.differences,
    "credited": settlements.credited,
    "reversed_moves": papers.reversed_moves,
    "reversed_entries": papers.reversed_entries,
    "reversed_draws": lines.reversed_draws,
    "approvals": papers.approvals,
    "merges": merges.merges,
    "charges": online.charges,
    "templates": templates.templates,
}
"""All checks by their names, in their order; one function may make several."""

WARNINGS: dict[str, Callable[[Connection, datetime], Iterator[Breach]]] = {
    "outbox": storage.stuck_in_outbox,
    "inbox": storage.left_in_inbox,
    "series": storage.unanswered,
    "unbooked": online.unbooked,
}
"""What a person should look at though no invariant is broken."""


def audit(connection: Connection) -> list[Breach]:
    """Every invariant that does not hold; nothing when all is well."""
    return [*of_the_file(connection), *of_the_rows(connection)]


def of_the_file(connection: Connection) -> list[Breach]:
    """The part of `audit` that a SQLite file is asked for page by page, without a look at rows.

    It takes a third of the time, and can be made on a second connection meanwhile.
    """
    return list(storage.integrity(connection))


def of_the_rows(connection: Connection) -> list[Breach]:
    """The rest of `audit`."""
    once = dict.fromkeys(check for check in CHECKS.values() if check is not storage.integrity)
    return [breach for check in once for breach in check(connection)]


def warnings(connection: Connection, now: datetime) -> list[Breach]:
    """What is no breach but should be looked at: messages stuck, updates that failed."""
    return [found for check in WARNINGS.values() for found in check(connection, now)]
