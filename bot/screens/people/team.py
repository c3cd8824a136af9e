"""The team: its members, invitations by one-time link, and roles added or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, bold, html, opens
from bot.base.turn import Tap, Turn
from bot.screens.people.contacts import send_link
from core.domain.messages import N_
from core.domain.people import ROLE_NAMES, STAFF, Ability, Role
from core.services.people import team
from core.services.people.team import Member
from core.services.rights import NotFound, require_ability
from core.services.work import Work

INVITED: Final = {
    Role.SALES: N_("+ Sales"),
    Role.STOREKEEPER: N_("+ Stock"),
    Role.OWNER: N_("+ Owner"),
}


def load_team(work: Work, _id: int, _arguments: Arguments) -> list[Member]:
    """Return the members of the team, for people who manage it."""
    require_ability(work.actor, Ability.MANAGE_TEAM)
    return [each for each in team.members(work.connection) if each.roles & STAFF]


def render_team(members: list[Member], reader: Reader) -> Card:
    """Render each member as a button, and the links that invite others."""
    rows: list[Row] = [
        (opens(f"{each.name} · {_roles(each, reader)}", "member", id=each.person_id),)
        for each in members
    ]
    rows.append(
        tuple(
            Button(reader.text(label), "invite_staff", argument=str(role))
            for role, label in INVITED.items()
        )
    )
    text = html(bold(reader.text(N_("Team"))), len(members), between=" · ")
    return Card(text, (*rows, (back(reader),)))


def _roles(member: Member, reader: Reader) -> str:
    return reader.translator.list(
        [reader.text(ROLE_NAMES[role]) for role in Role if role in member.roles & STAFF]
    )


def invite_staff(turn: Turn, tap: Tap) -> None:
    """Create a one-time link for a role; it is shown once and stored nowhere."""
    if tap.argument not in {str(role) for role in INVITED}:
        raise NotFound(subject="role")
    role = Role(tap.argument)
    token = team.invite(turn.work, role)
    send_link(token, turn.reader.text(ROLE_NAMES[role]), turn)
    turn.show("team")


@dataclass(frozen=True)
class Shown:
    """A member, and whether that member is the reader."""

    member: Member
    is_self: bool


def load_member(work: Work, person_id: int, _arguments: Arguments) -> Shown:
    """Return a member of the team.  Raises NotAllowed, NotFound."""
    for each in load_team(work, 0, {}):
        if each.person_id == person_id:
            return Shown(each, person_id == work.actor.person_id)
    raise NotFound(subject="person")


def render_member(shown: Shown, reader: Reader) -> Card:
    """Render the member's roles, each removable, and the roles that can be added."""
    member = shown.member
    parts = [bold(member.name), _roles(member, reader)]
    if shown.is_self:
        parts.append(reader.text(N_("this is you")))
    rows: list[Row] = [
        (
            Button(
                reader.text(N_("Remove role: {role}"), role=reader.text(ROLE_NAMES[role])),
                "remove_role", id=member.person_id, argument=str(role), style="danger",
            ),
        )
        for role in Role
        if role in member.roles & STAFF
    ]  # fmt: skip
    rows[:0] = [
        (
            Button(
                reader.text(N_("Add role: {role}"), role=reader.text(ROLE_NAMES[role])),
                "add_role", id=member.person_id, argument=str(role),
            ),
        )
        for role in Role
        if role in STAFF - member.roles
    ]  # fmt: skip
    return Card(html(*parts, between=" · "), (*rows, (back(reader, "team"),)))


def add_role(turn: Turn, tap: Tap) -> None:
    """Add a role at once."""
    shown = load_member(turn.work, tap.id, {})
    if tap.argument not in {str(role) for role in STAFF}:
        raise NotFound(subject="role")
    team.add_role(turn.work, tap.id, Role(tap.argument))
    name = turn.reader.text(ROLE_NAMES[Role(tap.argument)])
    turn.toast(
        turn.reader.text(N_("Role added to {name}: {role}"), name=shown.member.name, role=name)
    )
    turn.show("member", tap.id)


def remove_role(turn: Turn, tap: Tap) -> None:
    """Remove a role at once.  Raises LastOwner for the last owner's."""
    shown = load_member(turn.work, tap.id, {})
    if tap.argument not in {str(role) for role in shown.member.roles}:
        raise NotFound(subject="role")
    team.remove(turn.work, tap.id, Role(tap.argument))
    turn.toast(turn.reader.text(N_("{name} removed"), name=shown.member.name))
    turn.show("home" if shown.is_self else "team")


SCREENS: Final = (
    Screen("team", load_team, render_team),
    Screen("member", load_member, render_member),
)
ACTIONS: Final = {
    "invite_staff": invite_staff,
    "add_role": add_role,
    "remove_role": remove_role,
}
