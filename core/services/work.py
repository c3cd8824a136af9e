"""What a use case works with: the connection, who acts, the time, and what others must hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.domain.people import Actor
from core.domain.places import PlaceRole


@dataclass(frozen=True)
class Event:
    """Something happened that others than the actor must hear of.

    `name` is the row of the bot's table of notices; `facts` is plain data (numbers as Decimal,
    times aware), frozen as it was; `document_id` and `party_id` say whose business it is.
    """

    name: str
    facts: Mapping[str, Any]
    document_id: int | None = None
    party_id: int | None = None


@dataclass
class Work:
    """One unit of work inside a transaction that somebody else owns.

    Attributes:
        connection: the connection; a service never commits on it.
        actor: who acts.
        now: the time of this work, aware, in UTC; the same for everything in it.
        source: from which message it came ("chat:message"), for the history.
        events: what others must hear, in the order in which it happened.
        changed: the subjects ("document:12") whose cards others look at have changed.
        locked: the products whose levels are locked by this work, and whose claims that have
            expired are settled; a rollback to a savepoint gives both up.
        places: the company's places once they were read: `company.places_of` keeps them here.
        approved: what stands for the figures that somebody who may has approved for this work.
    """

    connection: Connection
    actor: Actor
    now: datetime
    source: str = ""
    events: list[Event] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    approved: str = field(default="", kw_only=True)
    locked: set[int] = field(default_factory=set, init=False)
    places: Mapping[PlaceRole, int] = field(default_factory=dict, init=False)

    def tell(self, name: str, /, *, document_id: int | None = None, party_id: int | None = None,
             **facts: Any) -> None:  # fmt: skip
        """Note an event for the turn to pass on."""
        self.events.append(Event(name, facts, document_id, party_id))

    def touch(self, subject: str, subject_id: int) -> None:
        """Note that what is shown of a subject has changed."""
        self.changed.add(f"{subject}:{subject_id}")
