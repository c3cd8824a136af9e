"""Units as people write and read them, in every language that has a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.domain import units
from core.domain.texts import folded
from core.domain.units import UNITS, Unit
from core.i18n import LANGUAGES, Translator, translator


@cache
def words() -> Mapping[str, Unit]:
    """Return every word for a unit, folded: the table's, and the labels of all languages."""
    labels = {
        folded(translator(language).text(unit.label)): unit
        for language in LANGUAGES
        for unit in UNITS
    }
    return {**labels, **units.WORDS}


@cache
def measures() -> frozenset[str]:
    """Return the words that stand in names of goods as well."""
    return frozenset(word for word, unit in words().items() if unit.is_measure)


def read(text: str) -> Unit | None:
    """Return the unit that was typed or imported; None for one that nobody knows."""
    return words().get(folded(text))


def shown(stored: str, translator: Translator) -> str:
    """Return a product's unit as people read it; a made-up one as it is."""
    label = units.label_of(stored)
    return translator.text(label) if label else stored
