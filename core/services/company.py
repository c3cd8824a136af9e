"""The company: its set-up, its places, and the facts that every paper needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select, update

from core.domain.errors import Refusal
from core.domain.facts.company import OWN
from core.domain.facts.fact import values_of
from core.domain.people import Ability
from core.domain.places import PlaceRole
from core.domain.totals import TaxRate
from core.services import templates
from core.services.history import record
from core.services.rights import NotFound, require_ability
from core.services.work import Work
from core.storage.sql import insert_one
from core.storage.tables import company, place, tax


class CompanyMissing(Refusal):
    """The company has not been set up yet."""

    code = "company_missing"


class CompanyFixed(Refusal):
    """Currency and zone are fixed by the first posted paper."""

    code = "company_fixed"
    fact_names = ("field",)


class UnknownZone(Refusal):
    """There is no such time zone."""

    code = "unknown_zone"
    fact_names = ("zone",)


@dataclass(frozen=True)
class CompanyRecord:
    """The company as it stands."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str
    phone: str
    email: str
    bank_details: str
    electronic_address: str
    shows_payment_code: bool
    currency: str
    zone: str
    language: str
    payment_days: int
    fixed: bool
    logo: bytes | None
    revision: int

    @property
    def time_zone(self) -> ZoneInfo:
        """Its zone, in which all its dates are."""
        return ZoneInfo(self.zone)


COLUMNS = {each.name: company.c[each.name] for each in fields(CompanyRecord)}
_CURRENT = select(*COLUMNS.values())
_PLACES = select(place.c.role, place.c.id)
_FIXED = ("currency", "zone")


def current(connection: Connection) -> CompanyRecord:
    """The company.

    Raises:
        CompanyMissing: it has not been set up.
    """
    row = connection.execute(_CURRENT).one_or_none()
    if row is None:
        raise CompanyMissing
    return CompanyRecord(**row._mapping)


def is_set_up(connection: Connection) -> bool:
    """Whether there is a company."""
    return connection.execute(select(company.c.id)).one_or_none() is not None


def set_up(work: Work, **details: Any) -> None:
    """Found the company: its row, its places, the templates of its papers.

    Args:
        details: columns of the company; name, country, currency, zone and language are needed.

    Raises:
        UnknownZone, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    values = _cleaned(details)
    work.connection.execute(insert(company).values(id=1, **values))
    work.connection.execute(
        insert(place).values(
            [{"role": str(role), "name": str(role), "inside": role.inside} for role in PlaceRole]
        )
    )
    templates.ship(work, values["language"])
    record(work, "company", 1, action="set_up", name=values["name"])


def change(work: Work, **details: Any) -> None:
    """Change facts of the company.

    Raises:
        CompanyFixed: currency or zone, after the first paper was posted.
        UnknownZone, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    before = current(work.connection)
    for name in _FIXED:
        if before.fixed and name in details and details[name] != getattr(before, name):
            raise CompanyFixed(field=name)
    values = _cleaned(details)
    work.connection.execute(update(company).values(revision=before.revision + 1, **values))
    record(work, "company", 1, action="change", **details)


def set_logo(work: Work, logo: bytes | None) -> None:
    """Print this logo on papers from now on, or none; papers that were drawn stay as they are.

    Args:
        logo: a PNG or JPEG as `core.files.pictures.small_picture` gives it.

    Raises:
        NotAllowed, CompanyMissing.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    before = current(work.connection)
    work.connection.execute(update(company).values(revision=before.revision + 1, logo=logo))
    if logo is None:
        record(work, "company", 1, action="remove_logo")
    else:
        record(work, "company", 1, action="set_logo", sha256=hashlib.sha256(logo).hexdigest())


def fix(work: Work) -> None:
    """The first paper is posted: currency and zone stay from now on."""
    work.connection.execute(update(company).values(fixed=True))


def places(connection: Connection) -> dict[PlaceRole, int]:
    """The id of the place of each role."""
    rows = connection.execute(_PLACES)
    return {PlaceRole(row.role): row.id for row in rows}


def places_of(work: Work) -> Mapping[PlaceRole, int]:
    """As `places`, read once in a unit of work: they do not change after the set-up."""
    if not work.known.places:
        work.known.places = places(work.connection)
    return work.known.places


def add_tax(work: Work, *, name: str, category: str, percent: Decimal, default: bool) -> int:
    """Add a tax rate (percent, category of EN 16931); returns its id.

    Raises:
        NotAllowed, UnknownTaxCategory, TaxPercentWrong.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    TaxRate(category, percent)
    if default:
        work.connection.execute(update(tax).values(is_default=False))
    tax_id = insert_one(
        work.connection, tax, name=name, category=category, percent=percent, is_default=default
    )
    record(work, "tax", tax_id, action="add", name=name, category=category, percent=percent)
    return tax_id


def set_default_tax(work: Work, tax_id: int) -> None:
    """Take this tax where a product says none.

    Raises:
        NotAllowed, NotFound.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    if tax_id not in {each.id for each in taxes(work.connection)}:
        raise NotFound(subject="tax")
    work.connection.execute(update(tax).values(is_default=tax.c.id == tax_id))
    record(work, "tax", tax_id, action="default")


@dataclass(frozen=True)
class TaxRecord:
    """A tax rate (percent) in its category of EN 16931."""

    id: int
    name: str
    category: str
    percent: Decimal
    is_default: bool


def taxes(connection: Connection) -> list[TaxRecord]:
    """The tax rates that are in use, in the order in which they were added."""
    rows = connection.execute(
        select(tax.c.id, tax.c.name, tax.c.category, tax.c.percent, tax.c.is_default)
        .where(tax.c.archived_at.is_(None))
        .order_by(tax.c.id)
    )
    return [TaxRecord(**row._mapping) for row in rows]


def _cleaned(details: dict[str, Any]) -> dict[str, Any]:
    """Return facts of the company as they are kept."""
    values = values_of(OWN, details)
    if "zone" in values:
        try:
            ZoneInfo(values["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
            raise UnknownZone(zone=values["zone"]) from problem
    return values
