"""What the Bot API refuses, and in which words: one row for each wrong call.

The rows run against the local Telegram in every test run (``test_refusals``), and by hand
against the real one with ``python -m tests.bot.local.conformance``.  A text that begins with
``$`` stands for something of the scene, such as ``$own_text``, the id of a text of the bot.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from PIL import Image

from bot.local.files import StoredFile


class Origin(StrEnum):
    """How we know what Telegram says."""

    SOURCE = "source"
    """It stands in the open source of the Bot API server or of TDLib."""
    REPORTED = "reported"
    """The closed part of the server says it, as bots' authors report."""
    OURS = "ours"
    """Telegram refuses in words that we do not know, or not at all: then we are stricter."""


@dataclass(frozen=True)
class Row:
    """A wrong call and its answer."""

    name: str
    method: str
    parameters: dict[str, Any]
    description: str
    status: int = 400
    origin: Origin = Origin.SOURCE
    files: dict[str, StoredFile] = field(default_factory=dict)


SOURCE, REPORTED, OURS = Origin.SOURCE, Origin.REPORTED, Origin.OURS
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
FORTY_KINDS = 40


def picture(width: int, height: int) -> bytes:
    """A PNG of this size in pixels."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def says(text: str, **more: Any) -> dict[str, Any]:
    """Parameters of sendMessage to Lea."""
    return {"chat_id": "$lea", "text": text, **more}


def html(text: str) -> dict[str, Any]:
    """The same in HTML."""
    return says(text, parse_mode="HTML")


def markdown(text: str) -> dict[str, Any]:
    """The same in MarkdownV2."""
    return says(text, parse_mode="MarkdownV2")


def buttons(*rows: list[Any]) -> dict[str, Any]:
    """A text with these buttons under it."""
    return says("Stock", reply_markup=json.dumps({"inline_keyboard": list(rows)}))


def button(**fields: Any) -> dict[str, Any]:
    """A text with one button."""
    return buttons([{"text": "Go", **fields}])


def file(content: bytes, name: str = "paper.pdf") -> StoredFile:
    """An upload."""
    return StoredFile.named(name, content)


def invoice(**changed: Any) -> dict[str, Any]:
    """A good invoice, with something changed."""
    return {
        "chat_id": "$lea",
        "title": "Order",
        "description": "Three mice",
        "payload": "SO-1",
        "provider_token": "1:TEST:2",
        "currency": "EUR",
        "prices": '[{"label": "Mice", "amount": 2900}]',
        **changed,
    }


def edit(message: str, **more: Any) -> dict[str, Any]:
    """Parameters of an edit of a message of the scene."""
    return {"chat_id": "$lea", "message_id": message, **more}


def album(*kinds: str) -> dict[str, Any]:
    """Parameters of sendMediaGroup with files that were sent before."""
    media = [{"type": kind, "media": f"${kind}_id"} for kind in kinds]
    return {"chat_id": "$lea", "media": media}


def commands(name: str, description: str = "Begin") -> dict[str, Any]:
    """Parameters of setMyCommands with one command."""
    return {"commands": [{"command": name, "description": description}]}


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
TEXTS = (
    Row("empty text", "sendMessage", says(""), "Bad Request: message text is empty"),
    Row("text of spaces", "sendMessage", says(" \n "), "Bad Request: text must be non-empty"),
    Row(
        "text of tags alone", "sendMessage", html("<b></b>"), "Bad Request: text must be non-empty"
    ),
    Row("text too long", "sendMessage", says("a" * 4097), "Bad Request: message is too long"),
    Row(
        "text too long in UTF-16",
        "sendMessage",
        says("😀" * 2049),
        "Bad Request: message is too long",
        origin=OURS,
    ),
    Row(
        "text too long in bytes", "sendMessage", says("a" * 40000), "Bad Request: text is too long"
    ),
    Row(
        "unknown parse mode",
        "sendMessage",
        says("Hi", parse_mode="BBCode"),
        "Bad Request: unsupported parse_mode",
    ),
    Row(
        "unsupported tag",
        "sendMessage",
        html("é<h1>Hi</h1>"),
        'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 2',
    ),
    Row(
        "unescaped less-than",
        "sendMessage",
        html("a < b"),
        'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2',
    ),
    Row(
        "tag without end",
        "sendMessage",
        html("<b>Hi"),
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag b",
    ),
    Row(
        "tags that cross",
        "sendMessage",
        html("<b><i>Hi</b></i>"),
        "Bad Request: can't parse entities: Unmatched end tag at byte offset 8, "
        'expected "</i>", found "</b>"',
    ),
    Row(
        "end without start",
        "sendMessage",
        html("Hi</b>"),
        "Bad Request: can't parse entities: Unexpected end tag at byte offset 2",
    ),
    Row(
        "tag without bracket",
        "sendMessage",
        html("Hi <b"),
        "Bad Request: can't parse entities: Unclosed start tag at byte offset 3",
    ),
    Row(
        "end tag without bracket",
        "sendMessage",
        html("<b>Hi</b "),
        "Bad Request: can't parse entities: Unclosed end tag at byte offset 5",
    ),
    Row(
        "attribute without value",
        "sendMessage",
        html("<a href>x</a>"),
        "Bad Request: can't parse entities: Expected equal sign in declaration of an attribute "
        'of the tag "a" at byte offset 0',
    ),
    Row(
        "attribute without name",
        "sendMessage",
        html("<a =x>x</a>"),
        'Bad Request: can\'t parse entities: Empty attribute name in the tag "a" at byte offset 0',
    ),
    Row(
        "attribute without quotes",
        "sendMessage",
        html("<a href=x/y>x</a>"),
        "Bad Request: can't parse entities: Unexpected end of name token at byte offset 8",
    ),
    Row(
        "attribute without closing quote",
        "sendMessage",
        html('<a href="x>y</a>'),
        "Bad Request: can't parse entities: Unclosed start tag at byte offset 0",
    ),
    Row(
        "span that is no spoiler",
        "sendMessage",
        html('<span class="big">x</span>'),
        'Bad Request: can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte '
        "offset 0",
    ),
    Row(
        "emoji without its id",
        "sendMessage",
        html("<tg-emoji>x</tg-emoji>"),
        "Bad Request: can't parse entities: Invalid custom emoji identifier specified",
    ),
    Row(
        "time that is none",
        "sendMessage",
        html('<tg-time unix="soon">x</tg-time>'),
        "Bad Request: can't parse entities: Invalid Unix time specified",
        origin=OURS,
    ),
    Row(
        "reserved character",
        "sendMessage",
        markdown("Total 1.00"),
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with "
        "the preceding '\\'",
    ),
    Row(
        "mark without end",
        "sendMessage",
        markdown("é *bold"),
        "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 3",
    ),
    Row(
        "link without end",
        "sendMessage",
        markdown("[x](https://x"),
        "Bad Request: can't parse entities: Can't find end of a URL at byte offset 4",
    ),
    Row(
        "old Markdown",
        "sendMessage",
        says("Hi", parse_mode="Markdown"),
        "Bad Request: not modelled: parse_mode Markdown",
        origin=OURS,
    ),
    Row(
        "block quote in Markdown",
        "sendMessage",
        markdown(">x"),
        "Bad Request: not modelled: block quotes in MarkdownV2",
        origin=OURS,
    ),
    Row(
        "emoji in Markdown",
        "sendMessage",
        markdown("![x](tg://emoji?id=1)"),
        "Bad Request: not modelled: custom emoji in MarkdownV2",
        origin=OURS,
    ),
    Row(
        "entity of no kind",
        "sendMessage",
        says("Hi", entities=[{"type": "big", "offset": 0, "length": 2}]),
        "Bad Request: can't parse MessageEntity: Unsupported type specified",
    ),
    Row(
        "entity without length",
        "sendMessage",
        says("Hi", entities=[{"type": "bold", "offset": 0}]),
        "Bad Request: can't parse MessageEntity: Can't find field \"length\"",
    ),
    Row(
        "entity that is no object",
        "sendMessage",
        says("Hi", entities=["bold"]),
        "Bad Request: can't parse MessageEntity: expected an Object",
    ),
    Row(
        "entity behind the end",
        "sendMessage",
        says("Hi", entities=[{"type": "bold", "offset": 0, "length": 3}]),
        "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at "
        "UTF-16 offset 2",
        origin=REPORTED,
    ),
    Row(
        "preview in no JSON",
        "sendMessage",
        says("Hi", link_preview_options="{"),
        "Bad Request: can't parse link preview options JSON object",
    ),
    Row(
        "preview that is no object",
        "sendMessage",
        says("Hi", link_preview_options="[]"),
        "Bad Request: object expected as link preview options",
    ),
    Row(
        "reply to nothing",
        "sendMessage",
        says("Hi", reply_parameters={"message_id": 9999}),
        "Bad Request: message to be replied not found",
    ),
    Row(
        "reply in no JSON",
        "sendMessage",
        says("Hi", reply_parameters="{"),
        "Bad Request: can't parse reply parameters JSON object",
    ),
    Row(
        "reply that is no object",
        "sendMessage",
        says("Hi", reply_parameters="[]"),
        "Bad Request: object expected as reply parameters",
    ),
    Row(
        "reply with a quote",
        "sendMessage",
        says("Hi", reply_parameters={"message_id": "$own_text", "quote": "x"}),
        "Bad Request: not modelled: reply parameters ['quote']",
        origin=OURS,
    ),
    Row(
        "reply elsewhere",
        "sendMessage",
        says("Hi", reply_parameters={"message_id": "$own_text", "chat_id": 999}),
        "Bad Request: not modelled: a reply to another chat",
        origin=OURS,
    ),
)
KEYBOARDS = (
    Row(
        "markup in no JSON",
        "sendMessage",
        says("Hi", reply_markup="{"),
        "Bad Request: can't parse reply keyboard markup JSON object",
    ),
    Row(
        "markup that is no object",
        "sendMessage",
        says("Hi", reply_markup="[]"),
        "Bad Request: object expected as reply markup",
    ),
    Row(
        "keyboard that is no array",
        "sendMessage",
        says("Hi", reply_markup='{"inline_keyboard": {"a": 1}}'),
        'Bad Request: field "inline_keyboard" must be of type Array',
    ),
    Row(
        "row that is no array",
        "sendMessage",
        says("Hi", reply_markup='{"inline_keyboard": [{}]}'),
        'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of '
        "Arrays",
    ),
    Row(
        "button that is no object",
        "sendMessage",
        buttons(["Go"]),
        "Bad Request: can't parse inline keyboard button: InlineKeyboardButton must be an Object",
    ),
    Row(
        "button without text",
        "sendMessage",
        buttons([{"callback_data": "x"}]),
        "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
    ),
    Row(
        "button text empty",
        "sendMessage",
        buttons([{"text": "", "callback_data": "x"}]),
        "Bad Request: inline keyboard button text must be non-empty",
    ),
    Row(
        "button text no text",
        "sendMessage",
        buttons([{"text": [], "callback_data": "x"}]),
        'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String',
    ),
    Row(
        "button without action",
        "sendMessage",
        button(),
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
        "inline keyboard",
    ),
    Row(
        "callback data empty",
        "sendMessage",
        button(callback_data=""),
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
        "inline keyboard",
    ),
    Row(
        "button with two actions",
        "sendMessage",
        button(callback_data="x", url="https://x.de"),
        "Bad Request: can't parse inline keyboard button: exactly one action must be given, "
        "found url, callback_data",
        origin=OURS,
    ),
    Row(
        "callback data too long",
        "sendMessage",
        button(callback_data="x" * 65),
        "Bad Request: BUTTON_DATA_INVALID",
        origin=REPORTED,
    ),
    Row(
        "callback data too long in bytes",
        "sendMessage",
        button(callback_data="я" * 33),
        "Bad Request: BUTTON_DATA_INVALID",
        origin=REPORTED,
    ),
    Row(
        "button style",
        "sendMessage",
        button(callback_data="x", style="green"),
        "Bad Request: can't parse inline keyboard button: Invalid button style specified",
        origin=OURS,
    ),
    Row(
        "address without a dot",
        "sendMessage",
        button(url="localhost:80"),
        "Bad Request: inline keyboard button URL 'localhost:80' is invalid: Wrong HTTP URL",
    ),
    Row(
        "address of a file",
        "sendMessage",
        button(url="ftp://x.de/y"),
        "Bad Request: inline keyboard button URL 'ftp://x.de/y' is invalid: Wrong HTTP URL",
        origin=REPORTED,
    ),
    Row(
        "app without HTTPS",
        "sendMessage",
        button(web_app={"url": "http://x.de"}),
        "Bad Request: inline keyboard button Web App URL 'http://x.de' is invalid: Only HTTPS "
        "links are allowed",
    ),
    Row(
        "app that is no object",
        "sendMessage",
        button(web_app="https://x.de"),
        'Bad Request: can\'t parse inline keyboard button: Field "web_app" must be of type Object',
    ),
    Row(
        "copied text too long",
        "sendMessage",
        button(copy_text={"text": "x" * 257}),
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
        origin=REPORTED,
    ),
    Row(
        "copied text empty",
        "sendMessage",
        button(copy_text={"text": ""}),
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
        origin=REPORTED,
    ),
    Row(
        "pay button without invoice",
        "sendMessage",
        button(pay=True),
        "Bad Request: BUTTON_TYPE_INVALID",
        origin=REPORTED,
    ),
    Row(
        "button that is not modelled",
        "sendMessage",
        button(login_url={"url": "https://x.de"}),
        "Bad Request: not modelled: inline keyboard button {'text': 'Go', 'login_url': "
        "{'url': 'https://x.de'}}",
        origin=OURS,
    ),
    Row(
        "101 buttons",
        "sendMessage",
        buttons(*[[{"text": "x", "callback_data": "x"}] for _ in range(101)]),
        "Bad Request: reply markup is too long",
        origin=REPORTED,
    ),
    Row(
        "9 buttons in a row",
        "sendMessage",
        buttons([{"text": "x", "callback_data": "x"}] * 9),
        "Bad Request: reply markup row is too long",
        origin=OURS,
    ),
    Row(
        "reply button without text",
        "sendMessage",
        says("Hi", reply_markup='{"keyboard": [[{"text": ""}]]}'),
        "Bad Request: keyboard button text must be non-empty",
    ),
    Row(
        "reply button that is none",
        "sendMessage",
        says("Hi", reply_markup='{"keyboard": [[7]]}'),
        "Bad Request: can't parse keyboard button: KeyboardButton must be a String or an Object",
    ),
    Row(
        "reply placeholder too long",
        "sendMessage",
        says(
            "Hi",
            reply_markup=json.dumps({"keyboard": [["x"]], "input_field_placeholder": "x" * 65}),
        ),
        "Bad Request: reply keyboard placeholder is too long",
        origin=OURS,
    ),
    Row(
        "contact asked in a group",
        "sendMessage",
        {
            "chat_id": "$group",
            "text": "Hi",
            "reply_markup": '{"keyboard": [[{"text": "Me", "request_contact": true}]]}',
        },
        "Bad Request: phone number can be requested in private chats only",
    ),
)
FILES = (
    Row(
        "no document",
        "sendDocument",
        {"chat_id": "$lea"},
        "Bad Request: there is no document in the request",
    ),
    Row(
        "empty document",
        "sendDocument",
        {"chat_id": "$lea"},
        "Bad Request: file must be non-empty",
        files={"document": file(b"")},
    ),
    Row(
        "document too big",
        "sendDocument",
        {"chat_id": "$lea"},
        "Request Entity Too Large",
        413,
        files={"document": file(bytes(50_000_001))},
    ),
    Row(
        "wrong file id",
        "sendDocument",
        {"chat_id": "$lea", "document": "nonsense"},
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    Row(
        "photo as document",
        "sendDocument",
        {"chat_id": "$lea", "document": "$photo_id"},
        "Bad Request: can't use file of type Photo as Document",
    ),
    Row(
        "document by address",
        "sendDocument",
        {"chat_id": "$lea", "document": "https://x.de/y.pdf"},
        "Bad Request: not modelled: files by HTTP URL",
        origin=OURS,
    ),
    Row(
        "caption too long",
        "sendDocument",
        {"chat_id": "$lea", "document": "$document_id", "caption": "x" * 1025},
        "Bad Request: message caption is too long",
        origin=REPORTED,
    ),
    Row(
        "caption with a wrong tag",
        "sendPhoto",
        {"chat_id": "$lea", "photo": "$photo_id", "caption": "<b>x", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag b",
    ),
    Row(
        "no photo",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: there is no photo in the request",
    ),
    Row(
        "photo that is none",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: IMAGE_PROCESS_FAILED",
        origin=REPORTED,
        files={"photo": file(b"%PDF-1.7", "photo.png")},
    ),
    Row(
        "photo too long",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        origin=REPORTED,
        files={"photo": file(picture(21, 1), "photo.png")},
    ),
    Row(
        "photo too big",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: file of size 10000001 bytes is too big for a photo; the maximum size is "
        "10000000 bytes",
        origin=REPORTED,
        files={"photo": file(bytes(10_000_001), "photo.png")},
    ),
    Row(
        "album of one",
        "sendMediaGroup",
        album("document"),
        "Bad Request: there are not enough messages to send as an album",
        origin=OURS,
    ),
    Row(
        "album of eleven",
        "sendMediaGroup",
        album(*["document"] * 11),
        "Bad Request: too many messages to send as an album",
    ),
    Row(
        "album of two kinds",
        "sendMediaGroup",
        album("document", "photo"),
        "Bad Request: can't use the media of the specified type in the album",
        origin=REPORTED,
    ),
    Row(
        "album of nothing",
        "sendMediaGroup",
        {"chat_id": "$lea"},
        'Bad Request: parameter "media" is required',
    ),
    Row(
        "album that is none",
        "sendMediaGroup",
        {"chat_id": "$lea", "media": "{}"},
        "Bad Request: expected an Array of InputMedia",
    ),
    Row(
        "album without its files",
        "sendMediaGroup",
        {"chat_id": "$lea", "media": [{"type": "document", "media": "attach://a"}] * 2},
        "Bad Request: can't parse InputMedia: media not found",
    ),
    Row("file of no id", "getFile", {}, "Bad Request: file_id not specified"),
    Row("file of a wrong id", "getFile", {"file_id": "nonsense"}, "Bad Request: invalid file_id"),
    Row(
        "file too big to fetch", "getFile", {"file_id": "$big_id"}, "Bad Request: file is too big"
    ),
    Row(
        "contact without number",
        "sendContact",
        {"chat_id": "$lea", "first_name": "Lea"},
        'Bad Request: parameter "phone_number" is required',
    ),
    Row(
        "unknown action",
        "sendChatAction",
        {"chat_id": "$lea", "action": "dancing"},
        "Bad Request: wrong parameter action in request",
    ),
)
EDITS = (
    Row(
        "edit of nothing",
        "editMessageText",
        {"text": "Hi"},
        "Bad Request: message identifier is not specified",
    ),
    Row(
        "edit of a message that is gone",
        "editMessageText",
        edit("9999", text="Hi"),
        "Bad Request: message to edit not found",
    ),
    Row(
        "edit of a message that is no number",
        "editMessageText",
        edit("last", text="Hi"),
        "Bad Request: message to edit not found",
    ),
    Row(
        "edit of a person's message",
        "editMessageText",
        edit("$their_text", text="Hi"),
        "Bad Request: message can't be edited",
    ),
    Row(
        "edit of a forwarded message",
        "editMessageText",
        edit("$own_forward", text="Hi"),
        "Bad Request: message can't be edited",
    ),
    Row(
        "edit over a reply keyboard",
        "editMessageText",
        edit("$own_with_keys", text="Hi"),
        "Bad Request: message can't be edited",
    ),
    Row("edit to the same", "editMessageText", edit("$own_text", text="Stock"), NOT_MODIFIED),
    Row(
        "edit to the same but for spaces",
        "editMessageText",
        edit("$own_text", text="<i></i>Stock \n", parse_mode="HTML"),
        NOT_MODIFIED,
    ),
    Row(
        "edit to nothing",
        "editMessageText",
        edit("$own_text", text=""),
        "Bad Request: message text is empty",
    ),
    Row(
        "edit with a reply keyboard",
        "editMessageText",
        edit("$own_text", text="Hi", reply_markup='{"keyboard": [["x"]]}'),
        "Bad Request: inline keyboard expected",
    ),
    Row(
        "text of a file",
        "editMessageText",
        edit("$own_document", text="Hi"),
        "Bad Request: there is no text in the message to edit",
    ),
    Row(
        "caption of a text",
        "editMessageCaption",
        edit("$own_text", caption="Hi"),
        "Bad Request: there is no caption in the message to edit",
    ),
    Row(
        "caption too long in an edit",
        "editMessageCaption",
        edit("$own_document", caption="x" * 1025),
        "Bad Request: message caption is too long",
        origin=REPORTED,
    ),
    Row(
        "caption to the same",
        "editMessageCaption",
        edit("$own_document", caption="Paper"),
        NOT_MODIFIED,
    ),
    Row("buttons to the same", "editMessageReplyMarkup", edit("$own_text"), NOT_MODIFIED),
    Row(
        "media of nothing",
        "editMessageMedia",
        edit("$own_text"),
        'Bad Request: parameter "media" is required',
    ),
    Row(
        "media in no JSON",
        "editMessageMedia",
        edit("$own_text", media="{"),
        "Bad Request: can't parse input media JSON object",
    ),
    Row(
        "media of a wrong type",
        "editMessageMedia",
        edit("$own_text", media={"type": "sticker", "media": "$photo_id"}),
        'Bad Request: can\'t parse InputMedia: type "sticker" is unsupported',
    ),
    Row(
        "media that is no object",
        "editMessageMedia",
        edit("$own_text", media="[]"),
        "Bad Request: can't parse InputMedia: expected an Object",
    ),
    Row(
        "media of a contact",
        "editMessageMedia",
        edit("$own_contact", media={"type": "document", "media": "$document_id"}),
        "Bad Request: there is no media in the message to edit",
        origin=REPORTED,
    ),
    Row(
        "media to the same",
        "editMessageMedia",
        edit(
            "$own_document",
            media={"type": "document", "media": "$document_id", "caption": "Paper"},
        ),
        NOT_MODIFIED,
    ),
    Row(
        "media of an album to another kind",
        "editMessageMedia",
        edit("$own_album", media={"type": "photo", "media": "$photo_id"}),
        "Bad Request: message content type can't be changed within an album",
        origin=OURS,
    ),
    Row(
        "edit for a person who blocked",
        "editMessageText",
        {"chat_id": "$blocked", "message_id": "$blocked_text", "text": "Hi"},
        "Forbidden: bot was blocked by the user",
        403,
        REPORTED,
    ),
    Row(
        "delete without chat",
        "deleteMessage",
        {"message_id": 1},
        "Bad Request: chat identifier is not specified",
    ),
    Row(
        "delete without message",
        "deleteMessage",
        {"chat_id": "$lea"},
        "Bad Request: message identifier is not specified",
    ),
    Row(
        "delete what is gone",
        "deleteMessage",
        edit("9999"),
        "Bad Request: message to delete not found",
    ),
    Row(
        "delete after 48 hours",
        "deleteMessage",
        edit("$old_text"),
        "Bad Request: message can't be deleted for everyone",
        origin=REPORTED,
    ),
    Row(
        "delete a member's message",
        "deleteMessage",
        {"chat_id": "$group", "message_id": "$group_text"},
        "Bad Request: message can't be deleted for everyone",
        origin=REPORTED,
    ),
    Row(
        "delete no messages",
        "deleteMessages",
        {"chat_id": "$lea"},
        "Bad Request: message identifiers are not specified",
    ),
    Row(
        "delete in no JSON",
        "deleteMessages",
        {"chat_id": "$lea", "message_ids": "["},
        "Bad Request: can't parse message_ids JSON object",
    ),
    Row(
        "delete 101 messages",
        "deleteMessages",
        {"chat_id": "$lea", "message_ids": list(range(1, 102))},
        "Bad Request: too many message identifiers specified",
    ),
    Row(
        "delete what is no list",
        "deleteMessages",
        {"chat_id": "$lea", "message_ids": '{"a": 1}'},
        "Bad Request: expected an Array of message identifiers",
    ),
    Row(
        "delete what is no number",
        "deleteMessages",
        {"chat_id": "$lea", "message_ids": "[[1]]"},
        "Bad Request: message identifier must be a Number",
    ),
    Row(
        "forward from nowhere",
        "forwardMessage",
        {"chat_id": "$lea", "message_id": 1},
        'Bad Request: parameter "from_chat_id" is required',
    ),
    Row(
        "forward what is gone",
        "forwardMessage",
        edit("9999", from_chat_id="$lea"),
        "Bad Request: message to forward not found",
    ),
    Row(
        "forward what is protected",
        "forwardMessage",
        edit("$own_protected", from_chat_id="$lea"),
        "Bad Request: message has protected content and can't be forwarded",
        origin=REPORTED,
    ),
    Row(
        "copy what is gone",
        "copyMessage",
        edit("9999", from_chat_id="$lea"),
        "Bad Request: message to copy not found",
    ),
    Row(
        "copy an invoice",
        "copyMessage",
        edit("$own_invoice", from_chat_id="$lea"),
        "Bad Request: message can't be copied",
    ),
    Row(
        "pin what is gone", "pinChatMessage", edit("9999"), "Bad Request: message to pin not found"
    ),
    Row(
        "unpin what is not pinned",
        "unpinChatMessage",
        edit("$own_text"),
        "Bad Request: message to unpin not found",
        origin=REPORTED,
    ),
)
ANSWERS = (
    Row("answer to an unknown tap", "answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    Row(
        "second answer to a tap",
        "answerCallbackQuery",
        {"callback_query_id": "$answered_tap"},
        TOO_OLD,
        origin=REPORTED,
    ),
    Row(
        "answer after a quarter of an hour",
        "answerCallbackQuery",
        {"callback_query_id": "$old_tap"},
        TOO_OLD,
        origin=OURS,
    ),
    Row(
        "answer too long",
        "answerCallbackQuery",
        {"callback_query_id": "$tap", "text": "x" * 201},
        "Bad Request: MESSAGE_TOO_LONG",
        origin=REPORTED,
    ),
    Row(
        "answer with an address elsewhere",
        "answerCallbackQuery",
        {"callback_query_id": "$tap", "url": "https://x.de"},
        "Bad Request: URL_INVALID",
        origin=REPORTED,
    ),
    Row(
        "51 inline results",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": [{"type": "article", "id": "1"}] * 51},
        "Bad Request: too many inline query results specified",
    ),
    Row(
        "inline result without id",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": [{"type": "article"}]},
        "Bad Request: can't parse inline query result: Can't find field \"id\"",
    ),
    Row(
        "inline result with a long id",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": [{"type": "article", "id": "x" * 65}]},
        "Bad Request: RESULT_ID_INVALID",
        origin=REPORTED,
    ),
    Row(
        "inline results that are none",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": "{}"},
        "Bad Request: expected an Array of inline query results",
    ),
    Row(
        "inline offset too long",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": [], "next_offset": "x" * 65},
        "Bad Request: NEXT_OFFSET_INVALID",
        origin=REPORTED,
    ),
    Row(
        "answer to an unknown inline query",
        "answerInlineQuery",
        {"inline_query_id": "1", "results": []},
        TOO_OLD,
    ),
    Row(
        "answer to a checkout after ten seconds",
        "answerPreCheckoutQuery",
        {"pre_checkout_query_id": "$old_checkout", "ok": True},
        TOO_OLD,
        origin=REPORTED,
    ),
    Row(
        "no to a checkout without a reason",
        "answerPreCheckoutQuery",
        {"pre_checkout_query_id": "$checkout", "ok": False},
        "Bad Request: ERROR_TEXT_EMPTY",
        origin=OURS,
    ),
    Row(
        "invoice without title",
        "sendInvoice",
        invoice(title=""),
        'Bad Request: parameter "title" is required',
    ),
    Row(
        "invoice title too long",
        "sendInvoice",
        invoice(title="x" * 33),
        "Bad Request: INVOICE_TITLE_TOO_LONG",
        origin=OURS,
    ),
    Row(
        "invoice description too long",
        "sendInvoice",
        invoice(description="x" * 256),
        "Bad Request: INVOICE_DESCRIPTION_TOO_LONG",
        origin=OURS,
    ),
    Row(
        "invoice payload too long",
        "sendInvoice",
        invoice(payload="я" * 65),
        "Bad Request: INVOICE_PAYLOAD_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice currency",
        "sendInvoice",
        invoice(currency="euro"),
        "Bad Request: CURRENCY_INVALID",
        origin=OURS,
    ),
    Row(
        "invoice without provider",
        "sendInvoice",
        invoice(provider_token=""),
        "Bad Request: PAYMENT_PROVIDER_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice for nothing",
        "sendInvoice",
        invoice(prices='[{"label": "x", "amount": 0}]'),
        "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice without prices",
        "sendInvoice",
        invoice(prices="[]"),
        "Bad Request: there must be at least one price",
    ),
    Row(
        "invoice with prices that are none",
        "sendInvoice",
        invoice(prices="{}"),
        "Bad Request: expected an Array of labeled prices",
    ),
    Row(
        "invoice with a price that is none",
        "sendInvoice",
        invoice(prices="[7]"),
        "Bad Request: can't parse labeled price: LabeledPrice must be an Object",
    ),
    Row(
        "invoice price without label",
        "sendInvoice",
        invoice(prices='[{"label": "", "amount": 1}]'),
        "Bad Request: can't parse labeled price: LabeledPrice label must be non-empty",
    ),
    Row(
        "invoice price that is no number",
        "sendInvoice",
        invoice(prices='[{"label": "x", "amount": "much"}]'),
        'Bad Request: can\'t parse labeled price: Field "amount" must be of type Number',
    ),
    Row(
        "invoice whose pay button is not first",
        "sendInvoice",
        invoice(
            reply_markup=json.dumps(
                {
                    "inline_keyboard": [
                        [{"text": "No", "callback_data": "x"}, {"text": "Pay", "pay": True}]
                    ]
                }
            )
        ),
        "Bad Request: BUTTON_TYPE_INVALID",
        origin=OURS,
    ),
)
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
ROWS = (*WHO, *TEXTS, *KEYBOARDS, *FILES, *EDITS, *ANSWERS, *SETTINGS)
