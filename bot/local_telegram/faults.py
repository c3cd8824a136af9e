"""Failures on request.  None comes by chance: each is asked for, by call or by condition."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.local_telegram.refusals import Forbidden, Refusal


class Outcome(StrEnum):
    """How a call fails."""

    FLOOD = "flood"
    """Status 429 with ``retry_after``."""
    SERVER_ERROR = "server error"
    """Status 500."""
    BAD_GATEWAY = "bad gateway"
    """Status 502."""
    TIMEOUT = "timeout"
    """No answer in time."""
    RESET = "reset"
    """The connection breaks."""
    BLOCKED = "blocked"
    """Status 403: the person has blocked the bot."""


class BrokenConnection(Exception):
    """No answer arrives: a timeout or a reset.  Each door shows it in its own way."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.value)


@dataclass(frozen=True)
class Call:
    """One call of the Bot API as it stands in the world's log."""

    method: str
    parameters: dict[str, Any]
    files: tuple[str, ...] = ()
    status: int | None = None
    """The status of the answer; None while it is being made or when none arrived."""
    description: str = ""
    """The description of a refusal."""


@dataclass
class Fault:
    """A failure that waits for its call.

    It strikes from the ``nth`` matching call on (1 is the next one), ``times`` times.  With
    ``after`` the call takes effect and only its answer is lost: the bot cannot tell that from a
    call that never arrived.  ``retry_after`` is in seconds and belongs to a flood.
    """

    outcome: Outcome
    method: str | None = None
    after: bool = False
    nth: int = 1
    times: int = 1
    retry_after: int = 1
    when: Callable[[Call], bool] | None = None
    met: int = 0
    """How many matching calls have come."""
    struck: int = 0
    """How many of them have failed."""

    def strikes(self, call: Call) -> bool:
        """Count a call and say whether it fails."""
        if self.method is not None and self.method.lower() != call.method.lower():
            return False
        if self.when is not None and not self.when(call):
            return False
        self.met += 1
        if self.met < self.nth or self.struck >= self.times:
            return False
        self.struck += 1
        return True

    def failure(self) -> Exception:
        """What is raised instead of an answer."""
        if self.outcome is Outcome.FLOOD:
            return Refusal(429, f"retry after {self.retry_after}", retry_after=self.retry_after)
        if self.outcome is Outcome.BLOCKED:
            return Forbidden("bot was blocked by the user")
        status = {Outcome.SERVER_ERROR: 500, Outcome.BAD_GATEWAY: 502}.get(self.outcome)
        return BrokenConnection(self.outcome) if status is None else Refusal(status)


@dataclass
class Faults:
    """All failures that were asked for; the first one that strikes wins."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Ask for a failure.  What is returned counts how often it struck."""
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        """From here on nothing fails."""
        self.waiting.clear()

    def meet(self, call: Call) -> Fault | None:
        """The failure that this call runs into, if any."""
        return next((fault for fault in self.waiting if fault.strikes(call)), None)


def too_often(now: Callable[[], datetime], *, most: int, seconds: float) -> Callable[[Call], bool]:
    """A condition for ``Fault.when``: more than ``most`` calls in a chat within ``seconds``.

    Sends and edits count, as they share Telegram's limit
    (https://github.com/tdlib/td/issues/3034); calls that fail this way do not.
    """
    span = timedelta(seconds=seconds)
    made: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def exceeds(call: Call) -> bool:
        if not call.method.startswith(("send", "edit", "forward", "copy")):
            return False
        times, moment = made[str(call.parameters.get("chat_id"))], now()
        while times and moment - times[0] >= span:
            times.popleft()
        if len(times) >= most:
            return True
        times.append(moment)
        return False

    return exceeds


def chance(probability: float, *, seed: int) -> Callable[[Call], bool]:
    """A condition for ``Fault.when`` that holds now and then, the same way for a seed."""
    source = random.Random(seed)  # noqa: S311 - it decides which test call fails, no secret
    return lambda _call: source.random() < probability
