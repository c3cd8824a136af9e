"""Lifecycles: every action in every state, allowed or refused."""

import pytest

from core.domain.lifecycles import (
    LIFECYCLES,
    STATE_NAMES,
    Action,
    ActionRefused,
    Lifecycle,
    State,
)

# The states of each lifecycle, as in the design.
STATES = {
    "offer": "draft sent cancelled accepted declined expired",
    "order": "draft confirmed cancelled closed",
    "claim": "requested active declined cancelled ended",
    "posting": "draft posted cancelled reversed",
}
# What may be done in which state, and the state that follows; everything else is refused.
WAYS = {
    "offer": {
        "draft issue sent",
        "draft cancel cancelled",
        "sent accept accepted",
        "sent decline declined",
        "sent expire expired",
        "accepted decline declined",
    },
    "order": {
        "draft issue confirmed",
        "draft cancel cancelled",
        "confirmed amend confirmed",
        "confirmed close closed",
        "confirmed cancel cancelled",
    },
    "claim": {
        "requested issue active",
        "requested decline declined",
        "requested cancel cancelled",
        "active amend active",
        "active release ended",
        "active expire ended",
    },
    "posting": {"draft issue posted", "draft cancel cancelled", "posted reverse reversed"},
}
BY_NAME = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=lambda each: each.name)


@BY_NAME
def test_a_lifecycle_has_the_states_of_the_design(lifecycle):
    assert set(lifecycle.states) == set(STATES[lifecycle.name].split())
    assert lifecycle.states[:2] == (lifecycle.initial, lifecycle.issued)
    assert len(set(lifecycle.states)) == len(lifecycle.states)


@BY_NAME
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_every_action_is_allowed_or_refused_in_every_state(lifecycle, state, action):
    allowed = [way for way in WAYS[lifecycle.name] if way.startswith(f"{state} {action} ")]
    assert lifecycle.allows(state, action) == bool(allowed)
    if allowed:
        assert f"{state} {action} {lifecycle.after(state, action)}" in allowed
        return
    with pytest.raises(ActionRefused) as refused:
        lifecycle.after(state, action)
    assert refused.value.facts == {"action": str(action), "state": str(state)}
    # Facts are written into rows and logs as plain texts.
    assert {type(each) for each in refused.value.facts.values()} == {str}


@BY_NAME
def test_final_states_allow_no_action(lifecycle):
    last = {State.CANCELLED, State.CLOSED, State.DECLINED, State.EXPIRED, State.ENDED}
    for state in lifecycle.states:
        leaves = [each for each in Action if lifecycle.allows(state, each)]
        assert bool(leaves) != (state in last or state is State.REVERSED), state


@BY_NAME
def test_documents_in_force_were_issued(lifecycle):
    assert lifecycle.issued in lifecycle.in_force
    assert lifecycle.initial not in lifecycle.in_force
    assert lifecycle.in_force <= set(lifecycle.states)
    assert lifecycle.after(lifecycle.initial, Action.ISSUE) is lifecycle.issued


def test_an_accepted_quote_can_still_be_ordered():
    assert LIFECYCLES["offer"].in_force == {State.SENT, State.ACCEPTED}


def test_every_state_has_a_name():
    assert set(STATE_NAMES) == set(State)
    assert all(STATE_NAMES.values())


def test_a_lifecycle_lists_its_states_in_order():
    made_up = Lifecycle(
        name="made up",
        initial=State.DRAFT,
        issued=State.SENT,
        issue_label="Send",
        in_force=frozenset({State.SENT}),
        transitions={(State.DRAFT, Action.ISSUE): State.SENT},
    )
    assert made_up.states == (State.DRAFT, State.SENT)
