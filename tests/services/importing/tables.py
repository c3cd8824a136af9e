"""A shop that gets tables: short words for offering, importing and undoing them."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from core.files.reader import read_table
from core.files.writer import written

from core.files.table import dump
from core.i18n import translator
from core.reports import Asked, report_of, sheet_of
from core.services import importing, stock
from core.services.importing import Change, ImportRecord, Options
from core.services.importing.problems import words_of
from tests.builders import Shop


def offers(shop: Shop, content: str | bytes, **said: Any) -> ImportRecord:
    """The file of these contents, as its card would show it."""
    given = content.encode() if isinstance(content, str) else content
    sha256 = hashlib.sha256(given).hexdigest()
    import_id = importing.offer(shop.work, "file.csv", sha256, packed=dump(read_table(given)))
    if said:
        importing.prepare(shop.work, import_id, Options(**said))
    return importing.load(shop.work, import_id)


def workbook(*rows: list[Any]) -> bytes:
    """A spreadsheet of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def imports(shop: Shop, content: str | bytes, **said: Any) -> ImportRecord:
    """Import a file that has no problems."""
    offered = offers(shop, content, **said)
    assert offered.state == "offered", problems(offered)
    importing.apply(shop.work, offered.id, revision=offered.revision)
    return importing.load(shop.work, offered.id)


def undoes(shop: Shop, done: ImportRecord) -> None:
    """Take an import back."""
    importing.undo(shop.work, done.id, revision=done.revision)


def problems(offered: ImportRecord) -> list[str]:
    """What is wrong with a file, in English: "4 price: “abc” is no number."."""
    words = translator("en")
    return [
        f"{each.row} {each.column}: {words_of(each, words)}" for each in offered.summary.problems
    ]


def counts(change: Change) -> tuple[int, int, int]:
    """New, changed, unchanged."""
    return change.new, change.changed, change.unchanged


def exported(shop: Shop, report: str, *, form: str = "csv", language: str = "en") -> bytes:
    """The file of a report."""
    sheet = sheet_of(shop.work, report_of(report), Asked(translator(language)))
    return written(sheet, form)


def on_hand(shop: Shop, product_id: int) -> tuple[Decimal, int]:
    """How many there are, and what they are worth in cents."""
    its = stock.levels(shop.work.connection, [product_id])[product_id]
    return its.on_hand, its.value_minor
