"""How the Bot API refuses: a status, a description, sometimes parameters."""

from __future__ import annotations

from bot.local_telegram.people import Json

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
"""The words that the Bot API puts before the reason, by status."""


class Refusal(Exception):
    """A call that the Bot API answers with ``ok: false``."""

    def __init__(self, status: int, reason: str = "", *, retry_after: int | None = None) -> None:
        self.status = status
        self.description = f"{NAMES[status]}: {reason}" if reason else NAMES[status]
        self.retry_after = retry_after
        super().__init__(self.description)

    def answer(self) -> Json:
        """The body of the answer."""
        body: Json = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class BadRequest(Refusal):
    """The most frequent refusal: status 400."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


class Forbidden(Refusal):
    """Status 403: the chat is closed to the bot."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, reason)


class Conflict(Refusal):
    """Status 409: two ways of getting updates at once."""

    def __init__(self, reason: str) -> None:
        super().__init__(409, reason)


class ImpossibleAct(Exception):
    """A person tried what no client of Telegram offers, such as a button that is not there."""
