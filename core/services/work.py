"""What a use case works with: the connection, who acts, the time, and what others must hear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.domain.people import Actor
from core.domain.places import PlaceRole
from core.domain.stock import ClaimingLine, Waiter
from core.storage.database import savepoint


@dataclass(frozen=True)
class Event:
    """Something that happened and that others than the actor must hear of.

    `name` is a row of the bot's table of notices; `facts` is plain data (numbers as Decimal,
    times aware), frozen as it was; `document_id` and `party_id` say whose business it is.
    """

    name: str
    facts: Mapping[str, Any]
    document_id: int | None = None
    party_id: int | None = None


@dataclass
class Known:
    """Rows that a unit of work has read and that nobody else can change before its end.

    It saves statements, and nothing else: what is not known is read.  The functions of
    `core.services.stock.writes` keep it true; a rollback to a savepoint takes back what was
    learned since (`Work.savepoint`).

    Attributes:
        places: the company's places by role, which do not change once it is set up.
        locked: the products whose levels, claims and queues are locked, and whose expired claims
            have ended.
        lines: by line, its place in the queue of a locked product and its open claims.
        queues: who waits for some locked products, by these products.
    """

    places: Mapping[PlaceRole, int] = field(default_factory=dict)
    locked: frozenset[int] = frozenset()
    lines: Mapping[int, ClaimingLine] = field(default_factory=dict)
    queues: Mapping[frozenset[int], Sequence[Waiter]] = field(default_factory=dict)


@dataclass
class Work:
    """One unit of work inside a transaction that somebody else owns.

    Attributes:
        connection: the connection; a service never commits on it.
        actor: who acts.
        now: the time of this work, aware, in UTC; the same for everything in it.
        source: the message that asked for it ("chat:message"), for the history.
        events: what others must hear, in the order in which it happened.
        changed: the subjects ("document:12") whose cards others look at have changed.
        approved: the digest of the figures that somebody has approved for this work.
        known: what was read under locks and is not read again.
    """

    connection: Connection
    actor: Actor
    now: datetime
    source: str = ""
    events: list[Event] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    approved: str = field(default="", kw_only=True)
    known: Known = field(default_factory=Known, init=False)

    def tell(self, name: str, /, *, document_id: int | None = None, party_id: int | None = None,
             **facts: Any) -> None:  # fmt: skip
        """Note an event for the turn to pass on."""
        self.events.append(Event(name, facts, document_id, party_id))

    def touch(self, subject: str, subject_id: int) -> None:
        """Note that what is shown of a subject has changed."""
        self.changed.add(f"{subject}:{subject_id}")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo everything that is done inside when it raises: rows, events, what was learned."""
        known, events, changed = replace(self.known), len(self.events), set(self.changed)
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            self.known = known
            del self.events[events:]
            self.changed &= changed
            raise
