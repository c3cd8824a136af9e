"""What stands in the table of a paper: its lines, or what a payment was for."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from core.domain.messages import N_
from core.domain.papers.view import Alignment, Paper, PaperColumn, PaperLine, PaperPayment
from core.pdf.table import Cell, Column, Row, Table
from core.pdf.typesetter import Typesetter

Writer = Callable[[PaperLine], str]
"""What a column shows of a line, prepared; empty where there is nothing."""

_QUANTITIES = {
    PaperColumn.ORDERED,
    PaperColumn.QUANTITY,
    PaperColumn.ACCEPTED,
    PaperColumn.REJECTED,
    PaperColumn.BOOKED,
    PaperColumn.COUNTED,
}


class Lines:
    """Makes the table of one paper.

    Args:
        paper: what the table is about.
        typesetter: prepares the texts.
    """

    def __init__(self, paper: Paper, typesetter: Typesetter) -> None:
        self._paper = paper
        self._set = typesetter
        self._theme = typesetter.theme
        self._messages: dict[str, str] = {}
        self._writers: Mapping[PaperColumn, Writer] = {
            PaperColumn.POSITION: lambda line: self._set.number(line.position),
            PaperColumn.SKU: lambda line: self._set.code(line.sku),
            PaperColumn.FROM_PLACE: lambda line: self._set.typed(line.from_place),
            PaperColumn.TO_PLACE: lambda line: self._set.typed(line.to_place),
            PaperColumn.DIFFERENCE: self._difference,
            PaperColumn.UNIT: self._unit,
            PaperColumn.UNIT_PRICE: self._unit_price,
            PaperColumn.DISCOUNT: self._discount,
            PaperColumn.TAX: self._tax,
            PaperColumn.NET: self._net,
            PaperColumn.DISPOSITION: lambda line: self._message(line.disposition),
            PaperColumn.REASON: lambda line: self._set.typed(line.reason),
            **{column: self._quantity_of(column) for column in _QUANTITIES},
        }

    def table(self) -> Table:
        """The paper's lines; a column that no line fills is left out."""
        columns: list[Column] = []
        cells: list[list[Cell]] = []
        for column in self._paper.layout.columns:
            if column is PaperColumn.PRODUCT:
                filled = [self._product(line) for line in self._paper.lines]
            else:
                write = self._writers[column]
                texts = [write(line) for line in self._paper.lines]
                if texts and not any(texts):
                    continue
                filled = [((text, self._theme.cell),) for text in texts]
            heading = self._set.message(column.heading)
            columns.append(Column(heading, column.weight, column.alignment))
            cells.append(filled)
        rows: list[Row] = list(zip(*cells, strict=True))
        return Table(self._set, columns, rows)

    def allocations(self, payment: PaperPayment) -> Table:
        """What of a payment went to which paper, and what is left of it."""
        columns = [
            Column(self._set.message(N_("Document")), 40, Alignment.START),
            Column(self._set.message(N_("Number")), 34, Alignment.START),
            Column(self._set.message(N_("Date of issue")), 28, Alignment.START),
            Column(self._set.message(N_("Amount")), 28, Alignment.END),
        ]
        style = self._theme.cell
        rows: list[Row] = [
            (
                ((self._set.message(each.label) if each.label else "", style),),
                ((self._set.code(each.number), style),),
                ((self._set.date(each.issued_on) if each.issued_on else "", style),),
                ((self._set.money(each.amount, payment.currency), style),),
            )
            for each in payment.allocations
        ]
        if payment.unallocated:
            left = self._set.message(N_("Remaining credit"))
            amount = self._set.money(payment.unallocated, payment.currency)
            rows.append((((left, style),), (), (), ((amount, style),)))
        return Table(self._set, columns, rows)

    def _unit(self, line: PaperLine) -> str:
        """What the line is counted in; a unit of the company's own as it was typed."""
        return self._message(line.unit_label) or self._set.typed(line.unit)

    def _message(self, message: str) -> str:
        """A message that many lines repeat, translated once."""
        if message not in self._messages:
            self._messages[message] = self._set.message(message) if message else ""
        return self._messages[message]

    def _product(self, line: PaperLine) -> Cell:
        paragraphs = [(self._set.typed(line.name), self._theme.cell)]
        if line.sku and PaperColumn.SKU not in self._paper.layout.columns:
            paragraphs.append((self._set.code(line.sku), self._theme.cell_note))
        columns = self._paper.layout.columns
        priced = PaperColumn.UNIT_PRICE in columns and PaperColumn.DISCOUNT not in columns
        if priced and line.discount_percent:
            percent = self._set.percent(line.discount_percent)
            discount = self._set.message(N_("Discount {percent}"), percent=percent)
            paragraphs.append((discount, self._theme.cell_note))
        if line.remark:
            paragraphs.append((self._message(line.remark), self._theme.cell_note))
        if line.note.strip():
            paragraphs.append((self._set.typed(line.note), self._theme.cell_note))
        return paragraphs

    def _quantity_of(self, column: PaperColumn) -> Writer:
        def write(line: PaperLine) -> str:
            quantity: Decimal | None = getattr(line, column.value)
            return "" if quantity is None else self._set.quantity(quantity, line.unit_digits)

        return write

    def _difference(self, line: PaperLine) -> str:
        if line.difference is None:
            return ""
        written = self._set.quantity(line.difference, line.unit_digits)
        # More than the books said is as much a difference as less.
        return f"+{written}" if line.difference > 0 else written

    def _unit_price(self, line: PaperLine) -> str:
        if line.unit_price is None:
            return ""
        return self._set.unit_price(line.unit_price, self._paper.currency)

    def _discount(self, line: PaperLine) -> str:
        return self._set.percent(line.discount_percent) if line.discount_percent else ""

    def _tax(self, line: PaperLine) -> str:
        return "" if line.tax_percent is None else self._set.percent(line.tax_percent)

    def _net(self, line: PaperLine) -> str:
        return "" if line.net is None else self._set.amount(line.net, self._paper.currency)
