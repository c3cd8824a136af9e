"""Templates of papers, and which papers follow one where nobody says anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Id, Moment, Text


class PaperTemplate(Base):
    """A template.  It is archived, never deleted: papers that were issued with it name it."""

    __tablename__ = "paper_template"
    __table_args__ = (CheckConstraint("revision >= 0", name="revision"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    # Names of capabilities and kinds (core/domain/papers/templates.py) with spaces; empty: all.
    scope: Mapped[str] = mapped_column(Text, default="")
    # What it says (JSON of core.domain.papers.look), in the form in which a paper freezes it.
    look: Mapped[str] = mapped_column(Text)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class TemplateDefault(Base):
    """What papers of a kind follow; the row of no kind ("") is the company's standard."""

    __tablename__ = "template_default"
    __table_args__ = (Index("default_of_template", "template_id"),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("paper_template.id"))
