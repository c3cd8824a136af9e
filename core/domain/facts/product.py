"""THE TABLE of a product's facts: a new one is a row here, a column of the model and a migration.

Its order is that of the columns in files. Who may see a fact on the card is said by its row, for
customers open the same card.
"""

from __future__ import annotations

from typing import Final

from core.domain.facts.fact import (
    Fact,
    FileColumn,
    OnCard,
    OnPaper,
    Question,
    ValueKind,
    asked_facts,
    columns_of,
)
from core.domain.messages import N_
from core.domain.people import Ability
from core.domain.texts import folded

PRODUCT_FACTS: Final = (
    Fact(
        "sku", ValueKind.CODE, N_("SKU"), needed=True, folds=str.casefold,
        asked=Question(N_("What's the SKU?")), paper=OnPaper("sku", "BT-155"),
        card=OnCard(seen_with=Ability.SEE_CATALOGUE, has_own_place=True),
        file=FileColumn(
            N_("SKU"), required=True,
            names=("code", "article", "article code", "article number", "item", "item code",
                   "item no", "item number", "product code", "product id", "part", "part number",
                   "part no", "ref", "reference", "référence", "réf", "code article",
                   "code produit", "référence article", "référence produit", "n° article",
                   "numéro d'article", "sku code"),
        ),
    ),
    Fact(
        "name", ValueKind.TEXT, N_("Name"), needed=True, folds=folded,
        asked=Question(N_("What's the name?")), paper=OnPaper("name", "BT-153"),
        card=OnCard(seen_with=Ability.SEE_CATALOGUE, has_own_place=True),
        file=FileColumn(
            N_("Name"),
            ("product", "product name", "item name", "article name", "title", "description",
             "designation", "label", "nom", "nom du produit", "produit", "libellé", "désignation",
             "intitulé", "nom de l'article"),
        ),
    ),
    Fact(
        "nature", ValueKind.NATURE, N_("Type"), empty="goods",
        file=FileColumn(
            N_("Type"),
            ("kind", "nature", "product type", "goods or service", "type de produit"),
        ),
    ),
    Fact(
        "barcode", ValueKind.CODE, N_("Barcode"), most=40,
        asked=Question(N_("What's the barcode?"), optional=True),
        file=FileColumn(
            N_("Barcode"),
            ("bar code", "ean", "ean13", "ean 13", "gtin", "upc", "code barres", "code-barres",
             "code à barres", "codebarre", "gencod", "gencode"),
        ),
    ),
    Fact(
        "unit", ValueKind.UNIT, N_("Unit"), empty="piece", paper=OnPaper("unit", "BT-130"),
        file=FileColumn(
            N_("Unit"),
            ("uom", "unit of measure", "sold by", "unité", "unité de vente", "unité de mesure"),
        ),
    ),
    Fact(
        "unit_digits", ValueKind.DIGITS, N_("Decimals"), empty=0,
        paper=OnPaper("unit_digits"),
        file=FileColumn(
            N_("Decimals"),
            ("unit decimals", "decimal places", "décimales", "nombre de décimales"),
        ),
    ),
    Fact(
        "list_price", ValueKind.PRICE, N_("Price"),
        asked=Question(N_("What's the selling price per unit?"), optional=True),
        card=OnCard(seen_with=Ability.SEE_MONEY, has_own_place=True),
        file=FileColumn(
            N_("List price"),
            ("price", "unit price", "sale price", "sales price", "selling price", "retail price",
             "net price", "prix", "prix unitaire", "prix de vente", "prix catalogue", "tarif",
             "prix public", "pu", "pv"),
        ),
    ),
    Fact(
        "cost_price", ValueKind.PRICE, N_("Cost price"),
        file=FileColumn(
            N_("Cost price"),
            ("cost", "unit cost", "purchase price", "buying price", "prix d'achat", "prix achat",
             "coût", "prix de revient", "coût unitaire", "pa"),
        ),
    ),
    Fact(
        "tax_id", ValueKind.TAX, N_("Tax"),
        file=FileColumn(
            N_("Tax"), key="tax",
            names=("vat", "tax rate", "vat rate", "gst", "sales tax", "tva", "taux de tva",
                   "taux tva", "taxe", "code tva"),
        ),
    ),
    Fact(
        "category", ValueKind.TEXT, N_("Category"), empty="",
        file=FileColumn(
            N_("Category"),
            ("group", "family", "product group", "catégorie", "famille", "groupe"),
        ),
    ),
    Fact(
        "shelf", ValueKind.TEXT, N_("Shelf"), most=40, empty="",
        asked=Question(N_("Which shelf is it on?"), optional=True),
        card=OnCard(seen_with=Ability.SEE_STOCK, has_own_place=True),
        file=FileColumn(
            N_("Shelf"),
            ("location", "bin", "bin location", "storage location", "emplacement", "étagère",
             "casier", "allée"),
        ),
    ),
    Fact(
        "reorder_level", ValueKind.QUANTITY, N_("Reorder level"),
        asked=Question(N_("Reorder at what quantity?"), optional=True),
        card=OnCard(seen_with=Ability.SEE_STOCK, has_own_place=True),
        file=FileColumn(
            N_("Reorder level"),
            ("reorder at", "reorder level", "reorder point", "minimum stock", "min stock", "min",
             "alert level", "seuil", "seuil d'alerte", "stock minimum", "stock mini",
             "seuil de réapprovisionnement", "point de commande"),
        ),
    ),
    # --- Its names in other languages than the company's -------------------------------------
    Fact(
        "name_en", ValueKind.TEXT, N_("Name (English)"), column="name", holder="en",
        folds=folded, empty="",
        file=FileColumn(
            N_("Name (English)"),
            ("english name", "name en", "en", "nom anglais", "désignation anglaise"),
        ),
    ),
    Fact(
        "name_fr", ValueKind.TEXT, N_("Name (French)"), column="name", holder="fr",
        folds=folded, empty="",
        file=FileColumn(
            N_("Name (French)"),
            ("french name", "name fr", "fr", "nom français", "désignation française"),
        ),
    ),
)  # fmt: skip

OWN: Final = columns_of(PRODUCT_FACTS)
"""The facts that the product's own row keeps, by their columns."""
NAMED: Final = {each.holder: each for each in PRODUCT_FACTS if each.holder}
"""The names in other languages that files have a column for, by language."""

ASKED: Final = asked_facts(
    PRODUCT_FACTS,
    first=("name", "sku", "list_price", "reorder_level", "shelf", "barcode"),
)
"""What the Edit card asks, in its order; a new fact comes last."""
