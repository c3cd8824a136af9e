"""What stands where: pieces on blocks, blocks on pages. No font file and no PDF in here.

All places are in millimetres. Horizontal ones are counted from the edge where reading begins, so
that one layout serves pages of both directions; whoever draws mirrors them.
"""

from dataclasses import dataclass, field

from core.domain.papers.view import Alignment
from core.pdf.theme import Colour, Style, Theme


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``baseline`` is where its letters stand, below the block's top."""

    text: str
    style: Style
    x: float
    width: float
    baseline: float
    alignment: Alignment = Alignment.START


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    x: float
    y: float
    width: float
    thickness: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle, filled, outlined or both."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    outline: Colour | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, given by its bytes, fitted into a rectangle of its own proportions."""

    content: bytes
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Dots:
    """A square code: rows of dots from the top, 1 for a dark one; its quiet zone is not in it."""

    rows: tuple[bytes, ...]
    x: float
    y: float
    width: float
    colour: Colour


Piece = Words | Rule | Panel | Picture | Dots


@dataclass(slots=True)
class Block:
    """Pieces that stay together, with the height that they take."""

    height: float = 0.0
    pieces: list[Piece] = field(default_factory=list)

    def lines(
        self,
        lines: list[str],
        style: Style,
        *,
        x: float,
        width: float,
        top: float,
        alignment: Alignment = Alignment.START,
    ) -> float:
        """Put lines of text under each other; the block grows with them.

        Returns:
            Where the next line would begin.
        """
        for line in lines:
            if line:
                baseline = top + style.ascent
                self.pieces.append(Words(line, style, x, width, baseline, alignment))
            top += style.leading
        self.height = max(self.height, top)
        return top


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the place of its top on its page."""

    y: float
    block: Block


class Flow:
    """Fills pages from top to bottom.

    Args:
        theme: the measures of a page.
        running: what stands at the top of every page but the first.
        below: how much of the page's foot is taken beside what the theme keeps for it.
    """

    def __init__(self, theme: Theme, running: Block, *, below: float = 0.0) -> None:
        self.pages: list[list[Placed]] = [[]]
        self._top, self._end = theme.top, theme.content_end - below
        self._running = running
        self._y = theme.top

    @property
    def room(self) -> float:
        """What is left of the page, in millimetres."""
        return self._end - self._y

    @property
    def whole_room(self) -> float:
        """What a page offers that has nothing on it but its running head."""
        return self._end - self._top - self._running.height

    def fits(self, height: float) -> bool:
        """Whether something of this height still fits on the page, or never would on any."""
        return height <= self.room or height > self.whole_room

    def next_page(self) -> None:
        """Begin a page."""
        self.pages.append([Placed(self._top, self._running)])
        self._y = self._top + self._running.height

    def place(self, block: Block) -> None:
        """Put a block on the page, or on the next one where it does not fit."""
        if not self.fits(block.height):
            self.next_page()
        self.pages[-1].append(Placed(self._y, block))
        self._y += block.height

    def gap(self, height: float) -> None:
        """Leave room; a gap at the end of a page is not carried to the next."""
        self._y = min(self._y + height, self._end)
