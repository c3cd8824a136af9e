"""Cutting the fonts of one paper with HarfBuzz instead of fontTools.

A paper carries only the glyphs that it shows. fpdf2 has them cut out by fontTools, in Python,
anew for every document: that and the parsing of the fonts are nine tenths of the time of a
short paper. HarfBuzz cuts the same glyphs in a millisecond. fpdf2 has no place to choose the
cutter, so that this module leans on names inside fpdf2 2.8.9, which is pinned: the name
``ftsubset`` in its output module, and what it asks of a font that has been cut. Where a name
is missing, ``AVAILABLE`` is false and the papers are drawn the plain way. The tests compare the
two ways.
"""

from collections.abc import Iterable
from io import BytesIO
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import fpdf.output
import uharfbuzz
from fontTools import subset as plain_subset
from fontTools.ttLib import TTFont

_LAYOUT_TABLES: Final = ("GSUB", "GPOS", "GDEF")
"""What shaping needs and a reader of the paper does not: the glyphs are chosen already."""


class CutFont:
    """Stands where fpdf2 keeps the fontTools font of one document.

    It answers what fpdf2 asks before the cut from the parsed font, which all documents share
    and none changes, and afterwards from what HarfBuzz made of it.
    """

    def __init__(self, parsed: TTFont, face: uharfbuzz.Face) -> None:
        self._parsed = parsed
        self._face = face
        self._glyphs: dict[int, int] = {}
        self._content = b""

    def __getitem__(self, table: str) -> Any:
        return self._parsed[table]

    def cut(self, names: Iterable[str]) -> None:
        """Keep these glyphs, by name, with the parts that they are composed of."""
        order = uharfbuzz.SubsetInput()
        order.flags = uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        order.glyph_set.update(self._parsed.getGlyphID(name) for name in names)
        for table in _LAYOUT_TABLES:
            order.drop_table_tag_set.add(int.from_bytes(table.encode(), "big"))
        plan = uharfbuzz.SubsetPlan(self._face, order)
        self._glyphs = dict(plan.old_to_new_glyph_mapping)
        self._content = plan.execute().blob.data

    def getGlyphName(self, glyph: int) -> str:  # noqa: N802 - fpdf2 asks by fontTools' name
        """The name of a glyph, before the cut."""
        return str(self._parsed.getGlyphName(glyph))

    def getGlyphID(self, name: str) -> int:  # noqa: N802 - fpdf2 asks by fontTools' name
        """Where a glyph stands: in the whole font, or after the cut in the cut one."""
        glyph = int(self._parsed.getGlyphID(name))
        return self._glyphs[glyph] if self._glyphs else glyph

    def save(self, target: BytesIO) -> None:
        """Write the cut font."""
        target.write(self._content)

    def close(self) -> None:
        """Let the cut font go; the parsed one stays for the next document."""
        self._content = b""


class _Subsetter(plain_subset.Subsetter):  # type: ignore[misc]  # fontTools brings no types
    """fontTools' cutter, which leaves fonts of ours to HarfBuzz."""

    def subset(self, font: TTFont | CutFont) -> None:
        """Cut a font down to the glyphs that were asked for."""
        if isinstance(font, CutFont):
            font.cut(self.glyph_names_requested)
        else:
            super().subset(font)


def install(output: ModuleType) -> bool:
    """Put the cutter into fpdf2's output module, once for the process.

    Fonts of other makers of documents in the same process are cut as before.

    Args:
        output: the module ``fpdf.output``.

    Returns:
        Whether fpdf2 and HarfBuzz have what this leans on.
    """
    if getattr(output, "ftsubset", None) is None or not hasattr(uharfbuzz, "SubsetPlan"):
        return False
    cutter = SimpleNamespace(Options=plain_subset.Options, Subsetter=_Subsetter)
    vars(output)["ftsubset"] = cutter
    return True


AVAILABLE: Final = install(fpdf.output)
