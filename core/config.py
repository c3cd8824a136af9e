"""Settings: read from the environment once, at the start, and refused with their cure."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

TELEGRAM: Final = "https://api.telegram.org"
"""Where Telegram's own Bot API is."""
SHOP_DATABASE: Final = "sqlite+aiosqlite:///shop.db"
"""The database when none is named: a file in the working directory."""
LISTEN_ADDRESS: Final = "127.0.0.1"
PAGE_PORT: Final = 8765
WEBHOOK_PORT: Final = 8443

DATABASES: Final = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")
NAMES: Final = (
    "TELEGRAM_TOKEN", "TELEGRAM_API_URL", "DATABASE_URL", "WEBHOOK_URL", "WEBHOOK_SECRET",
    "LISTEN_ADDRESS", "LISTEN_PORT", "BACKUP_FOLDER", "LOG_LEVEL", "PAYMENT_PROVIDER_TOKEN",
)  # fmt: skip
"""All settings."""
OURS: Final = ("TELEGRAM_", "WEBHOOK_", "COMPTOIR_", "BACKUP_", "PAYMENT_")
"""What begins so is most likely meant for Comptoir."""
LIKE: Final = 0.88
"""How like a setting any other name must be to be taken for a slip (1: the same)."""
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
"""The schemes that others use, and what they are called here."""
_TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}")
# What @BotFather gives under Payments: the provider's bot, whether money moves, its secret.
_PROVIDER: Final = re.compile(r"\d+:(?:TEST|LIVE):[!-~]+")
# What Telegram takes as secret_token (https://core.telegram.org/bots/api#setwebhook).
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SettingRefused(ValueError):
    """A setting cannot be used.  The text says which one, why, and what to do; never its value.

    A value may be a secret that was put into the wrong place.
    """

    def __init__(self, name: str, problem: str, *, cure: str) -> None:
        super().__init__(f"{name} {problem}. {cure}")
        self.name = name


@dataclass(frozen=True)
class Settings:
    """What the environment says.

    Attributes:
        token: TELEGRAM_TOKEN, of the bot at Telegram; empty without one.
        api_url: TELEGRAM_API_URL, where the Bot API is; `/bot<token>/method` goes behind it.
        database_url: DATABASE_URL, in SQLAlchemy's form; empty when it is not set.
        webhook_url: WEBHOOK_URL, where Telegram brings updates to; empty: the bot polls.
        webhook_secret: WEBHOOK_SECRET, which comes back with every update.
        listen_address: LISTEN_ADDRESS, on which the chat page or the webhook listens.
        listen_port: LISTEN_PORT; None: 8765 for the page, 8443 for the webhook.
        backup_folder: BACKUP_FOLDER, in which the bot leaves a copy every night; None: none.
        provider_token: PAYMENT_PROVIDER_TOKEN, by which customers can pay in the chat; empty: no.
        log_level: LOG_LEVEL, from which on the log is written; empty: INFO, WARNING for the page.
    """

    token: str = field(default="", repr=False)
    api_url: str = TELEGRAM
    database_url: str = field(default="", repr=False)
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    listen_address: str = LISTEN_ADDRESS
    listen_port: int | None = None
    backup_folder: Path | None = None
    log_level: str = ""
    provider_token: str = field(default="", repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check the settings; an empty one counts as not set.

        Raises:
            SettingRefused: one of them cannot be used.
        """
        api_url = _api_url(_read(environ, "TELEGRAM_API_URL") or TELEGRAM)
        webhook_url = _webhook_url(_read(environ, "WEBHOOK_URL"), api_url=api_url)
        return cls(
            token=_token(_read(environ, "TELEGRAM_TOKEN")),
            api_url=api_url,
            database_url=database_url(_read(environ, "DATABASE_URL"), name="DATABASE_URL"),
            webhook_url=webhook_url,
            webhook_secret=_webhook_secret(_read(environ, "WEBHOOK_SECRET"), webhook_url),
            listen_address=_address(_read(environ, "LISTEN_ADDRESS") or LISTEN_ADDRESS),
            listen_port=_port(_read(environ, "LISTEN_PORT")),
            backup_folder=_folder(_read(environ, "BACKUP_FOLDER")),
            log_level=_log_level(_read(environ, "LOG_LEVEL")),
            provider_token=_provider_token(_read(environ, "PAYMENT_PROVIDER_TOKEN")),
        )


def hints(environ: Mapping[str, str]) -> Iterator[str]:
    """What looks like a slip in the environment: a sentence for each, without any value."""
    for name in sorted(environ):
        if name in NAMES:
            continue
        likeness = 0.6 if name.startswith(OURS) else LIKE
        meant = difflib.get_close_matches(name, NAMES, n=1, cutoff=likeness)
        if meant:
            yield f"{name} is no setting and is not read: is {meant[0]} meant?"
        elif name.startswith(OURS):
            yield f"{name} is no setting and is not read. The settings are {', '.join(NAMES)}"
    if _read(environ, "WEBHOOK_SECRET") and not _read(environ, "WEBHOOK_URL"):
        yield "WEBHOOK_SECRET is not used without WEBHOOK_URL: the bot asks for news by itself"
    if ":TEST:" in _read(environ, "PAYMENT_PROVIDER_TOKEN"):
        yield "PAYMENT_PROVIDER_TOKEN is a test's: what is paid in the chat moves no money"


def _read(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _token(text: str) -> str:
    if text and not _TOKEN.fullmatch(text):
        raise SettingRefused(
            "TELEGRAM_TOKEN",
            "is no token of a bot",
            cure="It looks like 123456789:AAE..., and @BotFather gives it in a chat of Telegram",
        )
    return text


def _api_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingRefused(
            "TELEGRAM_API_URL",
            "is no address",
            cure=f"Leave it out for Telegram's own, {TELEGRAM}, or give one like it",
        )
    return text.rstrip("/")


def database_url(text: str, *, name: str) -> str:
    """The address of a database, checked; empty stays empty.

    Args:
        text: SQLAlchemy's form, with an asynchronous driver.
        name: what it is called where it was given, for the refusal.

    Raises:
        SettingRefused: it names no database that can be used.
    """
    scheme, colon, _ = text.partition(":")
    if colon and scheme in _DRIVERS:
        raise SettingRefused(
            name,
            "names no driver",
            cure=f"Write {_DRIVERS[scheme]}: instead of {scheme}: and leave the rest as it is",
        )
    known = [start for start in DATABASES if text.startswith(start)]
    if text and (not known or text in DATABASES):
        raise SettingRefused(
            name,
            "names no database that can be used",
            cure="Write sqlite+aiosqlite:///shop.db for a file, or "
            "postgresql+asyncpg://user:password@host/name for a server",
        )
    return text


def _webhook_url(text: str, *, api_url: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    # A Bot API server of one's own takes updates to a place without encryption too.
    schemes = ("https",) if api_url == TELEGRAM else ("http", "https")
    if parts.scheme == "http" and parts.scheme not in schemes:
        raise SettingRefused(
            "WEBHOOK_URL",
            "begins with http:, and Telegram brings updates over https: alone",
            cure="Give the https address of the server in front of the bot, or leave it out: then "
            "the bot asks Telegram for news by itself",
        )
    if parts.scheme not in schemes or not parts.hostname:
        raise SettingRefused(
            "WEBHOOK_URL",
            "is no address that Telegram can reach",
            cure="Give the public https address that leads here, or leave it out: then the bot "
            "asks Telegram for news by itself",
        )
    return text


def _webhook_secret(text: str, webhook_url: str) -> str:
    if webhook_url and not text:
        raise SettingRefused(
            "WEBHOOK_SECRET",
            "is missing, and without it anybody could send updates to WEBHOOK_URL",
            cure="Make one up: 1 to 256 letters, digits, _ and -",
        )
    if text and not _SECRET.fullmatch(text):
        raise SettingRefused(
            "WEBHOOK_SECRET",
            "holds what Telegram does not take",
            cure="Use 1 to 256 letters, digits, _ and -",
        )
    return text


def _address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        raise SettingRefused(
            "LISTEN_ADDRESS",
            "is no address of this machine",
            cure="Use 127.0.0.1 for this machine alone, 0.0.0.0 for all its networks",
        ) from None
    return text


def _port(text: str) -> int | None:
    if not text:
        return None
    # Digits of other alphabets are digits for Python, and no port for anybody.
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingRefused(
            "LISTEN_PORT", "is no port", cure="Use a number from 1 to 65535, for example 8765"
        )
    return int(text)


def _folder(text: str) -> Path | None:
    if not text:
        return None
    folder = Path(text)
    if not folder.is_dir():
        raise SettingRefused(
            "BACKUP_FOLDER", "is no folder of this machine", cure="Make it first: mkdir -p ..."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingRefused(
            "BACKUP_FOLDER",
            "cannot be written to by this user",
            cure="Give it to the user of the bot (chown), or name another one",
        )
    return folder.resolve()


def _provider_token(text: str) -> str:
    if text and not _PROVIDER.fullmatch(text):
        raise SettingRefused(
            "PAYMENT_PROVIDER_TOKEN",
            "is no token of a payment provider",
            cure="It looks like 123456789:TEST:abc... or 123456789:LIVE:abc..., and @BotFather "
            "gives it: /mybots, your bot, Payments. Leave it out, and nobody can pay in the chat",
        )
    return text


def _log_level(text: str) -> str:
    if text and text.upper() not in LOG_LEVELS:
        raise SettingRefused(
            "LOG_LEVEL", "is no level of a log", cure=f"Use one of {', '.join(LOG_LEVELS)}"
        )
    return text.upper()
