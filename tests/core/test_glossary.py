"""The catalogues keep to the glossary: one thing, one word, in each language.

`locales/glossary.md` has a section for each language and in it rows of three cells: a term, where
it stands, and in backticks the patterns that no text of the catalogue may contain.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "locales" / "glossary.md").read_text(encoding="utf-8")
SOURCE = "en"
LANGUAGES = (SOURCE, *sorted(each.parent.parent.name for each in ROOT.glob("locales/*/*/*.po")))

# Lists of words that people may type: they know all words, also those that we do not say.
TYPED = re.compile(r"\|")
TYPED_ENDS = frozenset({"until, till, to"})
# Texts that stand in the snapshots of issued papers, which are never changed.
FROZEN = frozenset({"Payable on receipt", "{count} day net"})


def section(language: str) -> str:
    """The part of the glossary under the heading "... (language)"."""
    parts = re.split(r"^## .*\((\w+)\)$", GLOSSARY, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[language]


def forbidden(language: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each term with a pattern that says it differently."""
    for line in section(language).splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if not line.startswith("|") or set(cells[0]) <= {"-"}:
            continue
        assert len(cells) == 3, f"a row of the glossary has no three cells: {line}"
        for pattern in re.findall(r"`([^`]+)`", cells[2]):
            yield cells[0], re.compile(pattern, re.IGNORECASE)


def texts(language: str) -> Iterator[str]:
    """Every text that a person may read in a language, without its placeholders."""
    path = "messages.pot" if language == SOURCE else f"{language}/LC_MESSAGES/messages.po"
    with (ROOT / "locales" / path).open("rb") as file:
        for message in read_po(file):
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            if not sources[0] or TYPED.search(sources[0]) or sources[0] in TYPED_ENDS | FROZEN:
                continue
            found = sources if language == SOURCE else message.string
            for text in (found,) if isinstance(found, str) else found:
                yield re.sub(r"\{[^}]*\}", "", text)


def breaches(language: str, said: list[str]) -> list[str]:
    """What is said in words that the glossary does not use."""
    return [
        f"{term}: {pattern.pattern!r} in {text!r}"
        for term, pattern in forbidden(language)
        for text in said
        if pattern.search(text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_glossary(language):
    assert len(list(forbidden(language))) >= 50


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Your paper is being prepared"), ("fr", "Le tiers")]
)
def test_another_word_is_found(language, text):
    assert breaches(language, [text])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_keeps_to_the_glossary(language):
    assert breaches(language, list(texts(language))) == []
