"""What many methods share: a row of their table, chats, messages, replies, sending."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.local_telegram.chats import ChatRecord
from bot.local_telegram.keyboards import Markup, read_markup
from bot.local_telegram.parameters import Fields, Parameters, as_integer
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest, Forbidden
from bot.local_telegram.state import State


@dataclass(frozen=True)
class Method:
    """A modelled method: its name, its function, and the parameters that are modelled.

    ``idle`` are parameters that are taken and change nothing that can be seen here.
    """

    name: str
    answer: Callable[[State, Parameters], Any]
    parameters: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()


def names(text: str) -> frozenset[str]:
    """Names of parameters from one line of text."""
    return frozenset(text.split())


SENDING = names("chat_id reply_parameters reply_markup protect_content")
SENDING_IDLE = names("disable_notification")


def known_chat(world: State, text: str) -> ChatRecord:
    """The chat that a parameter names.  Raises BadRequest when there is none."""
    if not text:
        raise BadRequest("chat_id is empty")
    record = None if text.startswith("@") else world.chat(as_integer(text))
    if record is None:
        raise BadRequest("chat not found")
    return record


def open_chat(world: State, text: str) -> ChatRecord:
    """The chat that a parameter names, if the bot may write there."""
    record = known_chat(world, text)
    person = world.people.get(record.chat_id)
    if person is not None and person.blocked:
        raise Forbidden("bot was blocked by the user")
    if person is not None and not person.started:
        raise Forbidden("bot can't initiate conversation with a user")
    group = world.groups.get(record.chat_id)
    if group is not None and not group.has_bot:
        raise Forbidden(f"bot is not a member of the {record.chat['type']} chat")
    return record


def message_in(record: ChatRecord, message_id: int, *, what: str) -> Json:
    """A message of a chat; ``what`` is what the refusal calls it."""
    found = record.messages.get(message_id)
    if found is None:
        raise BadRequest(f"{what} not found")
    return found


def is_own(message: Json) -> bool:
    """Whether the bot itself sent a message."""
    return bool(message["from"]["is_bot"])


def reply(record: ChatRecord, parameters: Parameters) -> Json:
    """The field that makes a message a reply; empty when it is none."""
    value = parameters.json("reply_parameters", "reply parameters")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest("object expected as reply parameters")
    fields = Fields(value)
    if unknown := value.keys() - {"message_id", "chat_id", "allow_sending_without_reply"}:
        raise BadRequest(f"not modelled: reply parameters {sorted(unknown)}")
    if value.get("chat_id") not in {None, record.chat_id, str(record.chat_id)}:
        raise BadRequest("not modelled: a reply to another chat")
    found = record.messages.get(fields.required_integer("message_id"))
    if found is None:
        if fields.boolean("allow_sending_without_reply"):
            return {}
        raise BadRequest("message to be replied not found")
    original = copy.deepcopy(found)
    original.pop("reply_to_message", None)
    return {"reply_to_message": original}


def checks_pay_buttons(markup: Markup, *, invoice: bool) -> None:
    """A Pay button stands first under an invoice, and nowhere else."""
    rows = (markup.inline or {}).get("inline_keyboard", [])
    pays = [bool(button.get("pay")) for row in rows for button in row]
    if any(pays[1:]) or (any(pays) and not invoice):
        raise BadRequest("BUTTON_TYPE_INVALID")
    if invoice and pays and not pays[0]:
        raise BadRequest("BUTTON_TYPE_INVALID")


def send(world: State, parameters: Parameters, content: Json) -> Json:
    """Send a message with this content and with what every sending method takes."""
    record = open_chat(world, parameters.text("chat_id"))
    markup = read_markup(parameters, private=record.is_private)
    checks_pay_buttons(markup, invoice="invoice" in content)
    return deliver(
        world,
        record,
        content={**reply(record, parameters), **content},
        sending=Sending(markup, protected=parameters.boolean("protect_content")),
    )


@dataclass(frozen=True)
class Sending:
    """How a message is sent: what stands under it, and whether it may be forwarded."""

    markup: Markup
    protected: bool = False


def deliver(world: State, record: ChatRecord, *, content: Json, sending: Sending) -> Json:
    """Put a message of the bot into a chat."""
    if sending.protected:
        content = {**content, "has_protected_content": True}
    if sending.markup.inline:
        content = {**content, "reply_markup": sending.markup.inline}
    message = world.new_message(record.chat_id, world.bot_user(), content)
    if sending.markup.reply:
        record.fixed.add(message["message_id"])
        record.show_keyboard(sending.markup.reply)
    return message
