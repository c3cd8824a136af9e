"""Invoices, and the answers to the questions that Telegram asks before it lets somebody pay."""

from __future__ import annotations

import re
from typing import Final

from telegram.constants import InvoiceLimit

from bot.base.payment_currencies import CURRENCIES
from bot.local_telegram.acts import PAYLOAD
from bot.local_telegram.methods.answering import open_query
from bot.local_telegram.methods.common import SENDING, SENDING_IDLE, Method, names, send
from bot.local_telegram.parameters import Fields, Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.state import Query, State

STARS: Final = "XTR"
PROVIDER_TOKEN: Final = re.compile(r"\d+:(TEST|LIVE):\S+")
"""What @BotFather gives; the pretend providers of this world take any of this form."""
PAY: Final[Json] = {"inline_keyboard": [[{"text": "Pay", "pay": True}]]}
"""The button that an invoice without buttons gets."""


def send_invoice(world: State, parameters: Parameters) -> Json:
    """Answer sendInvoice."""
    title, description = parameters.required("title"), parameters.required("description")
    payload, currency = parameters.required("payload"), parameters.required("currency")
    start = parameters.text("start_parameter")
    total = _total(parameters)
    if len(title) > InvoiceLimit.MAX_TITLE_LENGTH:
        raise BadRequest("INVOICE_TITLE_TOO_LONG")
    if len(description) > InvoiceLimit.MAX_DESCRIPTION_LENGTH:
        raise BadRequest("INVOICE_DESCRIPTION_TOO_LONG")
    if len(payload.encode()) > InvoiceLimit.MAX_PAYLOAD_LENGTH:
        raise BadRequest("INVOICE_PAYLOAD_INVALID")
    if start and not PAYLOAD.fullmatch(start):
        raise BadRequest("START_PARAM_INVALID")
    _check_money(parameters.text("provider_token"), currency, total)
    invoice = {
        "title": title,
        "description": description,
        "start_parameter": start,
        "currency": currency,
        "total_amount": total,
    }
    message = send(world, parameters, {"invoice": invoice, "reply_markup": PAY})
    world.record(message["chat"]["id"]).payloads[message["message_id"]] = payload
    return message


def _check_money(provider_token: str, currency: str, total: int) -> None:
    """Stars have no provider and no limits; money has both."""
    if currency != STARS and currency not in CURRENCIES:
        raise BadRequest("CURRENCY_INVALID")
    if currency == STARS and provider_token:
        raise BadRequest("PAYMENT_PROVIDER_INVALID")
    if currency != STARS and not PROVIDER_TOKEN.fullmatch(provider_token):
        raise BadRequest("PAYMENT_PROVIDER_INVALID")
    limits = CURRENCIES.get(currency)
    if total <= 0 or (limits is not None and not limits.least <= total <= limits.most):
        raise BadRequest("CURRENCY_TOTAL_AMOUNT_INVALID")


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


def answer_pre_checkout_query(world: State, parameters: Parameters) -> bool:
    """Answer answerPreCheckoutQuery: yes makes the payment, no tells the person why not."""
    query = open_query(world, parameters.text("pre_checkout_query_id"), "checkout")
    reason = parameters.text("error_message")
    if not parameters.boolean("ok"):
        if not reason:
            raise BadRequest("ERROR_TEXT_EMPTY")
        _ends(world, query, "refused", reason=reason)
    elif query.card_fails:
        _ends(world, query, "failed")
    else:
        _ends(world, query, "paid")
        _pays(world, query)
    return True


def _ends(world: State, query: Query, outcome: str, *, reason: str = "") -> None:
    """The person's client learns what came of it."""
    query.answered = True
    event = {
        "type": "checkout",
        "pre_checkout_query_id": query.query_id,
        "message_id": query.message_id,
        "outcome": outcome,
        "error_message": reason,
    }
    world.record(query.chat_id).publish(event)


def _pays(world: State, query: Query) -> None:
    """The provider has taken the money.  An invoice for one person is paid once."""
    record = world.record(query.chat_id)
    invoice = record.messages[query.message_id]["invoice"]
    payment = {
        "currency": invoice["currency"],
        "total_amount": invoice["total_amount"],
        "invoice_payload": record.payloads[query.message_id],
        "telegram_payment_charge_id": f"LOCAL-{query.query_id}",
        "provider_payment_charge_id": f"pretend-{query.query_id}",
    }
    sender = world.people[query.user_id].user()
    message = world.new_message(query.chat_id, sender, {"successful_payment": payment})
    if invoice["start_parameter"]:
        record.paid.add(query.message_id)
        record.publish({"type": "paid", "message_id": query.message_id})
    world.updates.push({"message": message})


INVOICE = names("title description payload provider_token currency prices start_parameter")
METHODS = (
    Method("sendInvoice", send_invoice, SENDING | INVOICE, SENDING_IDLE),
    Method(
        "answerPreCheckoutQuery",
        answer_pre_checkout_query,
        names("pre_checkout_query_id ok error_message"),
    ),
)
