"""Who may do what: the table of abilities, and what is a person's own."""

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

# Written once more, by hand: O owner, S sales, K storekeeper, C customer, V vendor.
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
def test_every_ability_of_every_role(ability, role):
    allowed = {LETTERS[each] for each in WHO[ability]}
    assert person(role).can(ability) == (role in allowed)


def test_who_has_no_role_can_do_nothing():
    nobody = person()
    assert not any(nobody.can(each) for each in Ability)
    assert not nobody.is_staff


def test_several_roles_add_up():
    both = person(Role.VENDOR, Role.STOREKEEPER)
    assert both.can(Ability.SEE_STOCK)
    assert both.is_staff
    assert not both.can(Ability.SEE_COST)


@pytest.mark.parametrize("role", Role)
def test_staff_works_for_the_company(role):
    assert person(role).is_staff == (role in STAFF) == (role not in {Role.CUSTOMER, Role.VENDOR})


def test_the_tables_are_whole():
    assert set(ABILITIES) == set(Ability)
    assert all(Role.OWNER in roles for roles in ABILITIES.values())
    assert set(ROLE_NAMES) == set(Role)


def test_what_is_a_customer_s_own_is_said_contact_by_contact():
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


def test_sales_sees_everybody_s_money_and_a_storekeeper_nobody_s():
    assert person(Role.SALES).sees_money_of(3)
    assert person(Role.SALES).sees_money_of(None)
    assert not person(Role.STOREKEEPER).sees_money_of(3)


def test_the_machine_may_do_everything_and_is_nobody():
    assert MACHINE.person_id == 0
    assert all(MACHINE.can(each) for each in Ability)
    assert MACHINE.own_parties == frozenset()
