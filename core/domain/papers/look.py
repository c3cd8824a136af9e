"""How a paper looks, and what it says besides its facts: what a template gives to a paper.

A look is frozen with the paper that was issued with it, so that a template may change and the
papers of before stay as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STANDARD_ACCENT: Final = "#184758"


class Design(StrEnum):
    """How the parts of a page are set."""

    STANDARD = "standard"
    COMPACT = "compact"
    ELEGANT = "elegant"


class PageSize(StrEnum):
    """The paper that the printer holds."""

    A4 = "A4"
    LETTER = "Letter"


class LogoSize(StrEnum):
    """How large the company's logo is, or that there is none."""

    NONE = "none"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class LogoSide(StrEnum):
    """Where the logo stands; start is the left of a page that reads left to right."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class PaperPart(StrEnum):
    """What a paper can do without: columns of its table, and blocks around it."""

    SKU = "sku"
    UNIT = "unit"
    DISCOUNT = "discount"
    TAX = "tax"
    SIGNATURES = "signatures"
    BANK = "bank"


class TextPlace(StrEnum):
    """Where a text of the template stands: above the lines, below all else, at every foot."""

    OPENING = "opening"
    CLOSING = "closing"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The texts of a template in one language, as they were typed, with their placeholders."""

    language: str
    opening: str = ""
    closing: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class PaperLook:
    """What a template says about a paper.

    Attributes:
        design: how the parts of a page are set.
        accent: the colour of titles and lines, as "#rrggbb".
        page: the size of the pages.
        logo: how large the logo is.
        logo_side: where it stands.
        hidden: the parts that are left out.
        words: the texts by language; where a language has none, the first that has one stands.
    """

    design: Design = Design.STANDARD
    accent: str = STANDARD_ACCENT
    page: PageSize = PageSize.A4
    logo: LogoSize = LogoSize.MEDIUM
    logo_side: LogoSide = LogoSide.START
    hidden: tuple[PaperPart, ...] = ()
    words: tuple[PaperWords, ...] = ()

    def text(self, place: TextPlace, language: str) -> str:
        """The text of a place in a language, else in the first language that has one."""
        theirs = [each for each in self.words if each.language == language]
        texts = (str(getattr(each, place.value)) for each in (*theirs, *self.words))
        return next(filter(None, texts), "")


STANDARD_LOOK: Final = PaperLook()
"""What a paper looks like for which nobody has said anything."""
