"""The demo: the company Crimson, its persons, and a Telegram on this machine to try them."""
