"""Roles, rights and who is acting.  The one permission table; what is not in it is denied.

Rights over documents are a column of each kind's row (core/domain/documents.py), everything
else is an `Ability` here.  "Own" means: of the party that the person is a contact of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.messages import N_


class Role(StrEnum):
    """What a person may be; one person has a set of them."""

    OWNER = "owner"
    SALES = "sales"
    STOREKEEPER = "storekeeper"
    CUSTOMER = "customer"
    VENDOR = "vendor"


STAFF = frozenset({Role.OWNER, Role.SALES, Role.STOREKEEPER})

ROLE_NAMES: Mapping[Role, str] = {
    Role.OWNER: N_("owner"),
    Role.SALES: N_("sales"),
    Role.STOREKEEPER: N_("stock"),
    Role.CUSTOMER: N_("customer"),
    Role.VENDOR: N_("vendor"),
}


class Right(StrEnum):
    """What can be done to a document."""

    VIEW = "view"
    VIEW_OWN = "view_own"
    DRAFT = "draft"
    # A customer asks (a reservation) or drafts for his own party.
    DRAFT_OWN = "draft_own"
    ISSUE = "issue"
    AMEND = "amend"
    # Say yes or no to what was offered or asked; a customer does to what was offered to him.
    ANSWER = "answer"
    ANSWER_OWN = "answer_own"
    CANCEL = "cancel"
    CLOSE = "close"
    REVERSE = "reverse"
    SEND = "send"


class Ability(StrEnum):
    """What can be done beside documents."""

    SEE_STOCK = "see_stock"
    SEE_CATALOGUE = "see_catalogue"
    SEE_COST = "see_cost"
    SEE_MONEY = "see_money"
    EDIT_CATALOGUE = "edit_catalogue"
    EDIT_PARTIES = "edit_parties"
    SEE_PARTIES = "see_parties"
    SET_UP_COMPANY = "set_up_company"
    MANAGE_TEAM = "manage_team"
    APPROVE = "approve"
    MOVE_CLAIMS = "move_claims"
    IMPORT = "import"
    SEE_REPORTS = "see_reports"
    EDIT_TEMPLATES = "edit_templates"
    CHOOSE_TEMPLATES = "choose_templates"


ABILITIES: Mapping[Ability, frozenset[Role]] = {
    Ability.SEE_STOCK: STAFF,
    Ability.SEE_CATALOGUE: STAFF | {Role.CUSTOMER},
    Ability.SEE_COST: frozenset({Role.OWNER}),
    Ability.SEE_MONEY: frozenset({Role.OWNER, Role.SALES}),
    Ability.EDIT_CATALOGUE: frozenset({Role.OWNER}),
    Ability.EDIT_PARTIES: frozenset({Role.OWNER, Role.SALES}),
    Ability.SEE_PARTIES: STAFF,
    Ability.SET_UP_COMPANY: frozenset({Role.OWNER}),
    Ability.MANAGE_TEAM: frozenset({Role.OWNER}),
    Ability.APPROVE: frozenset({Role.OWNER}),
    Ability.MOVE_CLAIMS: frozenset({Role.OWNER, Role.SALES}),
    Ability.IMPORT: frozenset({Role.OWNER}),
    Ability.SEE_REPORTS: frozenset({Role.OWNER}),
    Ability.EDIT_TEMPLATES: frozenset({Role.OWNER}),
    Ability.CHOOSE_TEMPLATES: frozenset({Role.OWNER, Role.SALES}),
}


@dataclass(frozen=True)
class Membership:
    """A person speaks for a party; what he may do there is said by contact."""

    party_id: int
    contact_id: int
    may_see_money: bool
    may_order: bool
    # The party was merged into his: its papers are his, and he begins nothing new for it.
    is_former: bool = False


@dataclass(frozen=True)
class Actor:
    """Who is acting: a person with his roles and the parties that he speaks for.

    `person_id` 0 with every role is the machine itself (expiry, the command line).
    """

    person_id: int
    telegram_id: int
    name: str
    language: str
    roles: frozenset[Role]
    zone: str | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def is_staff(self) -> bool:
        """Whether he works for the company."""
        return bool(self.roles & STAFF)

    @property
    def own_parties(self) -> frozenset[int]:
        """The parties whose papers are his own."""
        return frozenset(each.party_id for each in self.memberships)

    def can(self, ability: Ability) -> bool:
        """Whether one of his roles has `ability`."""
        return bool(self.roles & ABILITIES[ability])

    def sees_money_of(self, party_id: int | None) -> bool:
        """Whether amounts of this party's papers may be shown to him."""
        if self.can(Ability.SEE_MONEY):
            return True
        return any(each.party_id == party_id and each.may_see_money for each in self.memberships)

    def orders_for(self, party_id: int | None) -> bool:
        """Whether he may ask for goods in the name of this party."""
        return any(each.party_id == party_id and each.may_order for each in self.memberships)


MACHINE = Actor(
    person_id=0, telegram_id=0, name="Comptoir", language="en", roles=frozenset({Role.OWNER})
)
"""The machine's own actor: expiry, the command line, the demo's set-up."""
