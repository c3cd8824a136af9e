"""Who may do what: the table of abilities, and the parties a person speaks for."""

import pytest

from core.domain.people import (
    ABILITIES,
    MACHINE,
    ROLE_NAMES,
    STAFF,
    Ability,
    Actor,
    Membership,
    Role,
)

# The table once more, by hand: O owner, S sales, K storekeeper, C customer, V vendor.
WHO = {
    "see_stock": "OSK",
    "see_catalogue": "OSKC",
    "see_cost": "O",
    "see_money": "OS",
    "edit_catalogue": "O",
    "edit_parties": "OS",
    "see_parties": "OSK",
    "set_up_company": "O",
    "manage_team": "O",
    "approve": "O",
    "move_claims": "OS",
    "import": "O",
    "see_reports": "O",
    "edit_templates": "O",
    "choose_templates": "OS",
}
LETTERS = {
    "O": Role.OWNER,
    "S": Role.SALES,
    "K": Role.STOREKEEPER,
    "C": Role.CUSTOMER,
    "V": Role.VENDOR,
}


def person(*roles, memberships=()):
    return Actor(7, 1007, "Ada", "en", frozenset(roles), memberships=memberships)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("ability", Ability)
def test_every_role_has_its_abilities(ability, role):
    allowed = {LETTERS[each] for each in WHO[ability]}
    assert person(role).can(ability) == (role in allowed)


def test_a_person_without_a_role_can_do_nothing():
    nobody = person()
    assert not any(nobody.can(each) for each in Ability)
    assert not nobody.is_staff


def test_several_roles_add_up():
    both = person(Role.VENDOR, Role.STOREKEEPER)
    assert both.can(Ability.SEE_STOCK)
    assert both.is_staff
    assert not both.can(Ability.SEE_COST)


@pytest.mark.parametrize("role", Role)
def test_owners_sales_and_storekeepers_are_staff(role):
    assert person(role).is_staff == (role in STAFF) == (role not in {Role.CUSTOMER, Role.VENDOR})


def test_the_tables_are_complete():
    assert set(ABILITIES) == set(Ability)
    assert all(Role.OWNER in roles for roles in ABILITIES.values())
    assert set(ROLE_NAMES) == set(Role)


def test_a_customers_rights_depend_on_the_contact():
    ada = person(
        Role.CUSTOMER,
        memberships=(
            Membership(3, 30, may_see_money=True, may_order=False),
            Membership(4, 40, may_see_money=False, may_order=True),
        ),
    )
    assert ada.own_parties == {3, 4}
    assert [ada.sees_money_of(each) for each in (3, 4, 5, None)] == [True, False, False, False]
    assert [ada.orders_for(each) for each in (3, 4, 5, None)] == [False, True, False, False]


def test_sales_see_everybodys_money_and_storekeepers_nobodys():
    assert person(Role.SALES).sees_money_of(3)
    assert person(Role.SALES).sees_money_of(None)
    assert not person(Role.STOREKEEPER).sees_money_of(3)


def test_the_machine_may_do_everything_and_is_nobody():
    assert MACHINE.person_id == 0
    assert all(MACHINE.can(each) for each in Ability)
    assert MACHINE.own_parties == frozenset()
