"""Cut the fonts of the papers out of the Noto fonts; run by hand, its results are committed.

    python tools/cut_fonts.py [SOURCE]

SOURCE is a folder with the static Noto fonts, as Debian's package ``fonts-noto-core``
installs them (release 20201225: its Arabic draws every letter as one glyph, so that the text
of a paper can be copied). The cut fonts lose the hinting, which only small screens ask for,
and the characters that no business letter holds; what remains is a quarter of the size, and
that is what makes a paper quick to draw. Noto has no reserved font name, so that the cut
fonts may keep theirs; their licence lies beside them.
"""

import argparse
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont

LOGGER = logging.getLogger(__name__)
DEBIAN = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).resolve().parent.parent / "core" / "pdf" / "font_files"

EUROPEAN = (
    (0x0020, 0x024F),  # Latin with its extensions
    (0x0259, 0x0259),  # schwa, as Azerbaijani writes it
    (0x02B0, 0x036F),  # modifier letters, combining marks
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x1E00, 0x1FFF),  # Vietnamese and others, Greek with its accents
    (0x2000, 0x206F),  # punctuation and spaces
    (0x2070, 0x20CF),  # superscripts, signs of currencies
    (0x2100, 0x218F),  # letters as signs, fractions
    (0x2C60, 0x2C7F),  # more Latin
    (0xA720, 0xA78F),  # more Latin
    (0xFB00, 0xFB06),  # ligatures
    (0xFFFD, 0xFFFD),  # the mark for what a font does not have
)
SYMBOLS = (
    (0x2190, 0x2199),  # arrows
    (0x21D2, 0x21D4),  # double arrows
    (0x2200, 0x22FF),  # mathematics, the true minus among it
    (0x2318, 0x2318),  # the command key
    (0x2460, 0x2473),  # numbers in circles
    (0x25A0, 0x25FF),  # boxes, circles, triangles
    (0x2600, 0x266F),  # weather, telephones, ballot boxes, cards, notes
    (0x2690, 0x26A1),  # flags, tools, warnings
    (0x2701, 0x27BF),  # ticks, crosses, stars
    (0x2B05, 0x2B0D),  # thick arrows
)
EVERYTHING = ((0x0020, 0x10FFFF),)
MINUS = 0x2212
"""Most papers hold it: from a font of its own, that font is embedded too, in both weights."""
LENDER = "NotoSansMath-Regular"


@dataclass(frozen=True)
class Cut:
    """One font to make: its name, the files it is cut from, the characters it keeps.

    `lent`: characters that Noto Sans does not have, from `LENDER`.
    """

    name: str
    sources: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    lent: tuple[int, ...] = ()


CUTS = (
    Cut("NotoSans-Regular", ("NotoSans-Regular",), EUROPEAN, lent=(MINUS,)),
    Cut("NotoSans-Bold", ("NotoSans-Bold",), EUROPEAN, lent=(MINUS,)),
    # The first source that has a character gives it.
    Cut(
        "NotoSansSigns-Regular",
        ("NotoSansMath-Regular", "NotoSansSymbols-Regular", "NotoSansSymbols2-Regular"),
        SYMBOLS,
    ),
    Cut("NotoSansArabic-Regular", ("NotoSansArabic-Regular",), EVERYTHING),
    Cut("NotoSansArabic-Bold", ("NotoSansArabic-Bold",), EVERYTHING),
    Cut("NotoSansHebrew-Regular", ("NotoSansHebrew-Regular",), EVERYTHING),
    Cut("NotoSansHebrew-Bold", ("NotoSansHebrew-Bold",), EVERYTHING),
)


def in_ranges(characters: Iterable[int], ranges: Iterable[tuple[int, int]]) -> set[int]:
    """The characters that lie in one of the ranges, ends included."""
    bounds = tuple(ranges)
    return {each for each in characters if any(low <= each <= high for low, high in bounds)}


def cut(source: Path, characters: set[int], target: Path) -> None:
    """Write the part of a font that holds these characters."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        hinting=False,
        layout_features=["*"],
        notdef_outline=True,
        recommended_glyphs=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        drop_tables=["DSIG", "MATH", "gasp", "meta"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(target)


def lend(character: int, lender: TTFont, path: Path) -> None:
    """Put a letter of another font, of the same size, behind those of a font."""
    font = TTFont(path, recalcTimestamp=False)
    drawn, name = lender.getBestCmap()[character], f"uni{character:04X}"
    # Read before the order changes, since glyphs are named by it.
    glyphs, widths = font["glyf"], font["hmtx"]
    glyphs[name] = lender["glyf"][drawn]
    widths[name] = lender["hmtx"][drawn]
    font.setGlyphOrder(glyphs.glyphOrder)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[character] = name
    font.save(path)


def settle(path: Path, family: str, like: Path) -> None:
    """Give a merged font a name of its own, and the dates of its first part."""
    font = TTFont(path, recalcTimestamp=False)
    dates = TTFont(like)["head"]
    font["head"].created, font["head"].modified = dates.created, dates.modified
    names = font["name"]
    for identifier, text in ((1, family), (4, family), (6, family.replace(" ", ""))):
        names.setName(text, identifier, 3, 1, 0x409)
    font.save(path)


def make(order: Cut, source: Path, target: Path) -> None:
    """Make one font of the papers.

    Args:
        order: what to cut.
        source: the folder of the whole fonts.
        target: the folder for the cut ones.
    """
    result = target / f"{order.name}.ttf"
    with TemporaryDirectory() as folder:
        parts: list[str] = []
        taken: set[int] = set()
        for name in order.sources:
            whole = source / f"{name}.ttf"
            wanted = in_ranges(TTFont(whole).getBestCmap(), order.ranges) - taken
            taken |= wanted
            parts.append(str(Path(folder) / f"{name}.ttf"))
            cut(whole, wanted, Path(parts[-1]))
        if len(parts) == 1:
            result.write_bytes(Path(parts[0]).read_bytes())
        else:
            merged = merge.Merger(merge.Options(drop_tables=["GSUB", "GPOS", "GDEF"])).merge(parts)
            merged.save(result)
            settle(result, "Noto Sans Signs", Path(parts[0]))
    for character in order.lent:
        lend(character, TTFont(source / f"{LENDER}.ttf"), result)
    LOGGER.info(
        "%s: %d characters, %d bytes",
        result.name,
        len(taken | {*order.lent}),
        result.stat().st_size,
    )


def main() -> None:
    """Make all fonts of the papers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", nargs="?", type=Path, default=DEBIAN)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    source = parser.parse_args().source
    for order in CUTS:
        make(order, source, TARGET)


if __name__ == "__main__":
    main()
