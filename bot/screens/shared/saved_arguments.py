"""The arguments that a card keeps between two taps: those with which its screen was opened."""

from __future__ import annotations

from typing import Any

from bot.base.turn import Turn
from core.services.rights import NotFound


def kept_arguments(turn: Turn) -> dict[str, Any]:
    """Return the arguments of the card that was tapped.

    Raises:
        NotFound: the card is not one of ours.
    """
    card = None if turn.card is None else turn.card_at(turn.card)
    if card is None:
        raise NotFound(subject="card")
    return dict(card.shown.arguments)
