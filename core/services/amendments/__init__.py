"""Amending an order in force: the working copy, the plan in numbers, and writing it."""
