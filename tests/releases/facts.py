"""What must hold of a shop before an upgrade and after it, as JSON that both databases share.

Ids are not in it, since the databases give different ones; nor what a release may decide anew with
a migration, like how rejected goods are kept and valued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import product as pairs
from typing import Any

from sqlalchemy import Connection, select

from bot.turn.registry import Registry
from core.domain.errors import Refusal
from core.domain.people import Actor
from core.i18n import LANGUAGES
from core.papers.maker import load
from core.services import stock
from core.services.money import accounts
from core.services.money.open_items import open_items
from core.services.people import actors
from core.services.work import Work
from core.storage.clock import Clock
from core.storage.tables import document, party, person, product


def figures(connection: Connection) -> dict[str, Any]:
    """The state of each paper, the goods, what is owed, and by which papers."""
    return {
        "states": dict(sorted(_states(connection).items())),
        "stock": _stock(connection),
        "owed": _owed(connection),
        "open": _open(connection),
    }


def _states(connection: Connection) -> dict[str, str]:
    numbered = select(document.c.number, document.c.state).where(document.c.number.is_not(None))
    return {row.number: row.state for row in connection.execute(numbered)}


def _stock(connection: Connection) -> dict[str, dict[str, str]]:
    found = connection.execute(select(product.c.id, product.c.sku).order_by(product.c.sku)).all()
    levels = stock.levels(connection, [row.id for row in found])
    return {
        row.sku: {
            name: f"{getattr(levels[row.id], name).normalize():f}"
            for name in ("on_hand", "claimed", "waiting", "incoming")
        }
        for row in found
        if row.id in levels
    }


def _parties(connection: Connection) -> Iterator[tuple[int, str]]:
    for row in connection.execute(select(party.c.id, party.c.name).order_by(party.c.name)):
        yield row.id, row.name


def _owed(connection: Connection) -> dict[str, dict[str, str]]:
    return {
        name: {currency: f"{amount:f}" for currency, amount in sorted(balances.items())}
        for id, name in _parties(connection)
        if (balances := accounts.balances(connection, id))
    }


def _open(connection: Connection) -> dict[str, dict[str, str]]:
    return {
        name: {str(each.record.number): f"{each.amount:f}" for each in items}
        for id, name in _parties(connection)
        if (items := open_items(connection, id))
    }


# --- Papers -----------------------------------------------------------------------------------


def reprints(
    connection: Connection, clock: Clock, readers: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The papers that are kept: how each of them is asked for, by whom, and its bytes' hash."""
    found = []
    numbered = select(document.c.id, document.c.number, document.c.version)
    rows = connection.execute(
        numbered.where(document.c.number.is_not(None)).order_by(document.c.number)
    ).all()
    for row, (name, telegram_id) in pairs(rows, readers.items()):
        work = Work(connection, actor_of(connection, telegram_id), clock())
        for version, language in pairs([None, *range(1, row.version)], sorted(LANGUAGES)):
            content = _kept(work, row.id, language, version)
            if content is not None:
                found.append({
                    "number": row.number, "version": version, "language": language,
                    "reader": name, "sha256": hashlib.sha256(content).hexdigest(),
                })  # fmt: skip
    return found


def _kept(work: Work, document_id: int, language: str, version: int | None) -> bytes | None:
    try:
        return load(work, document_id, language, version=version).content
    except Refusal:
        # It is not for this reader, or there is no such version.
        return None


def actor_of(connection: Connection, telegram_id: int) -> Actor:
    """A person with the present rights."""
    found = connection.scalars(select(person.c.id).where(person.c.telegram_id == telegram_id))
    account = actors.account_of(connection, found.one())
    assert account is not None
    return account.actor


# --- Names ------------------------------------------------------------------------------------


def names() -> dict[str, list[str]]:
    """The names that stand on buttons and in the database of a shop of this release."""
    registry = Registry.standard(takes_payments=True)
    return {
        "screens": sorted(registry.screens),
        "actions": sorted(registry.actions),
        "forms": sorted(registry.forms),
        "events": sorted(registry.events),
    }
