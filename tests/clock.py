"""The clock of the tests."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands until it is moved: Tuesday, 24 November 2026, 10:00 in Paris."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **spans: float) -> None:
        """Move on by days, hours, minutes, seconds."""
        self.moment += timedelta(**spans)
