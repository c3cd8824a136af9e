"""Logs: with ids, without what people write, and never with a secret."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
HIDDEN: Final = "(hidden)"
# They log addresses that hold the token, at levels that are useful for nothing else.
TALKATIVE: Final = ("httpx", "httpcore", "telegram", "tornado.access")

_FORMATTER: Final = logging.Formatter()


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
        """The text without secrets, and without anything that looks like a token."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return TOKEN.sub(HIDDEN, text)


def protect_logs(secrets: Iterable[str]) -> None:
    """Have every handler of the root hide these secrets, and quieten who logs addresses."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    redaction = Redaction(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)


def log_to_console(level: int = logging.INFO) -> None:
    """Log to standard error, as a program does that others watch."""
    logging.basicConfig(level=level, format=FORMAT)
