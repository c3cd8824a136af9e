"""Texts, markup and replies that are refused."""

from __future__ import annotations

from tests.bot.local.refusals.rows import OURS, REPORTED, Row, html, markdown, says

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
