"""A line of goods for tests of what a document moves."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """What of a line its movements depend on."""

    quantity: Decimal
    rejected: Decimal = Decimal(0)
    from_place_id: int | None = None
    to_place_id: int | None = None
    rejected_goods: bool = False
    id: int = 1
    product_id: int | None = 2
    source_line_id: int | None = None
