"""Methods that put something new into a chat."""

from __future__ import annotations

from telegram.constants import ChatAction

from bot.local_telegram.chats import FORWARDED, forwarded_content
from bot.local_telegram.keyboards import NOTHING
from bot.local_telegram.methods.common import (
    SENDING,
    SENDING_IDLE,
    Method,
    Sending,
    deliver,
    known_chat,
    message_in,
    names,
    open_chat,
    reply,
    send,
)
from bot.local_telegram.methods.media import input_album, media_content
from bot.local_telegram.parameters import Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.state import State
from bot.local_telegram.texts import caption, message_text

ACTIONS = frozenset(action.value for action in ChatAction) | {
    "record_audio",
    "upload_audio",
    "cancel",
    "pick_up_location",
}


def link_preview(parameters: Parameters) -> Json:
    """The field of a message that keeps how its link is shown."""
    value = parameters.json("link_preview_options", "link preview options")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest("object expected as link preview options")
    return {"link_preview_options": value}


def send_message(world: State, parameters: Parameters) -> Json:
    """Answer sendMessage."""
    content = {**message_text(parameters), **link_preview(parameters)}
    return send(world, parameters, content)


def send_document(world: State, parameters: Parameters) -> Json:
    """Answer sendDocument."""
    open_chat(world, parameters.text("chat_id"))
    return send(world, parameters, media_content(world, parameters, "document"))


def send_photo(world: State, parameters: Parameters) -> Json:
    """Answer sendPhoto."""
    open_chat(world, parameters.text("chat_id"))
    return send(world, parameters, media_content(world, parameters, "photo"))


def send_contact(world: State, parameters: Parameters) -> Json:
    """Answer sendContact."""
    contact: Json = {
        "phone_number": parameters.required("phone_number"),
        "first_name": parameters.required("first_name"),
    }
    for name in ("last_name", "vcard"):
        if text := parameters.text(name):
            contact[name] = text
    return send(world, parameters, {"contact": contact})


def send_media_group(world: State, parameters: Parameters) -> list[Json]:
    """Answer sendMediaGroup."""
    record = open_chat(world, parameters.text("chat_id"))
    answers = reply(record, parameters)
    contents = input_album(world, parameters)
    sending = Sending(NOTHING, protected=parameters.boolean("protect_content"))
    album = f"album{record.chat_id}{len(record.messages)}"
    return [
        deliver(
            world,
            record,
            content={**answers, **content, "media_group_id": album},
            sending=sending,
        )
        for content in contents
    ]


def send_chat_action(world: State, parameters: Parameters) -> bool:
    """Answer sendChatAction."""
    action = parameters.text("action").lower()
    if action not in ACTIONS:
        raise BadRequest("wrong parameter action in request")
    record = open_chat(world, parameters.text("chat_id"))
    record.publish({"type": "action", "action": action})
    return True


def forward_message(world: State, parameters: Parameters) -> Json:
    """Answer forwardMessage."""
    source = known_chat(world, parameters.required("from_chat_id"))
    message = message_in(source, parameters.integer("message_id"), what="message to forward")
    if message.get("has_protected_content"):
        raise BadRequest("message has protected content and can't be forwarded")
    record = open_chat(world, parameters.text("chat_id"))
    sending = Sending(NOTHING, protected=parameters.boolean("protect_content"))
    content = forwarded_content(message, world.bot_username)
    copied = deliver(world, record, content=content, sending=sending)
    record.forwarded_from(source, message, to=copied)
    return copied


def copy_message(world: State, parameters: Parameters) -> Json:
    """Answer copyMessage: as forwardMessage, but without where it came from."""
    source = known_chat(world, parameters.required("from_chat_id"))
    message = message_in(source, parameters.integer("message_id"), what="message to copy")
    content = {name: message[name] for name in FORWARDED & message.keys()}
    if not content or message.get("has_protected_content"):
        raise BadRequest("message can't be copied")
    if parameters.has("caption") and "text" not in content:
        content = {name: content[name] for name in content if not name.startswith("caption")}
        content |= caption(parameters)
    return {"message_id": send(world, parameters, content)["message_id"]}


CAPTION = names("caption parse_mode caption_entities")
METHODS = (
    Method(
        "sendMessage",
        send_message,
        SENDING | names("text parse_mode entities link_preview_options"),
        SENDING_IDLE,
    ),
    Method(
        "sendDocument",
        send_document,
        SENDING | CAPTION | names("document"),
        SENDING_IDLE | names("disable_content_type_detection"),
    ),
    Method("sendPhoto", send_photo, SENDING | CAPTION | names("photo"), SENDING_IDLE),
    Method(
        "sendContact",
        send_contact,
        SENDING | names("phone_number first_name last_name vcard"),
        SENDING_IDLE,
    ),
    Method(
        "sendMediaGroup",
        send_media_group,
        names("chat_id media reply_parameters protect_content"),
        SENDING_IDLE,
    ),
    Method("sendChatAction", send_chat_action, names("chat_id action")),
    Method(
        "forwardMessage",
        forward_message,
        names("chat_id from_chat_id message_id protect_content"),
        SENDING_IDLE,
    ),
    Method(
        "copyMessage",
        copy_message,
        SENDING | CAPTION | names("from_chat_id message_id"),
        SENDING_IDLE,
    ),
)
