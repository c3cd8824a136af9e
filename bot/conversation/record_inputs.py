"""Answers that are a record: a party or a product, found as the search finds it.

When several fit, or a word had to be corrected, the person is asked which one is meant; when one
fits exactly, it is taken.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.base.focus import Option
from bot.conversation.inputs import NOT_OFFERED, Asking, Input, Unclear
from core.domain.messages import N_
from core.domain.people import Ability
from core.services import search
from core.services.people import parties
from core.services.products import product_views
from core.services.rights import require_ability
from core.services.search import Hit

MOST: Final = 6
"""How many candidates are offered."""


@dataclass(frozen=True)
class Found:
    """A record that was found; its name is as it was then."""

    id: int
    name: str


class Lookup(Input):
    """The id of a record of one sort.

    `recent(asking)` may give records that are offered before anything is typed, such as the last
    customers.
    """

    def __init__(self, *, recent: Callable[[Asking], Sequence[Found]] | None = None) -> None:
        self._recent = recent

    @abstractmethod
    def search(self, text: str, asking: Asking) -> Sequence[Hit]:
        """What the text may mean, the best first.  Raises NotAllowed."""

    @abstractmethod
    def is_meant(self, id: int, asking: Asking) -> bool:
        """Whether a record can be meant at all.  Raises NotAllowed."""

    def read(self, text: str, asking: Asking) -> int:
        """The id of what was typed.  Raises NotAllowed, Unclear with the candidates."""
        hits = self.search(text, asking)[:MOST]
        if not hits:
            raise Unclear(N_("No match for “{text}”. Try part of the name."), text=text)
        if hits[0].exact and not hits[0].guessed:
            return hits[0].id
        options = [Option(str(each.id), each.name) for each in hits]
        raise Unclear(N_("Which one do you mean?"), options)

    def options(self, asking: Asking) -> Sequence[Option]:
        """The records that are offered at once."""
        recent = self._recent(asking) if self._recent else ()
        return [Option(str(each.id), each.name) for each in recent]

    def pick(self, key: str, asking: Asking) -> int:
        """The id of a button, if its record can be meant.  Raises NotAllowed, Unclear."""
        if not key.isdecimal() or not self.is_meant(int(key), asking):
            raise Unclear(NOT_OFFERED)
        return int(key)


class Party(Lookup):
    """A party; `customers` or `vendors` alone where the question is about those."""

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

    def search(self, text: str, asking: Asking) -> Sequence[Hit]:
        """Parties by their names and those who speak for them."""
        return search.parties(asking.work, text, customers=self._customers, vendors=self._vendors)

    def is_meant(self, id: int, asking: Asking) -> bool:
        """Whether it is a party of the side that is asked for."""
        require_ability(asking.work.actor, Ability.SEE_PARTIES)
        found = parties.load(asking.work.connection, [id]).get(id)
        if found is None or found.archived_at is not None:
            return False
        is_customer = found.is_customer or not self._customers
        return is_customer and (found.is_vendor or not self._vendors)

    def shown(self, value: int, asking: Asking) -> str:
        """Its name."""
        return parties.load(asking.work.connection, [value])[value].name


class Product(Lookup):
    """A product, by its name in any language, its own code or its barcode."""

    def search(self, text: str, asking: Asking) -> Sequence[Hit]:
        """Products by their names and codes."""
        return search.products(asking.work, text)

    def is_meant(self, id: int, asking: Asking) -> bool:
        """Whether it is a product that is offered."""
        require_ability(asking.work.actor, Ability.SEE_CATALOGUE)
        found = product_views.load(asking.work.connection, [id]).get(id)
        return found is not None and not found.archived

    def shown(self, value: int, asking: Asking) -> str:
        """Its name in the reader's language."""
        work = asking.work
        return product_views.load(work.connection, [value], language=work.actor.language)[
            value
        ].name
