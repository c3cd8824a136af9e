"""What all of the bot stands on: cards and buttons, the turn, outbox rows, recipients, logs."""
