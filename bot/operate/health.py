"""How the bot is: whether it is at work, what waits and since when, copies, room, the clock.

The running bot leaves its pulse in the database once a minute, so that a command can tell from
another process, on either database, whether it is alive and whether Telegram answers it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, make_url, select

from bot.base.bot_state import read_setting, write_setting
from bot.operate.backup_retention import copies_in, stem_of
from core.storage.chat_tables import inbox, outbox
from core.storage.clock import Clock

PULSE: Final = "pulse"
"""The setting in which the running bot says that it is."""
LATE: Final = timedelta(minutes=2)
"""How long something may wait for its answer until the bot is called unwell."""
SILENT: Final = timedelta(minutes=3)
"""How long no pulse, and no answer of Telegram to a bot that polls, are still nothing."""
SKEW: Final = timedelta(seconds=60)
"""How far this machine's clock may be from Telegram's: deadlines and dates are read from it."""
COPY_AGE: Final = timedelta(hours=26)
"""How old the newest copy may be where one is made every night."""
LEAST_ROOM: Final = 200_000_000
"""Bytes: below that a disk is called full while there still is time to do something."""
CONFLICT: Final = 409
"""Telegram's answer to the second of two programs that ask for the updates of one bot."""


class Vitals:
    """What the running bot hears of Telegram with every answer: that it is there, and its time."""

    def __init__(self, clock: Clock, *, polls: bool) -> None:
        self._clock = clock
        self._polls = polls
        self.heard_at: datetime | None = None
        self.skew: timedelta | None = None
        self.rival_at: datetime | None = None

    async def heard(self, response: Any) -> None:
        """Telegram has answered: a hook of httpx, which is given its response."""
        now = self._clock()
        self.heard_at = now
        if response.status_code == CONFLICT:
            self.rival_at = now
        try:
            self.skew = parsedate_to_datetime(response.headers.get("date", "")) - now
        except (TypeError, ValueError):
            # No date, or none with a zone: a server of one's own may leave it out.
            self.skew = None

    def beat(self, connection: Connection) -> None:
        """Leave the pulse in the database."""
        pulse = {
            "at": self._clock().isoformat(),
            "polls": self._polls,
            "heard_at": self.heard_at.isoformat() if self.heard_at else None,
            "rival_at": self.rival_at.isoformat() if self.rival_at else None,
            "skew": None if self.skew is None else round(self.skew.total_seconds()),
        }
        write_setting(connection, PULSE, json.dumps(pulse, sort_keys=True))


@dataclass
class Health:
    """What was found: facts for whoever watches, and a sentence for each thing that is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def answer(self) -> dict[str, Any]:
        """All of it as JSON can hold it; `ok` says whether anything is wrong."""
        return {"ok": not self.problems, "problems": list(self.problems), **self.facts}


def health(connection: Connection, now: datetime) -> Health:
    """What the database knows: the pulse, what waits, the last update."""
    found = Health()
    _look_at_pulse(connection, now, found)
    waits_since = connection.execute(
        select(func.min(inbox.c.received_at)).where(inbox.c.state == "new")
    ).scalar()
    queued_since = connection.execute(
        select(func.min(outbox.c.queued_at)).where(
            outbox.c.state.in_(("queued", "sending")), outbox.c.not_before.is_(None)
        )
    ).scalar()
    last = connection.execute(select(func.max(inbox.c.received_at))).scalar()
    found.facts |= {
        "waits_since": _shown(waits_since),
        "queued_since": _shown(queued_since),
        "last_update": _shown(last),
        "inbox": _counts(connection, inbox.c.state, ("new", "unreadable", "failed")),
        "outbox": _counts(connection, outbox.c.state, ("queued", "unsure", "dead")),
    }
    if waits_since and now - waits_since > LATE:
        found.problems.append(f"a message waits for its answer since {_shown(waits_since)}")
    if queued_since and now - queued_since > LATE:
        found.problems.append(f"an answer waits to be sent since {_shown(queued_since)}")
    if last and last - now > SKEW:
        found.problems.append(
            f"the clock of this machine went back: the last message came at {_shown(last)}"
        )
    return found


def _look_at_pulse(connection: Connection, now: datetime, found: Health) -> None:
    kept = read_setting(connection, PULSE)
    pulse: Mapping[str, Any] = json.loads(kept) if kept else {}
    at = datetime.fromisoformat(pulse["at"]) if pulse else None
    heard_at = datetime.fromisoformat(pulse["heard_at"]) if pulse.get("heard_at") else None
    rival_at = datetime.fromisoformat(pulse["rival_at"]) if pulse.get("rival_at") else None
    skew = pulse.get("skew")
    found.facts |= {"at_work": _shown(at), "telegram": _shown(heard_at), "skew_seconds": skew}
    if at is None:
        found.problems.append("the bot has not run on this database yet")
    elif now - at > SILENT:
        found.problems.append(f"the bot is not at work: its last sign is of {_shown(at)}")
    elif pulse["polls"] and heard_at and now - heard_at > SILENT:
        found.problems.append(f"Telegram does not answer since {_shown(heard_at)}")
    if rival_at and now - rival_at <= SILENT:
        found.problems.append(
            "another program asks Telegram for this bot's news: stop one of them"
        )
    if skew is not None and abs(skew) > SKEW.total_seconds():
        side = "behind" if skew > 0 else "ahead of"
        found.problems.append(
            f"the clock of this machine is {abs(skew)} seconds {side} Telegram's: set it (NTP)"
        )


def health_of_places(url: str, backup_folder: Path | None, *, now: datetime) -> Health:
    """What the disks say: the room beside the database, the copies of every night."""
    found = Health()
    address = make_url(url)
    places = {}
    if address.get_backend_name() == "sqlite":
        places["database"] = Path(str(address.database)).absolute().parent
    if backup_folder is not None:
        places["copies"] = backup_folder
    for name, folder in places.items():
        free = shutil.disk_usage(folder).free if folder.is_dir() else 0
        found.facts[f"room_for_{name}"] = free
        if not folder.is_dir():
            found.problems.append(f"the folder of the {name} is gone")
        elif free < LEAST_ROOM:
            found.problems.append(f"the disk of the {name} is nearly full: {free:,} bytes left")
    if backup_folder is not None and backup_folder.is_dir():
        newest = max(copies_in(backup_folder, stem_of(url)), default=None)
        _look_at_copies(newest, now, found)
    return found


def _look_at_copies(newest: datetime | None, now: datetime, found: Health) -> None:
    found.facts["last_copy"] = _shown(newest)
    if newest is None:
        found.problems.append("no copy has been made yet")
    elif now - newest > COPY_AGE:
        found.problems.append(f"the newest copy is of {_shown(newest)}")


def _shown(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _counts(connection: Connection, state: Any, states: tuple[str, ...]) -> dict[str, int]:
    rows = connection.execute(select(state, func.count()).where(state.in_(states)).group_by(state))
    counted = {name: int(number) for name, number in rows}
    return {name: counted.get(name, 0) for name in states}
