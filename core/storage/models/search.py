"""What the index of words has to read again."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Id, Text


class SearchChange(Base):
    """A product or a party whose words have changed; triggers write it, whoever changed them.

    The token is random, so that who has read up to a row knows that it is still the same one:
    after a rollback its id is used again.
    """

    __tablename__ = "search_change"
    __table_args__ = (CheckConstraint("subject IN ('product', 'party')", name="subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token: Mapped[int] = mapped_column()
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column()
