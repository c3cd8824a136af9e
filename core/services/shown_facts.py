"""The values of a record's facts as people see them, and whose facts a person sees on a card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from core.domain.facts.fact import REFERENCES, Fact, ValueKind
from core.services import company, templates
from core.services.products import pricing
from core.services.work import Work


def _taxes(connection: Connection) -> dict[int, str]:
    return {each.id: each.name for each in company.taxes(connection)}


def _price_books(connection: Connection) -> dict[int, str]:
    return {each.id: each.name for each in pricing.books(connection)}


def _templates(connection: Connection) -> dict[int, str]:
    return {each.id: each.name for each in templates.every(connection)}


def _offered_templates(connection: Connection) -> dict[int, str]:
    return {each.id: each.name for each in templates.every(connection) if not each.archived}


_Names = Mapping[ValueKind, Callable[[Connection], dict[int, str]]]
_NAMES: Final[_Names] = {
    ValueKind.TAX: _taxes,
    ValueKind.PRICE_BOOK: _price_books,
    ValueKind.TEMPLATE: _templates,
}
_CHOICES: Final[_Names] = {**_NAMES, ValueKind.TEMPLATE: _offered_templates}


def choices(connection: Connection, kind: ValueKind) -> dict[int, str]:
    """Return the records that a fact can name, by their ids."""
    return _CHOICES[kind](connection)


def shown(
    connection: Connection, facts: Iterable[Fact], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of facts by their keys; another record is told by its name.

    Args:
        connection: asked for names.
        facts: those of a record's own row.
        kept: what that row keeps, by column.
    """
    return {
        each.key: _NAMES[each.kind](connection).get(kept[each.kept_in] or 0)
        if each.kind in REFERENCES
        else kept[each.kept_in]
        for each in facts
    }


def card_lines(work: Work, facts: Iterable[Fact], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the lines of a record's card show to `work.actor`, by the keys of facts."""
    seen = [
        each
        for each in facts
        if each.card is not None
        and not each.card.has_own_place
        and not each.holder
        and work.actor.can(each.card.seen_with)
    ]
    return shown(work.connection, seen, kept)
