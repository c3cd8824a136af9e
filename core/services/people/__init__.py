"""Parties, their contacts, and the team."""
