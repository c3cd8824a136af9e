"""The Telegram bot: it turns what people say and tap into calls of the core, and answers."""

import os

# python-telegram-bot is changing spans of time from numbers to timedelta, and warns whenever a
# number is read, even by its own RetryAfter.  With this it gives a timedelta everywhere.
os.environ.setdefault("PTB_TIMEDELTA", "1")
