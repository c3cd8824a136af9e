"""People and who they are: parties and products that are one, roles, contacts and their rights.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal
from io import BytesIO

import zxingcpp
from PIL import Image
from sqlalchemy import Connection, select

from core.domain.people import Role
from core.services.people import actors, parties, team
from core.services.products import catalog
from core.storage.tables import person
from tests.scenarios.stage import Stage

JOE = 107


async def test_a_party_is_merged_and_its_papers_stay_reachable(stage, lea, kim):
    sydney = await stage.does(
        parties.add_party, name="Sydney Trade", language="en", currency="AUD", customer=True
    )
    await lea.orders("High End: 3x FREIGHT")
    await lea.says("High End")
    await lea.taps_all("edit_party", "ask_party_merge")
    await lea.says("Sydney")
    lea.sees_line("High End Computers", "Sydney Trade")
    # What changes meanwhile is shown before it is done.
    await stage.does(parties.add_contact, stage.crimson.parties["high_end"], name="Joe")
    await lea.taps("merge_parties", "Sydney Trade")
    lea.is_refused("changed")
    await lea.taps("merge_parties", "Sydney Trade")
    lea.sees("Sydney Trade", "High End Computers", "Kim Tan", "Joe", "1 George Street")
    # The old name leads to the new one, and from there to its papers.
    await lea.says("High End Computers")
    lea.sees_line("Sydney Trade")
    await lea.taps("party", "High End Computers")
    lea.sees_line("Sydney Trade")
    assert not lea.can("begin"), "it is archived"
    await lea.says("SO-2026-0001")
    lea.sees("SO-2026-0001", "High End Computers")
    # Its customer sees the order as before, and nobody else's.
    await kim.says("SO-2026-0001")
    kim.sees("SO-2026-0001")
    assert await stage.asks(team.people_of_party, sydney)


async def test_merging_into_itself_is_refused(lea):
    await lea.says("High End")
    await lea.taps_all("edit_party", "ask_party_merge")
    await lea.says("High End")
    lea.is_refused("merged_into_itself", "High End Computers")


async def test_a_product_is_merged(stage, samson):
    await stage.does(catalog.add_product, sku="MOU-9", name="Mouse double", list_price=Decimal(5))
    await samson.says("MOU-9")
    await samson.taps_all("edit_product", "ask_product_merge")
    await samson.says("MOU-3")
    await samson.taps("merge_products", "M3")
    samson.sees("Mouse double")
    await samson.says("Mouse double")
    samson.sees("MOU-3")
    await samson.taps_all(("product", "Mouse double"), "edit_product")
    assert not samson.can("archive")


async def test_a_member_gets_a_role_and_loses_it(stage, samson):
    async def roles_of_omar() -> frozenset[Role]:
        members = {each.name: each.roles for each in await stage.asks(team.members)}
        return members["Omar"]

    await samson.says("/start")
    await samson.taps_all("team", ("member", "Omar"), ("add_role", "sales"))
    assert await roles_of_omar() == {Role.STOREKEEPER, Role.SALES}
    await samson.taps("remove_role", "sales")
    assert await roles_of_omar() == {Role.STOREKEEPER}


async def person_of(stage: Stage, user_id: int) -> int:
    """The id of a person in our own books."""

    def found(connection: Connection) -> int:
        wanted = select(person.c.id).where(person.c.telegram_id == user_id)
        return connection.execute(wanted).scalar_one()

    return await stage.asks(found)


async def test_two_contacts_of_one_party_each_with_their_rights(stage, lea, kim, language):
    joe = await stage.joins(
        JOE, "Joe", Role.CUSTOMER, language=language, party="high_end", may_see_money=False,
        may_order=False,
    )  # fmt: skip
    await lea.orders("High End: 3x FREIGHT")
    await kim.says("SO-2026-0001")
    kim.sees("SO-2026-0001", "AUD")
    await joe.says("SO-2026-0001")
    joe.sees("SO-2026-0001")
    joe.does_not_see("AUD")
    # Joe ends, and what was open is closed at once, the catalogue too; the other one stays.
    contacts = await stage.asks(parties.contacts, stage.crimson.parties["high_end"])
    (ended,) = [each.id for each in contacts if each.name == "Joe"]
    await stage.does(parties.end_contact, ended)
    assert not (await stage.asks(actors.account_of, await person_of(stage, JOE))).actor.roles
    await joe.says("laptop")
    joe.does_not_see("Pro 14")
    await joe.says("SO-2026-0001")
    joe.does_not_see("FREIGHT", "High End Computers")
    await kim.says("SO-2026-0001")
    kim.sees("SO-2026-0001")


async def test_a_link_comes_as_a_code_that_can_be_photographed(samson):
    await samson.says("/start")
    await samson.taps_all("team", ("invite_staff", "storekeeper"))
    (sent,) = (each for each in samson.messages if "photo" in each)
    photographed = samson.world.file(sent["photo"][-1]["file_id"]).content
    with Image.open(BytesIO(photographed)) as picture:
        (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.startswith("https://t.me/")
    assert code.text in sent["caption"]
