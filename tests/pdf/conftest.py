"""Readers of papers."""

from gettext import NullTranslations

import pytest

from core.i18n import Translator, translator


@pytest.fixture
def english() -> Translator:
    return translator("en")


@pytest.fixture
def french() -> Translator:
    return translator("fr")


@pytest.fixture
def arabic() -> Translator:
    """A reader from right to left, without a catalogue: only figures and days are Arabic."""
    return Translator("ar_EG", NullTranslations())
