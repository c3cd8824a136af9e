"""What follows the table of a paper: sums, bank details, notes, signatures; a payment's money."""

from decimal import Decimal
from typing import Final

from core.domain.messages import N_
from core.domain.papers.look import TextPlace
from core.domain.papers.view import Alignment, PaperPayment, PaperTotals
from core.pdf import payment_code
from core.pdf.layout import Block, Dots, Panel, Rule
from core.pdf.parts import GUTTER, PADDING, Facts, Part
from core.pdf.theme import HAIRLINE, INK, SHADE, STRONG, THIN, Style
from core.pdf.wording import wording

_TOTALS_WIDTH: Final = 84.0
_SIGNATURE_HEIGHT: Final = 27.0
_SIGNATURE_MOST: Final = 84.0


class Closing(Part):
    """Makes what stands below the table."""

    def sums(self) -> Block:
        """The sums, and beside them how to pay and why there is no tax."""
        block = Block()
        totals = self._paper.totals
        if self._paper.layout.shows_totals and totals is not None:
            block.height = 2.0
            self._sums(block, totals)
            self._beside_sums(block, totals)
        return block

    def _sums(self, block: Block, totals: PaperTotals) -> None:
        x = self._theme.margin + self._theme.content_width - _TOTALS_WIDTH
        y = 2.0
        for label, amount in self._sum_rows(totals):
            y = self._sum(block, label, amount, x=x, top=y)
        y += 1.0
        total_height = self._theme.total.leading + 2 * 1.6
        self._behind_total(block, x=x, top=y, height=total_height)
        due = totals.due is not None
        self._pair(
            block,
            self._set.message(N_("Total incl. tax") if totals.taxes else N_("Total")),
            self._money(totals.total),
            x=x,
            top=y + 1.6,
            style=self._theme.total,
        )
        y += total_height + 1.0
        for each in totals.deposits:
            label = self._set.message(N_("Deposit {number}"), number=self._set.code(each.number))
            y = self._sum(block, label, self._money(-each.amount), x=x, top=y)
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
                style=self._theme.number,
            )
        block.height = max(block.height, y)

    def _behind_total(self, block: Block, *, x: float, top: float, height: float) -> None:
        setting, accent = self._theme.setting, self._theme.accent
        if setting.total_fill is not None:
            block.pieces.append(Panel(x, top, _TOTALS_WIDTH, height, fill=setting.total_fill))
        block.pieces.append(Rule(x, top, _TOTALS_WIDTH, STRONG, accent))
        if setting.total_rule:
            block.pieces.append(Rule(x, top + height, _TOTALS_WIDTH, STRONG, accent))

    def _sum_rows(self, totals: PaperTotals) -> Facts:
        rows: list[tuple[str, str]] = []
        message = self._set.message
        if totals.discount:
            rows.append((message(N_("Subtotal")), self._money(totals.lines_net)))
            label = message(N_("Discount"))
            if totals.discount_percent is not None:
                label = message(
                    N_("Discount {percent}"), percent=self._set.percent(totals.discount_percent)
                )
            rows.append((label, self._money(-totals.discount)))
        if totals.taxes:
            rows.append((message(N_("Total excl. tax")), self._money(totals.net)))
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
        if totals.tax_in_books:
            currency = self._set.code(totals.books_currency)
            label = message(N_("Tax in {currency}"), currency=currency)
            in_books = self._set.money(totals.tax_in_books, totals.books_currency)
            rows.append((label, in_books))
        if totals.rounding:
            rows.append((message(N_("Rounding")), self._money(totals.rounding)))
        return rows

    def _money(self, amount: Decimal) -> str:
        return self._set.money(amount, self._paper.currency)

    def _sum(self, block: Block, label: str, amount: str, *, x: float, top: float) -> float:
        y = self._pair(block, label, amount, x=x, top=top + 0.7, style=self._theme.body) + 0.7
        block.pieces.append(Rule(x, y, _TOTALS_WIDTH, THIN, HAIRLINE))
        return y

    def _pair(
        self, block: Block, label: str, amount: str, *, x: float, top: float, style: Style
    ) -> float:
        """A label at the start and an amount at the end; the label gives way to the amount."""
        inner = _TOTALS_WIDTH - 2 * PADDING
        room = max(inner - self._set.width(amount, style) - 2.0, inner / 3)
        lines = self._set.wrap(label, style, room)
        after = block.lines(lines, style, x=x + PADDING, width=room, top=top)
        block.lines([amount], style, x=x + PADDING, width=inner, top=top, alignment=Alignment.END)
        return after

    def _beside_sums(self, block: Block, totals: PaperTotals) -> None:
        width = self._theme.content_width - _TOTALS_WIDTH - GUTTER
        top = 3.0
        paper = self._paper
        if paper.layout.shows_payment_terms and paper.terms.bank:
            title = self._set.message(N_("Bank details"))
            top = (
                block.lines([title], self._theme.label, x=self._theme.margin, width=width, top=top)
                + 0.5
            )
            for label, value in self._labelled(paper.terms.bank):
                if label == title:
                    lines = self._set.clipped(value, self._theme.fact, width, most=12)
                    top = block.lines(
                        lines, self._theme.fact, x=self._theme.margin, width=width, top=top
                    )
                else:
                    top = self._fact(
                        block, label, value, x=self._theme.margin, width=width, top=top
                    )
            top += 2.0
        top = self._payment_code(block, width=width, top=top)
        remarks = [self._set.message(tax.reason) for tax in totals.taxes if tax.reason]
        if totals.prices_include_tax:
            remarks.append(self._set.message(N_("Prices include tax.")))
        if paper.layout.shows_payment_terms:
            remarks += [self._set.message(each.value) for each in paper.terms.notes]
        for remark in dict.fromkeys(remarks):
            lines = self._set.wrap(remark, self._theme.small, width)
            top = (
                block.lines(lines, self._theme.small, x=self._theme.margin, width=width, top=top)
                + 0.5
            )

    def _payment_code(self, block: Block, *, width: float, top: float) -> float:
        """A code for the reader's bank, and beside it what it is for."""
        rows = payment_code.rows_of(self._paper)
        if not rows:
            return top
        size = payment_code.WIDTH
        block.pieces.append(Dots(rows, self._theme.margin, top + 1.0, size, INK))
        x = self._theme.margin + size + GUTTER
        caption = self._set.wrap(
            self._set.message(N_("Scan with your banking app to pay.")),
            self._theme.small,
            width - size - GUTTER,
        )
        block.lines(caption, self._theme.small, x=x, width=width - size - GUTTER, top=top + 1.0)
        top += size + 4.0
        block.height = max(block.height, top)
        return top

    def paragraphs(self, title: str, text: str) -> list[Block]:
        """A typed text under its title, as blocks that may stand on different pages."""
        return self._flowing(self._set.typed(text), title) if text.strip() else []

    def wording(self, place: TextPlace) -> list[Block]:
        """What the template says in this place, as blocks that may stand on different pages."""
        text = wording(self._paper, place, self._set)
        return self._flowing(text) if text else []

    def _flowing(self, text: str, title: str = "") -> list[Block]:
        lines = self._set.wrap(text, self._theme.body, self._theme.content_width)
        blocks: list[Block] = []
        # The title stays with the first lines; the rest may flow line by line.
        for start, end in [(0, 2), *((place, place + 1) for place in range(2, len(lines)))]:
            block = Block()
            top = 0.0
            if start == 0 and title:
                heading = [self._set.message(title)]
                top = block.lines(
                    heading,
                    self._theme.label,
                    x=self._theme.margin,
                    width=self._theme.content_width,
                    top=0,
                )
                top += 0.5
            block.lines(
                lines[start:end],
                self._theme.body,
                x=self._theme.margin,
                width=self._theme.content_width,
                top=top,
            )
            blocks.append(block)
        return blocks

    def signatures(self) -> Block:
        """Boxes in which those who hand over and take over the goods sign."""
        titles = self._paper.layout.signature_boxes
        block = Block()
        width = min(
            (self._theme.content_width - GUTTER * (len(titles) - 1)) / len(titles), _SIGNATURE_MOST
        )
        inner = width - 2 * PADDING
        hint = self._set.message(N_("Name, date, signature"))
        for place, title in enumerate(titles):
            x = self._theme.margin + place * (width + GUTTER)
            block.pieces.append(Panel(x, 0, width, _SIGNATURE_HEIGHT, outline=HAIRLINE))
            lines = self._set.wrap(self._set.message(title), self._theme.label, inner)
            block.lines(lines, self._theme.label, x=x + PADDING, width=inner, top=2.0)
            foot = _SIGNATURE_HEIGHT - self._theme.foot.leading - 1.5
            block.pieces.append(Rule(x + PADDING, foot - 1.0, inner, THIN, HAIRLINE))
            block.lines([hint], self._theme.foot, x=x + PADDING, width=inner, top=foot)
        block.height = _SIGNATURE_HEIGHT
        return block

    def payment(self, payment: PaperPayment) -> Block:
        """The amount of a payment, large, and what was handed over for it."""
        block = Block()
        inner = self._theme.content_width - 2 * PADDING
        x = self._theme.margin + PADDING
        label = self._set.message(payment.label)
        top = block.lines([label], self._theme.label, x=x, width=inner, top=PADDING)
        amount = self._set.money(payment.amount, payment.currency)
        top = block.lines([amount], self._theme.amount, x=x, width=inner, top=top)
        if payment.other_amount is not None and payment.rate is not None:
            other = self._set.message(
                N_("{amount}, at the rate of {rate} {currency} for 1 {other_currency}"),
                amount=self._set.money(payment.other_amount, payment.other_currency),
                rate=self._set.rate(payment.rate),
                currency=self._set.code(payment.rate_quoted or payment.currency),
                other_currency=self._set.code(payment.rate_base or payment.other_currency),
            )
            lines = self._set.wrap(other, self._theme.body, inner)
            top = block.lines(lines, self._theme.body, x=x, width=inner, top=top + 0.5)
        block.height = top + PADDING
        panel = Panel(self._theme.margin, 0, self._theme.content_width, block.height, fill=SHADE)
        block.pieces.insert(0, panel)
        return block
