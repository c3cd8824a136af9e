"""What has to be asked about the numbers of papers after an older copy was put back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Id, Moment, Text


class SeriesQuestion(Base):
    """Up to which number a series was given out before an older copy was put back.

    Papers that left after the copy was made are not in it, and their numbers must not be given
    again: until the owner has answered, the series gives none.  The numbers between `last_known`
    and `last_given` are lost for ever; the series goes on behind them, and the audit knows why
    they are missing.
    """

    __tablename__ = "series_question"
    __table_args__ = (
        CheckConstraint("last_known >= 0", name="last_known"),
        CheckConstraint("last_given >= last_known", name="last_given"),
        CheckConstraint("(last_given IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("question_of_series", "series", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    series: Mapped[str] = mapped_column(Text)
    last_known: Mapped[int] = mapped_column()
    copied_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    last_given: Mapped[int | None] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
