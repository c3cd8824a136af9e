"""What the parts of a paper around its table have in common."""

from collections.abc import Iterable
from typing import Final

from core.domain.papers.view import Alignment, LabelledText, Paper
from core.pdf.layout import Block
from core.pdf.typesetter import Typesetter

GUTTER: Final = 6.0
"""Between two parts beside each other."""
PADDING: Final = 3.0
"""Between a panel's edge and what stands in it."""

Facts = list[tuple[str, str]]
"""Labels and what stands behind them, prepared."""


class Part:
    """Makes blocks of one paper.

    Args:
        paper: what the blocks are about.
        typesetter: prepares the texts.
    """

    def __init__(self, paper: Paper, typesetter: Typesetter) -> None:
        self._paper = paper
        self._set = typesetter
        self._theme = typesetter.theme

    def _labelled(self, texts: Iterable[LabelledText]) -> Facts:
        return [(self._set.message(each.label), self._set.code(each.value)) for each in texts]

    def _fact(
        self, block: Block, label: str, value: str, *, x: float, width: float, top: float
    ) -> float:
        """A label and its value in one line where both fit, else the value below."""
        named = self._set.wrap(label, self._theme.fact_label, width)
        room = width - self._set.width(named[-1], self._theme.fact_label) - 3.0
        after = block.lines(named, self._theme.fact_label, x=x, width=width, top=top)
        if "\n" not in value and self._set.width(value, self._theme.fact) <= room:
            last = after - self._theme.fact_label.leading
            beside = last + self._theme.fact_label.ascent - self._theme.fact.ascent
            block.lines(
                [value], self._theme.fact, x=x, width=width, top=beside, alignment=Alignment.END
            )
            return after + 0.5
        lines = self._set.clipped(value, self._theme.fact, width)
        after = block.lines(
            lines, self._theme.fact, x=x, width=width, top=after, alignment=Alignment.END
        )
        return after + 0.5
