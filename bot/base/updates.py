"""What came in, read from the raw text of an update: only what a turn needs.

Anybody can send anything, so whatever goes wrong while reading ends as `Unreadable`; the raw text
is kept and the next update is handled.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    PreCheckoutQuery,
    SuccessfulPayment,
    Update,
    User,
)

from core.domain.errors import Refusal

ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "pre_checkout_query",
)
"""What the bot asks Telegram for.  It is always said: leaving it out keeps an old choice."""

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?\Z", re.DOTALL)


class Unreadable(Exception):
    """An update that nothing can be done with."""


class Kind(StrEnum):
    """What somebody did."""

    TAP = "tap"
    COMMAND = "command"
    TEXT = "text"
    FILE = "file"
    # A picture that was sent as one: Telegram keeps it, and it has no name.
    PHOTO = "photo"
    OTHER = "other"
    MEMBERSHIP = "membership"
    CHECKOUT = "checkout"
    # Money that a payment provider has taken.
    PAID = "paid"
    GROUP = "group"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Sender:
    """The user of Telegram who did it; the id is the identity, the name is only shown."""

    telegram_id: int
    name: str
    language: str


@dataclass(frozen=True)
class SentFile:
    """A file that came, as its message describes it; it has not been fetched."""

    file_id: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True)
class PaidMoney:
    """What is to be paid, or was: `total` in Telegram's smallest unit of `currency`.

    `payload` is what the bot named the request; the ids of the charge are there once it was paid.
    """

    payload: str
    currency: str
    total: int
    telegram_charge_id: str = ""
    provider_charge_id: str = ""


@dataclass(frozen=True)
class Incoming:
    """One update, read.

    Attributes:
        kind: what somebody did.
        chat_id: where; for a private chat the id of the user.
        sender: who; None where nobody can be answered.
        message_id: the message, or for a tap the card that was tapped.
        text: what was typed, the data of a tap, or the caption of a file.
        name: of a command, or what an OTHER message is ("sticker").
        query_id: of a tap or a checkout, to answer it.
        edited_at: when the text was changed, in seconds since 1970; None for a new one.
        reply_to: the message that is answered.
        file: what came with a FILE message.
        blocked: of a MEMBERSHIP, whether the person has blocked the bot.
        money: of a CHECKOUT what would be paid, of PAID what was.
    """

    kind: Kind
    chat_id: int
    sender: Sender | None = None
    message_id: int | None = None
    text: str = ""
    name: str = ""
    query_id: str = ""
    edited_at: int | None = None
    reply_to: int | None = None
    file: SentFile | None = None
    blocked: bool = False
    money: PaidMoney | None = None

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped."""
        return self.kind is Kind.TAP

    @property
    def is_typed(self) -> bool:
        """Whether a text or a file came that the person has written or changed."""
        return self.kind in (Kind.TEXT, Kind.FILE, Kind.PHOTO)


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message, fetched before its turn.

    `content` is None when the file is too large to be fetched, and of a photo, which is shown
    again by its `file_id`; of a logo it is the picture made small (`bot/receive/logo_uploads.py`).
    `table` is the packed table in it, where it was read as one
    (`bot/receive/spreadsheet_uploads.py`); `refusal` says why it could not be.
    """

    name: str
    mime: str
    size: int
    content: bytes | None = field(repr=False)
    table: bytes | None = field(default=None, repr=False)
    refusal: Refusal | None = None
    file_id: str = ""


@dataclass(frozen=True)
class InboxItem:
    """A row of the inbox that has been read, with the file that came along."""

    row_id: int
    incoming: Incoming
    attachment: Attachment | None = None


IGNORED: Final = Incoming(Kind.IGNORED, 0)
PHOTO_MIME: Final = "image/jpeg"
"""What Telegram makes of every photo."""

# What a message can hold that is neither text nor file: the first that is there says what it is.
# A message that holds none of these tells of a change of the chat, and needs no answer.
OTHERS: Final = (
    "sticker", "voice", "video_note", "animation", "video", "audio", "contact",
    "location", "venue", "poll", "dice", "game", "story", "checklist",
)  # fmt: skip


CHECKOUTS: Final = -(2**62)
"""Where questions before a payment wait, each for itself; no chat has this id."""


def chat_of(update: dict[str, Any]) -> int:
    """The chat in whose queue an update waits; 0 for those that wait for nobody.

    It looks at the raw object, before anything has been read, and so trusts nothing.
    """
    for name in ("message", "edited_message", "my_chat_member"):
        if name in update:
            return _id_in(update[name], "chat")
    if "pre_checkout_query" in update:
        return CHECKOUTS
    query = update.get("callback_query")
    return _id_in(_field(query, "message"), "chat") or _id_in(query, "from")


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _id_in(value: Any, name: str) -> int:
    found = _field(_field(value, name), "id")
    is_id = isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**63
    return found if is_id else 0


def read_update(raw: str) -> Incoming:
    """What an update says.  Raises Unreadable, whatever is wrong with it."""
    try:
        update = Update.de_json(json.loads(raw), None)
        return _read(update)
    except Exception as error:
        raise Unreadable(type(error).__name__) from error


def _read(update: Update) -> Incoming:
    if update.callback_query:
        return _tap(update.callback_query)
    if update.message:
        return _message(update.message, edited_at=None)
    if update.edited_message:
        message = update.edited_message
        changed = message.edit_date or message.date
        return _message(message, edited_at=int(changed.timestamp()))
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.pre_checkout_query:
        return _checkout(update.pre_checkout_query)
    return IGNORED


def _sender(user: User) -> Sender:
    return Sender(user.id, user.full_name, user.language_code or "")


def _tap(query: CallbackQuery) -> Incoming:
    if query.message is None or query.from_user.is_bot:
        return IGNORED
    kind = Kind.TAP if query.message.chat.type == Chat.PRIVATE else Kind.GROUP
    return Incoming(
        kind,
        query.message.chat.id,
        _sender(query.from_user),
        query.message.message_id,
        text=query.data or "",
        query_id=query.id,
    )


def _message(message: Message, *, edited_at: int | None) -> Incoming:
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat or message.chat.type == Chat.CHANNEL:
        return IGNORED
    incoming = Incoming(
        Kind.OTHER,
        message.chat.id,
        _sender(user),
        message.message_id,
        text=message.text or message.caption or "",
        edited_at=edited_at,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
    )
    if message.successful_payment:
        return replace(incoming, kind=Kind.PAID, money=_charge(message.successful_payment))
    if message.chat.type != Chat.PRIVATE:
        return replace(incoming, kind=Kind.GROUP)
    if message.text is not None:
        return _text(incoming, message)
    if message.document:
        document = message.document
        file = SentFile(
            document.file_id,
            document.file_name or "",
            document.mime_type or "",
            document.file_size or 0,
        )
        return replace(incoming, kind=Kind.FILE, file=file)
    if message.photo:
        largest = message.photo[-1]
        photo = SentFile(largest.file_id, "", PHOTO_MIME, largest.file_size or 0)
        return replace(incoming, kind=Kind.PHOTO, file=photo)
    what = next((name for name in OTHERS if getattr(message, name, None)), "")
    return replace(incoming, name=what) if what else IGNORED


def _text(incoming: Incoming, message: Message) -> Incoming:
    entities = message.entities
    starts = bool(entities) and entities[0].type == MessageEntity.BOT_COMMAND
    command = COMMAND.match(incoming.text)
    if command and (starts or not entities) and incoming.edited_at is None:
        name, argument = command[1].lower(), (command[3] or "").strip()
        return replace(incoming, kind=Kind.COMMAND, name=name, text=argument)
    return replace(incoming, kind=Kind.TEXT)


def _membership(change: ChatMemberUpdated) -> Incoming:
    if change.chat.type != Chat.PRIVATE:
        return IGNORED
    blocked = change.new_chat_member.status == "kicked"
    return Incoming(Kind.MEMBERSHIP, change.chat.id, _sender(change.from_user), blocked=blocked)


def _checkout(query: PreCheckoutQuery) -> Incoming:
    sender = _sender(query.from_user)
    money = PaidMoney(query.invoice_payload, query.currency, query.total_amount)
    return Incoming(Kind.CHECKOUT, sender.telegram_id, sender, query_id=query.id, money=money)


def _charge(payment: SuccessfulPayment) -> PaidMoney:
    return PaidMoney(
        payment.invoice_payload,
        payment.currency,
        payment.total_amount,
        payment.telegram_payment_charge_id,
        payment.provider_payment_charge_id,
    )
