"""The table of the company's own facts, in the order of its Edit card."""

from __future__ import annotations

from typing import Final

from core.domain.facts.fact import Fact, OnPaper, Question, ValueKind, asked_facts, columns_of
from core.domain.messages import N_

COMPANY_FACTS: Final = (
    Fact(
        "name", ValueKind.TEXT, N_("Name"), needed=True,
        asked=Question(N_("What's the company name?")), paper=OnPaper("name", "BT-27"),
    ),
    Fact(
        "address", ValueKind.ADDRESS, N_("Address"), column="",
        asked=Question(N_("What's the company address? Street, postal code and town")),
    ),
    Fact("street", ValueKind.NOTE, N_("Street"), empty="", paper=OnPaper("address", "BT-35")),
    Fact(
        "postal_code", ValueKind.CODE, N_("Postal code"), empty="",
        paper=OnPaper("postal_code", "BT-38"),
    ),
    Fact("city", ValueKind.NOTE, N_("City"), empty="", paper=OnPaper("city", "BT-37")),
    Fact(
        "country", ValueKind.COUNTRY, N_("Country"), needed=True,
        asked=Question(N_("Which country?")), paper=OnPaper("country", "BT-40"),
    ),
    Fact(
        "tax_id", ValueKind.TEXT, N_("Tax ID"), most=40, empty="",
        asked=Question(N_("What's the tax ID?"), optional=True), paper=OnPaper("tax_id", "BT-31"),
    ),
    Fact(
        "phone", ValueKind.TEXT, N_("Phone"), most=40, empty="",
        asked=Question(N_("What's the phone number?"), optional=True),
        paper=OnPaper("phone", "BT-42"),
    ),
    Fact(
        "email", ValueKind.EMAIL, N_("Email"), empty="",
        asked=Question(N_("What's the email address?"), optional=True),
        paper=OnPaper("email", "BT-43"),
    ),
    Fact(
        "bank_details", ValueKind.NOTE, N_("Bank account"), empty="",
        asked=Question(N_("Which bank account should customers pay into?"), optional=True),
    ),
    Fact(
        "electronic_address", ValueKind.ELECTRONIC_ADDRESS, N_("E-invoice address"), empty="",
        asked=Question(
            N_("What's the e-invoice address? Skip to use the SIREN or email."),
            optional=True,
        ),
        paper=OnPaper("electronic_address", "BT-34"),
    ),
    Fact(
        "shows_payment_code", ValueKind.FLAG, N_("Payment QR code"), empty=True,
        asked=Question(N_("Print a QR code for bank transfer on invoices in euros?")),
    ),
    Fact(
        "payment_days", ValueKind.DAYS, N_("Payment terms"), needed=True,
        asked=Question(N_("Payment due within how many days?")),
    ),
    Fact(
        "currency", ValueKind.CURRENCY, N_("Currency"), needed=True,
        asked=Question(N_("Which currency does the company use?")),
    ),
    Fact(
        "zone", ValueKind.ZONE, N_("Time zone"), needed=True,
        asked=Question(N_("Which time zone is the company in?")),
    ),
    Fact(
        "language", ValueKind.LANGUAGE, N_("Language"), needed=True,
        asked=Question(N_("Which language for documents?")),
    ),
)  # fmt: skip

OWN: Final = columns_of(COMPANY_FACTS)
"""The facts that the company's row keeps, by their columns."""
ASKED: Final = asked_facts(COMPANY_FACTS)
"""What the Edit card asks, in its order."""
