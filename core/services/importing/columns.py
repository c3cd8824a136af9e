"""The table of what can be imported: kinds, their columns, and every name that people give them.

A column is found by its name in any language that we speak (its heading, as an export writes it)
or by a synonym of its row.  A new synonym is a word in a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.domain import units
from core.domain.messages import N_, N_plural


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, how its cells are read (a row of `cells.READERS`).

    `names` are synonyms, in English and French.  A column that `tells` nothing is known and not
    read: what an export shows beside what can be changed.
    """

    key: str
    heading: str
    reader: str
    names: tuple[str, ...] = ()
    required: bool = False
    tells: bool = True


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


_SKU: Final = Column(
    "sku", N_("SKU"), "code", required=True,
    names=(
        "code", "article", "article code", "article number", "item", "item code", "item no",
        "item number", "product code", "product id", "part", "part number", "part no", "ref",
        "reference", "référence", "réf", "code article", "code produit", "référence article",
        "référence produit", "n° article", "numéro d'article", "sku code",
    ),
)  # fmt: skip
_PRODUCT_NAME: Final = Column(
    "name", N_("Name"), "name",
    names=(
        "product", "product name", "item name", "article name", "title", "description",
        "designation", "label", "nom", "nom du produit", "produit", "libellé", "désignation",
        "intitulé", "nom de l'article",
    ),
)  # fmt: skip
_INFORMED_NAME: Final = Column("name", N_("Name"), "name", tells=False, names=_PRODUCT_NAME.names)
_CURRENCY_NAMES: Final = ("cur", "ccy", "currency code", "devise", "monnaie", "code devise")

PRODUCTS: Final = ImportKind(
    "products",
    N_("Products"),
    N_plural("{count} product", "{count} products"),
    ("sku",),
    (
        _SKU,
        _PRODUCT_NAME,
        Column("nature", N_("Type"), "nature",
               names=("kind", "nature", "product type", "goods or service", "type de produit")),
        Column("barcode", N_("Barcode"), "code",
               names=("bar code", "ean", "ean13", "ean 13", "gtin", "upc", "code barres",
                      "code-barres", "code à barres", "codebarre", "gencod", "gencode")),
        Column("unit", N_("Unit"), "unit",
               names=("uom", "unit of measure", "sold by", "unité", "unité de vente",
                      "unité de mesure")),
        Column("unit_digits", N_("Decimals"), "digits",
               names=("unit decimals", "decimal places", "décimales", "nombre de décimales")),
        Column("list_price", N_("List price"), "price",
               names=("price", "unit price", "sale price", "sales price", "selling price",
                      "retail price", "net price", "prix", "prix unitaire", "prix de vente",
                      "prix catalogue", "tarif", "prix public", "pu", "pv")),
        Column("cost_price", N_("Cost price"), "price",
               names=("cost", "unit cost", "purchase price", "buying price", "prix d'achat",
                      "prix achat", "coût", "prix de revient", "coût unitaire", "pa")),
        Column("tax", N_("Tax"), "tax",
               names=("vat", "tax rate", "vat rate", "gst", "sales tax", "tva", "taux de tva",
                      "taux tva", "taxe", "code tva")),
        Column("category", N_("Category"), "name",
               names=("group", "family", "product group", "catégorie", "famille", "groupe")),
        Column("shelf", N_("Shelf"), "name",
               names=("location", "bin", "bin location", "storage location", "emplacement",
                      "étagère", "casier", "allée")),
        Column("reorder_level", N_("Reorder at"), "quantity",
               names=("reorder level", "reorder point", "minimum stock", "min stock", "min",
                      "alert level", "seuil", "seuil d'alerte", "stock minimum", "stock mini",
                      "seuil de réapprovisionnement", "point de commande")),
        Column("name_en", N_("Name (English)"), "name",
               names=("english name", "name en", "en", "nom anglais", "désignation anglaise")),
        Column("name_fr", N_("Name (French)"), "name",
               names=("french name", "name fr", "fr", "nom français", "désignation française")),
    ),
)  # fmt: skip

PARTIES: Final = ImportKind(
    "parties",
    N_("Customers and vendors"),
    N_plural("{count} party", "{count} parties"),
    ("name",),
    (
        Column("name", N_("Name"), "name", required=True,
               names=("company", "company name", "party", "business", "business name",
                      "organisation", "organization", "account name", "nom", "société", "tiers",
                      "raison sociale", "entreprise", "nom de la société", "customer name",
                      "vendor name", "supplier name", "nom du client", "nom du fournisseur",
                      "customer", "vendor", "supplier", "client", "fournisseur")),
        Column("side", N_("Customer or vendor"), "side",
               names=("role", "relation", "type", "kind", "party type", "customer/vendor",
                      "client ou fournisseur", "client/fournisseur", "rôle", "type de tiers")),
        Column("currency", N_("Currency"), "currency", names=_CURRENCY_NAMES),
        Column("language", N_("Language"), "language",
               names=("lang", "language code", "langue", "code langue")),
        Column("tax_id", N_("Tax number"), "note",
               names=("tax id", "vat number", "vat no", "vat id", "tin", "abn", "siret", "siren",
                      "n° tva", "numéro de tva", "tva intracommunautaire",
                      "n° tva intracommunautaire", "identifiant fiscal", "numéro fiscal")),
        Column("electronic_address", N_("E-invoice address"), "electronic_address",
               names=("electronic address", "einvoice address", "peppol id", "peppol address",
                      "endpoint", "endpoint id", "adresse électronique",
                      "adresse de facturation électronique", "ligne d'adresse")),
        Column("tax", N_("Tax rule"), "tax",
               names=("tax", "vat", "vat rule", "tax code", "règle de tva", "tva", "régime de tva",
                      "taxe")),
        Column("payment_days", N_("Payment days"), "days",
               names=("terms", "payment terms", "net days", "credit days", "days",
                      "délai de paiement", "délai", "conditions de paiement",
                      "jours de paiement", "échéance")),
        Column("payment_mode", N_("Payment mode"), "payment_mode",
               names=("payment method", "pays by", "mode de paiement", "mode de règlement",
                      "moyen de paiement")),
        Column("price_book", N_("Price book"), "price_book",
               names=("price list", "prices", "tarif", "liste de prix", "grille tarifaire")),
        Column("contact", N_("Contact"), "name",
               names=("contact name", "contact person", "person", "nom du contact",
                      "interlocuteur", "personne")),
        Column("phone", N_("Phone"), "note",
               names=("telephone", "tel", "mobile", "phone number", "téléphone", "tél",
                      "portable", "numéro de téléphone")),
        Column("email", N_("E-mail"), "email",
               names=("email", "mail", "e mail", "email address", "courriel", "adresse e-mail",
                      "adresse mail", "mél")),
        Column("street", N_("Street"), "note",
               names=("address", "street address", "address line", "address line 1",
                      "billing street", "billing address", "adresse", "rue", "adresse 1",
                      "adresse de facturation", "voie")),
        Column("postal_code", N_("Postal code"), "code",
               names=("postcode", "post code", "zip", "zip code", "billing postal code",
                      "code postal", "cp")),
        Column("city", N_("City"), "note",
               names=("town", "suburb", "billing city", "ville", "localité", "commune")),
        Column("country", N_("Country"), "country",
               names=("country code", "billing country", "pays", "code pays")),
        Column("delivery_street", N_("Delivery street"), "note",
               names=("delivery address", "shipping address", "shipping street", "ship to",
                      "adresse de livraison", "rue de livraison")),
        Column("delivery_postal_code", N_("Delivery postal code"), "code",
               names=("shipping postal code", "shipping zip", "delivery postcode",
                      "code postal de livraison", "cp livraison")),
        Column("delivery_city", N_("Delivery city"), "note",
               names=("shipping city", "ville de livraison", "ville livraison")),
        Column("delivery_country", N_("Delivery country"), "country",
               names=("shipping country", "pays de livraison", "pays livraison")),
    ),
    repeats=True,
)  # fmt: skip

PRICES: Final = ImportKind(
    "prices",
    N_("Prices"),
    N_plural("{count} price", "{count} prices"),
    ("book", "currency", "sku", "from_quantity"),
    (
        _SKU,
        _INFORMED_NAME,
        Column("book", N_("Price book"), "name",
               names=("book", "price list", "list", "tarif", "grille", "grille tarifaire",
                      "liste de prix", "nom du tarif")),
        Column("currency", N_("Currency"), "currency", required=True, names=_CURRENCY_NAMES),
        Column("from_quantity", N_("From quantity"), "quantity",
               names=("from", "minimum quantity", "min quantity", "min qty", "moq", "quantity",
                      "qty", "step", "à partir de", "quantité", "quantité minimum",
                      "quantité minimale", "qté min", "qté", "dès")),
        Column("unit_price", N_("Price"), "price", required=True,
               names=("unit price", "net price", "sale price", "selling price", "prix",
                      "prix unitaire", "prix de vente", "pu", "prix net")),
        Column("valid_from", N_("Valid from"), "date",
               names=("from date", "start", "start date", "begins", "valable du",
                      "valable à partir du", "début", "date de début")),
        Column("valid_until", N_("Valid until"), "date",
               names=("until", "to date", "end", "end date", "valid to", "expires",
                      "valable jusqu'au", "fin", "date de fin")),
        Column("is_default", N_("Default"), "flag",
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
        Column("on_hand", N_("On hand"), "quantity", required=True,
               names=("quantity", "qty", "stock", "in stock", "stock level", "opening stock",
                      "opening quantity", "counted", "count", "quantity on hand", "qoh", "soh",
                      "quantité", "qté", "en stock", "stock initial", "quantité en stock",
                      "stock réel", "compté", "inventaire")),
        Column("unit_cost", N_("Cost of one"), "price",
               names=("cost", "unit cost", "cost price", "average cost", "purchase price",
                      "coût", "coût unitaire", "prix d'achat", "prix de revient", "pmp",
                      "cump", "coût moyen")),
        Column("value", N_("Value"), "price",
               names=("total value", "stock value", "total cost", "amount", "valeur",
                      "valeur totale", "valeur du stock", "montant")),
        Column("last_move", N_("Last move"), "whole",
               names=("as of move", "dernier mouvement")),
        Column("unit", N_("Unit"), "note", tells=False, names=("uom", "unité")),
        Column("held", N_("Held"), "note", tells=False, names=("reserved", "réservé", "retenu")),
        Column("free", N_("Free"), "note", tells=False,
               names=("available", "disponible", "libre")),
        Column("aside", N_("Set aside"), "note", tells=False,
               names=("quarantine", "quarantaine", "mis de côté")),
        Column("expected", N_("Expected"), "note", tells=False,
               names=("incoming", "on order", "attendu", "en commande")),
        Column("shelf", N_("Shelf"), "note", tells=False,
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
