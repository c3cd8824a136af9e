"""How documents live: (state, action) -> state.  A refused action raises; nothing is skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import Refusal
from core.domain.messages import N_


class State(StrEnum):
    """The states of all lifecycles."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"
    POSTED = "posted"
    REVERSED = "reversed"


class Action(StrEnum):
    """What is done to a document as a whole.  ISSUE is the one that takes the number."""

    ISSUE = "issue"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    AMEND = "amend"
    CLOSE = "close"
    CANCEL = "cancel"
    RELEASE = "release"
    REVERSE = "reverse"


@dataclass(frozen=True)
class Lifecycle:
    """A named set of transitions.

    `issued` is the state in which a document of this lifecycle is in force: only from there can
    it be converted (for an offer also once it is accepted).
    """

    name: str
    initial: State
    issued: State
    transitions: Mapping[tuple[State, Action], State]
    issue_label: str
    in_force: frozenset[State]

    @property
    def states(self) -> tuple[State, ...]:
        """All states, in the order in which they are met."""
        found = dict.fromkeys([self.initial])
        for (before, _), after in self.transitions.items():
            found.update(dict.fromkeys([before, after]))
        return tuple(found)

    def after(self, state: State, action: Action) -> State:
        """The state after `action`.

        Raises:
            ActionRefused: the action is not possible in this state.
        """
        try:
            return self.transitions[state, action]
        except KeyError:
            raise ActionRefused(action=str(action), state=str(state)) from None

    def allows(self, state: State, action: Action) -> bool:
        """Whether `action` is possible in `state`."""
        return (state, action) in self.transitions


class ActionRefused(Refusal):
    """The document is not in a state in which this can be done."""

    code = "action_refused"
    fact_names = ("action", "state")


OFFER = Lifecycle(
    name="offer",
    initial=State.DRAFT,
    issued=State.SENT,
    issue_label=N_("Send"),
    in_force=frozenset({State.SENT, State.ACCEPTED}),
    transitions={
        (State.DRAFT, Action.ISSUE): State.SENT,
        (State.DRAFT, Action.CANCEL): State.CANCELLED,
        (State.SENT, Action.ACCEPT): State.ACCEPTED,
        (State.SENT, Action.DECLINE): State.DECLINED,
        (State.ACCEPTED, Action.DECLINE): State.DECLINED,
        (State.SENT, Action.EXPIRE): State.EXPIRED,
    },
)

ORDER = Lifecycle(
    name="order",
    initial=State.DRAFT,
    issued=State.CONFIRMED,
    issue_label=N_("Confirm"),
    in_force=frozenset({State.CONFIRMED}),
    transitions={
        (State.DRAFT, Action.ISSUE): State.CONFIRMED,
        (State.DRAFT, Action.CANCEL): State.CANCELLED,
        (State.CONFIRMED, Action.AMEND): State.CONFIRMED,
        (State.CONFIRMED, Action.CLOSE): State.CLOSED,
        (State.CONFIRMED, Action.CANCEL): State.CANCELLED,
    },
)

CLAIM = Lifecycle(
    name="claim",
    initial=State.REQUESTED,
    issued=State.ACTIVE,
    issue_label=N_("Reserve"),
    in_force=frozenset({State.ACTIVE}),
    transitions={
        (State.REQUESTED, Action.ISSUE): State.ACTIVE,
        (State.REQUESTED, Action.DECLINE): State.DECLINED,
        (State.REQUESTED, Action.CANCEL): State.CANCELLED,
        (State.ACTIVE, Action.AMEND): State.ACTIVE,
        (State.ACTIVE, Action.RELEASE): State.ENDED,
        (State.ACTIVE, Action.EXPIRE): State.ENDED,
    },
)

POSTING = Lifecycle(
    name="posting",
    initial=State.DRAFT,
    issued=State.POSTED,
    issue_label=N_("Post"),
    in_force=frozenset({State.POSTED}),
    transitions={
        (State.DRAFT, Action.ISSUE): State.POSTED,
        (State.DRAFT, Action.CANCEL): State.CANCELLED,
        (State.POSTED, Action.REVERSE): State.REVERSED,
    },
)

LIFECYCLES: Mapping[str, Lifecycle] = {each.name: each for each in (OFFER, ORDER, CLAIM, POSTING)}

STATE_NAMES: Mapping[State, str] = {
    State.DRAFT: N_("draft"),
    State.SENT: N_("sent"),
    State.ACCEPTED: N_("accepted"),
    State.DECLINED: N_("declined"),
    State.EXPIRED: N_("expired"),
    State.CONFIRMED: N_("confirmed"),
    State.CLOSED: N_("closed"),
    State.CANCELLED: N_("cancelled"),
    State.REQUESTED: N_("requested"),
    State.ACTIVE: N_("active"),
    State.ENDED: N_("ended"),
    State.POSTED: N_("posted"),
    State.REVERSED: N_("reversed"),
}
