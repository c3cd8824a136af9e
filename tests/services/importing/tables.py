"""Short words for offering tables to a shop, importing them and undoing that."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from core.files.reader import read_table
from core.files.table import dump
from core.files.writer import written
from core.i18n import translator
from core.reports import Asked, report_of, sheet_of
from core.services import importing
from core.services.importing import Change, ImportRecord, Options
from core.services.importing.problems import words_of
from tests.builders import Shop


def offers(shop: Shop, content: str | bytes, **said: Any) -> ImportRecord:
    """Offer a file; return it as its card would show it."""
    given = content.encode() if isinstance(content, str) else content
    sha256 = hashlib.sha256(given).hexdigest()
    import_id = importing.offer(shop.work, "file.csv", sha256, packed=dump(read_table(given)))
    if said:
        importing.prepare(shop.work, import_id, Options(**said))
    return importing.load(shop.work, import_id)


def workbook(*rows: list[Any]) -> bytes:
    """Write a spreadsheet of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def imports(shop: Shop, content: str | bytes, **said: Any) -> ImportRecord:
    """Import a file without problems."""
    offered = offers(shop, content, **said)
    assert offered.state == "offered", problems(offered)
    importing.apply(shop.work, offered.id, revision=offered.revision)
    return importing.load(shop.work, offered.id)


def undoes(shop: Shop, done: ImportRecord) -> None:
    """Undo an import."""
    importing.undo(shop.work, done.id, revision=done.revision)


def problems(offered: ImportRecord) -> list[str]:
    """Return what is wrong with a file, as "4 price: ..." in English."""
    words = translator("en")
    return [
        f"{each.row} {each.column}: {words_of(each, words)}" for each in offered.summary.problems
    ]


def counts(change: Change) -> tuple[int, int, int]:
    """Return how many rows are new, changed and unchanged."""
    return change.new, change.changed, change.unchanged


def exported(shop: Shop, report: str, *, form: str = "csv", language: str = "en") -> bytes:
    """Return the file of a report."""
    sheet = sheet_of(shop.work, report_of(report), Asked(translator(language)))
    return written(sheet, form)


def on_hand(shop: Shop, name: str) -> tuple[Decimal, int]:
    """Return how much of a product there is, and what it is worth in cents."""
    level = shop.level(name)
    return level.on_hand, level.value_minor
