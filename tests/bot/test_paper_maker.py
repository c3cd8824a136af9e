"""Papers as they are made for a reader: kept bytes, copies, names, what he may see."""

import asyncio
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from facturx import parse_ubl_cii_xml
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select, update

from bot.demo.local import found_company
from core.domain.document_type import Claims
from core.domain.documents import kinds
from core.domain.lifecycles import OFFER
from core.domain.payment_modes import PAYMENT_MODES
from core.domain.people import MACHINE, Actor, Membership, Role
from core.domain.units import UNITS
from core.i18n import translator
from core.papers import maker
from core.papers.maker import make_papers
from core.services import company, search
from core.services.documents import converting, drafting, issuing, lifecycle
from core.services.documents.drafting import NewLine
from core.services.money import payments
from core.services.products import catalog
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work
from core.storage.database import open_database
from core.storage.models import Company
from core.storage.schema import migrate
from core.storage.tables import contact, paper_file, product
from tests.pdf.reading import codes_of, words_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

ORDER = kinds(claims=Claims.WAITING)[0].kind
QUOTE = kinds(lifecycle=OFFER)[0].kind
SHIPMENT = kinds(needs_source=True, goes_out=True, debt=0)[0].kind
CLAIM_OF_MONEY = kinds(debt=1, credits=False)[0].kind
EXPECTED = kinds(incoming=True)[0].kind

OWNER = Actor(1, 1, "Samson", "en", frozenset({Role.OWNER}))
FRENCH_SALES = Actor(2, 2, "Lea", "fr", frozenset({Role.SALES}))
STOREKEEPER = Actor(3, 3, "Omar", "en", frozenset({Role.STOREKEEPER}))


class Shop:
    """The demo company, and papers for readers of it."""

    def __init__(self, database):
        self.database = database
        self.make = make_papers(database)

    async def does(self, function, *arguments, **named):
        def run(connection):
            return function(Work(connection, MACHINE, NOW), *arguments, **named)

        return await self.database.write(run)

    async def party(self, name):
        return (await self.does(search.parties, name))[0].id

    async def product(self, sku):
        return (await self.does(search.products, sku))[0].id

    async def draft(self, kind, party, *lines, **header):
        new = [NewLine(await self.product(sku), Decimal(number)) for sku, number in lines]
        party_id = await self.party(party)
        return await self.does(drafting.create, kind, party_id=party_id, lines=new, **header)

    async def issued(self, kind, party, *lines, **header):
        document_id = await self.draft(kind, party, *lines, **header)
        await self.does(issuing.issue, document_id, revision=0)
        return document_id

    async def kept(self):
        return await self.database.read(
            lambda connection: connection.execute(select(paper_file)).all()
        )

    async def customer(self, name, **may):
        party_id = await self.party(name)

        def contact_id(connection):
            return connection.execute(
                select(contact.c.id).where(contact.c.party_id == party_id)
            ).scalar_one()

        rights = {"may_see_money": True, "may_order": True} | may
        membership = Membership(party_id, await self.database.read(contact_id), **rights)
        return Actor(9, 9, name, "en", frozenset({Role.CUSTOMER}), memberships=(membership,))


def build_company(url):
    async def founded():
        async with await open_database(url, clock=lambda: NOW) as database:
            await database.write(migrate)
            await found_company(database)

    asyncio.run(founded())


@pytest.fixture
def migrated_url(databases, dialect):
    """The demo company is founded once and copied."""
    url = databases.copy_of(dialect, "demo-company", build=build_company)
    yield url
    databases.remove(url)


@pytest.fixture
def shop(database):
    return Shop(database)


MARTIN, HIGH_END, SHENZHEN = "Papeterie Martin", "High End Computers", "Shenzhen Parts"


async def test_a_paper_is_made_once_and_kept(shop):
    order = await shop.issued(ORDER, MARTIN, ("CAB-N6", "12.5"), ("INSTALL", "2"))
    first = await shop.make(order, None, OWNER)
    words = words_of(first.content)
    assert "Câble réseau Cat 6" in words
    assert "12,50 mètre" in words
    assert "Copie" not in words
    (row,) = [each for each in await shop.kept() if each.document_id == order]
    assert (row.revision_key, row.language) == ("v1", "fr")
    assert row.sha256 == hashlib.sha256(first.content).hexdigest()
    # The company moves; what was sent stays what it was, byte by byte.
    await shop.does(company.change, street="1 rue Neuve")
    again = await shop.make(order, "fr", OWNER)
    assert again.content == first.content == row.content
    assert len([each for each in await shop.kept() if each.document_id == order]) == 1


async def test_another_language_is_a_copy_of_the_same_figures(shop):
    order = await shop.issued(ORDER, MARTIN, ("CAB-N6", "12.5"))
    own = await shop.make(order, None, OWNER)
    copy = await shop.make(order, "en", OWNER)
    words = words_of(copy.content)
    assert "Copy" in words
    assert "Network Cable Cat 6" in words
    assert "metre" in words
    assert own.name.endswith(".pdf")
    assert copy.name == own.name.replace(".pdf", "-en.pdf")


async def test_a_copy_in_another_language_has_the_same_e_invoice(shop):
    invoice = await shop.issued(CLAIM_OF_MONEY, MARTIN, ("CAB-N6", "3"))

    async def inside(language, actor):
        content = (await shop.make(invoice, language, actor)).content
        return PdfReader(BytesIO(content)).attachments.get("factur-x.xml", [])

    # Whose books it goes into does not depend on who had the paper drawn, and in which language.
    (copied,) = await inside("en", OWNER)
    (own,) = await inside(None, FRENCH_SALES)
    assert copied == own
    assert "Câble réseau Cat 6".encode() in own


async def test_an_invoice_says_when_its_goods_went(shop):
    order = await shop.issued(ORDER, MARTIN, ("MON-27", "1"))
    note = await shop.does(converting.convert, order, SHIPMENT)
    await shop.does(issuing.issue, note, revision=0)
    invoice = await shop.does(converting.convert, note, CLAIM_OF_MONEY)
    await shop.does(issuing.issue, invoice, revision=0)
    paper = await shop.make(invoice, None, OWNER)
    assert "Date de livraison 24 nov. 2026" in words_of(paper.content)
    ((xml,),) = PdfReader(BytesIO(paper.content)).attachments.values()
    read = parse_ubl_cii_xml(xml)
    assert read["BT-72"] == NOW.date()
    assert read["BT-16"].startswith("DN-")
    assert read["BT-14"].startswith("SO-")


async def test_a_name_that_was_typed_on_the_line_stays(shop):
    line = NewLine(await shop.product("FREIGHT"), Decimal(1), name="Freight by sea")
    party_id = await shop.party(MARTIN)
    order = await shop.does(drafting.create, ORDER, party_id=party_id, lines=[line])
    await shop.does(issuing.issue, order, revision=0)
    assert "Freight by sea" in words_of((await shop.make(order, None, OWNER)).content)


async def test_what_was_issued_does_not_follow_the_company(shop):
    order = await shop.issued(ORDER, HIGH_END, ("MON-27", "1"))
    await shop.does(company.change, street="1 rue Neuve")
    words = words_of((await shop.make(order, None, OWNER)).content)
    assert "12 rue des Archives" in words
    assert "1 rue Neuve" not in words


async def test_a_draft_is_drawn_as_it_stands_and_not_kept(shop):
    draft = await shop.draft(QUOTE, HIGH_END, ("MON-27", "10"))
    found = await shop.make(draft, None, OWNER)
    words = words_of(found.content)
    assert "3,690.00" in words
    assert "Draft" in words
    assert found.name == "Quote draft.pdf"
    assert found.caption == "Quote · High End Computers"
    assert draft not in {each.document_id for each in await shop.kept()}


async def test_a_paper_says_how_its_document_ended(shop):
    order = await shop.issued(ORDER, HIGH_END, ("MON-27", "2"))
    shipped = await shop.does(converting.convert, order, SHIPMENT)
    await shop.does(issuing.issue, shipped, revision=0)
    before = await shop.make(shipped, None, OWNER)
    await shop.does(lifecycle.reverse, shipped, revision=1)
    after = await shop.make(shipped, None, OWNER)
    assert "Reversed" not in words_of(before.content)
    assert "Reversed" in words_of(after.content)
    keys = {each.revision_key for each in await shop.kept() if each.document_id == shipped}
    assert keys == {"v1", "v1-reversed"}


async def test_the_caption_tells_what_is_due(shop):
    order = await shop.issued(ORDER, MARTIN, ("INSTALL", "2"))
    invoice = await shop.does(converting.convert, order, CLAIM_OF_MONEY)
    await shop.does(issuing.issue, invoice, revision=0)
    found = await shop.make(invoice, None, OWNER)
    first, second = found.caption.splitlines()
    assert first.endswith("IN-2026-0001 · Papeterie Martin")
    assert second == "Total EUR 156.00 · EUR 156.00 due 24 Dec 2026"
    await shop.does(payments.settle_due, invoice, amount=Decimal(56))
    french = (await shop.make(invoice, None, FRENCH_SALES)).caption.replace("\u00a0", " ")
    assert "156,00 EUR" in french
    assert "100,00 EUR" in french
    assert (await shop.make(invoice, None, OWNER)).content == found.content
    await shop.does(payments.settle_due, invoice)
    assert (await shop.make(invoice, None, OWNER)).caption.endswith("Total EUR 156.00")


async def test_whoever_may_not_see_money_gets_the_goods(shop):
    order = await shop.issued(EXPECTED, SHENZHEN, ("PC-C1", "200"))
    whole = await shop.make(order, None, OWNER)
    bare = await shop.make(order, None, STOREKEEPER)
    assert "103,000.00" in words_of(whole.content)
    words = words_of(bare.content)
    assert "Office Computer C1" in words
    assert "200" in words
    for secret in ("103,000", "515", "USD", "net"):
        assert secret not in words, secret
    assert "USD" not in bare.caption
    # Neither gets what was kept for the other.
    assert (await shop.make(order, None, OWNER)).content == whole.content
    assert (await shop.make(order, None, STOREKEEPER)).content == bare.content


async def test_a_payment_is_nothing_without_its_money(shop):
    order = await shop.issued(ORDER, MARTIN, ("INSTALL", "2"))
    invoice = await shop.does(converting.convert, order, CLAIM_OF_MONEY)
    await shop.does(issuing.issue, invoice, revision=0)
    paid = (await shop.does(payments.settle_due, invoice)).document_id
    caption = (await shop.make(paid, None, FRENCH_SALES)).caption
    assert "156,00" in caption
    without = await shop.customer(MARTIN, may_see_money=False)
    with pytest.raises(NotAllowed):
        await shop.make(paid, None, without)


async def test_a_stranger_gets_no_paper(shop):
    order = await shop.issued(ORDER, MARTIN, ("INSTALL", "2"))
    draft = await shop.draft(ORDER, HIGH_END, ("MON-27", "1"))
    other = await shop.customer(HIGH_END)
    for document_id in (order, draft, 10**6):
        with pytest.raises(NotFound):
            await shop.make(document_id, None, other)
    assert (await shop.make(order, None, await shop.customer(MARTIN))).content


async def test_an_order_that_was_amended_is_another_paper(shop):
    order = await shop.issued(ORDER, HIGH_END, ("MON-27", "2"))
    key = {"document_id": order, "language": "en"}

    def loaded(connection):
        return maker.load(Work(connection, OWNER, NOW), order, None)

    wanted = await shop.database.read(loaded)
    assert wanted.key == maker.KeptUnder(revision_key="v1", **key)
    content = maker.draw(wanted)
    # Two were asked for it at the same time: the bytes of the first one count.
    first = await shop.database.write(maker.keep, wanted.key, content, now=NOW)
    second = await shop.database.write(maker.keep, wanted.key, b"others", now=NOW)
    assert first == second == content


async def test_a_logo_that_cannot_be_printed_holds_nothing_up(shop, caplog):
    def spoil(connection):
        connection.execute(update(Company.__table__).values(logo=b"no image"))

    await shop.database.write(spoil)
    order = await shop.issued(ORDER, HIGH_END, ("MON-27", "2"))
    assert "High End" in words_of((await shop.make(order, None, OWNER)).content)
    assert "without the logo" in caplog.text


async def test_a_paper_within_the_company_is_in_its_language(shop):
    def counted(connection):
        row = kinds(counts=True)[0]
        return maker.document.select().where(maker.document.c.kind == row.kind)

    found = await shop.database.read(
        lambda connection: connection.execute(counted(connection)).one()
    )
    paper = await shop.make(found.id, None, OWNER)
    words = words_of(paper.content)
    assert "Opening stock" in words
    assert "1,250.50" in words
    assert paper.name == f"{found.number}.pdf"


def test_the_logo_of_the_demo_is_on_the_paper():
    from bot.demo.logo import logo

    with Image.open(BytesIO(logo("Crimson"))) as image:
        assert image.format == "PNG"


def test_without_money_nothing_of_it_is_left():
    row = kinds(priced=True)[0]
    assert any(column.is_money for column in row.paper.columns)
    from core.domain.papers.view import Paper, PaperSide, PaperTotals

    paper = Paper(
        layout=row.paper,
        number="X-1",
        company=PaperSide("Crimson"),
        currency="EUR",
        totals=PaperTotals(Decimal(1), Decimal(1), Decimal(1)),
    )
    bare = maker.without_money(replace(paper))
    assert bare.totals is None
    assert not any(column.is_money for column in bare.layout.columns)


FRENCH = translator("fr")


async def invoice_of(shop, *units, payment_mode="transfer"):
    """A French invoice with a line for each unit."""
    for at, unit in enumerate(units):
        await shop.does(
            catalog.add_product, sku=f"UNIT-{at}", name=f"Thing {at}.", unit=unit,
            list_price=Decimal(10),
        )  # fmt: skip
    lines = [(f"UNIT-{at}", 3) for at in range(len(units))]
    return await shop.issued(CLAIM_OF_MONEY, MARTIN, *lines, payment_mode=payment_mode)


async def test_every_unit_is_named_on_paper_and_in_the_e_invoice(shop):
    made_up = "sack of ours"
    invoice = await invoice_of(shop, *(each.code for each in UNITS), made_up)
    own, copy = [await shop.make(invoice, code, OWNER) for code in (None, "en")]
    labels = [each.label for each in UNITS]
    for paper, shown in ((own, [*map(FRENCH.text, labels)]), (copy, labels)):
        words = words_of(paper.content)
        for at, label in enumerate([*shown, made_up]):
            assert f"Thing {at}. 3 {label} 10" in words, (at, label)
    codes = re.findall(r'BilledQuantity unitCode="(\w+)"', e_invoice_of(own).decode())
    assert codes == [*(each.unece for each in UNITS), "C62"]


async def test_units_of_old_products_are_read_by_the_table(shop):
    invoice = await invoice_of(shop, "box", "box", "box")

    def age(connection):
        for at, kept in enumerate(("metre", "pcs", "Kilogram")):
            changed = update(product).where(product.c.sku == f"UNIT-{at}").values(unit=kept)
            connection.execute(changed)

    await shop.database.write(age)
    lines = [(f"UNIT-{at}", 3) for at in range(3)]
    old = await shop.issued(CLAIM_OF_MONEY, MARTIN, *lines)
    words = words_of((await shop.make(old, None, OWNER)).content)
    for at, label in enumerate(("mètre", "pièce", "kilogramme")):
        assert f"Thing {at}. 3 {label} 10" in words
    assert "Thing 0. 3 boîte 10" in words_of((await shop.make(invoice, None, OWNER)).content)


@pytest.mark.parametrize("mode", PAYMENT_MODES.values(), ids=lambda each: each.code)
async def test_every_way_to_pay_is_named_on_paper_and_in_the_e_invoice(shop, mode):
    iban = "FR76 3000 6000 0112 3456 7890 189"
    await shop.does(company.change, bank_details=f"IBAN {iban}", shows_payment_code=True)
    invoice = await invoice_of(shop, "box", payment_mode=mode.code)
    paper = await shop.make(invoice, None, OWNER)
    assert FRENCH.text(mode.label) in words_of(paper.content)
    read = parse_ubl_cii_xml(e_invoice_of(paper))
    assert read["BT-81"] == mode.means
    assert ("BT-84" in read) == mode.uses_account
    assert len(codes_of(paper.content)) == int(mode.uses_account)


def e_invoice_of(paper):
    """The XML inside a paper."""
    ((xml,),) = PdfReader(BytesIO(paper.content)).attachments.values()
    return xml
