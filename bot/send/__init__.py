"""What leaves for Telegram: the sender, and how each form of an outbox row is delivered."""
