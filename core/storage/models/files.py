"""Files that were sent to be imported, and what each of their rows has changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Bytes, Id, Moment, Text


class ImportFile(Base):
    """A file as it was read: kept until it is imported, its hash for ever.

    `kind` is empty as long as nobody could say what it holds.  `summary` is JSON: what the
    preview shows.  `content` is the table that was read, empty once it is not needed any more.
    """

    __tablename__ = "import_file"
    __table_args__ = (
        CheckConstraint(
            "state IN ('read', 'offered', 'refused', 'waiting', 'done', 'undone')", name="state"
        ),
        Index("import_file_by_hash", "sha256", "state"),
        Index("import_file_open", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="{}")
    content: Mapped[bytes] = mapped_column(Bytes)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportRow(Base):
    """What one row of an imported file has made or changed: (file, row) is its operation key.

    `previous` is JSON: the columns as they were, or empty when the row has made its subject.
    """

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("import_file_id", "number", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"))
    number: Mapped[int] = mapped_column()
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column()
    # The revision that the subject has since then, where it has one.
    revision: Mapped[int] = mapped_column(default=0)
    previous: Mapped[str] = mapped_column(Text, default="")
