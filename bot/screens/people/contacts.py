"""Contacts: the people who represent a party, their rights, their one-time invitation links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    code,
    html,
    lines,
    opens,
)
from bot.base.turn import Tap, Turn
from bot.conversation.step import Answers, Form
from bot.screens.shared.fact_fields import step_of
from core.domain.facts.party import OF_CONTACT
from core.domain.messages import N_
from core.domain.people import Ability, Role
from core.services.people import parties, team
from core.services.people.parties import ContactRecord, PartyRecord
from core.services.rights import NotFound, require_ability
from core.services.work import Work

RIGHTS: Final = {"may_see_money": N_("Can see prices"), "may_order": N_("Can order")}


def send_link(token: str, name: str, turn: Turn) -> None:
    """Send a one-time link to forward, as a QR code with a button that copies the link."""
    reader = turn.reader
    link = f"https://t.me/{turn.bot_username}?start={token}"
    until = reader.translator.moment(turn.work.now + team.LIFE, reader.zone)
    words = N_("Invitation link for {name}, valid for one person until {moment}. Forward it:")
    text = lines(reader.html(words, name=bold(name), moment=until), code(link))
    turn.code(Card(text, ((Button(reader.text(N_("Copy link")), copy=link),),)), link)


# --- All contacts of a party -----------------------------------------------------------------


@dataclass(frozen=True)
class Contacts:
    """A party and its contacts."""

    party: PartyRecord
    contacts: list[ContactRecord]


def load_contacts(work: Work, party_id: int, _arguments: Arguments) -> Contacts:
    """Return the contacts of a party, for people who may change it."""
    require_ability(work.actor, Ability.EDIT_PARTIES)
    found = parties.load(work.connection, [party_id]).get(party_id)
    if found is None:
        raise NotFound(subject="party")
    return Contacts(found, parties.contacts(work.connection, party_id))


def render_contacts(shown: Contacts, reader: Reader) -> Card:
    """Render each contact as a button; those who have joined are marked."""
    party_id = shown.party.id
    rows: list[Row] = [
        (opens(_label(each, reader), "contact", id=each.id),) for each in shown.contacts
    ]
    rows.append((Button(reader.text(N_("Add contact")), "add_contact", id=party_id),))
    text = html(bold(shown.party.name), reader.text(N_("contacts")), between=" · ")
    return Card(text, (*rows, (back(reader, "party", id=party_id),)))


def _label(each: ContactRecord, reader: Reader) -> str:
    if each.person_id is not None:
        return f"✓ {each.name}"
    return reader.text(N_("{name} (not joined yet)"), name=each.name)


# --- One contact -----------------------------------------------------------------------------


def load_contact(work: Work, contact_id: int, _arguments: Arguments) -> ContactRecord:
    """Return a contact, for people who may change it."""
    require_ability(work.actor, Ability.EDIT_PARTIES)
    return parties.contact_of(work.connection, contact_id)


def render_contact(each: ContactRecord, reader: Reader) -> Card:
    """Render a contact's rights, changed by a tap, and the invitation until they have joined."""
    state = N_("not joined yet") if each.person_id is None else N_("joined")
    text = lines(
        html(bold(each.name), reader.text(state), between=" · "), each.phone, each.email
    )  # fmt: skip
    rows: list[Row] = []
    if each.person_id is None:
        label = reader.text(N_("Invite {name}"), name=each.name)
        rows.append((Button(label, "invite_contact", id=each.id, style="primary"),))
    rows.append(
        tuple(
            Button(
                ("✓ " if getattr(each, key) else "✗ ") + reader.text(label),
                "contact_right", id=each.id, argument=key,
            )
            for key, label in RIGHTS.items()
        )
    )  # fmt: skip
    label = reader.text(N_("Remove {name}"), name=each.name)
    rows.append((Button(label, "end_contact", id=each.id, style="danger"),))
    return Card(text, (*rows, (back(reader, "contacts", id=each.party_id),)))


def invite_contact(turn: Turn, tap: Tap) -> None:
    """Create a one-time link for a contact; it is shown once and stored nowhere."""
    found = load_contact(turn.work, tap.id, {})
    its_party = parties.load(turn.work.connection, [found.party_id])[found.party_id]
    role = Role.CUSTOMER if its_party.is_customer else Role.VENDOR
    token = team.invite(turn.work, role, contact_id=tap.id)
    send_link(token, found.name, turn)
    turn.show("contact", tap.id)


def contact_right(turn: Turn, tap: Tap) -> None:
    """Grant a right, or withdraw it."""
    found = load_contact(turn.work, tap.id, {})
    if tap.argument in RIGHTS:
        changes: dict[str, Any] = {tap.argument: not getattr(found, tap.argument)}
        parties.change_contact(turn.work, tap.id, **changes)
    turn.show("contact", tap.id)


def end_contact(turn: Turn, tap: Tap) -> None:
    """End at once a contact's right to represent the party."""
    found = load_contact(turn.work, tap.id, {})
    parties.end_contact(turn.work, tap.id)
    turn.toast(turn.reader.text(N_("{name} removed"), name=found.name))
    turn.show("contacts", found.party_id)


def add_contact(turn: Turn, tap: Tap) -> None:
    """Ask for a new contact."""
    load_contacts(turn.work, tap.id, {})
    turn.ask("new_contact", party=tap.id)


def finish_contact(turn: Turn, answers: Answers) -> None:
    """Add the contact; the next step is the invitation link."""
    contact_id = parties.add_contact(
        turn.work,
        answers.arguments["party"],
        **answers,
    )
    turn.show("contact", contact_id)


SCREENS: Final = (
    Screen("contacts", load_contacts, render_contacts, subject="party"),
    Screen("contact", load_contact, render_contact),
)
ACTIONS: Final = {
    "invite_contact": invite_contact,
    "contact_right": contact_right,
    "end_contact": end_contact,
    "add_contact": add_contact,
}
FORMS: Final = (
    Form(
        "new_contact",
        steps=tuple(step_of(each, key=name) for name, each in OF_CONTACT.items() if each.asked),
        on_finish=finish_contact,
    ),
)
