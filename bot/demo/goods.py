"""What Crimson sells, as data: products, their names in French, prices, and what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class DemoProduct:
    """A product; every figure is the text of a decimal.

    List price and cost are in EUR for one unit, `stock` and `low` (when to order again) in units.
    A service has no cost, no stock and no shelf.  `reduced` goods have the lower French VAT.
    """

    sku: str
    name: str
    french: str
    category: str
    price: str
    cost: str = ""
    stock: str = "0"
    low: str = ""
    shelf: str = ""
    unit: str = "piece"
    digits: int = 0
    reduced: bool = False

    @property
    def nature(self) -> str:
        """Whether it moves or is done."""
        return "goods" if self.cost else "service"


COMPUTER: Final = DemoProduct(
    sku="PC-C1", name="Office Computer C1", french="Ordinateur de bureau C1",
    category="Computers", price="690", cost="450", stock="0", low="20", shelf="A1",
)  # fmt: skip
LAPTOP: Final = DemoProduct(
    sku="LAP-14", name="Laptop Pro 14", french="Portable Pro 14",
    category="Computers", price="1450", cost="980", stock="34", low="10", shelf="B3",
)  # fmt: skip
SMALL_LAPTOP: Final = DemoProduct(
    sku="LAP-13", name="Laptop Air 13", french="Portable Air 13",
    category="Computers", price="1090", cost="760", stock="12", low="5", shelf="B3",
)  # fmt: skip
MOUSE: Final = DemoProduct(
    sku="MOU-M2", name="Mouse M2", french="Souris M2",
    category="Accessories", price="17.90", cost="8.20", stock="140", low="40", shelf="C1",
)  # fmt: skip
BIG_MOUSE: Final = DemoProduct(
    sku="MOU-M3", name="Mouse M3", french="Souris M3",
    category="Accessories", price="24.90", cost="11.50", stock="60", low="20", shelf="C1",
)  # fmt: skip
KEYBOARD: Final = DemoProduct(
    sku="KEY-K1", name="Keyboard K1", french="Clavier K1",
    category="Accessories", price="39", cost="19", stock="85", low="20", shelf="C2",
)  # fmt: skip
MONITOR: Final = DemoProduct(
    sku="MON-27", name="Monitor 27", french="Écran 27 pouces",
    category="Monitors", price="229", cost="148", stock="26", low="8", shelf="D1",
)  # fmt: skip
BIG_MONITOR: Final = DemoProduct(
    sku="MON-32", name="Monitor 32", french="Écran 32 pouces",
    category="Monitors", price="349", cost="231", stock="3", low="5", shelf="D2",
)  # fmt: skip
DOCK: Final = DemoProduct(
    sku="DOC-U4", name="Docking Station U4", french="Station d’accueil U4",
    category="Accessories", price="119", cost="71", stock="40", low="10", shelf="C4",
)  # fmt: skip
CABLE: Final = DemoProduct(
    sku="CAB-N6", name="Network Cable Cat 6", french="Câble réseau Cat 6",
    category="Cables", price="1.20", cost="0.38", stock="1250.5", low="300", shelf="E1",
    unit="m", digits=2,
)  # fmt: skip
SHORT_CABLE: Final = DemoProduct(
    sku="CAB-H2", name="HDMI Cable 2 m", french="Câble HDMI 2 m",
    category="Cables", price="9.90", cost="2.80", stock="200", low="50", shelf="E2",
)  # fmt: skip
BAG: Final = DemoProduct(
    sku="BAG-L1", name="Laptop Bag", french="Sacoche pour portable",
    category="Accessories", price="34.90", cost="14", stock="112", low="30", shelf="C5",
)  # fmt: skip
HANDBOOK: Final = DemoProduct(
    sku="BOK-N1", name="Handbook of Networks", french="Manuel des réseaux",
    category="Books", price="28", cost="15", stock="20", low="5", shelf="F1", reduced=True,
)  # fmt: skip
FREIGHT: Final = DemoProduct(
    sku="FREIGHT", name="Freight", french="Transport", category="Services", price="45",
)  # fmt: skip
INSTALLATION: Final = DemoProduct(
    sku="INSTALL", name="Installation", french="Installation", category="Services", price="65",
    unit="h", digits=2,
)  # fmt: skip

PRODUCTS: Final = (
    COMPUTER, LAPTOP, SMALL_LAPTOP, MOUSE, BIG_MOUSE, KEYBOARD, MONITOR, BIG_MONITOR, DOCK,
    CABLE, SHORT_CABLE, BAG, HANDBOOK, FREIGHT, INSTALLATION,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DemoBook:
    """A price book: for each product its prices from a quantity on, in the book's currency.

    `name` gets the year; one without a party is the default of its currency.
    """

    name: str
    currency: str
    party: str = ""
    prices: tuple[tuple[DemoProduct, tuple[tuple[str, str], ...]], ...]


AUSTRALIAN: Final = DemoBook(
    name="AUD {year}",
    currency="AUD",
    prices=(
        (COMPUTER, (("0", "1190"), ("20", "1090"), ("50", "1050"))),
        (LAPTOP, (("0", "2490"), ("10", "2390"), ("50", "2290"))),
        (SMALL_LAPTOP, (("0", "1890"), ("10", "1790"))),
        (MOUSE, (("0", "29"), ("50", "26.50"))),
        (BIG_MOUSE, (("0", "42"),)),
        (KEYBOARD, (("0", "65"), ("50", "59"))),
        (MONITOR, (("0", "389"), ("10", "369"))),
        (BIG_MONITOR, (("0", "590"),)),
        (DOCK, (("0", "199"),)),
        (CABLE, (("0", "2.10"), ("500", "1.85"))),
        (BAG, (("0", "59"),)),
        (FREIGHT, (("0", "480"),)),
    ),
)
OF_MARTIN: Final = DemoBook(
    name="Papeterie Martin {year}",
    currency="EUR",
    party="Papeterie Martin",
    prices=(
        (KEYBOARD, (("0", "35"),)),
        (MONITOR, (("0", "215"), ("10", "199"))),
        (HANDBOOK, (("0", "25.50"),)),
    ),
)
OF_SHENZHEN: Final = DemoBook(
    name="Shenzhen Parts {year}",
    currency="USD",
    party="Shenzhen Parts",
    prices=(
        (COMPUTER, (("0", "540"), ("100", "515"))),
        (LAPTOP, (("0", "1150"), ("50", "1120"))),
        (SMALL_LAPTOP, (("0", "890"),)),
        (MOUSE, (("0", "9.60"), ("200", "8.90"))),
        (BIG_MOUSE, (("0", "13.50"),)),
        (KEYBOARD, (("0", "22"),)),
        (MONITOR, (("0", "174"),)),
        (BIG_MONITOR, (("0", "271"),)),
        (DOCK, (("0", "83"),)),
        (CABLE, (("0", "0.45"),)),
        (SHORT_CABLE, (("0", "3.30"),)),
        (BAG, (("0", "16.40"),)),
    ),
)
BOOKS: Final = (AUSTRALIAN, OF_MARTIN, OF_SHENZHEN)

RATES: Final = {"AUD": "0.5612", "GBP": "1.1386", "USD": "0.8640"}
"""What one unit of a currency is worth in EUR."""
