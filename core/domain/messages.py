"""Markers for texts that stand in tables and are translated later, at the edge.

A row of a table holds its English source text; whoever shows the row gives that text to
`core.i18n.Translator`. The markers change nothing: they only tell `core.catalogues` which texts
belong into the catalogues.
"""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - the name is gettext's own convention for a marked text
    """Mark the English source `message` for the catalogues and return it unchanged."""
    return message


def N_plural(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - belongs to `N_`
    """Mark a text with its plural; both come back, for `translator.plural(*row, count)`."""
    return one, many
