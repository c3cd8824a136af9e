"""What arrives from Telegram: polling, the webhook, and the inbox."""
