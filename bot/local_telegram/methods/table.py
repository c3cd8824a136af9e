"""All methods that are modelled, by their name in lower case."""

from __future__ import annotations

from bot.local_telegram.methods import answering, editing, paying, sending, settings, updating
from bot.local_telegram.methods.common import Method

MODELLED: dict[str, Method] = {
    method.name.lower(): method
    for module in (sending, editing, answering, paying, settings, updating)
    for method in module.METHODS
}
