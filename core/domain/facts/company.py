"""The table of the company's own facts, in the order of its Edit card."""

from __future__ import annotations

from typing import Final

from core.domain.facts.fact import Fact, OnPaper, Question, ValueKind, asked_facts, columns_of
from core.domain.messages import N_

COMPANY_FACTS: Final = (
    Fact(
        "name", ValueKind.TEXT, N_("Name"), needed=True,
        asked=Question(N_("What is the company called?")), paper=OnPaper("name", "BT-27"),
    ),
    Fact(
        "address", ValueKind.ADDRESS, N_("Address"), column="",
        asked=Question(N_("Its address? Street, postal code and town")),
    ),
    Fact("street", ValueKind.NOTE, N_("Street"), empty="", paper=OnPaper("address", "BT-35")),
    Fact(
        "postal_code", ValueKind.CODE, N_("Postal code"), empty="",
        paper=OnPaper("postal_code", "BT-38"),
    ),
    Fact("city", ValueKind.NOTE, N_("City"), empty="", paper=OnPaper("city", "BT-37")),
    Fact(
        "country", ValueKind.COUNTRY, N_("Country"), needed=True,
        asked=Question(N_("In which country is it?")), paper=OnPaper("country", "BT-40"),
    ),
    Fact(
        "tax_id", ValueKind.TEXT, N_("Tax id"), most=40, empty="",
        asked=Question(N_("What is its tax id?"), optional=True), paper=OnPaper("tax_id", "BT-31"),
    ),
    Fact(
        "phone", ValueKind.TEXT, N_("Phone"), most=40, empty="",
        asked=Question(N_("Which phone number?"), optional=True), paper=OnPaper("phone", "BT-42"),
    ),
    Fact(
        "email", ValueKind.EMAIL, N_("Email"), empty="",
        asked=Question(N_("Which email address?"), optional=True), paper=OnPaper("email", "BT-43"),
    ),
    Fact(
        "bank_details", ValueKind.NOTE, N_("Bank"), empty="",
        asked=Question(N_("To which bank account is it paid?"), optional=True),
    ),
    Fact(
        "electronic_address", ValueKind.ELECTRONIC_ADDRESS, N_("E-invoice address"), empty="",
        asked=Question(
            N_("At which address does it receive e-invoices? Skip: by its SIREN or its email"),
            optional=True,
        ),
        paper=OnPaper("electronic_address", "BT-34"),
    ),
    Fact(
        "shows_payment_code", ValueKind.FLAG, N_("Payment code"), empty=True,
        asked=Question(N_("Shall invoices in euros have a code that fills in the transfer?")),
    ),
    Fact(
        "payment_days", ValueKind.DAYS, N_("Payment days"), needed=True,
        asked=Question(N_("Payable within how many days?")),
    ),
    Fact(
        "currency", ValueKind.CURRENCY, N_("Currency"), needed=True,
        asked=Question(N_("In which currency are its books?")),
    ),
    Fact(
        "zone", ValueKind.ZONE, N_("Time zone"), needed=True,
        asked=Question(N_("In which time zone are its dates?")),
    ),
    Fact(
        "language", ValueKind.LANGUAGE, N_("Language"), needed=True,
        asked=Question(N_("In which language are its papers?")),
    ),
)  # fmt: skip

OWN: Final = columns_of(COMPANY_FACTS)
"""The facts that the company's row keeps, by their columns."""
ASKED: Final = asked_facts(COMPANY_FACTS)
"""What the Edit card asks, in its order."""
