"""The menu of commands, by role and language, as Telegram's clients offer it.

Everybody is offered what strangers may; somebody with a role gets a menu of his own, which is sent
again only when it has changed.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.base.bot_state import read_setting, write_setting
from bot.base.recipients import Person, person_of
from bot.turn.registry import Command, Context
from core.domain.people import Role
from core.i18n import LANGUAGES, Translator, translator
from core.storage.database import Database
from core.storage.tables import person_role

LOG = logging.getLogger(__name__)


SOURCE: Final = "en"


def offered(commands: Iterable[Command], roles: frozenset[Role]) -> list[Command]:
    """The commands that somebody with these roles has."""
    return [command for command in commands if command.offered_to(roles)]


def menu(
    commands: Iterable[Command], roles: frozenset[Role], reader: Translator
) -> list[BotCommand]:
    """The menu of somebody with these roles, in a language."""
    return [
        BotCommand(command.name, reader.text(command.description))
        for command in offered(commands, roles)
    ]


class Menus:
    """Keeps the menus at Telegram as they should be."""

    def __init__(self, bot: Bot, database: Database, *, context: Context) -> None:
        self._bot = bot
        self._database = database
        self._context = context

    async def publish(self) -> None:
        """Everybody's menu in each language, and the own ones of all persons with a role."""
        commands = self._context.registry.commands.values()
        scope = BotCommandScopeAllPrivateChats()
        for language in ("", *_two_letter_codes()):
            words = translator(_language_of(language))
            try:
                everybody = menu(commands, frozenset(), words)
                await self._set("all:" + language, everybody, scope=scope)
            except TelegramError as error:
                # The old menu does as well; the next start tries again.
                LOG.warning("a menu stays as it was: %s", error.message)
        for person_id in await self._database.read(_people_with_roles):
            await self.publish_for(person_id)

    async def publish_for(self, person_id: int) -> None:
        """The menu of one person, who may have got or lost a role, or changed his language."""
        person = await self._database.read(person_of, person_id)
        if person is None or person.blocked:
            return
        try:
            await self._publish_own(person)
        except TelegramError as error:
            LOG.info("the menu of person %d stays: %s", person_id, error.message)

    async def _publish_own(self, person: Person) -> None:
        commands = self._context.registry.commands.values()
        words = translator(person.actor.language)
        chat_id = person.destination.chat_id
        own = menu(commands, person.actor.roles, words)
        await self._set(f"chat:{chat_id}", own, scope=BotCommandScopeChat(chat_id))

    async def _set(
        self,
        name: str,
        wanted: list[BotCommand],
        *,
        scope: BotCommandScopeAllPrivateChats | BotCommandScopeChat,
    ) -> None:
        kept = [[command.command, command.description] for command in wanted]
        digest = hashlib.sha256(json.dumps(kept).encode()).hexdigest()
        if await self._database.read(read_setting, f"menu:{name}") == digest:
            return
        language = name.partition("all:")[2] or None
        await self._bot.set_my_commands(wanted, scope=scope, language_code=language)
        await self._database.write(write_setting, f"menu:{name}", digest)


def _two_letter_codes() -> list[str]:
    """The codes that Telegram takes: two letters; of two languages that share one, the first."""
    return sorted({language[:2] for language in LANGUAGES})


def _language_of(code: str) -> str:
    return next((each for each in sorted(LANGUAGES) if code and each.startswith(code)), SOURCE)


def _people_with_roles(connection: Connection) -> list[int]:
    ids = connection.execute(
        select(person_role.c.person_id).distinct().order_by(person_role.c.person_id)
    )
    return list(ids.scalars())
