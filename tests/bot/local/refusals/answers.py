"""Answers to taps, inline queries and checkouts that are refused, and invoices."""

from __future__ import annotations

import json

from tests.bot.local.refusals.rows import OURS, REPORTED, TOO_OLD, Row, invoice

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
        "invoice by what is no provider",
        "sendInvoice",
        invoice(provider_token="284685063:GONE:x"),
        "Bad Request: PAYMENT_PROVIDER_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice in a currency that Telegram does not take",
        "sendInvoice",
        invoice(currency="KWD"),
        "Bad Request: CURRENCY_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice of less than a dollar",
        "sendInvoice",
        invoice(prices='[{"label": "x", "amount": 86}]'),
        "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice of more than ten thousand dollars",
        "sendInvoice",
        invoice(prices='[{"label": "x", "amount": 877155}, {"label": "y", "amount": 1}]'),
        "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID",
        origin=REPORTED,
    ),
    Row(
        "invoice that starts with what no link carries",
        "sendInvoice",
        invoice(start_parameter="in 1"),
        "Bad Request: START_PARAM_INVALID",
        origin=OURS,
    ),
    Row(
        "second answer to a checkout",
        "answerPreCheckoutQuery",
        {"pre_checkout_query_id": "$answered_checkout", "ok": True},
        TOO_OLD,
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
    Row(
        "inline result that is no object",
        "answerInlineQuery",
        {"inline_query_id": "$inline", "results": "[7]"},
        "Bad Request: can't parse inline query result: Inline query result must be an object",
    ),
)
