"""How a paper looks: measures in millimetres, sizes in points, colours; nothing else says it.

A look (:mod:`core.domain.papers.look`) names a design, a colour and a size of page; a
:class:`Theme` is all that follows from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from core.domain.papers.look import STANDARD_LOOK, Design, PageSize, PaperLook

Colour = tuple[int, int, int]

POINT: Final = 25.4 / 72
"""One point in millimetres."""

INK: Final[Colour] = (31, 41, 51)
MUTED: Final[Colour] = (101, 113, 126)
HAIRLINE: Final[Colour] = (219, 224, 229)
SHADE: Final[Colour] = (243, 246, 248)
WHITE: Final[Colour] = (255, 255, 255)
GHOST: Final[Colour] = (232, 235, 239)
"""A mark across the page: seen, and read through."""

THIN: Final = 0.2
STRONG: Final = 0.5


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set: its size in points, weight, colour and line distance."""

    size: float
    bold: bool = False
    colour: Colour = INK
    spacing: float = 1.36

    @property
    def leading(self) -> float:
        """From one line to the next, in millimetres."""
        return self.size * POINT * self.spacing

    @property
    def ascent(self) -> float:
        """From the top of a line to where its letters stand, in millimetres."""
        return self.leading / 2 + self.size * POINT * 0.355


STRONG_BODY: Final = Style(9, bold=True)
MARK: Final = Style(104, bold=True, colour=GHOST)


_PAGES: Final[dict[PageSize, tuple[float, float]]] = {
    PageSize.A4: (210.0, 297.0),
    PageSize.LETTER: (215.9, 279.4),
}
"""Width and height; A4 is what every printer outside North America holds."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How the parts of a page are set: in what a design differs beside its measures.

    Attributes:
        band: the height of a band of the accent along the upper edge of every page.
        centred: whether company and title stand in the middle, under each other.
        strip: whether the facts stand beside each other across the page, not in a box.
        facts_fill: what is behind the facts.
        facts_line: whether a line of the accent stands before them.
        heading_fill: what is behind the headings of a table.
        heading_rules: whether lines of the accent stand above and below the headings.
        zebra: whether every other row of a table is shaded.
        row_rules: whether a line stands below every row.
        row_room: between a row's edge and its text.
        narrow: a column of text that needs no more than this gets it, whatever its share is.
        total_fill: what is behind the total.
        total_rule: whether a line of the accent stands below the total too.
        under_head: the thickness of the line under the letterhead, and whether it is strong.
    """

    band: float = 0.0
    centred: bool = False
    strip: bool = False
    facts_fill: Colour | None = SHADE
    facts_line: bool = False
    heading_fill: Colour | None = SHADE
    heading_rules: bool = False
    zebra: bool = False
    row_rules: bool = True
    row_room: float = 1.5
    narrow: float = 0.0
    total_fill: Colour | None = SHADE
    total_rule: bool = False
    under_head: float = STRONG


@dataclass(frozen=True, slots=True)
class Theme:
    """The measures of a page, and the styles of what stands on it.

    Attributes:
        page: the size of the page by its name.
        page_width: the width of the page.
        page_height: its height.
        accent: the colour of titles and strong lines.
        margin: from the sides to what is printed.
        top: from the upper edge to what is printed.
        bottom: from the lower edge: the footer stands in it.
        setting: how its parts are set.
    """

    page: PageSize
    page_width: float
    page_height: float
    accent: Colour
    margin: float
    top: float
    bottom: float
    setting: Setting
    title: Style
    number: Style
    company: Style
    body: Style
    party: Style
    small: Style
    label: Style
    fact_label: Style
    fact: Style
    cell: Style
    cell_note: Style
    heading: Style
    total: Style
    amount: Style
    foot: Style
    running: Style
    running_number: Style

    @property
    def content_width(self) -> float:
        """The width of what is printed."""
        return self.page_width - 2 * self.margin

    @property
    def content_end(self) -> float:
        """Where the footer's room begins."""
        return self.page_height - self.bottom


def colour_of(code: str) -> Colour:
    """The colour that is written as "#rrggbb"."""
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue


@dataclass(frozen=True, slots=True)
class _Measures:
    """What a design's theme is made of: margins, the scale of its texts, its setting."""

    margin: float
    top: float
    bottom: float
    scale: float = 1.0
    title: float = 21.0
    setting: Setting = field(default_factory=Setting)
    # What is left out of the setting because it depends on the accent.
    on_accent: bool = False


_NARROW: Final = 12.0

_DESIGNS: Final[Mapping[Design, _Measures]] = {
    Design.STANDARD: _Measures(margin=18.0, top=16.0, bottom=22.0),
    Design.COMPACT: _Measures(
        margin=14.0,
        top=12.0,
        bottom=17.0,
        scale=0.92,
        title=16.0,
        setting=Setting(
            strip=True, zebra=True, row_rules=False, row_room=0.9, narrow=_NARROW, under_head=0.0
        ),
        on_accent=True,
    ),
    Design.ELEGANT: _Measures(
        margin=24.0,
        top=17.0,
        bottom=22.0,
        title=23.0,
        setting=Setting(
            band=3.0,
            centred=True,
            facts_fill=None,
            facts_line=True,
            heading_fill=None,
            heading_rules=True,
            row_room=2.0,
            narrow=_NARROW,
            total_fill=None,
            total_rule=True,
            under_head=THIN,
        ),
    ),
}


@lru_cache(maxsize=64)
def theme_of(look: PaperLook) -> Theme:
    """The theme of a look."""
    width, height = _PAGES[look.page]
    accent = colour_of(look.accent)
    found = _DESIGNS[look.design]
    setting, emphasis = found.setting, accent
    if found.on_accent:
        setting = replace(setting, heading_fill=accent, total_fill=accent)
        emphasis = WHITE
    scale = found.scale
    return Theme(
        page=look.page,
        page_width=width,
        page_height=height,
        accent=accent,
        margin=found.margin,
        top=found.top,
        bottom=found.bottom,
        setting=setting,
        title=Style(found.title, bold=True, colour=accent, spacing=1.2),
        number=Style(11.5 * scale, bold=True),
        company=Style(13 * scale, bold=True, colour=accent),
        body=Style(9 * scale),
        party=Style(10 * scale, bold=True),
        small=Style(8 * scale, colour=MUTED),
        label=Style(7.5 * scale, bold=True, colour=MUTED),
        fact_label=Style(8 * scale, colour=MUTED),
        fact=Style(8.5 * scale),
        cell=Style(8.5 * scale),
        cell_note=Style(7.5 * scale, colour=MUTED),
        heading=Style(7.5 * scale, bold=True, colour=emphasis),
        total=Style(11 * scale, bold=True, colour=emphasis),
        amount=Style(22, bold=True, colour=accent, spacing=1.2),
        foot=Style(7, colour=MUTED),
        running=Style(8, colour=MUTED),
        running_number=Style(8, bold=True, colour=accent),
    )


STANDARD: Final = theme_of(STANDARD_LOOK)
"""What a paper looks like for which nobody has said anything."""
