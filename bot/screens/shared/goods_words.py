"""The goods of an event, under their product names in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.base.screen import Reader
from bot.base.turn import Turn
from bot.screens.shared.words import quantity
from core.services.documents import line_names
from core.services.work import Event
from core.storage.queries.document_queries import lines_by_id


def named(turn: Turn, event: Event, reader: Reader) -> list[dict[str, Any]]:
    """Return the lines of an event, with `product` in the reader's language."""
    told = event.facts["lines"]
    connection = turn.work.connection
    known = lines_by_id(connection, [each["line_id"] for each in told])
    names = line_names.in_language(connection, known.values(), reader.translator.language)
    return [
        {**each, "product": names[each["line_id"]].name if each["line_id"] in names
         else each["product"]}
        for each in told
    ]  # fmt: skip


def goods_words(each: Mapping[str, Any], reader: Reader) -> str:
    """Return the goods in one line: 10 × Laptop Pro 14."""
    return f"{quantity(each['quantity'], reader)} × {each['product']}"
