"""Moments in words: by the company's clock, and by the reader's own if that differs."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from bot.base.screen import Reader
from core.domain.messages import N_


def until_words(moment: datetime, reader: Reader, *, zone: str | None = None) -> str:
    """Return words such as: until Fri 28 Nov 18:00 (Sydney Sat 29 Nov 04:00).

    An end at midnight is the end of a day.  `zone` is the other side's zone; without it, the
    reader's own is used.
    """
    words, local = reader.translator, moment.astimezone(reader.zone)
    if local.time() == time():
        last = words.day((local - timedelta(days=1)).date())
        until = reader.text(N_("until the end of {day}"), day=last)
    else:
        until = reader.text(
            N_("until {moment}"), moment=_day_and_time(moment, reader.zone, reader)
        )
    other = zone or reader.actor.zone
    if other is None or ZoneInfo(other).utcoffset(moment) == reader.zone.utcoffset(moment):
        return until
    place = get_timezone_location(ZoneInfo(other), locale=words.locale, return_city=True)
    theirs = _day_and_time(moment, ZoneInfo(other), reader)
    return f"{until} ({place} {theirs})"


def when_words(moment: datetime, reader: Reader, *, now: datetime) -> str:
    """Return a past moment by the company's clock: today 14:02, Fri 28 Nov 14:02."""
    day = moment.astimezone(reader.zone).date()
    if day == now.astimezone(reader.zone).date():
        time_of_day = reader.translator.time(moment, reader.zone)
        return reader.text(N_("today {time}"), time=time_of_day)
    return _day_and_time(moment, reader.zone, reader)


def _day_and_time(moment: datetime, zone: ZoneInfo, reader: Reader) -> str:
    day = reader.translator.day(moment.astimezone(zone).date())
    return f"{day} {reader.translator.time(moment, zone)}"
