"""Keyboards that are refused."""

from __future__ import annotations

import json

from tests.bot.local.refusals.rows import OURS, REPORTED, Row, button, buttons, invoice, says

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
    Row(
        "reply option that is no yes or no",
        "sendMessage",
        says("Hi", reply_parameters={"message_id": 9999, "allow_sending_without_reply": "si"}),
        'Bad Request: field "allow_sending_without_reply" must be of type Boolean',
    ),
    Row(
        "two pay buttons",
        "sendInvoice",
        invoice(
            reply_markup=json.dumps(
                {"inline_keyboard": [[{"text": "Pay", "pay": True}, {"text": "Pay", "pay": True}]]}
            )
        ),
        "Bad Request: BUTTON_TYPE_INVALID",
        origin=OURS,
    ),
)
