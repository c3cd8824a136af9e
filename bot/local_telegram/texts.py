"""Texts and captions of calls: parsed, trimmed and measured."""

from __future__ import annotations

import json
from typing import Any

from telegram.constants import MessageLimit

from bot.local_telegram.entities import FormattedText, finished, given
from bot.local_telegram.html import read_html
from bot.local_telegram.markdown import read_markdown
from bot.local_telegram.parameters import Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

MOST_BYTES = 2**15
"""A text of more bytes is not even parsed."""


def formatted(text: str, parse_mode: str, entities: Any) -> FormattedText:
    """A text with its markup or its given entities, as Telegram stores it.

    Markup wins over given entities, as on the real server.  Raises BadRequest.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadRequest("text is too long")
    mode = parse_mode.lower()
    if not text or mode in {"", "none"}:
        return finished(text, given(entities))
    if mode == "html":
        return finished(*read_html(text))
    if mode == "markdownv2":
        return finished(*read_markdown(text))
    if mode == "markdown":
        raise BadRequest("not modelled: parse_mode Markdown")
    raise BadRequest("unsupported parse_mode")


def message_text(parameters: Parameters) -> Json:
    """The content of a text message from ``text``, ``parse_mode`` and ``entities``."""
    raw = parameters.text("text")
    if not raw:
        raise BadRequest("message text is empty")
    text = formatted(raw, parameters.text("parse_mode"), _listed(parameters, "entities"))
    if not text.text:
        raise BadRequest("text must be non-empty")
    if text.units() > MessageLimit.MAX_TEXT_LENGTH:
        raise BadRequest("message is too long")
    return text.json("text", "entities")


def caption(parameters: Parameters) -> Json:
    """The caption of a file from ``caption``, ``parse_mode`` and ``caption_entities``."""
    return caption_of(
        parameters.text("caption"),
        parameters.text("parse_mode"),
        _listed(parameters, "caption_entities"),
    )


def caption_of(text: str, parse_mode: str, entities: Any) -> Json:
    """The caption of a file from its parts."""
    found = formatted(text, parse_mode, entities)
    if found.units() > MessageLimit.CAPTION_LENGTH:
        raise BadRequest("message caption is too long")
    return found.json("caption", "caption_entities")


def _listed(parameters: Parameters, name: str) -> Any:
    """Entities in JSON; what cannot be read is ignored, as on the real server."""
    try:
        return json.loads(parameters.text(name) or "null")
    except ValueError:
        return None
