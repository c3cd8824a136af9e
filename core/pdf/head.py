"""The head and foot of a paper: our company, the title, the other side, the facts."""

from typing import Final

from core.domain.messages import N_
from core.domain.paper import Alignment, LabelledText, PaperSide
from core.pdf import logo, theme
from core.pdf.layout import Block, Panel, Picture, Rule
from core.pdf.parts import GUTTER, PADDING, Facts, Part
from core.pdf.theme import CONTENT_WIDTH, HAIRLINE, MARGIN, SHADE, STRONG, THIN

_LOGO_WIDTH: Final = 58.0
_LOGO_HEIGHT: Final = 20.0
_HEAD_START: Final = 90.0
"""The width of the company's half of the letterhead; the title has the rest."""
_FACTS_WIDTH: Final = 64.0
_SIDE_WIDTH: Final = 84.0
_PAGE_WIDTH: Final = 32.0
"""The room for which page it is."""


class Head(Part):
    """Makes what stands above the table, and what stands at the edges of every page."""

    def title(self) -> str:
        """The paper's title and number, or that it is a draft."""
        title = self._set.message(self._paper.layout.title)
        return f"{title} {self.number()}"

    def number(self) -> str:
        """The paper's number, or that it is a draft."""
        if self._paper.number is None:
            return self._set.message(N_("Draft"))
        return self._set.code(self._paper.number)

    def mark(self) -> str:
        """What is written across every page; empty for most papers."""
        if self._paper.mark:
            return self._set.message(self._paper.mark)
        return "" if self._paper.number is not None else self.number()

    def letterhead(self) -> Block:
        """The top of the first page: our company, the title, the number."""
        block = Block()
        company = self._paper.company
        top = self._logo(block)
        width = _HEAD_START
        name = self._set.clipped(self._set.typed(company.name), theme.COMPANY, width)
        top = block.lines(name, theme.COMPANY, x=MARGIN, width=width, top=top)
        address = ", ".join(self._address(company))
        contacts = " · ".join(self._contacts(company))
        for text in filter(None, (address, contacts)):
            lines = self._set.clipped(text, theme.SMALL, width)
            top = block.lines(lines, theme.SMALL, x=MARGIN, width=width, top=top)
        self._title(block)
        block.height += 5.0
        block.pieces.append(Rule(MARGIN, block.height, CONTENT_WIDTH, STRONG, theme.ACCENT))
        return block

    def _logo(self, block: Block) -> float:
        if self._paper.logo is None:
            return 0.0
        content, pixels, rows = logo.prepare(self._paper.logo)
        scale = min(_LOGO_WIDTH / pixels, _LOGO_HEIGHT / rows)
        height = rows * scale
        block.pieces.append(Picture(content, MARGIN, 0, pixels * scale, height))
        block.height = height
        return height + 2.5

    def _title(self, block: Block) -> None:
        x = MARGIN + _HEAD_START + GUTTER
        width = CONTENT_WIDTH - _HEAD_START - GUTTER
        end = Alignment.END
        title = self._set.clipped(self._set.message(self._paper.layout.title), theme.TITLE, width)
        top = block.lines(title, theme.TITLE, x=x, width=width, top=0, alignment=end)
        number = self._set.clipped(self.number(), theme.NUMBER, width)
        top = block.lines(number, theme.NUMBER, x=x, width=width, top=top + 1, alignment=end)
        remarks: list[str] = []
        if self._paper.version > 1:
            version = self._set.number(self._paper.version)
            remarks.append(self._set.message(N_("Version {version}"), version=version))
        if self._paper.is_copy:
            remarks.append(self._set.message(N_("Copy")))
        line = [" · ".join(remarks)]
        block.lines(line, theme.SMALL, x=x, width=width, top=top, alignment=end)

    def running_head(self) -> Block:
        """The top of every page but the first."""
        block = Block()
        half = CONTENT_WIDTH / 2
        name = self._set.clipped(
            self._set.typed(self._paper.company.name), theme.RUNNING, half, most=1
        )
        block.lines(name, theme.RUNNING, x=MARGIN, width=half, top=0)
        title = self._set.clipped(self.title(), theme.RUNNING_NUMBER, half, most=1)
        block.lines(
            title,
            theme.RUNNING_NUMBER,
            x=MARGIN + half,
            width=half,
            top=0,
            alignment=Alignment.END,
        )
        block.height += 1.5
        block.pieces.append(Rule(MARGIN, block.height, CONTENT_WIDTH, THIN, HAIRLINE))
        block.height += 5.0
        return block

    def foot(self, page: int, pages: int) -> Block:
        """The foot of a page: our company in one line, and which page it is."""
        block = Block()
        company = self._paper.company
        block.pieces.append(Rule(MARGIN, 0, CONTENT_WIDTH, THIN, HAIRLINE))
        parts = [self._set.typed(company.name), self._set.typed(company.registration)]
        if company.tax_id:
            parts.append(self._tax_id(company))
        width = CONTENT_WIDTH - _PAGE_WIDTH
        lines = self._set.clipped(" · ".join(filter(None, parts)), theme.FOOT, width, most=2)
        block.lines(lines, theme.FOOT, x=MARGIN, width=width, top=2)
        counted = self._set.message(
            N_("Page {page} of {pages}"),
            page=self._set.number(page),
            pages=self._set.number(pages),
        )
        block.lines(
            [counted],
            theme.FOOT,
            x=MARGIN + width,
            width=_PAGE_WIDTH,
            top=2,
            alignment=Alignment.END,
        )
        return block

    # --- Sides and facts ----------------------------------------------------------------

    def sides(self) -> Block:
        """The other side, where the goods go, and the box of facts."""
        block = Block()
        facts_x = MARGIN + CONTENT_WIDTH - _FACTS_WIDTH
        paper = self._paper
        shown: list[tuple[str, PaperSide]] = []
        if paper.party is not None:
            shown.append((paper.layout.party_title, paper.party))
        if paper.layout.shows_delivery_address and paper.delivery is not None:
            shown.append((N_("Delivery address"), paper.delivery))
        # Two columns beside the facts, also for one side: its lines stay as short as on a letter.
        width = (CONTENT_WIDTH - _FACTS_WIDTH - 2 * GUTTER) / 2 if len(shown) > 1 else _SIDE_WIDTH
        for place, (title, side) in enumerate(shown):
            self._side(block, title, side, x=MARGIN + place * (width + GUTTER), width=width)
        facts = self._facts()
        if facts:
            self._panel(block, facts, x=facts_x, width=_FACTS_WIDTH, top=0)
        return block

    def _side(self, block: Block, title: str, side: PaperSide, *, x: float, width: float) -> None:
        parts = [
            ([self._set.message(title)] if title else [], theme.LABEL),
            ([self._set.typed(side.name)], theme.PARTY),
            ([self._set.typed(side.contact)], theme.BODY),
            (self._address(side), theme.BODY),
            (self._contacts(side), theme.SMALL),
            ([self._tax_id(side)] if side.tax_id else [], theme.SMALL),
        ]
        top = 0.0
        for texts, style in parts:
            for text in filter(None, texts):
                lines = self._set.clipped(text, style, width)
                top = block.lines(lines, style, x=x, width=width, top=top)

    def _address(self, side: PaperSide) -> list[str]:
        lines = [self._set.typed(line) for line in side.address]
        if side.country:
            lines.append(self._set.country(side.country))
        return [line for line in lines if line]

    def _contacts(self, side: PaperSide) -> list[str]:
        return [self._set.code(each) for each in (side.phone, side.email) if each]

    def _tax_id(self, side: PaperSide) -> str:
        return self._set.message(N_("Tax ID: {number}"), number=self._set.code(side.tax_id))

    def _facts(self) -> Facts:
        paper, dates = self._paper, self._paper.dates
        days = [
            (N_("Date of issue"), dates.issued_on),
            (N_("Valid until"), dates.valid_until),
            (N_("Delivery date"), dates.delivery_on),
        ]
        if paper.layout.shows_payment_terms:
            days.append((N_("Due date"), dates.due_on))
        facts = [(self._set.message(label), self._set.date(day)) for label, day in days if day]
        if paper.layout.shows_payment_terms and paper.terms.text:
            label = self._set.message(N_("Payment terms"))
            facts.append((label, self._set.text(paper.terms.text)))
        if paper.terms.mode and (paper.layout.shows_payment_terms or paper.payment):
            label = self._set.message(N_("Payment mode"))
            facts.append((label, self._set.message(paper.terms.mode)))
        facts += self._labelled(paper.references.related)
        facts += self._labelled(
            LabelledText(label, value)
            for label, value in (
                (N_("Our reference"), paper.references.ours),
                (N_("Your reference"), paper.references.theirs),
            )
            if value
        )
        if paper.currency and any(column.is_money for column in paper.layout.columns):
            facts.append((self._set.message(N_("Currency")), self._set.code(paper.currency)))
        return facts

    def _panel(self, block: Block, facts: Facts, *, x: float, width: float, top: float) -> None:
        """Labels and values under each other, on a shade of grey."""
        inner = width - 2 * PADDING
        place = len(block.pieces)
        start, y = top, top + PADDING - 0.6
        for label, value in facts:
            y = self._fact(block, label, value, x=x + PADDING, width=inner, top=y)
        height = y + PADDING - 0.6 - start
        block.pieces.insert(place, Panel(x, start, width, height, fill=SHADE))
        block.height = max(block.height, start + height)
