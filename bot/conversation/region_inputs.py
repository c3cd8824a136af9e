"""Answers about the world: countries, currencies, time zones, languages and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

from bot.base.focus import Option
from bot.conversation.inputs import Asking, Choice, Input, Unclear
from core.domain.messages import N_
from core.domain.money import digits
from core.domain.texts import clean_note, folded
from core.i18n import LANGUAGES
from core.services.company import UnknownZone

MOST: Final = 6
"""How many are offered as buttons."""
COUNTRY: Final = re.compile(r"[A-Z]{2}")
HAS_DIGIT: Final = re.compile(r"\d")

Proposal = Callable[[Asking], str]
"""What is offered first, of what was answered so far; empty for nothing."""


def currency_of(country: str) -> str:
    """The currency of a country (ISO 4217), empty where it has none."""
    return next(iter(get_territory_currencies(country)), "")


def zones_of(country: str) -> list[str]:
    """The time zones of a country."""
    return list(get_global("territory_zones").get(country, ()))


def country_name(country: str, asking: Asking) -> str:
    """The name of a country in the reader's language."""
    return str(asking.reader.translator.locale.territories.get(country, country))


class Country(Input):
    """A country, typed by its name in the reader's language or English, or by its code."""

    def __init__(self, proposal: Proposal | None = None) -> None:
        self._proposal = proposal

    def read(self, text: str, asking: Asking) -> str:
        """The code of the country (ISO 3166).  Raises Unclear."""
        code, typed = text.strip().upper(), folded(text)
        names = _countries(asking)
        if code in names:
            return code
        exact = [each for each, known in names.items() if typed in known]
        found = exact or [
            each
            for each, known in names.items()
            if typed and any(name.startswith(typed) for name in known)
        ]
        if len(found) == 1:
            return found[0]
        options = [Option(each, country_name(each, asking)) for each in found[:MOST]]
        message = N_("Which one do you mean?") if found else N_("No country matches “{text}”.")
        raise Unclear(message, options, text=text)

    def options(self, asking: Asking) -> Sequence[Option]:
        """The one that is proposed."""
        proposed = self._proposal(asking) if self._proposal else ""
        return [Option(proposed, country_name(proposed, asking))] if proposed else []

    def shown(self, value: str, asking: Asking) -> str:
        """Its name."""
        return country_name(value, asking)


def _countries(asking: Asking) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for locale in (asking.reader.translator.locale, Locale("en")):
        for code, name in locale.territories.items():
            if COUNTRY.fullmatch(code):
                found.setdefault(code, set()).add(folded(name))
    return found


class Currency(Input):
    """A currency by its code; the one that `proposal` gives is offered, then the company's."""

    def __init__(self, proposal: Proposal | None = None) -> None:
        self._proposal = proposal

    def read(self, text: str, asking: Asking) -> str:
        """The code.  Raises UnknownCurrency."""
        code = text.strip().upper()
        typed = folded(text)
        for known, name in asking.reader.translator.locale.currencies.items():
            if typed == folded(name):
                code = known
        digits(code)
        return code

    def options(self, asking: Asking) -> Sequence[Option]:
        """What is proposed, and the company's own."""
        proposed = self._proposal(asking) if self._proposal else ""
        company = asking.reader.company
        codes = [proposed, company.currency if company else ""]
        return [Option(code, code) for code in dict.fromkeys(codes) if code]


class Zone(Input):
    """A time zone by its name; those of the country that was answered are offered."""

    def __init__(self, country: Proposal) -> None:
        self._country = country

    def read(self, text: str, asking: Asking) -> str:
        """The name of the zone.  Raises UnknownZone."""
        typed = text.strip().replace(" ", "_")
        known = {each.casefold(): each for each in zones_of(self._country(asking))}
        by_city = {each.rsplit("/", 1)[-1].casefold(): each for each in known.values()}
        name = known.get(typed.casefold()) or by_city.get(typed.casefold()) or typed
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
            raise UnknownZone(zone=text) from problem

    def options(self, asking: Asking) -> Sequence[Option]:
        """The zones of the country, by the position that a button can carry."""
        zones = zones_of(self._country(asking))
        return [Option(str(at), _city(each)) for at, each in enumerate(zones)][: 2 * MOST]

    def pick(self, key: str, asking: Asking) -> str:
        """The zone of a button.  Raises UnknownZone."""
        zones = zones_of(self._country(asking))
        if not key.isdecimal() or int(key) >= len(zones):
            raise UnknownZone(zone=key)
        return zones[int(key)]


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def language_names(_asking: Asking) -> Mapping[str, str]:
    """Every language that papers can have, by its own name."""
    names = {code: Locale.parse(code).get_language_name(code) or code for code in LANGUAGES}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


class Language(Choice):
    """One of the languages of chat and papers."""

    def __init__(self) -> None:
        super().__init__(language_names, translated=False)


class Address(Input):
    """Street, postal code and town in one message: "12 rue des Lilas, 69003 Lyon"."""

    takes_any_text = True

    def read(self, text: str, asking: Asking) -> dict[str, str]:
        """Street, postal code and city.  Raises Unclear, TextTooLong."""
        del asking
        parts = [each.strip() for each in re.split(r"[\n,]", clean_note(text)) if each.strip()]
        if len(parts) < 2:
            raise Unclear(
                N_("Separate street and town with a comma, like: 12 rue des Lilas, 69003 Lyon")
            )
        words = parts[-1].split()
        return {
            "street": "\n".join(parts[:-1]),
            "postal_code": " ".join(each for each in words if HAS_DIGIT.search(each)),
            "city": " ".join(each for each in words if not HAS_DIGIT.search(each)),
        }

    def shown(self, value: Any, asking: Asking) -> str:
        """In one line."""
        del asking
        return address_line(**value)


def address_line(street: str, postal_code: str, city: str) -> str:
    """An address in one line."""
    town = " ".join(each for each in (postal_code, city) if each)
    return ", ".join(each for each in (*street.splitlines(), town) if each)
