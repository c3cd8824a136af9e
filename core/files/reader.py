"""A file becomes a table, whatever of the two forms it has."""

from __future__ import annotations

import json
from typing import Final

from core.files.csv_reader import read_delimited
from core.files.refusals import (
    REFUSALS,
    FileEmpty,
    FileNoTable,
    FileOldOrLocked,
    FileTooLarge,
)
from core.files.table import MEGABYTE, MOST_BYTES, Table, dump

ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
"""The names of files that are meant to be tables; those that are none are refused in words."""

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0"


def read_table(content: bytes) -> Table:
    """The table in a file.

    Raises:
        FileEmpty, FileTooLarge, FileNoTable, FileOldOrLocked: the file as a whole.
        FileUnpacksTooLarge, FileNotTrusted, FileTooLong, FileDamaged: what is inside.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // MEGABYTE)
    if not content.strip(b" \t\r\n\xef\xbb\xbf\0"):
        raise FileEmpty
    if content.startswith(_OLE):
        raise FileOldOrLocked
    if content.startswith(b"%PDF"):
        raise FileNoTable
    if content.startswith(_ZIP):
        # Only who opens a workbook pays for openpyxl.
        from core.files.xlsx_reader import read_workbook

        found = read_workbook(content)
    else:
        found = read_delimited(content)
    if not found.rows:
        raise FileEmpty
    return found


def is_heavy(content: bytes) -> bool:
    """Whether reading takes so much that it belongs into a process of its own."""
    return content.startswith(_ZIP)


def answered(content: bytes) -> bytes:
    """What a process that reads apart answers: the packed table, or why there is none."""
    from core.domain.errors import Refusal

    try:
        return b"T" + dump(read_table(content))
    except Refusal as refusal:
        return b"R" + json.dumps([refusal.code, refusal.facts]).encode()


def understood(answer: bytes) -> bytes:
    """The packed table of an answer.  Raises the refusal that it tells of."""
    if answer.startswith(b"T"):
        return answer[1:]
    code, facts = json.loads(answer[1:])
    raise REFUSALS[code](**facts)
