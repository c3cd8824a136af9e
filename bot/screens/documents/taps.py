"""The taps on the card of a document: issue it, discard it, send its paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base.turn import Tap, Turn
from core.domain.lifecycles import OFFER
from core.domain.messages import N_
from core.services.documents import drafting, issuing, viewing
from core.services.people import team


def issue(turn: Turn, tap: Tap) -> None:
    """Confirm or post the document: it takes its number and the card shows it in force.

    The same tap sends an offer's paper to the party, because an offer is made to someone.
    """
    issued = issuing.issue(turn.work, tap.id, revision=tap.revision, excess=True)
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    if viewing.view(turn.work, tap.id).type.lifecycle is OFFER:
        send(turn, tap)
    turn.show("document", tap.id)


def discard(turn: Turn, tap: Tap) -> None:
    """Discard a draft."""
    drafting.discard(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Draft discarded.")))
    turn.show("home")


def paper(turn: Turn, tap: Tap) -> None:
    """Send the PDF to this chat, in the language of the person who asks."""
    viewing.view(turn.work, tap.id)
    turn.paper(tap.id, language=turn.reader.translator.language)


def send(turn: Turn, tap: Tap) -> None:
    """Send the paper to the people of its party, in the party's language, with a living card."""
    view = viewing.view(turn.work, tap.id)
    if view.party is None or not view.can_send:
        turn.show("document", tap.id)
        return
    people = team.people_of_party(turn.work.connection, view.party.id)
    for person_id in people:
        turn.card_for(person_id, "document", tap.id)
        turn.paper(
            tap.id,
            language=view.party.language,
            person_id=person_id,
            sends=view.record.version,
        )
    if people:
        turn.toast(turn.reader.text(N_("Sent to {name}"), name=view.party.name))
    else:
        # Nobody from the party has joined yet: this chat gets the paper, to be forwarded.
        turn.paper(tap.id, language=view.party.language)
        message = N_("No one at {name} has joined yet. Forward the document, or invite a contact.")
        turn.toast(turn.reader.text(message, name=view.party.name), alert=True)
    turn.show("document", tap.id)


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "issue": issue,
    "discard": discard,
    "paper": paper,
    "send": send,
}
