"""The local Telegram as a whole: the persons' side, the bot's side and what goes wrong.

``World`` is what everybody uses.  It inherits what Telegram knows (``state.State``) and what
persons do (``acts.Acts``), and adds the one function behind both doors, ``call``.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.local_telegram.acts import Acts
from bot.local_telegram.faults import BrokenConnection, Call, Faults
from bot.local_telegram.files import StoredFile
from bot.local_telegram.methods.table import MODELLED
from bot.local_telegram.parameters import Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest, Refusal
from bot.local_telegram.specification import METHODS

MOST_LOGGED = 10_000
"""How many calls the log holds: enough for any test, and a demo may run for weeks."""


class World(Acts):
    """One Telegram with one bot.

    ``calls`` is the log of all calls of the bot except getUpdates, ``faults`` are the failures
    that were asked for.
    """

    def __init__(
        self,
        bot_name: str = "Comptoir",
        bot_username: str = "comptoir_bot",
        *,
        now: Callable[[], datetime],
        inline_mode: bool = False,
    ) -> None:
        super().__init__(bot_name, bot_username, now=now, inline_mode=inline_mode)
        self.calls: list[Call] = []
        self._made = 0
        self.faults = Faults()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, StoredFile],
    ) -> tuple[int, Json]:
        """Answer one call of the Bot API: the HTTP status and the body.

        ``parameters`` are strings as forms carry them, or JSON values; ``files`` are uploads by
        the name of their part.  Raises BrokenConnection when a fault takes the answer away.
        """
        proper_name = METHODS.get(method.lower(), (method, frozenset()))[0]
        call = Call(proper_name, dict(parameters), tuple(files))
        try:
            result = await self._answer(call, Parameters(parameters, files))
        except Refusal as refusal:
            self._log(replace(call, status=refusal.status, description=refusal.description))
            return refusal.status, refusal.answer()
        except BrokenConnection:
            self._log(call)
            raise
        self._log(replace(call, status=200))
        return 200, {"ok": True, "result": copy.deepcopy(result)}

    async def _answer(self, call: Call, parameters: Parameters) -> Any:
        """The result of a call.  Raises Refusal or BrokenConnection."""
        fault = self.faults.meet(call)
        if fault is not None and not fault.after:
            raise fault.failure()
        result = await self._modelled(call.method, parameters)
        if fault is not None:
            raise fault.failure()
        return result

    async def _modelled(self, name: str, parameters: Parameters) -> Any:
        known = METHODS.get(name.lower())
        if known is None:
            raise Refusal(404, "method not found")
        method = MODELLED.get(name.lower())
        if method is None:
            raise BadRequest(f"not modelled: {known[0]}")
        # Whatever Telegram would obey and this world would not must not pass unnoticed.
        ignored = parameters.names() & known[1] - method.parameters - method.idle
        if ignored:
            raise BadRequest(f"not modelled: {', '.join(sorted(ignored))} of {known[0]}")
        result = method.answer(self, parameters)
        return await result if inspect.isawaitable(result) else result

    def _log(self, call: Call) -> None:
        self._made += 1
        if call.method != "getUpdates":
            self.calls.append(call)
        if len(self.calls) > MOST_LOGGED:
            del self.calls[: MOST_LOGGED // 2]

    @property
    def changes(self) -> tuple[int, int]:
        """Differs whenever something may have changed: by a person's act or by a call."""
        return self.updates.last_id, self._made

    def calls_of(self, *methods: str) -> list[Call]:
        """The logged calls of some methods, in order."""
        return [call for call in self.calls if call.method in methods]

    def check_token(self, token: str) -> None:
        """Raise the refusal of a token that is not this bot's: 404 if malformed, else 401."""
        if token == self.token:
            return
        number, _, secret = token.partition(":")
        raise Refusal(401 if number.isdigit() and secret else 404)

    def redeliver(self, update_id: int) -> None:
        """Send an update once more, under its old id, although the bot has confirmed it."""
        self.updates.redeliver(update_id)

    def push_raw(self, update: Json) -> int:
        """Queue an update of any contents, also one that no library can read.

        Returns its id; an ``update_id`` in it wins over the next one.
        """
        return self.updates.push_raw(update)
