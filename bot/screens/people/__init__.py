"""Screens of people: parties, contacts, the team, questions between customers and the company."""
