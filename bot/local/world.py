"""The local Telegram as a whole: the persons' side, the bot's side and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.local.acts import Acts
from bot.local.files import StoredFile
from bot.local.people import Json


class World(Acts):
    """One Telegram with one bot.  Both doors, and the tests, lead here."""

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, StoredFile],
    ) -> tuple[int, Json]:
        """Answer one call of the Bot API: the HTTP status and the body.

        ``parameters`` are strings as forms carry them, or JSON values; ``files`` are uploads by
        the name of their part.
        """
        raise NotImplementedError
