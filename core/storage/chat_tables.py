"""Tables of the chat, by name: messages in and out, cards, questions, settings of the bot."""

from __future__ import annotations

from core.storage.models.chat import (
    Focus,
    Inbox,
    Operation,
    Outbox,
    Setting,
    StoredFile,
    UiMessage,
)

focus = Focus.__table__
inbox = Inbox.__table__
operation = Operation.__table__
outbox = Outbox.__table__
setting = Setting.__table__
stored_file = StoredFile.__table__
ui_message = UiMessage.__table__
