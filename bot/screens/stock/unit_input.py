"""The question what goods are counted in."""

from __future__ import annotations

from bot.conversation.inputs import Asking, Choice
from core.domain.units import UNITS
from core.i18n import units


class UnitInput(Choice):
    """A unit: the usual ones are buttons, any other of the table is typed by any of its words."""

    def __init__(self) -> None:
        super().__init__({each.code: each.label for each in UNITS if each.is_offered})

    def read(self, text: str, asking: Asking) -> str:
        """Return the code of what was typed.  Raises Unclear."""
        found = units.read(text)
        return super().read(text, asking) if found is None else found.code

    def shown(self, value: str, asking: Asking) -> str:
        """Return its label."""
        return units.shown(value, asking.reader.translator)
