"""One-time links for the operator, made by the running bot or in its place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.command_line.console import Problem
from core.domain.people import MACHINE, Role
from core.services.people import team
from core.services.work import Work

SOURCE = "command line"


def link(username: str, token: str) -> str:
    """The address that opens the bot with a token."""
    return f"https://t.me/{username}?start={token}"


def invitation(
    connection: Connection, *, role: Role, contact_id: int | None, now: datetime
) -> str:
    """The token of a new invitation.

    Raises:
        Problem: the role needs a contact and this is none of that role.
    """
    allowed = (
        {each.id for each in team.contacts_to_invite(connection, role)}
        if role in team.PARTY_ROLES
        else {None}
    )
    if contact_id not in allowed:
        raise Problem(_which_contact(connection, role, contact_id))
    return team.invite(Work(connection, MACHINE, now, SOURCE), role, contact_id=contact_id)


def _which_contact(connection: Connection, role: Role, contact_id: int | None) -> str:
    if role not in team.PARTY_ROLES:
        return f"--contact is for customers and vendors; {role} works for the company"
    found = team.contacts_to_invite(connection, role)
    if not found:
        return f"no {role} has a contact yet. Add one in the chat first"
    begin = (
        f"a {role} needs --contact N"
        if contact_id is None
        else f"contact {contact_id} is none of a {role}"
    )
    names = "\n".join(f"  {each.id:>4}  {each.name}, {each.party}" for each in found)
    example = f"comptoir invite {role} --contact {found[0].id}"
    return f"{begin}. There are:\n{names}\nFor example: {example}"
