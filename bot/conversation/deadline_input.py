"""An end as an answer: a day until its end, or a day and a time ("Friday 18:00")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.base.focus import Option
from bot.conversation.inputs import Asking, Date, Input, Unclear
from core.domain.messages import N_

# "Friday 18:00", "28/11 18h30", "tomorrow 18h": the time stands behind the day.
_TIME: Final = re.compile(r"^(?P<day>.*?)[\s,]+(?P<hour>\d{1,2})(?::|h)(?P<minute>[0-5]\d)?\s*$")

PASSED: Final = N_("That's in the past. Until when?")


def end_of(last_day: date, zone: ZoneInfo) -> datetime:
    """The end of a day in the company's zone, made a moment once (DESIGN 4, Languages)."""
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


class Until(Input):
    """A moment that is still to come, in the company's zone; `offer` are days from today."""

    def __init__(self, *, offer: Sequence[int] = (1, 3, 7)) -> None:
        self._days = Date(offer=offer)

    def read(self, text: str, asking: Asking) -> datetime:
        """The moment.  Raises NotADate, Unclear for one that has passed."""
        zone = asking.reader.zone
        found = _TIME.match(text.strip())
        if found is None or int(found["hour"]) > 23:
            return self._ahead(end_of(self._days.read(text, asking), zone), asking)
        day = self._days.read(found["day"], asking)
        at = time(int(found["hour"]), int(found["minute"] or 0))
        return self._ahead(datetime.combine(day, at, tzinfo=zone).astimezone(UTC), asking)

    @staticmethod
    def _ahead(moment: datetime, asking: Asking) -> datetime:
        if moment <= asking.work.now:
            raise Unclear(PASSED)
        return moment

    def options(self, asking: Asking) -> Sequence[Option]:
        """The days that are offered, with their names."""
        return self._days.options(asking)

    def pick(self, key: str, asking: Asking) -> datetime:
        """The end of the day of a button.  Raises Unclear when it is not offered any more."""
        return end_of(self._days.pick(key, asking), asking.reader.zone)

    def keep(self, value: Any) -> str:
        """In ISO's form."""
        return str(value.isoformat())

    def restore(self, kept: Any) -> datetime:
        """The same moment."""
        return datetime.fromisoformat(kept)

    def shown(self, value: Any, asking: Asking) -> str:
        """Day and time in the company's zone."""
        local = value.astimezone(asking.reader.zone)
        words = asking.reader.translator
        if local.time() == time():
            return words.day((local - timedelta(days=1)).date())
        return f"{words.day(local.date())} {words.time(value, asking.reader.zone)}"
