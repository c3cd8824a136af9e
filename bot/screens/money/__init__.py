"""Screens of money: accounts, payments, deposits, refunds, approvals and limits."""
