"""Methods about the bot itself and about chats: commands, names, menu, getMe, getChat."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    BotNameLimit,
)

from bot.local_telegram.methods.common import Method, known_chat, names, open_chat
from bot.local_telegram.methods.media import get_file
from bot.local_telegram.parameters import Fields, Parameters, as_integer
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.state import State

PLAIN_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
COMMAND = re.compile("[a-z0-9_]+")


def get_me(world: State, _parameters: Parameters) -> Json:
    """Answer getMe."""
    return {
        **world.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _language(parameters: Parameters) -> str:
    code = parameters.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise BadRequest("invalid language code specified")
    return code


def _scope(world: State, parameters: Parameters) -> str:
    """The scope of commands as one word, such as ``chat:7``."""
    value = parameters.json("scope", "BotCommandScope")
    if value is None:
        return "default"
    what = "can't parse BotCommandScope"
    if not isinstance(value, dict):
        raise BadRequest(f"{what}: BotCommandScope must be an Object")
    fields = Fields(value, what)
    kind = fields.required_text("type")
    if kind in PLAIN_SCOPES:
        return kind
    if kind not in CHAT_SCOPES:
        raise fields.refusal("Unsupported type specified")
    record = known_chat(world, fields.required_text("chat_id"))
    user = f":{fields.required_integer('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{record.chat_id}{user}"


def _command(value: Any) -> Json:
    what = "can't parse BotCommand"
    if not isinstance(value, dict):
        raise BadRequest(f"{what}: expected an Object")
    fields = Fields(value, what)
    name = fields.required_text("command").strip().removeprefix("/")
    description = fields.required_text("description").strip()
    if not name:
        raise BadRequest("command must be non-empty")
    if len(name) > BotCommandLimit.MAX_COMMAND:
        raise BadRequest(f"command length must not exceed {int(BotCommandLimit.MAX_COMMAND)}")
    if not description:
        raise BadRequest("command description must be non-empty")
    most = int(BotCommandLimit.MAX_DESCRIPTION)
    if len(description) > most:
        raise BadRequest(f"command description length must not exceed {most}")
    if not COMMAND.fullmatch(name):
        raise BadRequest("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def set_my_commands(world: State, parameters: Parameters) -> bool:
    """Answer setMyCommands, by scope and language."""
    values = parameters.json("commands", "commands")
    if not isinstance(values or [], list):
        raise BadRequest("expected an Array of BotCommand")
    commands = [_command(value) for value in values or []]
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    _store_commands(world, parameters, commands)
    return True


def delete_my_commands(world: State, parameters: Parameters) -> bool:
    """Answer deleteMyCommands."""
    _store_commands(world, parameters, [])
    return True


def _store_commands(world: State, parameters: Parameters, commands: list[Json]) -> None:
    place = _scope(world, parameters), _language(parameters)
    before = {user_id: world.commands_for(user_id) for user_id in world.people}
    world.commands[place] = commands
    for user_id, old in before.items():
        new = world.commands_for(user_id)
        if new != old:
            world.record(user_id).publish({"type": "commands", "commands": new})


def get_my_commands(world: State, parameters: Parameters) -> list[Json]:
    """Answer getMyCommands: exactly what was set for this scope and language."""
    return world.commands.get((_scope(world, parameters), _language(parameters)), [])


def _set_words(
    world: State, parameters: Parameters, name: str, *, most: int, words: dict[str, str]
) -> bool:
    text = parameters.text(name)
    if len(text) > most:
        raise BadRequest(f"bot {name.replace('_', ' ')} length must not exceed {most}")
    words[_language(parameters)] = text
    return world is not None


def _words(parameters: Parameters, words: dict[str, str], otherwise: str) -> str:
    return words.get(_language(parameters)) or words.get("") or otherwise


def set_my_name(world: State, parameters: Parameters) -> bool:
    """Answer setMyName."""
    most = int(BotNameLimit.MAX_NAME_LENGTH)
    return _set_words(world, parameters, "name", most=most, words=world.profile.names)


def get_my_name(world: State, parameters: Parameters) -> Json:
    """Answer getMyName."""
    return {"name": _words(parameters, world.profile.names, world.bot_name)}


def set_my_description(world: State, parameters: Parameters) -> bool:
    """Answer setMyDescription."""
    most = int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
    words = world.profile.descriptions
    return _set_words(world, parameters, "description", most=most, words=words)


def get_my_description(world: State, parameters: Parameters) -> Json:
    """Answer getMyDescription."""
    return {"description": _words(parameters, world.profile.descriptions, "")}


def set_my_short_description(world: State, parameters: Parameters) -> bool:
    """Answer setMyShortDescription."""
    most = int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)
    words = world.profile.short_descriptions
    return _set_words(world, parameters, "short_description", most=most, words=words)


def get_my_short_description(world: State, parameters: Parameters) -> Json:
    """Answer getMyShortDescription."""
    return {"short_description": _words(parameters, world.profile.short_descriptions, "")}


def set_chat_menu_button(world: State, parameters: Parameters) -> bool:
    """Answer setChatMenuButton, for one private chat or for all."""
    value = parameters.json("menu_button", "menu button")
    button = {"type": "default"} if value is None else value
    what = "can't parse menu button"
    if not isinstance(button, dict):
        raise BadRequest(f"{what}: MenuButton must be an Object")
    fields = Fields(button, what)
    kind = fields.required_text("type")
    if kind not in {"default", "commands", "web_app"}:
        raise fields.refusal("MenuButton has unsupported type")
    if kind == "web_app":
        fields.required_text("text")
        fields.inner("web_app").required_text("url")
    if not parameters.text("chat_id"):
        world.profile.menu_button = {"type": "commands"} if kind == "default" else button
        return True
    record = _private_chat(world, parameters)
    record.menu_button = None if kind == "default" else button
    return True


def get_chat_menu_button(world: State, parameters: Parameters) -> Json:
    """Answer getChatMenuButton."""
    if not parameters.text("chat_id"):
        return world.profile.menu_button
    return _private_chat(world, parameters).menu_button or world.profile.menu_button


def _private_chat(world: State, parameters: Parameters) -> Any:
    user_id = as_integer(parameters.text("chat_id"))
    if user_id <= 0:
        raise BadRequest("invalid chat_id specified")
    if user_id not in world.people:
        raise BadRequest("user not found")
    return world.record(user_id)


def get_chat(world: State, parameters: Parameters) -> Json:
    """Answer getChat."""
    record = known_chat(world, parameters.text("chat_id"))
    gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels"
    return {
        **record.chat,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts.split(), False),
        **({"pinned_message": record.messages[record.pinned[-1]]} if record.pinned else {}),
    }


def leave_chat(world: State, parameters: Parameters) -> bool:
    """Answer leaveChat."""
    record = open_chat(world, parameters.text("chat_id"))
    if record.is_private:
        raise BadRequest("chat member status can't be changed in private chats")
    world.groups[record.chat_id].has_bot = False
    return True


LANGUAGE = names("language_code")
SCOPE = names("scope language_code")
METHODS = (
    Method("getMe", get_me),
    Method("getFile", get_file, names("file_id")),
    Method("setMyCommands", set_my_commands, SCOPE | names("commands")),
    Method("getMyCommands", get_my_commands, SCOPE),
    Method("deleteMyCommands", delete_my_commands, SCOPE),
    Method("setMyName", set_my_name, LANGUAGE | names("name")),
    Method("getMyName", get_my_name, LANGUAGE),
    Method("setMyDescription", set_my_description, LANGUAGE | names("description")),
    Method("getMyDescription", get_my_description, LANGUAGE),
    Method(
        "setMyShortDescription", set_my_short_description, LANGUAGE | names("short_description")
    ),
    Method("getMyShortDescription", get_my_short_description, LANGUAGE),
    Method("setChatMenuButton", set_chat_menu_button, names("chat_id menu_button")),
    Method("getChatMenuButton", get_chat_menu_button, names("chat_id")),
    Method("getChat", get_chat, names("chat_id")),
    Method("leaveChat", leave_chat, names("chat_id")),
)
