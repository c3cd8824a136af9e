"""Methods that answer a question of a person: a tap, an inline query."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram.constants import CallbackQueryLimit, InlineQueryLimit

from bot.local_telegram.methods.common import Method, names
from bot.local_telegram.parameters import Fields, Parameters
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.state import Query, State

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WAITS = {
    "callback": timedelta(minutes=15),
    "inline": timedelta(minutes=1),
    "checkout": timedelta(seconds=10),
}
"""How long a question can be answered.

Only the ten seconds of a checkout are documented.  Telegram names no time for a tap; bots
report anything from under a minute to a quarter of an hour, so this is our choice.
"""


def open_query(world: State, query_id: str, kind: str) -> Query:
    """The question of an id that can still be answered.  Raises BadRequest."""
    query = world.queries.get(query_id)
    if (
        query is None
        or query.kind != kind
        or query.answered
        or world.now() - query.asked_at > WAITS[kind]
    ):
        raise BadRequest(TOO_OLD)
    return query


def answer_callback_query(world: State, parameters: Parameters) -> bool:
    """Answer answerCallbackQuery: once for each tap."""
    query = open_query(world, parameters.text("callback_query_id"), "callback")
    text, link = parameters.text("text"), parameters.text("url")
    if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise BadRequest("MESSAGE_TOO_LONG")
    if link and not re.match(rf"(https://)?t\.me/{world.bot_username}\?start=[\w-]+$", link):
        raise BadRequest("URL_INVALID")
    query.answered = True
    event = {
        "type": "answer",
        "callback_query_id": query.query_id,
        "user_id": query.user_id,
        "message_id": query.message_id,
        "text": text,
        "show_alert": parameters.boolean("show_alert"),
        "url": link,
    }
    world.record(query.chat_id).publish(event)
    return True


def answer_inline_query(world: State, parameters: Parameters) -> bool:
    """Answer answerInlineQuery.  What a person would see of the results is not modelled."""
    results = parameters.json("results", "inline query results")
    if not isinstance(results, list):
        raise BadRequest("expected an Array of inline query results")
    if len(results) > InlineQueryLimit.RESULTS:
        raise BadRequest("too many inline query results specified")
    for result in results:
        what = "can't parse inline query result"
        if not isinstance(result, dict):
            raise BadRequest(f"{what}: Inline query result must be an object")
        fields = Fields(result, what)
        fields.required_text("type")
        if not 1 <= len(fields.required_text("id").encode()) <= 64:
            raise BadRequest("RESULT_ID_INVALID")
    if len(parameters.text("next_offset").encode()) > InlineQueryLimit.MAX_OFFSET_LENGTH:
        raise BadRequest("NEXT_OFFSET_INVALID")
    open_query(world, parameters.text("inline_query_id"), "inline").answered = True
    return True


METHODS = (
    Method(
        "answerCallbackQuery",
        answer_callback_query,
        names("callback_query_id text show_alert url"),
        names("cache_time"),
    ),
    Method(
        "answerInlineQuery",
        answer_inline_query,
        names("inline_query_id results next_offset"),
        names("cache_time is_personal"),
    ),
)
