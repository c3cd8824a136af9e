"""What an error of the network means: whether the request can have reached Telegram."""

from __future__ import annotations

from typing import Final

import httpx
from telegram.error import RetryAfter, TelegramError

NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What python-telegram-bot has as the cause of an error when no request has left."""


def was_not_sent(error: TelegramError) -> bool:
    """Whether a failed request cannot have reached Telegram; otherwise nobody knows."""
    return isinstance(error, RetryAfter) or isinstance(error.__cause__, NOT_SENT)
