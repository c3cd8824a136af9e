"""Use cases: one plain function each, over the connection in `work`.

A service checks rights, keeps the rules and returns facts; it never begins or commits, and it
never speaks.
"""
