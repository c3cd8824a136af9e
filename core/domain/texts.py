"""Texts that people type: cleaned before they are kept, folded before they are compared."""

from __future__ import annotations

import re
import unicodedata

from core.domain.errors import Refusal

MOST_LETTERS = 200
"""The longest name; a note may have ten times as many letters."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# What is neither letter nor digit in ASCII, where folding is this alone.
_PLAIN = {code: " " for code in range(128) if not chr(code).isalnum()}


class TextMissing(Refusal):
    """A text is needed, and nothing is left of this one once it is cleaned."""

    code = "text_missing"


class TextTooLong(Refusal):
    """A text is longer than it can be."""

    code = "text_too_long"
    fact_names = ("length", "most")


class EmailUnclear(Refusal):
    """What was typed is no e-mail address."""

    code = "email_unclear"
    fact_names = ("text",)


def clean(text: str, *, most: int = MOST_LETTERS) -> str:
    """A name or a short text without controls, direction overrides and doubled spaces.

    Raises:
        TextMissing, TextTooLong.
    """
    found = text.strip()
    if not (text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text)):
        # Most texts are clean as they come; only the others are looked through.
        found = _SPACES.sub(" ", _CONTROLS.sub("", unicodedata.normalize("NFC", text))).strip()
    if not found:
        raise TextMissing
    if len(found) > most:
        raise TextTooLong(length=len(found), most=most)
    return found


def clean_note(text: str, *, most: int = 10 * MOST_LETTERS) -> str:
    """A free text of several lines, maybe empty, without controls and direction overrides.

    Raises:
        TextTooLong.
    """
    found = _CONTROLS.sub("", unicodedata.normalize("NFC", text)).strip()
    if len(found) > most:
        raise TextTooLong(length=len(found), most=most)
    return found


def clean_email(text: str, *, most: int) -> str:
    """Return an e-mail address as it is kept.

    Raises:
        TextMissing, TextTooLong, EmailUnclear.
    """
    found = clean(text, most=most)
    if not _EMAIL.fullmatch(found):
        raise EmailUnclear(text=found)
    return found


def folded(text: str) -> str:
    """A text for comparing: without accents, case and punctuation, words one space apart."""
    if text.isascii():
        return " ".join(text.lower().translate(_PLAIN).split())
    # Both ways round: a mathematical capital becomes a letter first, then a small one.
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = (
        each if each.isalnum() else " " for each in parts if not unicodedata.combining(each)
    )
    return _SPACES.sub(" ", "".join(letters)).strip()
