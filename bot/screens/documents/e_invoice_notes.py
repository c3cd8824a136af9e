"""The reason why a paper carries no e-invoice, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.base.screen import Html, Reader
from core.domain.messages import N_
from core.domain.papers.view import PaperText


def without_e_invoice(missing: Sequence[PaperText], reader: Reader) -> list[Html]:
    """Return the names of the facts to correct; empty when none is missing."""
    if not missing:
        return []
    found = ", ".join(reader.text(each.message, **each.facts) for each in missing)
    return [reader.html(N_("No e-invoice included: {missing}"), missing=found)]
