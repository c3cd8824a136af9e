"""``reply_markup``: inline keyboards, reply keyboards, their removal, forced replies."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    KeyboardButtonStyle,
    ReplyLimit,
)

from bot.local_telegram.parameters import Fields, Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

STYLES = frozenset(style.value for style in KeyboardButtonStyle)
HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+", re.UNICODE)
MOST_COPIED = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)


@dataclass(frozen=True)
class Markup:
    """What stands under a message.  ``inline`` is kept with it, ``reply`` is the client's."""

    inline: Json | None = None
    reply: Json | None = None


NOTHING = Markup()


def read_markup(parameters: Parameters, *, private: bool) -> Markup:
    """The markup of a call.  Raises BadRequest where Telegram refuses.

    ``private`` says whether the chat may be asked for a contact, a place and the like.
    """
    value = parameters.json("reply_markup", "reply keyboard markup")
    if value is None:
        return NOTHING
    if not isinstance(value, dict):
        raise BadRequest("object expected as reply markup")
    if value.get("keyboard"):
        return Markup(reply=_reply_keyboard(value, private=private))
    if value.get("inline_keyboard"):
        return Markup(inline=_inline_keyboard(value))
    for name in ("remove_keyboard", "force_reply"):
        if value.get(name):
            return Markup(reply=value)
    return NOTHING


def read_inline_markup(parameters: Parameters) -> Json | None:
    """The inline keyboard of an edit, or None to take it away.  Raises BadRequest."""
    markup = read_markup(parameters, private=True)
    if markup.reply is not None:
        raise BadRequest("inline keyboard expected")
    return markup.inline


def _rows(value: Json, name: str, refusal: str) -> list[list[Any]]:
    rows = value[name]
    if not isinstance(rows, list):
        raise BadRequest(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise BadRequest(refusal)
    # A client shows no empty row, and Telegram keeps none.
    return [row for row in rows if row]


def _inline_keyboard(value: Json) -> Json:
    wrong = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    rows = _rows(value, "inline_keyboard", wrong)
    keyboard = [[_inline_button(button) for button in row] for row in rows]
    if sum(len(row) for row in keyboard) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise BadRequest("reply markup is too long")
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in keyboard):
        raise BadRequest("reply markup row is too long")
    return {"inline_keyboard": keyboard}


def _inline_button(value: Any) -> Json:
    what = "can't parse inline keyboard button"
    if not isinstance(value, dict):
        raise BadRequest(f"{what}: InlineKeyboardButton must be an Object")
    fields = Fields(value, what)
    if not fields.required_text("text").strip():
        raise BadRequest("inline keyboard button text must be non-empty")
    if fields.text("style") not in STYLES | {""}:
        raise fields.refusal("Invalid button style specified")
    actions = [name for name in ACTIONS if _is_given(value, name)]
    if not actions:
        raise fields.refusal("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram takes the first without a word; its documentation demands exactly one.
        raise fields.refusal("exactly one action must be given, found " + ", ".join(actions))
    ACTIONS[actions[0]](fields)
    return copy.deepcopy(value)


def _is_given(value: Json, name: str) -> bool:
    """An empty query is an action; an empty address or empty data is none."""
    if name.startswith("switch_inline_query"):
        return value.get(name) is not None
    return bool(value.get(name))


def _checks_link(fields: Fields) -> None:
    link = fields.text("url")
    if re.match(r"(?i)(tg|ton)://\S+$", link):
        return
    parts = urlsplit(link if "://" in link else f"http://{link}")
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(parts.hostname or ""):
        raise BadRequest(f"inline keyboard button URL '{link}' is invalid: Wrong HTTP URL")


def _checks_callback(fields: Fields) -> None:
    if len(fields.text("callback_data").encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise BadRequest("BUTTON_DATA_INVALID")


def _checks_copied(fields: Fields) -> None:
    text = fields.inner("copy_text").required_text("text")
    if not 1 <= len(text) <= MOST_COPIED:
        raise BadRequest("BUTTON_COPY_TEXT_INVALID")


def _checks_web_app(fields: Fields) -> None:
    link = fields.inner("web_app").required_text("url")
    if not link.startswith("https://"):
        raise BadRequest(
            f"inline keyboard button Web App URL '{link}' is invalid: Only HTTPS links are allowed"
        )


def _is_not_modelled(fields: Fields) -> None:
    raise BadRequest(f"not modelled: inline keyboard button {fields.value}")


def _needs_nothing(fields: Fields) -> None:
    """A button that has no limits of its own."""


ACTIONS: dict[str, Callable[[Fields], None]] = {
    "url": _checks_link,
    "callback_data": _checks_callback,
    "callback_game": _is_not_modelled,
    "pay": _needs_nothing,
    "switch_inline_query": _needs_nothing,
    "switch_inline_query_chosen_chat": _needs_nothing,
    "switch_inline_query_current_chat": _needs_nothing,
    "login_url": _is_not_modelled,
    "web_app": _checks_web_app,
    "copy_text": _checks_copied,
}
"""What an inline button can do, and what is checked of it."""

REQUESTS = {
    "request_contact": "Phone number",
    "request_location": "Location",
    "request_poll": "Poll",
    "request_users": "Users",
    "request_chat": "Chats",
    "web_app": "Web App buttons",
}
"""What a button of a reply keyboard can ask for, in private chats only."""


def _reply_keyboard(value: Json, *, private: bool) -> Json:
    rows = _rows(value, "keyboard", 'field "keyboard" must be an Array of Arrays')
    keyboard = [[_reply_button(button, private=private) for button in row] for row in rows]
    placeholder = value.get("input_field_placeholder") or ""
    if len(placeholder) > ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER:
        raise BadRequest("reply keyboard placeholder is too long")
    return {**value, "keyboard": keyboard}


def _reply_button(value: Any, *, private: bool) -> Json:
    what = "can't parse keyboard button"
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict):
        raise BadRequest(f"{what}: KeyboardButton must be a String or an Object")
    if not Fields(value, what).required_text("text").strip():
        raise BadRequest("keyboard button text must be non-empty")
    for name, called in REQUESTS.items():
        if value.get(name) and not private:
            verb = "can be used" if name == "web_app" else "can be requested"
            raise BadRequest(f"{called[0].lower()}{called[1:]} {verb} in private chats only")
    return copy.deepcopy(value)
