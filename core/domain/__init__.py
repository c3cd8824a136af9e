"""Pure rules: standard library only, no clock, no connection, no Telegram, no sentences."""
