"""Why a file is not read.  What its contents mean is nobody's business here."""

from __future__ import annotations

from core.domain.errors import Refusal


class FileEmpty(Refusal):
    """There is nothing in the file, or nothing below its headings."""

    code = "file_empty"


class FileNoTable(Refusal):
    """The file is neither CSV nor XLSX."""

    code = "file_no_table"


class FileOldOrLocked(Refusal):
    """An Excel file of before 2007, or one with a password: both look the same from outside."""

    code = "file_old_or_locked"


class FileTooLarge(Refusal):
    """The file has more than `most` megabytes."""

    code = "file_too_large"
    fact_names = ("most",)


class FileUnpacksTooLarge(Refusal):
    """Unpacked, the file would be more than `most` megabytes, or a hundred times its own size."""

    code = "file_unpacks_too_large"
    fact_names = ("most",)


class FileTooLong(Refusal):
    """The table has more than `rows` rows or `columns` columns."""

    code = "file_too_long"
    fact_names = ("rows", "columns")


class FileDamaged(Refusal):
    """The file cannot be read to its end; `row` is where, 0 where nobody can say."""

    code = "file_damaged"
    fact_names = ("row",)


class FileNotTrusted(Refusal):
    """The file defines entities of its own or takes too much to be read: nobody needs that."""

    code = "file_not_trusted"


class NoPicture(Refusal):
    """The file is neither a PNG nor a JPEG, or it is damaged."""

    code = "no_picture"


class PictureTooLarge(Refusal):
    """The file of the picture has more than `most` megabytes."""

    code = "picture_too_large"
    fact_names = ("most",)


class PictureTooManyPixels(Refusal):
    """The picture has more than `most` million pixels."""

    code = "picture_too_many_pixels"
    fact_names = ("most",)


REFUSALS: dict[str, type[Refusal]] = {
    each.code: each
    for each in (
        FileEmpty, FileNoTable, FileOldOrLocked, FileTooLarge, FileUnpacksTooLarge, FileTooLong,
        FileDamaged, FileNotTrusted,
    )
}  # fmt: skip
"""By their codes: a process that reads apart names them so."""
