"""THE TABLE of a party's facts: a new one is a row here, a column of the model and a migration.

Its order is that of the columns in files.
"""

from __future__ import annotations

from collections.abc import Mapping
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

CONTACT, BILLING, DELIVERY = "contact", "billing", "delivery"
"""Whose rows keep what is no column of the party: a contact, an address of each use."""
ADDRESS_PREFIXES: Final[Mapping[str, str]] = {BILLING: "", DELIVERY: "delivery_"}
"""How the facts of an address are called, by its use."""

SIDES: Final[Mapping[str, Mapping[str, bool]]] = {
    "customer": {"is_customer": True},
    "vendor": {"is_vendor": True},
    "both": {"is_customer": True, "is_vendor": True},
}
"""What `side` can be, and what it says in the columns that keep it."""

_PLACED: Final = OnCard(seen_with=Ability.SEE_PARTIES, has_own_place=True)
CURRENCY_NAMES: Final = ("cur", "ccy", "currency code", "devise", "monnaie", "code devise")

PARTY_FACTS: Final = (
    Fact(
        "name", ValueKind.TEXT, N_("Name"), needed=True, folds=folded,
        asked=Question(N_("What's the name?")), card=_PLACED, paper=OnPaper("name", "BT-44"),
        file=FileColumn(
            N_("Name"), required=True,
            names=("company", "company name", "party", "business", "business name",
                   "organisation", "organization", "account name", "nom", "société", "tiers",
                   "raison sociale", "entreprise", "nom de la société", "customer name",
                   "vendor name", "supplier name", "nom du client", "nom du fournisseur",
                   "customer", "vendor", "supplier", "client", "fournisseur"),
        ),
    ),
    Fact(
        "side", ValueKind.SIDE, N_("Customer or vendor"), column="", card=_PLACED,
        file=FileColumn(
            N_("Customer or vendor"),
            ("role", "relation", "type", "kind", "party type", "customer/vendor",
             "client ou fournisseur", "client/fournisseur", "rôle", "type de tiers"),
        ),
    ),
    Fact(
        "currency", ValueKind.CURRENCY, N_("Currency"),
        asked=Question(N_("Which currency for the account?")), card=_PLACED,
        file=FileColumn(N_("Currency"), CURRENCY_NAMES),
    ),
    Fact(
        "language", ValueKind.LANGUAGE, N_("Language"), needed=True,
        asked=Question(N_("Which language for documents?")), card=_PLACED,
        file=FileColumn(N_("Language"), ("lang", "language code", "langue", "code langue")),
    ),
    Fact(
        "tax_id", ValueKind.TEXT, N_("Tax ID"), most=40, empty="",
        asked=Question(N_("What's the tax ID?"), optional=True), paper=OnPaper("tax_id", "BT-48"),
        file=FileColumn(
            N_("Tax ID"),
            ("tax id", "tax number",
             "vat number", "vat no", "vat id", "tin", "abn", "siret", "siren",
             "n° tva", "numéro de tva", "tva intracommunautaire",
             "n° tva intracommunautaire", "identifiant fiscal", "numéro fiscal"),
        ),
    ),
    Fact(
        "electronic_address", ValueKind.ELECTRONIC_ADDRESS, N_("E-invoice address"), empty="",
        asked=Question(
            N_("What's the e-invoice address? Skip to use the SIREN or email."),
            optional=True,
        ),
        paper=OnPaper("electronic_address", "BT-49"),
        file=FileColumn(
            N_("E-invoice address"),
            ("electronic address", "einvoice address", "peppol id", "peppol address",
             "endpoint", "endpoint id", "adresse électronique",
             "adresse de facturation électronique", "ligne d'adresse"),
        ),
    ),
    Fact(
        "tax_rule_id", ValueKind.TAX, N_("Tax"),
        asked=Question(
            N_("Which tax always applies? Skip to use the product's tax."), optional=True
        ),
        file=FileColumn(
            N_("Tax rule"), key="tax",
            names=("tax", "vat", "vat rule", "tax code", "règle de tva", "tva", "régime de tva",
                   "taxe"),
        ),
    ),
    Fact(
        "payment_days", ValueKind.DAYS, N_("Payment terms"),
        asked=Question(N_("Payment due within how many days?"), optional=True),
        file=FileColumn(
            N_("Payment terms"),
            ("terms", "payment terms", "net days", "credit days", "days", "délai de paiement",
             "délai", "conditions de paiement", "jours de paiement", "échéance"),
        ),
    ),
    Fact(
        "payment_mode", ValueKind.PAYMENT_MODE, N_("Payment method"), empty="transfer",
        file=FileColumn(
            N_("Payment method"),
            ("payment method", "pays by", "mode de paiement", "mode de règlement",
             "moyen de paiement"),
        ),
    ),
    Fact(
        "price_book_id", ValueKind.PRICE_BOOK, N_("Price book"),
        asked=Question(N_("Which price book?"), optional=True),
        file=FileColumn(
            N_("Price book"), key="price_book",
            names=("price list", "prices", "tarif", "liste de prix", "grille tarifaire"),
        ),
    ),
    Fact(
        "template_id", ValueKind.TEMPLATE, N_("Template"),
        asked=Question(
            N_("Which template? Skip to use the company's."), optional=True
        ),
    ),
    # --- Of a contact ---------------------------------------------------------------------
    Fact(
        "contact", ValueKind.TEXT, N_("Contact"), column="name", holder=CONTACT, needed=True,
        asked=Question(N_("What's the contact's name?")), card=_PLACED,
        paper=OnPaper("contact", "BT-56"),
        file=FileColumn(
            N_("Contact"),
            ("contact name", "contact person", "person", "nom du contact", "interlocuteur",
             "personne"),
        ),
    ),
    Fact(
        "phone", ValueKind.TEXT, N_("Phone"), holder=CONTACT, most=40, empty="",
        asked=Question(N_("What's the phone number?"), optional=True),
        paper=OnPaper("phone", "BT-57"),
        file=FileColumn(
            N_("Phone"),
            ("telephone", "tel", "mobile", "phone number", "téléphone", "tél", "portable",
             "numéro de téléphone"),
        ),
    ),
    Fact(
        "email", ValueKind.EMAIL, N_("Email"), holder=CONTACT, empty="",
        asked=Question(N_("What's the email address?"), optional=True),
        paper=OnPaper("email", "BT-58"),
        file=FileColumn(
            N_("Email"),
            ("email", "mail", "e mail", "email address", "courriel", "adresse e-mail",
             "adresse mail", "mél"),
        ),
    ),
    # --- Of the address to which its papers go ---------------------------------------------
    Fact(
        "address", ValueKind.ADDRESS, N_("Address"), column="", holder=BILLING, card=_PLACED,
        asked=Question(N_("What's the address? Street, postal code and town")),
    ),
    Fact(
        "street", ValueKind.NOTE, N_("Street"), holder=BILLING, empty="",
        paper=OnPaper("address", "BT-50"),
        file=FileColumn(
            N_("Street"),
            ("address", "street address", "address line", "address line 1", "billing street",
             "billing address", "adresse", "rue", "adresse 1", "adresse de facturation", "voie"),
        ),
    ),
    Fact(
        "postal_code", ValueKind.CODE, N_("Postal code"), holder=BILLING, empty="",
        paper=OnPaper("postal_code", "BT-53"),
        file=FileColumn(
            N_("Postal code"),
            ("postcode", "post code", "zip", "zip code", "billing postal code", "code postal",
             "cp"),
        ),
    ),
    Fact(
        "city", ValueKind.NOTE, N_("City"), holder=BILLING, empty="",
        paper=OnPaper("city", "BT-52"),
        file=FileColumn(
            N_("City"),
            ("town", "suburb", "billing city", "ville", "localité", "commune"),
        ),
    ),
    Fact(
        "country", ValueKind.COUNTRY, N_("Country"), holder=BILLING, needed=True, card=_PLACED,
        asked=Question(N_("Which country?")), paper=OnPaper("country", "BT-55"),
        file=FileColumn(
            N_("Country"), ("country code", "billing country", "pays", "code pays"),
        ),
    ),
    # --- Of the address to which goods go ----------------------------------------------------
    Fact(
        "delivery", ValueKind.ADDRESS, N_("Deliver to"), column="", holder=DELIVERY, card=_PLACED,
        asked=Question(N_("What's the delivery address? Street, postal code and town")),
    ),
    Fact(
        "delivery_street", ValueKind.NOTE, N_("Delivery street"), column="street",
        holder=DELIVERY, empty="", paper=OnPaper("address", "BT-75"),
        file=FileColumn(
            N_("Delivery street"),
            ("delivery address", "shipping address", "shipping street", "ship to",
             "adresse de livraison", "rue de livraison"),
        ),
    ),
    Fact(
        "delivery_postal_code", ValueKind.CODE, N_("Delivery postal code"), column="postal_code",
        holder=DELIVERY, empty="", paper=OnPaper("postal_code", "BT-78"),
        file=FileColumn(
            N_("Delivery postal code"),
            ("shipping postal code", "shipping zip", "delivery postcode",
             "code postal de livraison", "cp livraison"),
        ),
    ),
    Fact(
        "delivery_city", ValueKind.NOTE, N_("Delivery city"), column="city", holder=DELIVERY,
        empty="", paper=OnPaper("city", "BT-77"),
        file=FileColumn(
            N_("Delivery city"), ("shipping city", "ville de livraison", "ville livraison"),
        ),
    ),
    Fact(
        "delivery_country", ValueKind.COUNTRY, N_("Delivery country"), column="country",
        holder=DELIVERY, needed=True, paper=OnPaper("country", "BT-80"),
        file=FileColumn(
            N_("Delivery country"), ("shipping country", "pays de livraison", "pays livraison"),
        ),
    ),
)  # fmt: skip

OWN: Final = columns_of(PARTY_FACTS)
"""The facts that the party's own row keeps, by their columns."""
OF_CONTACT: Final = columns_of(PARTY_FACTS, CONTACT)
OF_ADDRESS: Final = columns_of(PARTY_FACTS, BILLING)
"""The same of a contact, and of an address of either use."""

ASKED: Final = asked_facts(
    (each for each in PARTY_FACTS if each.holder != CONTACT),
    first=("name", "currency", "language", "address", "delivery", "country", "tax_rule_id",
           "price_book_id", "template_id", "payment_days"),
)  # fmt: skip
"""What the Edit card asks, in its order; a new fact comes last.  A contact is asked for apart."""


def side_of(*, is_customer: bool, is_vendor: bool) -> str:
    """Return the key of `SIDES` for a party."""
    if is_customer and is_vendor:
        return "both"
    return "customer" if is_customer else "vendor"
