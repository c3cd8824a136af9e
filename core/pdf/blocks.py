"""The parts of a paper around its table: letterhead, sides, facts, notes, signatures, money."""

from collections.abc import Iterable
from decimal import Decimal

from core.domain.messages import N_
from core.domain.paper import Alignment, LabelledText, Paper, PaperPayment, PaperSide, PaperTotals
from core.pdf import logo, theme
from core.pdf.layout import Block, Panel, Picture, Rule
from core.pdf.theme import CONTENT_WIDTH, HAIRLINE, MARGIN, SHADE, STRONG, THIN
from core.pdf.typesetter import Typesetter

_LOGO_WIDTH = 58.0
_LOGO_HEIGHT = 20.0
_HEAD_START = 90.0
"""The width of the company's half of the letterhead; the title has the rest."""
_FACTS_WIDTH = 64.0
_GUTTER = 6.0
_PADDING = 3.0
_TOTALS_WIDTH = 84.0
_SIGNATURE_HEIGHT = 27.0
_SIGNATURE_MOST = 84.0

Facts = list[tuple[str, str]]
"""Labels and what stands behind them, prepared."""


class Blocks:
    """Makes the parts of one paper.

    Args:
        paper: what the parts are about.
        typesetter: prepares the texts.
    """

    def __init__(self, paper: Paper, typesetter: Typesetter) -> None:
        self._paper = paper
        self._set = typesetter

    # --- Head and foot ------------------------------------------------------------------

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
        name = self._set.wrap(self._set.typed(company.name), theme.COMPANY, width)
        top = block.lines(name, theme.COMPANY, x=MARGIN, width=width, top=top)
        address = ", ".join(self._address(company))
        contacts = " · ".join(self._contacts(company))
        for text in filter(None, (address, contacts)):
            lines = self._set.wrap(text, theme.SMALL, width)
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
        x = MARGIN + _HEAD_START + _GUTTER
        width = CONTENT_WIDTH - _HEAD_START - _GUTTER
        end = Alignment.END
        title = self._set.wrap(self._set.message(self._paper.layout.title), theme.TITLE, width)
        top = block.lines(title, theme.TITLE, x=x, width=width, top=0, alignment=end)
        number = self._set.wrap(self.number(), theme.NUMBER, width)
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
        name = self._set.wrap(self._set.typed(self._paper.company.name), theme.RUNNING, half)[:1]
        block.lines(name, theme.RUNNING, x=MARGIN, width=half, top=0)
        title = self._set.wrap(self.title(), theme.RUNNING_NUMBER, half)[:1]
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
        width = CONTENT_WIDTH - 32
        lines = self._set.wrap(" · ".join(filter(None, parts)), theme.FOOT, width)[:2]
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
            width=32,
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
        width = (CONTENT_WIDTH - _FACTS_WIDTH - 2 * _GUTTER) / 2 if len(shown) > 1 else 84.0
        for place, (title, side) in enumerate(shown):
            self._side(block, title, side, x=MARGIN + place * (width + _GUTTER), width=width)
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
                lines = self._set.wrap(text, style, width)
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

    def _labelled(self, texts: Iterable[LabelledText]) -> Facts:
        return [(self._set.message(each.label), self._set.code(each.value)) for each in texts]

    def _panel(self, block: Block, facts: Facts, *, x: float, width: float, top: float) -> None:
        """Labels and values under each other, on a shade of grey."""
        inner = width - 2 * _PADDING
        place = len(block.pieces)
        start, y = top, top + _PADDING - 0.6
        for label, value in facts:
            y = self._fact(block, label, value, x=x + _PADDING, width=inner, top=y)
        height = y + _PADDING - 0.6 - start
        block.pieces.insert(place, Panel(x, start, width, height, fill=SHADE))
        block.height = max(block.height, start + height)

    def _fact(
        self, block: Block, label: str, value: str, *, x: float, width: float, top: float
    ) -> float:
        """A label and its value in one line where both fit, else the value below."""
        named = self._set.wrap(label, theme.FACT_LABEL, width)
        room = width - self._set.width(named[-1], theme.FACT_LABEL) - 3.0
        after = block.lines(named, theme.FACT_LABEL, x=x, width=width, top=top)
        if self._set.width(value, theme.FACT) <= room:
            last = after - theme.FACT_LABEL.leading
            beside = last + theme.FACT_LABEL.ascent - theme.FACT.ascent
            block.lines([value], theme.FACT, x=x, width=width, top=beside, alignment=Alignment.END)
            return after + 0.5
        lines = self._set.wrap(value, theme.FACT, width)
        after = block.lines(
            lines, theme.FACT, x=x, width=width, top=after, alignment=Alignment.END
        )
        return after + 0.5

    # --- What follows the table ---------------------------------------------------------

    def closing(self) -> Block:
        """The sums, and beside them how to pay and why there is no tax."""
        block = Block()
        totals = self._paper.totals
        if self._paper.layout.shows_totals and totals is not None:
            block.height = 2.0
            self._sums(block, totals)
            self._beside_sums(block, totals)
        return block

    def _sums(self, block: Block, totals: PaperTotals) -> None:
        x = MARGIN + CONTENT_WIDTH - _TOTALS_WIDTH
        y = 2.0
        for label, amount in self._sum_rows(totals):
            y = self._sum(block, label, amount, x=x, top=y)
        y += 1.0
        total_height = theme.TOTAL.leading + 2 * 1.6
        block.pieces.append(Panel(x, y, _TOTALS_WIDTH, total_height, fill=SHADE))
        block.pieces.append(Rule(x, y, _TOTALS_WIDTH, STRONG, theme.ACCENT))
        due = totals.due is not None
        self._pair(
            block,
            self._set.message(N_("Total with tax") if totals.taxes else N_("Total")),
            self._money(totals.total),
            x=x,
            top=y + 1.6,
            style=theme.TOTAL,
        )
        y += total_height + 1.0
        if due:
            for label, part in ((N_("Paid"), totals.paid), (N_("Credited"), totals.credited)):
                if part:
                    y = self._sum(block, self._set.message(label), self._money(-part), x=x, top=y)
            y = self._pair(
                block,
                self._set.message(N_("Amount due")),
                self._money(totals.due or Decimal(0)),
                x=x,
                top=y + 1.2,
                style=theme.NUMBER,
            )
        block.height = max(block.height, y)

    def _sum_rows(self, totals: PaperTotals) -> Facts:
        rows: list[tuple[str, str]] = []
        message = self._set.message
        if totals.discount:
            rows.append((message(N_("Total of the lines")), self._money(totals.lines_net)))
            label = message(N_("Discount"))
            if totals.discount_percent is not None:
                label = message(
                    N_("Discount {percent}"), percent=self._set.percent(totals.discount_percent)
                )
            rows.append((label, self._money(-totals.discount)))
        if totals.taxes:
            rows.append((message(N_("Total without tax")), self._money(totals.net)))
        rows += [
            (
                message(
                    N_("Tax {percent} on {amount}"),
                    percent=self._set.percent(tax.percent),
                    amount=self._set.amount(tax.base, self._paper.currency),
                ),
                self._money(tax.tax),
            )
            for tax in totals.taxes
        ]
        if totals.rounding:
            rows.append((message(N_("Rounding")), self._money(totals.rounding)))
        return rows

    def _money(self, amount: Decimal) -> str:
        return self._set.money(amount, self._paper.currency)

    def _sum(self, block: Block, label: str, amount: str, *, x: float, top: float) -> float:
        y = self._pair(block, label, amount, x=x, top=top + 0.7, style=theme.BODY) + 0.7
        block.pieces.append(Rule(x, y, _TOTALS_WIDTH, THIN, HAIRLINE))
        return y

    def _pair(
        self, block: Block, label: str, amount: str, *, x: float, top: float, style: theme.Style
    ) -> float:
        """A label at the start and an amount at the end; the label gives way to the amount."""
        inner = _TOTALS_WIDTH - 2 * _PADDING
        room = max(inner - self._set.width(amount, style) - 2.0, inner / 3)
        lines = self._set.wrap(label, style, room)
        after = block.lines(lines, style, x=x + _PADDING, width=room, top=top)
        block.lines([amount], style, x=x + _PADDING, width=inner, top=top, alignment=Alignment.END)
        return after

    def _beside_sums(self, block: Block, totals: PaperTotals) -> None:
        width = CONTENT_WIDTH - _TOTALS_WIDTH - _GUTTER
        top = 3.0
        paper = self._paper
        if paper.layout.shows_payment_terms and paper.terms.bank:
            title = self._set.message(N_("Bank details"))
            top = block.lines([title], theme.LABEL, x=MARGIN, width=width, top=top) + 0.5
            for label, value in self._labelled(paper.terms.bank):
                top = self._fact(block, label, value, x=MARGIN, width=width, top=top)
            top += 2.0
        remarks = [self._set.message(tax.reason) for tax in totals.taxes if tax.reason]
        if totals.prices_include_tax:
            remarks.append(self._set.message(N_("The prices were agreed with tax included.")))
        for remark in dict.fromkeys(remarks):
            lines = self._set.wrap(remark, theme.SMALL, width)
            top = block.lines(lines, theme.SMALL, x=MARGIN, width=width, top=top) + 0.5

    def paragraphs(self, title: str, text: str) -> list[Block]:
        """A typed text under its title, as blocks that may stand on different pages."""
        if not text.strip():
            return []
        lines = self._set.wrap(self._set.typed(text), theme.BODY, CONTENT_WIDTH)
        blocks: list[Block] = []
        # The title stays with the first lines; the rest may flow line by line.
        for start, end in [(0, 2), *((place, place + 1) for place in range(2, len(lines)))]:
            block = Block()
            top = 0.0
            if start == 0:
                heading = [self._set.message(title)]
                top = block.lines(heading, theme.LABEL, x=MARGIN, width=CONTENT_WIDTH, top=0)
                top += 0.5
            block.lines(lines[start:end], theme.BODY, x=MARGIN, width=CONTENT_WIDTH, top=top)
            blocks.append(block)
        return blocks

    def signatures(self) -> Block:
        """Boxes in which those who hand over and take over the goods sign."""
        titles = self._paper.layout.signature_boxes
        block = Block()
        if not titles:
            return block
        width = min((CONTENT_WIDTH - _GUTTER * (len(titles) - 1)) / len(titles), _SIGNATURE_MOST)
        inner = width - 2 * _PADDING
        hint = self._set.message(N_("Name, date, signature"))
        for place, title in enumerate(titles):
            x = MARGIN + place * (width + _GUTTER)
            block.pieces.append(Panel(x, 0, width, _SIGNATURE_HEIGHT, outline=HAIRLINE))
            lines = self._set.wrap(self._set.message(title), theme.LABEL, inner)
            block.lines(lines, theme.LABEL, x=x + _PADDING, width=inner, top=2.0)
            foot = _SIGNATURE_HEIGHT - theme.FOOT.leading - 1.5
            block.pieces.append(Rule(x + _PADDING, foot - 1.0, inner, THIN, HAIRLINE))
            block.lines([hint], theme.FOOT, x=x + _PADDING, width=inner, top=foot)
        block.height = _SIGNATURE_HEIGHT
        return block

    # --- A payment ----------------------------------------------------------------------

    def payment(self, payment: PaperPayment) -> Block:
        """The amount of a payment, large, and what was handed over for it."""
        block = Block()
        inner = CONTENT_WIDTH - 2 * _PADDING
        x = MARGIN + _PADDING
        label = self._set.message(payment.label)
        top = block.lines([label], theme.LABEL, x=x, width=inner, top=_PADDING)
        amount = self._set.money(payment.amount, payment.currency)
        top = block.lines([amount], theme.AMOUNT, x=x, width=inner, top=top)
        if payment.other_amount is not None and payment.rate is not None:
            other = self._set.message(
                N_("{amount}, at the rate of {rate} {currency} for 1 {other_currency}"),
                amount=self._set.money(payment.other_amount, payment.other_currency),
                rate=self._set.rate(payment.rate),
                currency=self._set.code(payment.currency),
                other_currency=self._set.code(payment.other_currency),
            )
            lines = self._set.wrap(other, theme.BODY, inner)
            top = block.lines(lines, theme.BODY, x=x, width=inner, top=top + 0.5)
        block.height = top + _PADDING
        panel = Panel(MARGIN, 0, CONTENT_WIDTH, block.height, fill=SHADE)
        block.pieces.insert(0, panel)
        return block
