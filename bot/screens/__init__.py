"""All screens.  A new one is a module with its tables, and a row here."""

from __future__ import annotations

from typing import Final

# `bot.context.Registry` merges their tables.  The order counts for typed texts alone: the TYPED
# rows of earlier modules are tried first.
PAYING: Final = "bot.screens.paying"
"""The module that is there only where a payment provider takes money in the chat."""

MODULES: Final = (
    "bot.screens.home",
    "bot.screens.help",
    "bot.screens.language",
    "bot.screens.arrival",
    "bot.screens.document_card",
    "bot.screens.document_taps",
    "bot.screens.quotes",
    "bot.screens.document_end",
    "bot.screens.related",
    "bot.screens.converting",
    "bot.screens.crediting",
    "bot.screens.drafts",
    "bot.screens.open_line",
    "bot.screens.terms",
    "bot.screens.changes",
    "bot.screens.versions",
    "bot.screens.papers",
    "bot.screens.payments",
    "bot.screens.paid",
    "bot.screens.spreading",
    "bot.screens.other_money",
    "bot.screens.refunds",
    "bot.screens.deposits",
    "bot.screens.settlements",
    "bot.screens.stock",
    "bot.screens.products",
    "bot.screens.accounts",
    "bot.screens.parties",
    "bot.screens.contacts",
    "bot.screens.company_setup",
    "bot.screens.tables",
    "bot.screens.limits",
    "bot.screens.merges",
    "bot.screens.approvals",
    "bot.screens.team",
    "bot.screens.worklists",
    "bot.screens.claims",
    "bot.screens.questions",
    "bot.screens.own_zone",
    "bot.screens.holds",
    "bot.screens.hold_notices",
    "bot.screens.count",
    "bot.screens.pictures",
    "bot.screens.difference",
    "bot.screens.notices",
    "bot.screens.numbers",
    "bot.screens.copies",
    "bot.screens.imports",
    "bot.screens.reports",
    "bot.screens.ordered",
    "bot.screens.repeating",
    "bot.screens.wished",
    "bot.screens.asked",
    "bot.screens.entry",
    "bot.screens.home_words",
    "bot.screens.found",
)
