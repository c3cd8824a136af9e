"""What a card keeps between two taps: the arguments with which its screen was opened."""

from __future__ import annotations

from typing import Any

from bot.base.turn import Turn
from core.services.rights import NotFound


def kept_arguments(turn: Turn) -> dict[str, Any]:
    """The arguments of the card that was tapped.

    Raises:
        NotFound: it was no card of ours.
    """
    card = None if turn.card is None else turn.card_at(turn.card)
    if card is None:
        raise NotFound(subject="card")
    return dict(card.shown.arguments)
