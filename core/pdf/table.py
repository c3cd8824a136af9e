"""A table: columns that find their widths, headings that return on every page, long rows split."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.papers.view import Alignment
from core.pdf.layout import Block, Flow, Panel, Rule
from core.pdf.theme import HAIRLINE, SHADE, STRONG, THIN, Style
from core.pdf.typesetter import Typesetter

_SIDE = 1.7
"""Between a column's edge and its text."""
_MOST_LINES = 12
"""A row of more lines may go on on the next page, after so many of them."""
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
        self._theme = typesetter.theme
        self._setting = typesetter.theme.setting
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
        blocks = [
            block
            for place, row in enumerate(self._rows)
            for block in self._build_row(row, shaded=self._setting.zebra and place % 2 == 1)
        ]
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
        """A width for each column: numbers what they need, texts what they need or their share.

        A column of text that needs less than its share leaves the rest to the others, and the
        heaviest one takes what nobody needs.
        """
        places = range(len(self._columns))
        needed = [self._needed(place) for place in places]
        numbers = [each for each in places if self._columns[each].alignment is Alignment.END]
        texts = [each for each in places if each not in numbers]
        most = (
            self._theme.content_width * (1 - _LEAST_TEXT) if texts else self._theme.content_width
        )
        shrink = min(1.0, most / max(sum(needed[each] for each in numbers), 1.0))
        widths = {each: needed[each] * shrink for each in numbers}
        widest = max(texts or numbers, key=lambda each: self._columns[each].weight)
        while texts:
            left = self._theme.content_width - sum(widths.values())
            share = left / sum(self._columns[each].weight for each in texts)
            modest = [
                each
                for each in texts
                if needed[each] <= max(share * self._columns[each].weight, self._setting.narrow)
            ]
            for each in modest or texts:
                widths[each] = needed[each] if modest else share * self._columns[each].weight
            texts = [each for each in texts if each not in widths]
        widths[widest] += self._theme.content_width - sum(widths.values())
        return [widths[each] for each in places]

    def _needed(self, place: int) -> float:
        """The width of a column that never has to break a line of its cells."""
        measure = self._set.width
        texts = {paragraph for row in self._rows for paragraph in row[place]}
        widest = max((measure(text, style) for text, style in texts), default=0.0)
        column = self._columns[place]
        # A heading over numbers is broken between its words; over a text there is room for it.
        parts = (
            column.heading.split(" ") if column.alignment is Alignment.END else [column.heading]
        )
        heading = max(measure(part, self._theme.heading) for part in parts)
        return max(widest, heading) + 2 * _SIDE

    def _build_heading(self) -> Block:
        texts: list[list[Line]] = [
            [
                (line, self._theme.heading)
                for line in self._set.wrap(column.heading, self._theme.heading, width - 2 * _SIDE)
            ]
            for column, width in zip(self._columns, self._widths, strict=True)
        ]
        block = Block()
        most = max(len(lines) for lines in texts)
        height = most * self._theme.heading.leading + 2 * self._setting.row_room
        x, width = self._theme.margin, self._theme.content_width
        if self._setting.heading_fill is not None:
            block.pieces.append(Panel(x, 0, width, height, fill=self._setting.heading_fill))
        if self._setting.heading_rules:
            block.pieces.append(Rule(x, 0, width, STRONG, self._theme.accent))
            block.pieces.append(Rule(x, height, width, THIN, self._theme.accent))
        # Short headings stand at the foot, next to what they are about.
        padded = [[*[("", self._theme.heading)] * (most - len(lines)), *lines] for lines in texts]
        self._fill(block, padded, top=self._setting.row_room)
        block.height += self._setting.row_room
        return block

    def _build_row(self, row: Row, *, shaded: bool) -> list[Block]:
        """One row as blocks: one, or several that may stand on different pages for a long text."""
        cells: list[list[Line]] = [
            [
                (line, style)
                for text, style in cell
                for line in self._set.wrap(text, style, width - 2 * _SIDE)
            ]
            for cell, width in zip(row, self._widths, strict=True)
        ]
        most = max(map(len, cells))
        starts = range(0, max(most, 1), _MOST_LINES)
        blocks: list[Block] = []
        for start in starts:
            block = Block()
            part = [lines[start : start + _MOST_LINES] for lines in cells]
            self._fill(block, part, top=0.0 if start else self._setting.row_room)
            blocks.append(block)
        last = blocks[-1]
        last.height += self._setting.row_room
        x, width = self._theme.margin, self._theme.content_width
        if self._setting.row_rules:
            last.pieces.append(Rule(x, last.height, width, THIN, HAIRLINE))
        if shaded:
            for block in blocks:
                block.pieces.insert(0, Panel(x, 0, width, block.height, fill=SHADE))
        return blocks

    def _fill(self, block: Block, cells: list[list[Line]], *, top: float) -> None:
        x = self._theme.margin
        for column, width, lines in zip(self._columns, self._widths, cells, strict=True):
            y = top
            for line, style in lines:
                y = block.lines(
                    [line],
                    style,
                    x=x + _SIDE,
                    width=width - 2 * _SIDE,
                    top=y,
                    alignment=column.alignment,
                )
            x += width
