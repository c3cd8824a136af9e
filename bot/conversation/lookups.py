"""Answers that are a record: a party or a product, found by a part of its name or by its code.

What is typed is compared without accents, case and punctuation.  When several fit, the person is
asked which; when one fits exactly, it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select, true

from bot.conversation.inputs import NOT_OFFERED, Asking, Input, Option, Unclear
from core.domain.messages import N_
from core.domain.people import Ability
from core.domain.texts import folded
from core.services.rights import require_ability
from core.storage.models import Party as PartyModel
from core.storage.models import Product as ProductModel
from core.storage.writing import table_of

party = table_of(PartyModel)
product = table_of(ProductModel)

MOST: Final = 6
"""How many candidates are offered."""


@dataclass(frozen=True)
class Found:
    """A record that was found; its name is as it was then."""

    id: int
    name: str


class Lookup(Input):
    """The id of a record of one table.

    `recent(asking)` may give records that are offered before anything is typed, such as the last
    customers.
    """

    table: Table
    ability: Ability

    def __init__(self, *, recent: Callable[[Asking], Sequence[Found]] | None = None) -> None:
        self._recent = recent

    def codes(self, text: str) -> list[ColumnElement[bool]]:
        """Conditions under which a record is meant exactly."""
        return [self.table.c.folded_name == folded(text)]

    def condition(self, asking: Asking) -> ColumnElement[bool]:
        """Which records can be meant at all."""
        del asking
        return true()

    def read(self, text: str, asking: Asking) -> int:
        """The id of what was typed.  Raises NotAllowed, Unclear with the candidates."""
        require_ability(asking.work.actor, self.ability)
        exact = self._find(asking, or_(*self.codes(text)))
        if len(exact) == 1:
            return exact[0].id
        words = folded(text).split()
        fits = [self.table.c.folded_name.contains(word, autoescape=True) for word in words]
        found = self._find(asking, *fits) if words else []
        if len(found) == 1:
            return found[0].id
        if not found:
            raise Unclear(N_("Nothing is called “{text}”. Try a part of the name."), text=text)
        options = [Option(str(each.id), each.name) for each in found]
        raise Unclear(N_("Which one do you mean?"), options)

    def options(self, asking: Asking) -> Sequence[Option]:
        """The records that are offered at once."""
        recent = self._recent(asking) if self._recent else ()
        return [Option(str(each.id), each.name) for each in recent]

    def pick(self, key: str, asking: Asking) -> int:
        """The id of a button, if its record can be meant.  Raises NotAllowed, Unclear."""
        require_ability(asking.work.actor, self.ability)
        if not key.isdecimal() or not self._find(asking, self.table.c.id == int(key)):
            raise Unclear(NOT_OFFERED)
        return int(key)

    def shown(self, value: int, asking: Asking) -> str:
        """The name of the record."""
        name = select(self.table.c.name).where(self.table.c.id == value)
        return str(asking.work.connection.execute(name).scalar_one())

    def _find(self, asking: Asking, *conditions: Any) -> list[Found]:
        statement = (
            select(self.table.c.id, self.table.c.name)
            .where(self.table.c.archived_at.is_(None), self.condition(asking), *conditions)
            .order_by(self.table.c.folded_name, self.table.c.id)
            .limit(MOST)
        )
        return [Found(*row) for row in asking.work.connection.execute(statement)]


class Party(Lookup):
    """A party; `customers` or `vendors` alone where the question is about those."""

    table = party
    ability = Ability.SEE_PARTIES

    def __init__(
        self,
        *,
        customers: bool = False,
        vendors: bool = False,
        recent: Callable[[Asking], Sequence[Found]] | None = None,
    ) -> None:
        super().__init__(recent=recent)
        self._customers = customers
        self._vendors = vendors

    def condition(self, asking: Asking) -> ColumnElement[bool]:
        """Customers, vendors, or all."""
        del asking
        if self._customers:
            return party.c.is_customer
        return party.c.is_vendor if self._vendors else true()


class Product(Lookup):
    """A product, by its name, its own code or its barcode."""

    table = product
    ability = Ability.SEE_CATALOGUE

    def codes(self, text: str) -> list[ColumnElement[bool]]:
        """Its name, its code, or its barcode."""
        code = text.strip()
        return [
            *super().codes(text),
            product.c.folded_sku == code.casefold(),
            product.c.barcode == code,
        ]
