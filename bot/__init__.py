"""The Telegram bot: it turns what people say and tap into calls of the core, and answers."""
