"""Limits of the Bot API, each in one place; lengths are in UTF-16 units, as Telegram counts."""

from __future__ import annotations

from typing import Final

TEXT: Final = 4096
"""The longest text, after its entities are parsed (sendMessage)."""
CAPTION: Final = 1024
"""The longest caption of a photo or a document, after its entities are parsed (sendDocument)."""
TOAST: Final = 200
"""The longest answer to a tap (answerCallbackQuery)."""
CALLBACK_DATA: Final = 64
"""Bytes of what a button carries (InlineKeyboardButton)."""
COPIED_TEXT: Final = 256
"""The longest text that a button puts into the clipboard (CopyTextButton)."""
