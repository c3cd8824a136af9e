"""The methods of the Bot API that the local Telegram models, a module for each kind."""
