"""Words for a template's content: designs, sizes, sides, parts, places, and who chose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from bot.base.screen import Reader
from core.domain.documents import DOCUMENT_TYPES, type_of
from core.domain.messages import N_
from core.domain.papers.colours import PALETTE
from core.domain.papers.look import (
    Design,
    LogoSide,
    LogoSize,
    PageSize,
    PaperLook,
    PaperPart,
    TextPlace,
)
from core.domain.papers.templates import CAPABILITIES, Chosen, Source

WORDS: Final[Mapping[StrEnum, str]] = {
    Design.STANDARD: N_("standard"),
    Design.COMPACT: N_("compact"),
    Design.ELEGANT: N_("elegant"),
    PageSize.A4: N_("A4"),
    PageSize.LETTER: N_("US Letter"),
    LogoSize.NONE: N_("none"),
    LogoSize.SMALL: N_("small"),
    LogoSize.MEDIUM: N_("medium"),
    LogoSize.LARGE: N_("large"),
    LogoSide.START: N_("at the start"),
    LogoSide.CENTRE: N_("centred"),
    LogoSide.END: N_("at the end"),
    PaperPart.SKU: N_("Item codes"),
    PaperPart.UNIT: N_("Units"),
    PaperPart.DISCOUNT: N_("Discount column"),
    PaperPart.TAX: N_("Tax column"),
    PaperPart.SIGNATURES: N_("Signature boxes"),
    PaperPart.BANK: N_("Bank details"),
    TextPlace.OPENING: N_("Opening text"),
    TextPlace.CLOSING: N_("Closing text"),
    TextPlace.FOOTER: N_("Footer"),
}
# The cycle of values that a tap steps through, by the field of the look.
TURNED: Final[Mapping[str, tuple[str, type[StrEnum]]]] = {
    "design": (N_("Design"), Design),
    "page": (N_("Page"), PageSize),
    "logo": (N_("Logo size"), LogoSize),
    "logo_side": (N_("Logo position"), LogoSide),
}
SOURCES: Final[Mapping[Source, str]] = {
    Source.DOCUMENT: N_("set for this document"),
    Source.PARTY: N_("set for this customer or vendor"),
    Source.KIND: N_("default for this type"),
    Source.COMPANY: N_("company default"),
}


def colour_words(code: str, reader: Reader) -> str:
    """Return a colour by its name and its code."""
    return f"{reader.text(PALETTE[code])} ({code})" if code in PALETTE else code


def scope_words(scope: Sequence[str], reader: Reader) -> str:
    """Return the papers that a template is meant for."""
    if not scope:
        return reader.text(N_("all documents"))
    return reader.translator.list([scope_label(each, reader) for each in scope])


def scope_label(name: str, reader: Reader) -> str:
    """Return a capability or a kind in the reader's words."""
    label = CAPABILITIES[name].label if name in CAPABILITIES else type_of(name).plural
    return reader.text(label)


def every_scope() -> tuple[str, ...]:
    """Return every scope: first what papers have in common, then their kinds."""
    return (*CAPABILITIES, *map(str, DOCUMENT_TYPES))


def language_words(code: str, reader: Reader) -> str:
    """Return the name of a language."""
    return str(reader.translator.locale.languages.get(code, code))


def logo_words(look: PaperLook, reader: Reader) -> str:
    """Return the size and the side of the logo."""
    size = reader.text(WORDS[look.logo])
    return size if look.logo is LogoSize.NONE else f"{size}, {reader.text(WORDS[look.logo_side])}"


def chosen_words(found: Chosen, reader: Reader) -> str:
    """Return the template of a paper and the rule that chose it; empty if there is none."""
    if found.template is None:
        return ""
    return f"{found.template.name} ({reader.text(SOURCES[found.source])})"
