"""What the parts of a paper around its table have in common."""

from collections.abc import Iterable
from typing import Final

from core.domain.paper import Alignment, LabelledText, Paper
from core.pdf import theme
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

    def _labelled(self, texts: Iterable[LabelledText]) -> Facts:
        return [(self._set.message(each.label), self._set.code(each.value)) for each in texts]

    def _fact(
        self, block: Block, label: str, value: str, *, x: float, width: float, top: float
    ) -> float:
        """A label and its value in one line where both fit, else the value below."""
        named = self._set.wrap(label, theme.FACT_LABEL, width)
        room = width - self._set.width(named[-1], theme.FACT_LABEL) - 3.0
        after = block.lines(named, theme.FACT_LABEL, x=x, width=width, top=top)
        if "\n" not in value and self._set.width(value, theme.FACT) <= room:
            last = after - theme.FACT_LABEL.leading
            beside = last + theme.FACT_LABEL.ascent - theme.FACT.ascent
            block.lines([value], theme.FACT, x=x, width=width, top=beside, alignment=Alignment.END)
            return after + 0.5
        lines = self._set.clipped(value, theme.FACT, width)
        after = block.lines(
            lines, theme.FACT, x=x, width=width, top=after, alignment=Alignment.END
        )
        return after + 0.5
