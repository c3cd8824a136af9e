"""Numbers by which banks and tax offices know a company: told apart, and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.domain.errors import Refusal

TAX_UNION: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
"""Where the European directive on VAT is law (ISO 3166)."""
_TAX_PREFIXES: Final = {"GR": "EL"}
"""Countries whose VAT ids begin otherwise than with their ISO code (Directive 2006/112, 215)."""

_SEPARATORS: Final = str.maketrans("", "", " \u00a0\u202f.-\t")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f]?[A-Z0-9]){11,30}", re.IGNORECASE)
_LEAST_IBAN: Final = 15
_IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "PT", 26: "IS TR", 27: "FR GR IT MC SM",
        28: "AL AZ CY DO GT HU LB PL", 29: "BR PS QA UA", 30: "JO KW MU", 31: "MT",
    }.items()
    for country in countries.split()
}  # fmt: skip
"""How long an IBAN of a country is, by the registry of ISO 13616; others may be of any length."""
_BIC: Final = re.compile(
    r"\b(?:BIC|SWIFT)\b[^A-Z0-9]*([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"
)
_VAT_ID: Final = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")
_FRENCH_VAT_ID: Final = re.compile(r"FR[A-Z0-9]{2}\d{9}")
_SIREN: Final = re.compile(r"\d{9}(?:\d{5})?")
_ADDRESS: Final = re.compile(r"(?:(\d{4}|[A-Z]{2}):)?([A-Za-z0-9+\-_.@:/]{1,120})")

FRENCH_DIRECTORY: Final = "0225"
MAIL: Final = "EM"


class ElectronicAddressUnclear(Refusal):
    """What was typed is no address at which e-invoices are received."""

    code = "electronic_address_unclear"
    fact_names = ("text",)


@dataclass(frozen=True, slots=True)
class ElectronicAddress:
    """Where e-invoices are received: an identifier in a scheme of the EAS code list (BT-34)."""

    scheme: str
    value: str

    def __str__(self) -> str:
        """As it is typed and kept."""
        return f"{self.scheme}:{self.value}"


def compact(text: str) -> str:
    """An identifier without what people put between its letters to read it."""
    return text.translate(_SEPARATORS).upper()


def is_iban(text: str) -> bool:
    """Whether it has the form of an IBAN and its check digits are right (ISO 13616, mod 97)."""
    found = compact(text)
    if not _IBAN.fullmatch(found) or _IBAN_LENGTHS.get(found[:2], len(found)) != len(found):
        return False
    figures = "".join(str(int(each, 36)) for each in found[4:] + found[:4])
    return int(figures) % 97 == 1


def iban_in(text: str) -> str:
    """The first valid IBAN in some bank details, without spaces; empty if there is none."""
    for found in _IBAN.finditer(text):
        # A word that follows on the same line looks like more of the number.
        words = re.split(r"[ \u00a0\u202f]", found.group())
        for end in range(len(words), 0, -1):
            candidate = compact("".join(words[:end]))
            if len(candidate) < _LEAST_IBAN:
                break
            if is_iban(candidate):
                return candidate
    return ""


def bic_in(text: str) -> str:
    """The bank's code behind the word BIC or SWIFT (ISO 9362); empty if there is none."""
    found = _BIC.search(text.upper())
    return found.group(1) if found else ""


def vat_id(tax_id: str, country: str) -> str:
    """A tax id as a VAT identifier (BT-31, BT-48): it begins with its country (BR-CO-09).

    Args:
        tax_id: what was typed.
        country: of the company that it belongs to, by ISO 3166.

    Returns:
        It without spaces, or nothing where it is another kind of number.
    """
    found = compact(tax_id)
    prefix = _TAX_PREFIXES.get(country, country)
    return found if found.startswith(prefix) and _VAT_ID.fullmatch(found) else ""


def siren(tax_id: str, country: str) -> str:
    """The SIREN (ICD scheme 0002) of a French company; empty if its tax id does not hold it.

    A French VAT id ends with it, a SIRET begins with it, and it may have been typed alone. Its
    last digit checks the others (Luhn).
    """
    found = compact(tax_id)
    if country != "FR":
        return ""
    if _FRENCH_VAT_ID.fullmatch(found):
        found = found[4:]
    return found[:9] if _SIREN.fullmatch(found) and _luhn(found[:9]) else ""


def _luhn(figures: str) -> bool:
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(figures))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def electronic_address(text: str) -> ElectronicAddress:
    """The address that was typed: "0225:787878784_SHOP", a SIREN, a mail address.

    Raises:
        ElectronicAddressUnclear: it names no scheme, and is neither a SIREN nor a mail address.
    """
    found = _ADDRESS.fullmatch("".join(text.split()))
    if found is None:
        raise ElectronicAddressUnclear(text=text)
    scheme, value = found.groups()
    if scheme is None and "@" in value:
        scheme = MAIL
    if scheme is None and siren(value.split("_")[0], "FR"):
        scheme = FRENCH_DIRECTORY
    if scheme is None:
        raise ElectronicAddressUnclear(text=text)
    return ElectronicAddress(scheme, value)
