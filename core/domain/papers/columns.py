"""The columns that a paper's table of lines may have, and how each looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from core.domain.messages import N_


class Alignment(Enum):
    """Where a column's text stands; start is the left of a page that reads left to right."""

    START = "start"
    CENTRE = "centre"
    END = "end"


@dataclass(frozen=True, slots=True)
class _ColumnLook:
    """How a column looks: its heading (a message), its share of the width, its alignment."""

    heading: str
    weight: int
    alignment: Alignment
    money: bool = False


class PaperColumn(StrEnum):
    """A column that a paper's table of lines may have."""

    POSITION = "position"
    SKU = "sku"
    PRODUCT = "product"
    FROM_PLACE = "from_place"
    TO_PLACE = "to_place"
    ORDERED = "ordered"
    QUANTITY = "quantity"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BOOKED = "booked"
    COUNTED = "counted"
    DIFFERENCE = "difference"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    DISCOUNT = "discount"
    TAX = "tax"
    NET = "net"
    DISPOSITION = "disposition"
    REASON = "reason"

    @property
    def heading(self) -> str:
        """The message that stands over the column."""
        return _LOOKS[self].heading

    @property
    def weight(self) -> int:
        """The column's share of the width; the shares of a paper are scaled to its page."""
        return _LOOKS[self].weight

    @property
    def alignment(self) -> Alignment:
        """Where the column's text stands."""
        return _LOOKS[self].alignment

    @property
    def is_money(self) -> bool:
        """Whether the column tells what something costs."""
        return _LOOKS[self].money


_LOOKS: Mapping[PaperColumn, _ColumnLook] = {
    PaperColumn.POSITION: _ColumnLook(N_("No."), 8, Alignment.START),
    PaperColumn.SKU: _ColumnLook(N_("Item code"), 22, Alignment.START),
    PaperColumn.PRODUCT: _ColumnLook(N_("Description"), 58, Alignment.START),
    PaperColumn.FROM_PLACE: _ColumnLook(N_("From"), 24, Alignment.START),
    PaperColumn.TO_PLACE: _ColumnLook(N_("To"), 24, Alignment.START),
    PaperColumn.ORDERED: _ColumnLook(N_("Ordered"), 19, Alignment.END),
    PaperColumn.QUANTITY: _ColumnLook(N_("Quantity"), 19, Alignment.END),
    PaperColumn.ACCEPTED: _ColumnLook(N_("Accepted"), 19, Alignment.END),
    PaperColumn.REJECTED: _ColumnLook(N_("Rejected"), 19, Alignment.END),
    PaperColumn.BOOKED: _ColumnLook(N_("Book stock"), 21, Alignment.END),
    PaperColumn.COUNTED: _ColumnLook(N_("Counted"), 19, Alignment.END),
    PaperColumn.DIFFERENCE: _ColumnLook(N_("Difference"), 20, Alignment.END),
    PaperColumn.UNIT: _ColumnLook(N_("Unit"), 15, Alignment.START),
    PaperColumn.UNIT_PRICE: _ColumnLook(N_("Unit price"), 24, Alignment.END, money=True),
    PaperColumn.DISCOUNT: _ColumnLook(N_("Discount"), 17, Alignment.END, money=True),
    PaperColumn.TAX: _ColumnLook(N_("Tax rate"), 15, Alignment.END, money=True),
    PaperColumn.NET: _ColumnLook(N_("Net amount"), 28, Alignment.END, money=True),
    PaperColumn.DISPOSITION: _ColumnLook(N_("Disposition"), 28, Alignment.START),
    PaperColumn.REASON: _ColumnLook(N_("Reason"), 30, Alignment.START),
}
