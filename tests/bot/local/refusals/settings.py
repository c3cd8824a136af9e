"""Commands, names, menus and webhooks that are refused."""

from __future__ import annotations

from tests.bot.local.refusals.rows import OURS, REPORTED, Row, commands

SETTINGS = (
    Row(
        "command in capitals",
        "setMyCommands",
        commands("Start"),
        "Bad Request: BOT_COMMAND_INVALID",
        origin=REPORTED,
    ),
    Row(
        "command without name",
        "setMyCommands",
        commands("/"),
        "Bad Request: command must be non-empty",
    ),
    Row(
        "command too long",
        "setMyCommands",
        commands("x" * 33),
        "Bad Request: command length must not exceed 32",
    ),
    Row(
        "command without description",
        "setMyCommands",
        commands("start", " "),
        "Bad Request: command description must be non-empty",
    ),
    Row(
        "command description too long",
        "setMyCommands",
        commands("start", "x" * 257),
        "Bad Request: command description length must not exceed 256",
    ),
    Row(
        "101 commands",
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
        origin=REPORTED,
    ),
    Row(
        "commands in no JSON",
        "setMyCommands",
        {"commands": "["},
        "Bad Request: can't parse commands JSON object",
    ),
    Row(
        "commands that are no list",
        "setMyCommands",
        {"commands": '{"a": 1}'},
        "Bad Request: expected an Array of BotCommand",
    ),
    Row(
        "command that is no object",
        "setMyCommands",
        {"commands": '["start"]'},
        "Bad Request: can't parse BotCommand: expected an Object",
    ),
    Row(
        "unknown scope",
        "setMyCommands",
        {**commands("start"), "scope": {"type": "planet"}},
        "Bad Request: can't parse BotCommandScope: Unsupported type specified",
    ),
    Row(
        "scope that is no object",
        "setMyCommands",
        {**commands("start"), "scope": "[]"},
        "Bad Request: can't parse BotCommandScope: BotCommandScope must be an Object",
    ),
    Row(
        "scope of an unknown chat",
        "setMyCommands",
        {**commands("start"), "scope": {"type": "chat", "chat_id": 999}},
        "Bad Request: chat not found",
    ),
    Row(
        "language that is none",
        "setMyCommands",
        {**commands("start"), "language_code": "eng"},
        "Bad Request: invalid language code specified",
    ),
    Row(
        "name too long",
        "setMyName",
        {"name": "x" * 65},
        "Bad Request: bot name length must not exceed 64",
        origin=OURS,
    ),
    Row(
        "description too long",
        "setMyDescription",
        {"description": "x" * 513},
        "Bad Request: bot description length must not exceed 512",
        origin=OURS,
    ),
    Row(
        "short description too long",
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "Bad Request: bot short description length must not exceed 120",
        origin=OURS,
    ),
    Row(
        "unknown menu button",
        "setChatMenuButton",
        {"menu_button": {"type": "magic"}},
        "Bad Request: can't parse menu button: MenuButton has unsupported type",
    ),
    Row(
        "menu button that is no object",
        "setChatMenuButton",
        {"menu_button": "[]"},
        "Bad Request: can't parse menu button: MenuButton must be an Object",
    ),
    Row(
        "menu button of a group",
        "setChatMenuButton",
        {"chat_id": "$group"},
        "Bad Request: invalid chat_id specified",
    ),
    Row(
        "menu button of nobody",
        "setChatMenuButton",
        {"chat_id": 999},
        "Bad Request: user not found",
    ),
    Row(
        "webhook without HTTPS",
        "setWebhook",
        {"url": "http://x.de/hook"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    Row(
        "webhook without host",
        "setWebhook",
        {"url": "https://nowhere/hook"},
        "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
    ),
    Row(
        "webhook on another port",
        "setWebhook",
        {"url": "https://x.de:9000/hook"},
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    Row(
        "secret too long",
        "setWebhook",
        {"url": "https://x.de/", "secret_token": "x" * 257},
        "Bad Request: secret token is too long",
    ),
    Row(
        "secret with a dot",
        "setWebhook",
        {"url": "https://x.de/", "secret_token": "a.b"},
        "Bad Request: secret token contains unallowed characters",
    ),
)
