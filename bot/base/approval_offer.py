"""What goes beyond a limit of the owner stays a draft, with the tap that asks for approval.

Every other refusal undoes all that its turn did.  This one is raised before a document takes
effect, so that the draft of it is all there is; without it there would be nothing to ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.base.refusal_sentences import buttons_of, sentence_of
from bot.base.screen import Card
from core.services import approval_views
from core.services.limits import ApprovalNeeded

if TYPE_CHECKING:
    from bot.base.turn import Turn


def unless_beyond(turn: Turn, act: Callable[[], None]) -> None:
    """Do what a person has tapped or typed; what is beyond a limit is offered to be asked for."""
    try:
        act()
    except ApprovalNeeded as refusal:
        sentence = sentence_of(refusal, turn.reader)
        document_id = int(str(refusal.facts["document_id"]))
        digest = str(refusal.facts["digest"])
        asked = approval_views.asked_already(turn.work, document_id, digest=digest)
        if asked is not None:
            # He asked for just this before: what became of it, not the same question again.
            turn.show("approval", asked)
            return
        turn.show("document", document_id)
        turn.say(Card(sentence, buttons_of(refusal, turn.reader)))
