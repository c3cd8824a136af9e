"""Keeping the bot well: health, backups, and the first start after a restore."""
