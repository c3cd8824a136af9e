"""Finding the catalogues and reading them into memory, so that a checkout needs no build step."""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE: Final = "en"
"""The language of the texts in the code: it needs no catalogue."""

_CORE: Final = Path(__file__).resolve().parent.parent


def locales_folder() -> Path:
    """Where the catalogues lie: in the package once it is installed, beside it in a checkout."""
    installed = _CORE / "locales"
    return installed if installed.is_dir() else _CORE.parent / "locales"


def catalogue_path(folder: Path, language: str) -> Path:
    """The catalogue of `language` below `folder`."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def languages_in(folder: Path) -> tuple[str, ...]:
    """The source language and every language with a catalogue below `folder`, in order."""
    found = {path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po")}
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


def load_catalogue(path: Path, language: str) -> gettext.NullTranslations:
    """The translations in the file at `path`; an untranslated text stays the English source.

    The source language may have no file.
    """
    if language == SOURCE_LANGUAGE and not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
