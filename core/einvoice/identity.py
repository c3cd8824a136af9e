"""By which numbers a side of the trade is known in an e-invoice."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.identifiers import (
    FRENCH_DIRECTORY,
    MAIL,
    ElectronicAddress,
    electronic_address,
    siren,
    vat_id,
)
from core.domain.papers.view import PaperSide

COMPANY_REGISTER = "0002"
"""The scheme of a SIREN (ISO 6523)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The numbers of a side; what it does not have is empty.

    Attributes:
        vat: its VAT identifier (BT-31, BT-48).
        tax: its number at the tax office, where that is no VAT identifier (BT-32).
        legal: by which it is registered (BT-30, BT-47).
        legal_scheme: the scheme of that number.
        electronic: where it receives e-invoices (BT-34, BT-49).
    """

    vat: str = ""
    tax: str = ""
    legal: str = ""
    legal_scheme: str = ""
    electronic: ElectronicAddress | None = None


def identity_of(side: PaperSide, *, outside_tax: bool = False) -> Identity:
    """The numbers of a side.

    Args:
        side: who.
        outside_tax: an invoice outside the scope of tax names no VAT identifier (BR-O-02).
    """
    number = side.tax_id.strip()
    vat = "" if outside_tax else vat_id(number, side.country)
    registered = siren(number, side.country)
    return Identity(
        vat=vat,
        tax="" if vat or outside_tax else number,
        legal=registered or ("" if vat else number),
        legal_scheme=COMPANY_REGISTER if registered else "",
        electronic=_electronic(side, registered),
    )


def _electronic(side: PaperSide, registered: str) -> ElectronicAddress | None:
    """What was said; else a French company's SIREN, which its platform knows; else its mail."""
    if side.electronic_address:
        return electronic_address(side.electronic_address)
    if registered:
        return ElectronicAddress(FRENCH_DIRECTORY, registered)
    return ElectronicAddress(MAIL, side.email) if side.email else None
