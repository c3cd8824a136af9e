"""People who join the company or a party, and the roles that they have."""

import pytest

from core.domain.people import Role
from core.services.people import parties, team
from core.services.rights import NotFound
from tests.actors import add_person, join
from tests.builders import Shop, story


@story
def test_only_staff_can_be_given_a_role_and_only_once(shop: Shop) -> None:
    kim = add_person(shop.connection, "Kim", at=shop.now)
    with pytest.raises(NotFound):
        team.add_role(shop.work, kim, Role.SALES)
    join(shop.connection, kim, team.invite(shop.work, Role.SALES), at=shop.now)
    with pytest.raises(NotFound):
        team.add_role(shop.work, kim, Role.CUSTOMER)
    for _ in range(2):
        team.add_role(shop.work, kim, Role.STOREKEEPER)
    (member,) = team.members(shop.connection)
    assert member.roles == {Role.SALES, Role.STOREKEEPER}


@story
def test_the_link_of_a_contact_who_left_is_invalid(shop: Shop) -> None:
    contact_id = parties.add_contact(shop.work, shop.customer, name="Kim Tan")
    token = team.invite(shop.work, Role.CUSTOMER, contact_id=contact_id)
    parties.end_contact(shop.work, contact_id)
    kim = add_person(shop.connection, "Kim", at=shop.now)
    with pytest.raises(team.LinkInvalid):
        join(shop.connection, kim, token, at=shop.now)


@story
def test_who_joins_for_two_parties_has_the_role_once(shop: Shop) -> None:
    sydney = shop.party("Sydney")
    person_id = add_person(shop.connection, "Kim", at=shop.now)
    for party_id in (shop.customer, sydney):
        contact_id = parties.add_contact(shop.work, party_id, name="Kim")
        token = team.invite(shop.work, Role.CUSTOMER, contact_id=contact_id)
        kim = join(shop.connection, person_id, token, at=shop.now)
    assert kim.roles == {Role.CUSTOMER}
    assert kim.own_parties == {shop.customer, sydney}
