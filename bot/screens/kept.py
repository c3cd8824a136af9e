"""What a card keeps between two taps: the arguments with which its screen was opened."""

from __future__ import annotations

import json
from typing import Any

from bot.turn import Shown, Turn
from core.services.rights import NotFound


def kept_arguments(turn: Turn) -> dict[str, Any]:
    """The arguments of the card that was tapped.

    Raises:
        NotFound: it was no card of ours.
    """
    row = None if turn.card is None else turn.ui_message(turn.card)
    if row is None:
        raise NotFound(subject="card")
    return dict(Shown.restored(json.loads(row.screen)).arguments)
