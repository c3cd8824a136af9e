"""A table: columns that find their widths, headings that return on every page, long rows split."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.paper import Alignment
from core.pdf.layout import Block, Flow, Panel, Rule
from core.pdf.theme import CONTENT_WIDTH, HAIRLINE, HEADING, MARGIN, SHADE, THIN, Style
from core.pdf.typesetter import Typesetter

_SIDE = 1.4
"""Between a column's edge and its text."""
_ABOVE = 1.5
"""Between a row's edge and its text."""
_MOST_LINES = 45
"""What a row may hold before it is split: well under a page."""
_LEAST_TEXT = 0.45
"""The share of the width that the columns of text have for sure."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the room for text, and where its text stands."""

    heading: str
    weight: int
    alignment: Alignment


Cell = Sequence[tuple[str, Style]]
"""Paragraphs under each other."""
Row = Sequence[Cell]
Line = tuple[str, Style]


class Table:
    """Lays a table out over the pages of a flow.

    Columns that end at a common edge hold numbers: they are as wide as their widest number,
    and never broken if that can be helped. The others share what is left.

    Args:
        typesetter: measures and breaks the texts.
        columns: the columns, from start to end.
        rows: the rows, each with one cell for each column.
    """

    def __init__(
        self, typesetter: Typesetter, columns: Sequence[Column], rows: Sequence[Row]
    ) -> None:
        self._set = typesetter
        self._columns = columns
        self._rows = rows
        self._widths = self._find_widths()
        self._heading = self._build_heading()

    def flow(self, flow: Flow, *, closing: float = 0.0) -> None:
        """Lay the table out.

        Args:
            flow: where to.
            closing: the height of what must stand on the same page as the last row.
        """
        blocks = [block for row in self._rows for block in self._build_row(row)]
        needed = [block.height for block in blocks] or [0.0]
        if flow.whole_room >= self._heading.height + needed[-1] + closing:
            needed[-1] += closing
        if not flow.fits(self._heading.height + needed[0]):
            flow.next_page()
        flow.place(self._heading)
        for block, height in zip(blocks, needed, strict=False):
            if not flow.fits(height):
                flow.next_page()
                flow.place(self._heading)
            flow.place(block)

    def _find_widths(self) -> list[float]:
        natural = [
            self._natural(place, column) if column.alignment is Alignment.END else 0.0
            for place, column in enumerate(self._columns)
        ]
        numbers = sum(natural)
        most = CONTENT_WIDTH * (1 - _LEAST_TEXT)
        shrink = min(1.0, most / numbers) if numbers else 1.0
        left = CONTENT_WIDTH - numbers * shrink
        weights = sum(each.weight for each in self._columns if each.alignment is not Alignment.END)
        if not weights:
            return [width * CONTENT_WIDTH / numbers for width in natural]
        return [
            width * shrink if column.alignment is Alignment.END else left * column.weight / weights
            for column, width in zip(self._columns, natural, strict=True)
        ]

    def _natural(self, place: int, column: Column) -> float:
        measure = self._set.width
        texts = {paragraph for row in self._rows for paragraph in row[place]}
        widest = max((measure(text, style) for text, style in texts), default=0.0)
        heading = max(measure(word, HEADING) for word in column.heading.split(" "))
        return max(widest, heading) + 2 * _SIDE

    def _build_heading(self) -> Block:
        texts: list[list[Line]] = [
            [
                (line, HEADING)
                for line in self._set.wrap(column.heading, HEADING, width - 2 * _SIDE)
            ]
            for column, width in zip(self._columns, self._widths, strict=True)
        ]
        block = Block()
        most = max(len(lines) for lines in texts)
        height = most * HEADING.leading + 2 * _ABOVE
        block.pieces.append(Panel(MARGIN, 0, CONTENT_WIDTH, height, fill=SHADE))
        # Short headings stand at the foot, next to what they are about.
        padded = [[*[("", HEADING)] * (most - len(lines)), *lines] for lines in texts]
        self._fill(block, padded)
        return block

    def _build_row(self, row: Row) -> list[Block]:
        """One row as blocks: one, or several for a text of more lines than a page should hold."""
        cells: list[list[Line]] = [
            [
                (line, style)
                for text, style in cell
                for line in self._set.wrap(text, style, width - 2 * _SIDE)
            ]
            for cell, width in zip(row, self._widths, strict=True)
        ]
        most = max(map(len, cells))
        blocks: list[Block] = []
        for start in range(0, max(most, 1), _MOST_LINES):
            block = Block()
            self._fill(block, [lines[start : start + _MOST_LINES] for lines in cells])
            blocks.append(block)
        last = blocks[-1]
        last.pieces.append(Rule(MARGIN, last.height, CONTENT_WIDTH, THIN, HAIRLINE))
        return blocks

    def _fill(self, block: Block, cells: list[list[Line]]) -> None:
        x = MARGIN
        bottom = 0.0
        for column, width, lines in zip(self._columns, self._widths, cells, strict=True):
            top = _ABOVE
            for line, style in lines:
                top = block.lines(
                    [line],
                    style,
                    x=x + _SIDE,
                    width=width - 2 * _SIDE,
                    top=top,
                    alignment=column.alignment,
                )
            bottom = max(bottom, top)
            x += width
        block.height = bottom + _ABOVE
