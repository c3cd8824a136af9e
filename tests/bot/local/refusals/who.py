"""Calls to nobody, to the wrong one, or of what is not modelled."""

from __future__ import annotations

from tests.bot.local.refusals.rows import OURS, REPORTED, Row, says

WHO = (
    Row("unknown method", "sendFoo", {}, "Not Found: method not found", 404),
    Row(
        "method that is not modelled",
        "sendDice",
        says(""),
        "Bad Request: not modelled: sendDice",
        origin=OURS,
    ),
    Row(
        "parameter that is not modelled",
        "sendMessage",
        says("Hi", message_thread_id=7),
        "Bad Request: not modelled: message_thread_id of sendMessage",
        origin=OURS,
    ),
    Row("no chat", "sendMessage", {"text": "Hi"}, "Bad Request: chat_id is empty"),
    Row(
        "unknown chat",
        "sendMessage",
        {"chat_id": 999, "text": "Hi"},
        "Bad Request: chat not found",
    ),
    Row(
        "chat that is no number",
        "sendMessage",
        {"chat_id": "lea", "text": "Hi"},
        "Bad Request: chat not found",
    ),
    Row(
        "unknown channel",
        "sendMessage",
        {"chat_id": "@nobody_here", "text": "Hi"},
        "Bad Request: chat not found",
    ),
    Row(
        "person who blocked the bot",
        "sendMessage",
        {"chat_id": "$blocked", "text": "Hi"},
        "Forbidden: bot was blocked by the user",
        403,
    ),
    Row(
        "person who never started",
        "sendMessage",
        {"chat_id": "$stranger", "text": "Hi"},
        "Forbidden: bot can't initiate conversation with a user",
        403,
        REPORTED,
    ),
    Row(
        "group that the bot left",
        "sendMessage",
        {"chat_id": "$left_group", "text": "Hi"},
        "Forbidden: bot is not a member of the supergroup chat",
        403,
    ),
    Row(
        "private chat to leave",
        "leaveChat",
        {"chat_id": "$lea"},
        "Bad Request: chat member status can't be changed in private chats",
        origin=OURS,
    ),
)
