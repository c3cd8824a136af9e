"""Methods that change or take away what is in a chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.constants import BulkRequestLimit

from bot.local_telegram.chats import ChatRecord
from bot.local_telegram.keyboards import read_inline_markup
from bot.local_telegram.methods.common import (
    Method,
    is_own,
    known_chat,
    message_in,
    names,
    open_chat,
)
from bot.local_telegram.methods.media import KINDS, input_media
from bot.local_telegram.methods.sending import CAPTION, link_preview
from bot.local_telegram.parameters import Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.state import State
from bot.local_telegram.texts import caption, message_text

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
DELETABLE_FOR = timedelta(hours=48)
"""How old a message may be that a bot deletes (https://core.telegram.org/bots/api#deletemessage)."""
WITH_CAPTION = frozenset({"document", "photo", "video", "animation", "audio", "voice"})
LASTING = names("message_id from chat date reply_to_message has_protected_content media_group_id")
"""What stays of a message whose content is exchanged."""


def _editable(world: State, parameters: Parameters) -> tuple[ChatRecord, Json]:
    message_id = parameters.integer("message_id")
    if not parameters.text("chat_id") and not message_id:
        raise BadRequest("message identifier is not specified")
    record = open_chat(world, parameters.text("chat_id"))
    message = message_in(record, message_id, what="message to edit")
    if not is_own(message) or "forward_origin" in message or message_id in record.fixed:
        raise BadRequest("message can't be edited")
    return record, message


def _replace(world: State, place: tuple[ChatRecord, Json], changed: Json) -> Json:
    """Store a changed message; a change to the same is refused."""
    record, message = place
    before = {name: value for name, value in message.items() if name != "edit_date"}
    if changed == before:
        raise BadRequest(NOT_MODIFIED)
    changed["edit_date"] = world.timestamp()
    record.replace(changed)
    return changed


def _without(message: Json, *dropped: str) -> Json:
    """A message without its keyboard, its date of edit and what is about to be replaced."""
    gone = {"reply_markup", "edit_date", *dropped}
    return {name: value for name, value in message.items() if name not in gone}


def _under(parameters: Parameters) -> Json:
    """The keyboard of an edit: an edit without one takes the old one away."""
    inline = read_inline_markup(parameters)
    return {"reply_markup": inline} if inline else {}


def edit_message_text(world: State, parameters: Parameters) -> Json:
    """Answer editMessageText."""
    content = {**message_text(parameters), **link_preview(parameters), **_under(parameters)}
    record, message = _editable(world, parameters)
    if "text" not in message:
        raise BadRequest("there is no text in the message to edit")
    kept = _without(message, "text", "entities", "link_preview_options")
    return _replace(world, (record, message), {**kept, **content})


def edit_message_caption(world: State, parameters: Parameters) -> Json:
    """Answer editMessageCaption."""
    content = {**caption(parameters), **_under(parameters)}
    record, message = _editable(world, parameters)
    if not WITH_CAPTION & message.keys():
        raise BadRequest("there is no caption in the message to edit")
    kept = _without(message, "caption", "caption_entities")
    return _replace(world, (record, message), {**kept, **content})


def edit_message_reply_markup(world: State, parameters: Parameters) -> Json:
    """Answer editMessageReplyMarkup."""
    under = _under(parameters)
    record, message = _editable(world, parameters)
    return _replace(world, (record, message), {**_without(message), **under})


def edit_message_media(world: State, parameters: Parameters) -> Json:
    """Answer editMessageMedia: exchanges a file, or makes a file of a text message."""
    under = _under(parameters)
    record, message = _editable(world, parameters)
    content = input_media(world, parameters)
    if not (WITH_CAPTION | {"text"}) & message.keys():
        raise BadRequest("there is no media in the message to edit")
    kinds = KINDS.keys() & content.keys()
    if "media_group_id" in message and not kinds & message.keys():
        raise BadRequest("message content type can't be changed within an album")
    kept = {name: message[name] for name in LASTING & message.keys()}
    return _replace(world, (record, message), {**kept, **content, **under})


def delete_message(world: State, parameters: Parameters) -> bool:
    """Answer deleteMessage."""
    if not parameters.text("chat_id"):
        raise BadRequest("chat identifier is not specified")
    message_id = parameters.integer("message_id")
    if not message_id:
        raise BadRequest("message identifier is not specified")
    record = known_chat(world, parameters.text("chat_id"))
    message = message_in(record, message_id, what="message to delete")
    _check_deletable(world, record, message)
    record.remove(message_id)
    return True


def delete_messages(world: State, parameters: Parameters) -> bool:
    """Answer deleteMessages: what is not there is skipped."""
    message_ids = _message_ids(parameters)
    record = known_chat(world, parameters.text("chat_id"))
    found = [record.messages[one] for one in message_ids if one in record.messages]
    for message in found:
        _check_deletable(world, record, message)
    for message in found:
        record.remove(message["message_id"])
    return True


def _message_ids(parameters: Parameters) -> list[int]:
    values: Any = parameters.json("message_ids", "message_ids")
    if not values:
        raise BadRequest("message identifiers are not specified")
    if not isinstance(values, list):
        raise BadRequest("expected an Array of message identifiers")
    if len(values) > BulkRequestLimit.MAX_LIMIT:
        raise BadRequest("too many message identifiers specified")
    if not all(isinstance(value, int) for value in values):
        raise BadRequest("message identifier must be a Number")
    return list(values)


def _check_deletable(world: State, record: ChatRecord, message: Json) -> None:
    age = world.now() - datetime.fromtimestamp(message["date"], UTC)
    mine = record.is_private or is_own(message)
    if age > DELETABLE_FOR or not mine:
        raise BadRequest("message can't be deleted for everyone")


def pin_chat_message(world: State, parameters: Parameters) -> bool:
    """Answer pinChatMessage."""
    record = open_chat(world, parameters.text("chat_id"))
    message = message_in(record, parameters.integer("message_id"), what="message to pin")
    message_id = message["message_id"]
    record.pinned = [one for one in record.pinned if one != message_id] + [message_id]
    return True


def unpin_chat_message(world: State, parameters: Parameters) -> bool:
    """Answer unpinChatMessage: the message given, else the one pinned last."""
    record = open_chat(world, parameters.text("chat_id"))
    message_id = parameters.integer("message_id")
    if not message_id and record.pinned:
        message_id = record.pinned[-1]
    if message_id not in record.pinned:
        raise BadRequest("message to unpin not found")
    record.pinned.remove(message_id)
    return True


def unpin_all_chat_messages(world: State, parameters: Parameters) -> bool:
    """Answer unpinAllChatMessages."""
    open_chat(world, parameters.text("chat_id")).pinned.clear()
    return True


PLACE = names("chat_id message_id reply_markup")
METHODS = (
    Method(
        "editMessageText",
        edit_message_text,
        PLACE | names("text parse_mode entities link_preview_options"),
    ),
    Method("editMessageCaption", edit_message_caption, PLACE | CAPTION),
    Method("editMessageReplyMarkup", edit_message_reply_markup, PLACE),
    Method("editMessageMedia", edit_message_media, PLACE | names("media")),
    Method("deleteMessage", delete_message, names("chat_id message_id")),
    Method("deleteMessages", delete_messages, names("chat_id message_ids")),
    Method(
        "pinChatMessage",
        pin_chat_message,
        names("chat_id message_id"),
        names("disable_notification"),
    ),
    Method("unpinChatMessage", unpin_chat_message, names("chat_id message_id")),
    Method("unpinAllChatMessages", unpin_all_chat_messages, names("chat_id")),
)
