"""Methods that put something new into a chat."""

from __future__ import annotations

import re

from telegram.constants import ChatAction, InvoiceLimit

from bot.local.chats import FORWARDED, forwarded_content
from bot.local.keyboards import NOTHING
from bot.local.methods.common import (
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
from bot.local.methods.media import input_album, media_content
from bot.local.parameters import Fields, Parameters
from bot.local.people import Json
from bot.local.refusals import BadRequest
from bot.local.state import State
from bot.local.texts import caption, message_text

ACTIONS = frozenset(action.value for action in ChatAction) | {
    "record_audio",
    "upload_audio",
    "cancel",
    "pick_up_location",
}
STARS = "XTR"


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
    return deliver(world, record, content=forwarded_content(message), sending=sending)


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


def send_invoice(world: State, parameters: Parameters) -> Json:
    """Answer sendInvoice."""
    title, description = parameters.required("title"), parameters.required("description")
    payload, currency = parameters.required("payload"), parameters.required("currency")
    total = _total(parameters)
    if len(title) > InvoiceLimit.MAX_TITLE_LENGTH:
        raise BadRequest("INVOICE_TITLE_TOO_LONG")
    if len(description) > InvoiceLimit.MAX_DESCRIPTION_LENGTH:
        raise BadRequest("INVOICE_DESCRIPTION_TOO_LONG")
    if len(payload.encode()) > InvoiceLimit.MAX_PAYLOAD_LENGTH:
        raise BadRequest("INVOICE_PAYLOAD_INVALID")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise BadRequest("CURRENCY_INVALID")
    if (currency == STARS) != (not parameters.text("provider_token")):
        raise BadRequest("PAYMENT_PROVIDER_INVALID")
    if total <= 0:
        raise BadRequest("CURRENCY_TOTAL_AMOUNT_INVALID")
    invoice = {
        "title": title,
        "description": description,
        "start_parameter": parameters.text("start_parameter"),
        "currency": currency,
        "total_amount": total,
    }
    message = send(world, parameters, {"invoice": invoice})
    world.record(message["chat"]["id"]).payloads[message["message_id"]] = payload
    return message


def _total(parameters: Parameters) -> int:
    """The sum of the prices, in the currency's smallest unit."""
    parameters.required("prices")
    prices = parameters.json("prices", "prices")
    if not isinstance(prices, list):
        raise BadRequest("expected an Array of labeled prices")
    if not prices:
        raise BadRequest("there must be at least one price")
    total = 0
    for price in prices:
        what = "can't parse labeled price"
        if not isinstance(price, dict):
            raise BadRequest(f"{what}: LabeledPrice must be an Object")
        fields = Fields(price, what)
        if not fields.required_text("label"):
            raise fields.refusal("LabeledPrice label must be non-empty")
        total += fields.required_integer("amount")
    return total


CAPTION = names("caption parse_mode caption_entities")
INVOICE = names("title description payload provider_token currency prices start_parameter")
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
    Method("sendInvoice", send_invoice, SENDING | INVOICE, SENDING_IDLE),
)
