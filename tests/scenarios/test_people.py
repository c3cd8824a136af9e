"""People and who they are: parties and products that are one, roles, contacts and their rights.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import Connection, select

from core.domain.people import ROLE_NAMES, Role
from core.i18n import translator
from core.services import catalog, parties, team
from core.services.audit import audit
from core.storage.models import Person
from core.storage.writing import table_of
from tests.chat import Chat
from tests.scenarios.stage import HIGH_END, LEA, SAMSON, Stage
from tests.scenarios.test_holds import Speaker

person = table_of(Person)


@pytest.fixture
def samson(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(SAMSON), translator(language))


@pytest.fixture
def lea(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(LEA), translator(language))


@pytest.fixture
def kim(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(HIGH_END), translator(language))


async def orders_freight(lea: Speaker) -> None:
    await lea.orders("High End: 3x FREIGHT")


async def test_a_party_is_merged_and_its_papers_stay_reachable(stage, lea, kim):
    sydney = await stage.does(
        parties.add_party, name="Sydney Trade", language="en", currency="AUD", customer=True
    )
    await orders_freight(lea)
    await lea.says("High End")
    await lea.taps("edit_party")
    await lea.taps("ask_party_merge")
    lea.sees("Which party is it really? Type a part of the name.")
    await lea.says("Sydney")
    lea.sees("Merge {name} into {into}?", name="High End Computers", into="Sydney Trade")
    lea.sees("This cannot be undone.")
    # What changes meanwhile is shown before it is done.
    await stage.does(parties.add_contact, stage.crimson.parties["high_end"], name="Joe")
    await lea.taps("merge_parties")
    lea.sees("This has changed meanwhile. Here is how it is now.")
    await lea.taps("merge_parties")
    lea.sees("also: {names}", names="High End Computers")
    lea.chat.sees("Sydney Trade", "Kim Tan", "Joe", "1 George Street")
    # The old name leads to the new one, and from there to its papers.
    await lea.says("High End Computers")
    lea.sees("also: {names}", names="High End Computers")
    await lea.taps("party")
    lea.sees("merged into {name}", name="Sydney Trade")
    lea.sees("archived")
    await lea.says("SO-2026-0001")
    lea.chat.sees("SO-2026-0001", "High End Computers")
    # Its customer sees the order as before, and nobody else's.
    await kim.says("SO-2026-0001")
    kim.chat.sees("SO-2026-0001")
    assert await stage.asks(team.people_of_party, sydney)
    assert await stage.asks(audit) == []


async def test_merging_into_itself_is_refused(lea):
    await lea.says("High End")
    await lea.taps("edit_party")
    await lea.taps("ask_party_merge")
    await lea.says("High End")
    lea.sees("{name} cannot be merged into itself. Take another one.", name="High End Computers")


async def test_a_product_is_merged(stage, samson):
    await stage.does(catalog.add_product, sku="MOU-9", name="Mouse double", list_price=Decimal(5))
    await samson.says("MOU-9")
    await samson.taps("edit_product")
    await samson.taps("ask_product_merge")
    await samson.says("MOU-3")
    samson.sees("This cannot be undone.")
    await samson.taps("merge_products")
    samson.sees("also: {names}", names="Mouse double")
    await samson.says("Mouse double")
    samson.chat.sees("MOU-3")
    await samson.taps("product")
    await samson.taps("edit_product")
    assert samson.text("Offer it again") not in samson.chat.labels()
    assert await stage.asks(audit) == []


async def test_a_member_gets_a_role_and_loses_it(stage, samson):
    async def roles_of_omar() -> frozenset[Role]:
        members = {each.name: each.roles for each in await stage.asks(team.members)}
        return members["Omar"]

    await samson.says("/start")
    await samson.taps("team")
    # TODO ('"member", "Omar \· magasin"#',) || ('"member", "Omar \· stock"#',)
    await samson.chat.taps(next(each for each in samson.chat.labels() if "Omar" in each))
    role = samson.text(ROLE_NAMES[Role.SALES])
    await samson.taps("add_role", "sales")
    assert await roles_of_omar() == {Role.STOREKEEPER, Role.SALES}
    await samson.taps("remove_role", "sales")
    assert await roles_of_omar() == {Role.STOREKEEPER}


def chat_of(speaker: Speaker) -> Chat:
    return speaker.chat


async def person_of(stage: Stage, user_id: int) -> int:
    """The id of a person in our own books."""

    def found(connection: Connection) -> int:
        wanted = select(person.c.id).where(person.c.telegram_id == user_id)
        return connection.execute(wanted).scalar_one()

    return await stage.asks(found)


async def test_two_contacts_of_one_party_each_with_his_rights(stage, lea, kim):
    high_end = stage.crimson.parties["high_end"]
    joe = await stage.does(
        parties.add_contact, high_end, name="Joe", may_see_money=False, may_order=False
    )
    token = await stage.does(team.invite, Role.CUSTOMER, contact_id=joe)
    stage.world.add_person(107, "Joe", language_code=lea.words.language)
    stage.world.starts(107, token)
    await stage.settle()
    await orders_freight(lea)
    other = Speaker(stage.chat(107), lea.words)
    await kim.says("SO-2026-0001")
    chat_of(kim).sees("SO-2026-0001", "AUD")
    await other.says("SO-2026-0001")
    chat_of(other).sees("SO-2026-0001")
    chat_of(other).does_not_see("AUD")
    # He ends, and what he could open is closed at once, the catalogue too; the other one stays.
    await stage.does(parties.end_contact, joe)
    assert not (await stage.asks(team.account_of, await person_of(stage, 107))).actor.roles
    await other.says("laptop")
    chat_of(other).does_not_see("Laptop Pro 14", "Portable Pro 14")
    await other.says("SO-2026-0001")
    chat_of(other).does_not_see("FREIGHT", "High End Computers")
    await kim.says("SO-2026-0001")
    chat_of(kim).sees("SO-2026-0001")


async def test_a_link_comes_as_a_code_that_can_be_photographed(samson):
    await samson.says("/start")
    await samson.taps("team")
    await samson.taps("invite_staff", "storekeeper")
    (sent,) = (each for each in samson.chat.messages if "photo" in each)
    photographed = samson.chat.world.file(sent["photo"][-1]["file_id"]).content
    with Image.open(BytesIO(photographed)) as picture:
        (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.startswith("https://t.me/")
    assert code.text in sent["caption"]
