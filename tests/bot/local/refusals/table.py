"""What the Bot API refuses, and in which words: one row for each wrong call.

The rows run against the local Telegram in every test run (``test_refusals``), and by hand
against the real one with ``python -m tests.bot.local.conformance``.
"""

from __future__ import annotations

from tests.bot.local.refusals.answers import ANSWERS
from tests.bot.local.refusals.edits import EDITS
from tests.bot.local.refusals.files import FILES
from tests.bot.local.refusals.keyboards import KEYBOARDS
from tests.bot.local.refusals.settings import SETTINGS
from tests.bot.local.refusals.texts import TEXTS
from tests.bot.local.refusals.who import WHO

ROWS = (*WHO, *TEXTS, *KEYBOARDS, *FILES, *EDITS, *ANSWERS, *SETTINGS)
