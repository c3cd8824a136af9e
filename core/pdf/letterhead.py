"""The top of the first page: our company and its logo, the title, the number."""

from typing import Final

from core.domain.messages import N_
from core.domain.papers.look import LogoSide, LogoSize
from core.domain.papers.view import Alignment
from core.pdf import logo
from core.pdf.head import Head
from core.pdf.layout import Block, Picture, Rule
from core.pdf.parts import GUTTER

_START: Final = 90.0
"""The width of the company's half of the letterhead; the title has the rest."""
_LOGOS: Final = {
    LogoSize.SMALL: (40.0, 13.0),
    LogoSize.MEDIUM: (58.0, 20.0),
    LogoSize.LARGE: (84.0, 30.0),
}
"""The most that a logo of each size takes: width and height."""
_BELOW_LOGO: Final = 2.5


class Letterhead(Head):
    """Makes the letterhead of one paper."""

    def letterhead(self) -> Block:
        """Company and title beside each other, or in the middle under each other."""
        block = Block()
        if self._theme.setting.centred:
            self._centred(block)
        else:
            self._beside(block)
        thickness = self._theme.setting.under_head
        if thickness:
            block.height += 5.0
            x, width = self._theme.margin, self._theme.content_width
            block.pieces.append(Rule(x, block.height, width, thickness, self._theme.accent))
        return block

    def _beside(self, block: Block) -> None:
        below = self._logo(block)
        at_end = self._paper.look.logo_side is LogoSide.END
        centred = self._paper.look.logo_side is LogoSide.CENTRE
        self._company(
            block, x=self._theme.margin, width=_START, top=0.0 if at_end else below,
            alignment=Alignment.START,
        )  # fmt: skip
        self._title(
            block,
            x=self._theme.margin + _START + GUTTER,
            width=self._theme.content_width - _START - GUTTER,
            top=below if at_end or centred else 0.0,
            alignment=Alignment.END,
        )

    def _centred(self, block: Block) -> None:
        x, width = self._theme.margin, self._theme.content_width
        middle = Alignment.CENTRE
        top = self._company(block, x=x, width=width, top=self._logo(block), alignment=middle)
        self._title(block, x=x, width=width, top=top + 3.0, alignment=middle)

    def _company(
        self, block: Block, *, x: float, width: float, top: float, alignment: Alignment
    ) -> float:
        company, style = self._paper.company, self._theme.company
        name = self._set.clipped(self._set.typed(company.name), style, width)
        top = block.lines(name, style, x=x, width=width, top=top, alignment=alignment)
        address = ", ".join(self._address(company))
        contacts = " · ".join(self._contacts(company))
        for text in filter(None, (address, contacts)):
            lines = self._set.clipped(text, self._theme.small, width)
            top = block.lines(
                lines, self._theme.small, x=x, width=width, top=top, alignment=alignment
            )
        return top

    def _logo(self, block: Block) -> float:
        """Put the logo at the top; the place below it."""
        size = self._paper.look.logo
        if self._paper.logo is None or size is LogoSize.NONE:
            return 0.0
        content, pixels, rows = logo.prepare(self._paper.logo)
        widest, highest = _LOGOS[size]
        scale = min(widest / pixels, highest / rows)
        width, height = pixels * scale, rows * scale
        room = self._theme.content_width - width
        x = self._theme.margin
        match self._paper.look.logo_side:
            case LogoSide.CENTRE:
                x += room / 2
            case LogoSide.END:
                x += room
        block.pieces.append(Picture(content, x, 0, width, height))
        block.height = height
        return height + _BELOW_LOGO

    def _title(
        self, block: Block, *, x: float, width: float, top: float, alignment: Alignment
    ) -> None:
        style = self._theme.title
        title = self._set.clipped(self._set.message(self._paper.layout.title), style, width)
        top = block.lines(title, style, x=x, width=width, top=top, alignment=alignment)
        style = self._theme.number
        number = self._set.clipped(self.number(), style, width)
        top = block.lines(number, style, x=x, width=width, top=top + 1, alignment=alignment)
        remarks: list[str] = []
        if self._paper.version > 1:
            version = self._set.number(self._paper.version)
            remarks.append(self._set.message(N_("Version {version}"), version=version))
        if self._paper.is_copy:
            remarks.append(self._set.message(N_("Copy")))
        if self._theme.setting.centred and not remarks:
            return
        line = [" · ".join(remarks)]
        block.lines(line, self._theme.small, x=x, width=width, top=top, alignment=alignment)
