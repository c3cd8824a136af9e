"""Screens of documents of every kind: the card, its steps, drafts, conversions, amendments."""
