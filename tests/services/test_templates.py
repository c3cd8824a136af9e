"""Templates as services: who may, what is refused, and what a paper keeps for ever."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from core.domain.papers.look import STANDARD_LOOK, Design, PaperPart, TextPlace
from core.domain.papers.placeholders import UnknownPlaceholder
from core.domain.papers.snapshot import load
from core.domain.papers.templates import Source, WrongTemplate
from core.services.amendments import amending
from core.services.people import parties
from core.services.products.catalog import NameTaken
from core.services.reservations import extending
from sqlalchemy import select

from core.domain.lifecycles import State
from core.domain.people import Role
from core.services import company, templates
from core.services.audit import audit
from core.services.documents import drafting
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.templates import COMPANY, TemplateIsDefault
from core.services.work import Work
from core.storage.database import Database
from core.storage.document_queries import document
from tests.services.trading import Trading

STANDARD, COMPACT, ELEGANT = 1, 2, 3


def acting(shop: Trading, *roles: Role) -> Work:
    work = shop.work()
    return Work(work.connection, replace(work.actor, roles=frozenset(roles)), work.now)


def look_of(shop: Trading, document_id: int) -> Any:
    """The look that is frozen in a document's paper."""
    row = shop.connection.execute(
        select(document.c.snapshot, document.c.template_id).where(document.c.id == document_id)
    ).one()
    return load(row.snapshot, layout=shop.record(document_id).type.paper).look, row.template_id


def revision(shop: Trading, template_id: int) -> int:
    return templates.load(shop.connection, template_id).revision


async def plays(database: Database, story: Any) -> None:
    """Play a story in a founded company; nothing is wrong with it afterwards."""

    def played(connection: Any) -> None:
        shop = Trading(connection).found()
        story(shop)
        assert audit(connection) == []

    await database.write(played)


async def test_a_company_begins_with_three_templates(database: Database) -> None:
    def story(shop: Trading) -> None:
        found = templates.every(shop.connection)
        assert [each.name for each in found] == ["Standard", "Compact", "Elegant"]
        assert {each.look.design for each in found} == set(Design)
        assert templates.defaults(shop.connection) == {COMPANY: STANDARD}
        invoice = shop.paper("invoice", "customer", ("FREIGHT", 1))
        assert look_of(shop, invoice) == (STANDARD_LOOK, STANDARD)

    await plays(database, story)


async def test_only_the_owner_changes_templates_and_sales_choose(database: Database) -> None:
    def story(shop: Trading) -> None:
        for role in (Role.SALES, Role.STOREKEEPER):
            work = acting(shop, role)
            for refused in (
                lambda work=work: templates.add(work, name="Mine"),
                lambda work=work: templates.change(work, COMPACT, revision=0, accent="#000"),
                lambda work=work: templates.write(
                    work, COMPACT, "x", place=TextPlace.FOOTER, language="en", revision=0
                ),
                lambda work=work: templates.archive(work, COMPACT, revision=0),
                lambda work=work: templates.make_default(work, COMPACT),
                lambda work=work: templates.end_default(work, "invoice"),
            ):
                with pytest.raises(NotAllowed):
                    refused()
        draft = drafting.create(shop.work(), "sales_order", party_id=shop.parties["customer"])
        lea = acting(shop, Role.SALES)
        drafting.change_header(lea, draft, revision=0, template_id=ELEGANT)
        assert templates.of_document(shop.connection, draft).source is Source.DOCUMENT
        parties.change_party(lea, shop.parties["customer"], revision=0, template_id=COMPACT)
        with pytest.raises(NotAllowed):
            templates.require_choosable(acting(shop, Role.STOREKEEPER), ELEGANT)

    await plays(database, story)


async def test_what_is_refused(database: Database) -> None:
    def story(shop: Trading) -> None:
        work = shop.work()
        with pytest.raises(NameTaken):
            templates.add(work, name=" compact ", copy_of=STANDARD)
        with pytest.raises(NotFound):
            templates.add(work, name="Of nothing", copy_of=99)
        with pytest.raises(Changed):
            templates.change(work, COMPACT, revision=7, design=Design.ELEGANT)
        with pytest.raises(ValueError, match="no kinds"):
            templates.change(work, COMPACT, revision=0, scope=("poems",))
        with pytest.raises(UnknownPlaceholder):
            templates.write(
                work, COMPACT, "{nobody}", place=TextPlace.CLOSING, language="en", revision=0
            )
        with pytest.raises(TemplateIsDefault):
            templates.archive(work, STANDARD, revision=0)
        templates.change(work, COMPACT, revision=0, scope=("goods",))
        for kind in (COMPANY, "invoice"):
            with pytest.raises(WrongTemplate):
                templates.make_default(work, COMPACT, kind=kind)
        draft = drafting.create(work, "sales_order", party_id=shop.parties["customer"])
        with pytest.raises(WrongTemplate):
            drafting.change_header(work, draft, revision=0, template_id=COMPACT)
        templates.archive(work, ELEGANT, revision=0)
        with pytest.raises(WrongTemplate):
            parties.change_party(work, shop.parties["customer"], revision=0, template_id=ELEGANT)

    await plays(database, story)


async def test_an_amended_order_follows_its_template_as_it_is_now(database: Database) -> None:
    def story(shop: Trading) -> None:
        work = shop.work()
        templates.make_default(work, ELEGANT, kind="sales_order")
        order = shop.paper("sales_order", "customer", ("FREIGHT", 2))
        before = look_of(shop, order)
        assert before == (templates.load(shop.connection, ELEGANT).look, ELEGANT)
        templates.change(work, ELEGANT, revision=0, accent="#000000", hidden=(PaperPart.SKU,))
        templates.end_default(work, "sales_order")
        # What was issued keeps what it was issued with, and its next version follows the same.
        assert look_of(shop, order) == before
        copy = amending.begin(work, order)
        drafting.change_header(work, copy, revision=0, notes="By noon")
        amending.confirm(work, copy, revision=1)
        after, template_id = look_of(shop, order)
        assert (after.accent, after.hidden, template_id) == (
            "#000000", (PaperPart.SKU,), ELEGANT,
        )  # fmt: skip
        copy = amending.begin(work, order)
        drafting.change_header(work, copy, revision=0, template_id=COMPACT)
        amending.confirm(work, copy, revision=1)
        assert look_of(shop, order)[1] == COMPACT
        assert shop.record(order).version == 3

    await plays(database, story)


async def test_a_hold_that_lasts_longer_keeps_its_template(database: Database) -> None:
    def story(shop: Trading) -> None:
        until = shop.now + timedelta(days=3)
        hold = shop.paper(
            "reservation", "customer", ("FREIGHT", 1), valid_until=until, template_id=COMPACT
        )
        assert shop.record(hold).state == State.ACTIVE
        extending.move_end(
            shop.work(), hold, revision=shop.record(hold).revision, until=until + timedelta(days=1)
        )
        assert look_of(shop, hold) == (templates.load(shop.connection, COMPACT).look, COMPACT)

    await plays(database, story)


async def test_texts_come_and_go_by_language(database: Database) -> None:
    def story(shop: Trading) -> None:
        work = shop.work()
        for language, text in (("en", "Bye"), ("fr", "Adieu"), ("en", "")):
            templates.write(
                work, COMPACT, text, place=TextPlace.CLOSING, language=language,
                revision=revision(shop, COMPACT),
            )  # fmt: skip
        look = templates.load(shop.connection, COMPACT).look
        assert [each.language for each in look.words] == ["fr"]
        copy = templates.add(work, name="Second", copy_of=COMPACT)
        assert templates.load(shop.connection, copy).look == look

    await plays(database, story)


async def test_what_was_put_away_comes_back_under_a_free_name(database: Database) -> None:
    def story(shop: Trading) -> None:
        work = shop.work()
        templates.archive(work, COMPACT, revision=0)
        other = templates.add(work, name="Compact")
        with pytest.raises(NameTaken):
            templates.take_up(work, COMPACT, revision=1)
        templates.change(work, other, revision=0, name="Small")
        templates.take_up(work, COMPACT, revision=1)
        assert not templates.load(shop.connection, COMPACT).archived

    await plays(database, story)


async def test_only_who_edits_the_company_sets_its_logo(database: Database) -> None:
    def story(shop: Trading) -> None:
        with pytest.raises(NotAllowed):
            company.set_logo(acting(shop, Role.SALES), b"x")
        before = company.current(shop.connection).revision
        company.set_logo(acting(shop, Role.OWNER), b"x")
        after = company.current(shop.connection)
        assert (after.logo, after.revision) == (b"x", before + 1)

    await plays(database, story)
