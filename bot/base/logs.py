"""Logs: a line of key=value for each event, with ids, without texts and never with a secret.

    time=2026-11-24T09:00:00.123Z level=ERROR logger=bot.receive.inbox update=71 chat=102 turn=12
    incident=327a009c event="a turn failed" trace="Traceback (most recent call last): ..."

(all on one line).  What is being worked on stands in a context variable, so that every line of a
turn has its ids, whoever writes it.  What people wrote is in no line: the parameters of statements
are hidden by the engines, and what PostgreSQL tells of rows is taken out here.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
HIDDEN: Final = "(hidden)"
# PostgreSQL's second line has the contents of the row that it refuses.
OF_A_ROW: Final = re.compile(r"^(\s*(?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)
# They log addresses that hold the token, updates as they came, or values of rows.
TALKATIVE: Final = (
    "httpx", "httpcore", "telegram", "tornado.access", "sqlalchemy", "aiosqlite", "asyncpg",
    "fontTools", "PIL", "alembic",
)  # fmt: skip
PLAIN: Final = re.compile(r"[^\s\"=]+")
INCIDENT: Final = re.compile(r"\bincident (\w+)")

_ABOUT: ContextVar[Mapping[str, object]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Let every line that is logged meanwhile tell these ids: update, chat, turn, message."""
    token = _ABOUT.set({**_ABOUT.get(), **ids})
    try:
        yield
    finally:
        _ABOUT.reset(token)


class KeyValue(logging.Formatter):
    """Makes one line of a record, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage()
        fields: dict[str, object] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            **_ABOUT.get(),
        }
        if incident := INCIDENT.search(event):
            fields["incident"] = incident[1]
        fields["event"] = event
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            fields["trace"] = record.exc_text
        return " ".join(f"{name}={_shown(field)}" for name, field in fields.items())


def _shown(field: object) -> str:
    text = str(field)
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


_FORMATTER: Final = KeyValue()


class Redaction(logging.Filter):
    """Takes secrets out of what a handler is about to write, its tracebacks too."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the secrets; every record goes on."""
        record.msg = self.hide(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.hide(record.exc_text)
        return True

    def hide(self, text: str) -> str:
        """The text without secrets, without anything that looks like a token, without rows."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return OF_A_ROW.sub(rf"\1 {HIDDEN}", TOKEN.sub(HIDDEN, text))


def protect_logs(secrets: Iterable[str]) -> None:
    """Have every handler of the root hide these secrets, and quieten who says too much."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    redaction = Redaction(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)


def log_to_console(level: str) -> None:
    """Log to standard error, as a program does that others watch; `level` as in LOG_LEVEL."""
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMATTER)
    logging.basicConfig(level=level, handlers=[handler])
    protect_logs(())
