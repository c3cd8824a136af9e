"""Screens of stock: products, levels, claims, counts and reservations."""
