"""The head and foot of a paper: the other side, the facts, what stands on every page."""

from typing import Final

from core.domain.messages import N_
from core.domain.papers.look import TextPlace
from core.domain.papers.view import Alignment, LabelledText, PaperSide
from core.pdf.layout import Block, Panel, Rule
from core.pdf.parts import GUTTER, PADDING, Facts, Part
from core.pdf.theme import HAIRLINE, SHADE, THIN
from core.pdf.wording import wording

_FACTS_WIDTH: Final = 64.0
_SIDE_WIDTH: Final = 84.0
_PAGE_WIDTH: Final = 32.0
"""The room for which page it is."""
_MOST_FOOTER: Final = 6
"""Lines of the template's footer: it stands on every page."""
_STRIP_COLUMNS: Final = 4
_FACTS_LINE: Final = 0.7


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

    def running_head(self) -> Block:
        """The top of every page but the first."""
        block = Block()
        half = self._theme.content_width / 2
        name = self._set.clipped(
            self._set.typed(self._paper.company.name), self._theme.running, half, most=1
        )
        block.lines(name, self._theme.running, x=self._theme.margin, width=half, top=0)
        title = self._set.clipped(self.title(), self._theme.running_number, half, most=1)
        block.lines(
            title,
            self._theme.running_number,
            x=self._theme.margin + half,
            width=half,
            top=0,
            alignment=Alignment.END,
        )
        block.height += 1.5
        block.pieces.append(
            Rule(self._theme.margin, block.height, self._theme.content_width, THIN, HAIRLINE)
        )
        block.height += 5.0
        return block

    def band(self) -> Block:
        """What is printed along the upper edge of every page."""
        block = Block()
        height = self._theme.setting.band
        if height:
            width = self._theme.page_width
            block.pieces.append(Panel(0, 0, width, height, fill=self._theme.accent))
        return block

    def footer(self) -> Block:
        """What the template says at the foot of every page."""
        block = Block()
        text = wording(self._paper, TextPlace.FOOTER, self._set)
        if text:
            x, width, style = self._theme.margin, self._theme.content_width, self._theme.foot
            lines = self._set.clipped(text, style, width, most=_MOST_FOOTER)
            block.lines(lines, style, x=x, width=width, top=0)
            block.height += 2.0
        return block

    def foot(self, page: int, pages: int) -> Block:
        """The foot of a page: our company in one line, and which page it is."""
        block = Block()
        company = self._paper.company
        block.pieces.append(Rule(self._theme.margin, 0, self._theme.content_width, THIN, HAIRLINE))
        parts = [self._set.typed(company.name), self._set.typed(company.registration)]
        if company.tax_id:
            parts.append(self._tax_id(company))
        width = self._theme.content_width - _PAGE_WIDTH
        lines = self._set.clipped(" · ".join(filter(None, parts)), self._theme.foot, width, most=2)
        block.lines(lines, self._theme.foot, x=self._theme.margin, width=width, top=2)
        counted = self._set.message(
            N_("Page {page} of {pages}"),
            page=self._set.number(page),
            pages=self._set.number(pages),
        )
        block.lines(
            [counted],
            self._theme.foot,
            x=self._theme.margin + width,
            width=_PAGE_WIDTH,
            top=2,
            alignment=Alignment.END,
        )
        return block

    # --- Sides and facts ----------------------------------------------------------------

    def sides(self) -> Block:
        """The other side, where the goods go, and the box of facts."""
        block = Block()
        strip = self._theme.setting.strip
        beside = 0.0 if strip else _FACTS_WIDTH
        facts_x = self._theme.margin + self._theme.content_width - _FACTS_WIDTH
        paper = self._paper
        shown: list[tuple[str, PaperSide]] = []
        if paper.party is not None:
            shown.append((paper.layout.party_title, paper.party))
        if paper.layout.shows_delivery_address and paper.delivery is not None:
            shown.append((N_("Delivery address"), paper.delivery))
        # Two columns beside the facts, also for one side: its lines stay as short as on a letter.
        room = self._theme.content_width - beside - (1 if strip else 2) * GUTTER
        width = room / 2 if len(shown) > 1 or strip else min(_SIDE_WIDTH, room)
        for place, (title, side) in enumerate(shown):
            self._side(
                block, title, side, x=self._theme.margin + place * (width + GUTTER), width=width
            )
        facts = self._facts()
        if facts and strip:
            self._strip(block, facts)
        elif facts:
            self._panel(block, facts, x=facts_x, width=_FACTS_WIDTH, top=0)
        return block

    def _side(self, block: Block, title: str, side: PaperSide, *, x: float, width: float) -> None:
        parts = [
            ([self._set.message(title)] if title else [], self._theme.label),
            ([self._set.typed(side.name)], self._theme.party),
            ([self._set.typed(side.contact)], self._theme.body),
            (self._address(side), self._theme.body),
            (self._contacts(side), self._theme.small),
            ([self._tax_id(side)] if side.tax_id else [], self._theme.small),
            (self._further(side), self._theme.small),
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

    def _further(self, side: PaperSide) -> list[str]:
        return [
            self._set.message(N_("{what}: {value}"), what=label, value=value)
            for label, value in self._labelled(side.facts)
        ]

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
            label = self._set.message(N_("Payment method"))
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
        setting = self._theme.setting
        if setting.facts_fill is not None:
            block.pieces.insert(place, Panel(x, start, width, height, fill=setting.facts_fill))
        if setting.facts_line:
            line = Panel(x, start, _FACTS_LINE, height, fill=self._theme.accent)
            block.pieces.insert(place, line)
        block.height = max(block.height, start + height)

    def _strip(self, block: Block, facts: Facts) -> None:
        """Labels over their values, beside each other across the page."""
        theme = self._theme
        place, start = len(block.pieces), block.height + (3.0 if block.height else 0.0)
        width = theme.content_width / _STRIP_COLUMNS
        inner = width - 2 * PADDING
        y = start + 1.5
        for first in range(0, len(facts), _STRIP_COLUMNS):
            below = y
            for column, (label, value) in enumerate(facts[first : first + _STRIP_COLUMNS]):
                x = theme.margin + column * width + PADDING
                named = self._set.clipped(label, theme.fact_label, inner, most=2)
                top = block.lines(named, theme.fact_label, x=x, width=inner, top=y)
                lines = self._set.clipped(value, theme.fact, inner)
                below = max(below, block.lines(lines, theme.fact, x=x, width=inner, top=top))
            y = below + 1.0
        panel = Panel(theme.margin, start, theme.content_width, y + 0.5 - start, fill=SHADE)
        block.pieces.insert(place, panel)
        block.height = y + 0.5
