"""The fonts of the papers: which there are, what they cover, how wide their letters are.

The fonts are cut ahead of time (``tools/cut_fonts.py``), read once for a process and never
changed afterwards; a document gets a light copy with a record of its own of the glyphs that it
shows. Fonts that came from elsewhere are never used: the core fonts of PDF lack most letters,
and variable fonts cost seconds for each paper.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Final

import uharfbuzz
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import TextEmphasis
from fpdf.fonts import SubsetMap, TTFFont

from core.pdf import subset
from core.pdf.bidi import ISOLATES

_FOLDER: Final = Path(__file__).parent / "font_files"


WIDTHLESS: Final = ISOLATES | {"\n"}
"""What a text may hold besides the characters of the fonts."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family of fonts.

    Attributes:
        name: the name that fpdf2 knows it by: small letters only.
        regular: the file of the ordinary weight.
        bold: the file of the bold weight.
        joins: whether its letters must be shaped: they join, or read from right to left.
    """

    name: str
    regular: str
    bold: str
    joins: bool = False

    def path(self, *, bold: bool) -> Path:
        """The font file of a weight."""
        return _FOLDER / (self.bold if bold else self.regular)


TEXT: Final = Family("text", "NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
"""Latin, Greek, Cyrillic: what every line is set in, as far as it goes."""

FAMILIES: Final = (
    TEXT,
    Family("signs", "NotoSansSigns-Regular.ttf", "NotoSansSigns-Regular.ttf"),
    Family("hebrew", "NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf", joins=True),
    Family("arabic", "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", joins=True),
)
"""A character is set in the first family that has it."""


class Face:
    """A font file, read once: what all documents share and none changes."""

    def __init__(self, path: Path) -> None:
        self.pattern = TTFFont(FPDF(), path, "pattern", "")
        parsed: TTFont = self.pattern.ttfont
        # Reading on demand is not safe between threads, so what a document may ask is read now.
        parsed.getReverseGlyphMap()
        self.parsed = parsed
        self.harfbuzz = uharfbuzz.Face(uharfbuzz.Blob(path.read_bytes()))
        self.widths: Mapping[str, float] = MappingProxyType(
            {chr(code): float(self.pattern.cw[code]) for code in self.pattern.cmap}
        )
        parsed.close()


_faces: dict[Path, Face] = {}
_faces_lock = Lock()


def face(path: Path) -> Face:
    """The face of a font file; read at the first call, also when threads call together."""
    with _faces_lock:
        if path not in _faces:
            _faces[path] = Face(path)
        return _faces[path]


@lru_cache(maxsize=1)
def coverage() -> Mapping[str, Family]:
    """Every character that can be printed, and the family that it is set in."""
    found: dict[str, Family] = {}
    for family in reversed(FAMILIES):
        found.update(dict.fromkeys(face(family.path(bold=False)).widths, family))
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def joining() -> frozenset[str]:
    """The characters that must be shaped."""
    return frozenset(each for each, family in coverage().items() if family.joins)


@lru_cache(maxsize=2)
def widths(*, bold: bool) -> Mapping[str, float]:
    """The width of every character that can be set, in thousandths of the font's size."""
    found: dict[str, float] = {}
    for family in reversed(FAMILIES):
        found.update(face(family.path(bold=bold)).widths)
    return MappingProxyType(found | dict.fromkeys(WIDTHLESS, 0.0))


Attach = Callable[[FPDF, Family, bool], None]
"""How a document gets a font: the document, the family, whether the bold weight."""


def attach_parsed(pdf: FPDF, family: Family, bold: bool) -> None:  # noqa: FBT001 - an Attach
    """Give a document a light copy of a font that has been read before."""
    shared = face(family.path(bold=bold))
    font = copy.copy(shared.pattern)
    font.i = len(pdf.fonts) + 1
    font.fontkey = family.name + ("B" if bold else "")
    font.emphasis = TextEmphasis.coerce("B" if bold else "")
    font.missing_glyphs = []
    font.desc = copy.copy(shared.pattern.desc)
    font.ttfont = subset.CutFont(shared.parsed, shared.harfbuzz)
    font.subset = SubsetMap(font)
    pdf.fonts[font.fontkey] = font


def attach_plain(pdf: FPDF, family: Family, bold: bool) -> None:  # noqa: FBT001 - an Attach
    """Give a document a font in fpdf2's own way, which reads it anew."""
    pdf.add_font(family.name, "B" if bold else "", family.path(bold=bold))


def attach_way(*, available: bool) -> Attach:
    """The quick way where fpdf2 allows it."""
    return attach_parsed if available else attach_plain


ATTACH: Final = attach_way(available=subset.AVAILABLE)
