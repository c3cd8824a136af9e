"""Buttons as Telegram takes them."""

from __future__ import annotations

from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit

from bot.base.callbacks import encode
from bot.base.screen import Button, Card, Reader, Row, back

MOST: Final = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
MOST_IN_A_ROW: Final = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)


def with_way_back(card: Card, reader: Reader, *, is_home: bool) -> Card:
    """The card with a button that leads home, where it has no way back of its own."""
    if is_home or card.has_back:
        return card
    return Card(card.text, (*card.rows, (back(reader),)))


def keyboard(rows: tuple[Row, ...], *, rendering: int) -> InlineKeyboardMarkup | None:
    """The inline keyboard of a card at its `rendering`; None without buttons.

    Raises ValueError for more buttons than Telegram takes, or one that carries too much.
    """
    if not rows:
        return None
    if sum(map(len, rows)) > MOST or max(map(len, rows)) > MOST_IN_A_ROW:
        raise ValueError(f"a keyboard has at most {MOST} buttons, {MOST_IN_A_ROW} in a row")
    return InlineKeyboardMarkup([[_button(each, rendering) for each in row] for row in rows])


def _button(button: Button, rendering: int) -> InlineKeyboardButton:
    if button.url is not None:
        return InlineKeyboardButton(button.label, url=button.url, style=button.style)
    if button.copy is not None:
        copied = CopyTextButton(button.copy)
        return InlineKeyboardButton(button.label, copy_text=copied, style=button.style)
    data = encode(button, rendering=rendering)
    return InlineKeyboardButton(button.label, callback_data=data, style=button.style)
