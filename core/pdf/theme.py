"""How a paper looks: measures in millimetres, sizes in points, colours; nothing else says it."""

from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
"""A4, which every printer outside North America holds."""
MARGIN: Final = 18.0
TOP: Final = 16.0
BOTTOM: Final = 22.0
"""From the lower edge: the footer stands in it."""
CONTENT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
CONTENT_END: Final = PAGE_HEIGHT - BOTTOM
POINT: Final = 25.4 / 72
"""One point in millimetres."""

INK: Final[Colour] = (31, 41, 51)
MUTED: Final[Colour] = (101, 113, 126)
ACCENT: Final[Colour] = (24, 71, 88)
HAIRLINE: Final[Colour] = (219, 224, 229)
SHADE: Final[Colour] = (243, 246, 248)
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


TITLE: Final = Style(21, bold=True, colour=ACCENT, spacing=1.2)
NUMBER: Final = Style(11.5, bold=True)
COMPANY: Final = Style(13, bold=True, colour=ACCENT)
BODY: Final = Style(9)
STRONG_BODY: Final = Style(9, bold=True)
PARTY: Final = Style(10, bold=True)
SMALL: Final = Style(8, colour=MUTED)
LABEL: Final = Style(7.5, bold=True, colour=MUTED)
FACT_LABEL: Final = Style(8, colour=MUTED)
FACT: Final = Style(8.5)
CELL: Final = Style(8.5)
CELL_NOTE: Final = Style(7.5, colour=MUTED)
HEADING: Final = Style(7.5, bold=True, colour=ACCENT)
TOTAL: Final = Style(11, bold=True, colour=ACCENT)
AMOUNT: Final = Style(22, bold=True, colour=ACCENT, spacing=1.2)
FOOT: Final = Style(7, colour=MUTED)
RUNNING: Final = Style(8, colour=MUTED)
RUNNING_NUMBER: Final = Style(8, bold=True, colour=ACCENT)
MARK: Final = Style(104, bold=True, colour=GHOST)
