"""Screens of the company itself: set-up, taxes and rates, templates, imports and exports."""
