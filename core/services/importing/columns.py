"""The table of what can be imported: kinds, their columns, and every name that people give them.

A column is found by its name in any language that we speak (its heading, as an export writes it)
or by a synonym of its row.  A new synonym is a word in a row.  The columns of products and of
parties are their facts (`core.domain.facts.product`, `core.domain.facts.party`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.domain import units
from core.domain.facts.fact import Fact, ValueKind, limit_of
from core.domain.facts.party import CURRENCY_NAMES, PARTY_FACTS
from core.domain.facts.product import PRODUCT_FACTS
from core.domain.messages import N_, N_plural


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, and what its cells hold.

    `names` are synonyms, in English and French; `most` is the longest text or the largest number,
    None for what its kind allows.  A column that `tells` nothing is known and not read: what an
    export shows beside what can be changed.
    """

    key: str
    heading: str
    kind: ValueKind
    names: tuple[str, ...] = ()
    required: bool = False
    tells: bool = True
    most: int | None = None

    @property
    def limit(self) -> int:
        """The longest text or the largest number that a cell holds."""
        return limit_of(self.kind, self.most)


def _columns(table: Iterable[Fact]) -> tuple[Column, ...]:
    """Return the columns of those facts that stand in files."""
    return tuple(
        Column(
            each.file_key,
            each.file.heading,
            each.kind,
            each.file.names,
            required=each.file.required,
            most=each.most,
        )
        for each in table
        if each.file is not None
    )


@dataclass(frozen=True)
class ImportKind:
    """Something that can be imported: a row of `KINDS`.

    `counted` is "{count} product" with its plural; `keys` are the columns that name a row: two
    rows with the same are refused, unless `repeats`.
    """

    name: str
    label: str
    counted: tuple[str, str]
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    repeats: bool = False

    def column(self, key: str) -> Column:
        """One of its columns."""
        return next(each for each in self.columns if each.key == key)


PRODUCTS: Final = ImportKind(
    "products",
    N_("Products"),
    N_plural("{count} product", "{count} products"),
    ("sku",),
    _columns(PRODUCT_FACTS),
)

PARTIES: Final = ImportKind(
    "parties",
    N_("Customers and vendors"),
    N_plural("{count} customer or vendor", "{count} customers and vendors"),
    ("name",),
    _columns(PARTY_FACTS),
    repeats=True,
)

_SKU: Final = PRODUCTS.column("sku")
_INFORMED_NAME: Final = replace(PRODUCTS.column("name"), tells=False)

PRICES: Final = ImportKind(
    "prices",
    N_("Prices"),
    N_plural("{count} price", "{count} prices"),
    ("book", "currency", "sku", "from_quantity"),
    (
        _SKU,
        _INFORMED_NAME,
        Column("book", N_("Price book"), ValueKind.TEXT,
               names=("book", "price list", "list", "tarif", "grille", "grille tarifaire",
                      "liste de prix", "nom du tarif")),
        Column("currency", N_("Currency"), ValueKind.CURRENCY, required=True,
               names=CURRENCY_NAMES),
        Column("from_quantity", N_("From quantity"), ValueKind.QUANTITY,
               names=("from", "minimum quantity", "min quantity", "min qty", "moq", "quantity",
                      "qty", "step", "à partir de", "quantité", "quantité minimum",
                      "quantité minimale", "qté min", "qté", "dès")),
        Column("unit_price", N_("Price"), ValueKind.PRICE, required=True,
               names=("unit price", "net price", "sale price", "selling price", "prix",
                      "prix unitaire", "prix de vente", "pu", "prix net")),
        Column("valid_from", N_("Valid from"), ValueKind.DATE,
               names=("from date", "start", "start date", "begins", "valable du",
                      "valable à partir du", "début", "date de début")),
        Column("valid_until", N_("Valid until"), ValueKind.DATE,
               names=("until", "to date", "end", "end date", "valid to", "expires",
                      "valable jusqu'au", "fin", "date de fin")),
        Column("is_default", N_("Default"), ValueKind.FLAG,
               names=("default book", "is default", "par défaut", "défaut")),
    ),
)  # fmt: skip

STOCK: Final = ImportKind(
    "stock",
    N_("Stock"),
    N_plural("{count} product", "{count} products"),
    ("sku",),
    (
        _SKU,
        _INFORMED_NAME,
        Column("on_hand", N_("On hand"), ValueKind.QUANTITY, required=True,
               names=("quantity", "qty", "stock", "in stock", "stock level", "opening stock",
                      "opening quantity", "counted", "count", "quantity on hand", "qoh", "soh",
                      "quantité", "qté", "en stock", "stock initial", "quantité en stock",
                      "stock réel", "compté", "inventaire")),
        Column("unit_cost", N_("Unit cost"), ValueKind.PRICE,
               names=("cost", "cost of one",
                      "unit cost", "cost price", "average cost", "purchase price",
                      "coût", "coût unitaire", "prix d'achat", "prix de revient", "pmp",
                      "cump", "coût moyen")),
        Column("value", N_("Value"), ValueKind.PRICE,
               names=("total value", "stock value", "total cost", "amount", "valeur",
                      "valeur totale", "valeur du stock", "montant")),
        Column("last_move", N_("Last movement"), ValueKind.WHOLE,
               names=("as of move", "dernier mouvement")),
        Column("unit", N_("Unit"), ValueKind.NOTE, tells=False, names=("uom", "unité")),
        Column("held", N_("Reserved"), ValueKind.NOTE, tells=False,
               names=("reserved", "réservé", "retenu")),
        Column("free", N_("Available"), ValueKind.NOTE, tells=False,
               names=("available", "disponible", "libre")),
        Column("aside", N_("In quarantine"), ValueKind.NOTE, tells=False,
               names=("quarantine", "set aside", "quarantaine", "mis de côté")),
        Column("expected", N_("Expected"), ValueKind.NOTE, tells=False,
               names=("incoming", "on order", "attendu", "en commande")),
        Column("shelf", N_("Shelf"), ValueKind.NOTE, tells=False,
               names=("location", "bin", "emplacement", "étagère")),
    ),
)  # fmt: skip

KINDS: Final[Mapping[str, ImportKind]] = {
    each.name: each for each in (PRODUCTS, PARTIES, PRICES, STOCK)
}
"""All kinds; of two that fit a file equally well, the earlier is meant."""

# Words behind (or in front of) a heading that do not change what it means.
UNIT_WORDS: Final = units.words_of("piece", "kg", "m", "l", "h") | {
    "ht", "net", "hors", "taxes", "taxe", "excl", "excluding", "ex", "vat", "tax", "in", "en",
    "of", "par", "per", "unitaire", "days", "jours", "j", "percent", "pct", "iso",
}  # fmt: skip
