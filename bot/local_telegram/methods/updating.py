"""Methods by which the bot gets its updates: long polling or a webhook."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from telegram.constants import PollingLimit, WebhookLimit

from bot.local_telegram.methods.common import Method, names
from bot.local_telegram.parameters import Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest, Conflict
from bot.local_telegram.state import State
from bot.local_telegram.updates import KINDS, NOT_BY_DEFAULT, Webhook

WEBHOOK_IS_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
LONGEST_POLL = 50
"""Seconds that a poll waits at most, whatever it asks for."""
PORTS = frozenset({443, 80, 88, 8443, None})
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def _allow(world: State, parameters: Parameters) -> None:
    """Remember which kinds of update the bot wants.

    Leaving it out keeps the last setting; an empty list means the default ones.  What cannot be
    read is ignored, as on the real server.
    """
    if not parameters.has("allowed_updates"):
        return
    try:
        values = json.loads(parameters.text("allowed_updates") or "[]")
    except ValueError:
        return
    wanted = KINDS & set(values) if isinstance(values, list) else frozenset()
    world.updates.allowed = wanted or KINDS - NOT_BY_DEFAULT


async def get_updates(world: State, parameters: Parameters) -> list[Json]:
    """Answer getUpdates."""
    if world.updates.webhook.url:
        raise Conflict(WEBHOOK_IS_ACTIVE)
    least, most = int(PollingLimit.MIN_LIMIT), int(PollingLimit.MAX_LIMIT)
    _allow(world, parameters)
    return await world.updates.poll(
        parameters.integer("offset", least=-(2**31)),
        limit=parameters.integer("limit", default=most, least=least, most=most),
        patience=parameters.integer("timeout", most=LONGEST_POLL),
    )


def set_webhook(world: State, parameters: Parameters) -> bool:
    """Answer setWebhook; an empty url is deleteWebhook.

    Plain HTTP is taken on this machine only (a local Bot API server takes it too); everything
    else needs HTTPS and one of Telegram's ports.
    """
    link = parameters.text("url")
    if not link:
        return delete_webhook(world, parameters)
    _check_address(link)
    secret = parameters.text("secret_token")
    if len(secret) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
        raise BadRequest("secret token is too long")
    if secret and not re.fullmatch("[A-Za-z0-9_-]+", secret):
        raise BadRequest("secret token contains unallowed characters")
    connections = parameters.integer(
        "max_connections",
        default=40,
        least=int(WebhookLimit.MIN_CONNECTIONS_LIMIT),
        most=int(WebhookLimit.MAX_CONNECTIONS_LIMIT),
    )
    _allow(world, parameters)
    if parameters.boolean("drop_pending_updates"):
        world.updates.drop()
    world.updates.set_webhook(Webhook(link, secret, connections))
    return True


def _check_address(link: str) -> None:
    parts = urlsplit(link)
    if parts.scheme == "http" and parts.hostname in THIS_MACHINE:
        return
    if parts.scheme != "https":
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname or "." not in parts.hostname:
        raise BadRequest("bad webhook: Failed to resolve host: Name or service not known")
    if parts.port not in PORTS:
        raise BadRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(world: State, parameters: Parameters) -> bool:
    """Answer deleteWebhook."""
    if parameters.boolean("drop_pending_updates"):
        world.updates.drop()
    world.updates.set_webhook(Webhook())
    return True


def get_webhook_info(world: State, _parameters: Parameters) -> Json:
    """Answer getWebhookInfo."""
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_date is not None:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    if world.updates.allowed != KINDS - NOT_BY_DEFAULT:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


METHODS = (
    Method("getUpdates", get_updates, names("offset limit timeout allowed_updates")),
    Method(
        "setWebhook",
        set_webhook,
        names("url secret_token max_connections allowed_updates drop_pending_updates"),
    ),
    Method("deleteWebhook", delete_webhook, names("drop_pending_updates")),
    Method("getWebhookInfo", get_webhook_info),
)
