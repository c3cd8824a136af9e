"""What is done to documents of every kind: one module for each action, never for a kind."""
