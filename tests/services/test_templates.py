"""Templates: who may change or choose them, what is refused, and what a paper keeps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.domain.lifecycles import State
from core.domain.papers.look import STANDARD_LOOK, Design, PaperLook, PaperPart, TextPlace
from core.domain.papers.placeholders import UnknownPlaceholder
from core.domain.papers.snapshot import load
from core.domain.papers.templates import Source, Template, WrongTemplate
from core.services import company, reservations, templates
from core.services.products.catalog import NameTaken
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.templates import COMPANY, TemplateIsDefault
from core.storage.queries.document_queries import document
from tests.actors import LEA, OMAR, SAMSON
from tests.builders import Shop, audited_story

STANDARD, COMPACT, ELEGANT = 1, 2, 3


def look_of(shop: Shop, document_id: int) -> tuple[PaperLook, int | None]:
    """Return the look that is frozen in a document's paper, and the template's id."""
    row = shop.connection.execute(
        select(document.c.snapshot, document.c.template_id).where(document.c.id == document_id)
    ).one()
    return load(row.snapshot, layout=shop.record(document_id).type.paper).look, row.template_id


def template(shop: Shop, template_id: int) -> Template:
    """Return a template as it stands."""
    return templates.load(shop.connection, template_id)


def sells_freight(shop: Shop) -> int:
    """Take an order for freight."""
    return shop.new("sales_order", (2, "freight"))


@audited_story
def test_a_company_begins_with_three_templates(shop: Shop) -> None:
    found = templates.every(shop.connection)
    assert [each.name for each in found] == ["Standard", "Compact", "Elegant"]
    assert {each.look.design for each in found} == set(Design)
    assert templates.defaults(shop.connection) == {COMPANY: STANDARD}
    invoice = shop.new("invoice", (1, "freight"))
    assert look_of(shop, invoice) == (STANDARD_LOOK, STANDARD)


@audited_story
def test_only_the_owner_changes_templates_and_sales_may_choose_them(shop: Shop) -> None:
    lea, omar = shop.by(LEA), shop.by(OMAR)
    for work in (lea.work, omar.work):
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
    draft = shop.drafts("sales_order")
    lea.edits_header(draft, template_id=ELEGANT)
    assert templates.of_document(shop.connection, draft).source is Source.DOCUMENT
    lea.changes_party(shop.customer, template_id=COMPACT)
    with pytest.raises(NotAllowed):
        templates.require_choosable(omar.work, ELEGANT)


@audited_story
def test_what_is_refused(shop: Shop) -> None:
    work = shop.work
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
    draft = shop.drafts("sales_order")
    with pytest.raises(WrongTemplate):
        shop.edits_header(draft, template_id=COMPACT)
    templates.archive(work, ELEGANT, revision=0)
    with pytest.raises(WrongTemplate):
        shop.changes_party(shop.customer, template_id=ELEGANT)


@audited_story
def test_an_amended_order_follows_its_template_as_it_is_now(shop: Shop) -> None:
    templates.make_default(shop.work, ELEGANT, kind="sales_order")
    order = sells_freight(shop)
    before = look_of(shop, order)
    assert before == (template(shop, ELEGANT).look, ELEGANT)
    templates.change(shop.work, ELEGANT, revision=0, accent="#000000", hidden=(PaperPart.SKU,))
    templates.end_default(shop.work, "sales_order")
    # An issued paper keeps its look, and the next version follows the same template.
    assert look_of(shop, order) == before
    copy = shop.begins_change(order)
    shop.edits_header(copy, notes="By noon")
    shop.confirms(copy)
    after, template_id = look_of(shop, order)
    assert (after.accent, after.hidden, template_id) == ("#000000", (PaperPart.SKU,), ELEGANT)
    copy = shop.begins_change(order)
    shop.edits_header(copy, template_id=COMPACT)
    shop.confirms(copy)
    assert look_of(shop, order)[1] == COMPACT
    assert shop.record(order).version == 3


@audited_story
def test_an_extended_reservation_keeps_its_template(shop: Shop) -> None:
    until = shop.now + timedelta(days=3)
    held = shop.reserves(1, "freight", until, template_id=COMPACT)
    assert shop.state(held) == State.ACTIVE
    shop.does(reservations.move_end, held, until=until + timedelta(days=1))
    assert look_of(shop, held) == (template(shop, COMPACT).look, COMPACT)


@audited_story
def test_texts_are_written_and_removed_by_language(shop: Shop) -> None:
    for language, text in (("en", "Bye"), ("fr", "Adieu"), ("en", "")):
        templates.write(
            shop.work, COMPACT, text, place=TextPlace.CLOSING, language=language,
            revision=template(shop, COMPACT).revision,
        )  # fmt: skip
    look = template(shop, COMPACT).look
    assert [each.language for each in look.words] == ["fr"]
    copy = templates.add(shop.work, name="Second", copy_of=COMPACT)
    assert template(shop, copy).look == look


@audited_story
def test_an_archived_template_is_restored_when_its_name_is_free(shop: Shop) -> None:
    templates.archive(shop.work, COMPACT, revision=0)
    other = templates.add(shop.work, name="Compact")
    with pytest.raises(NameTaken):
        templates.take_up(shop.work, COMPACT, revision=1)
    templates.change(shop.work, other, revision=0, name="Small")
    templates.take_up(shop.work, COMPACT, revision=1)
    assert not template(shop, COMPACT).archived


@audited_story
def test_only_the_owner_sets_the_logo(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        company.set_logo(shop.by(LEA).work, b"x")
    before = company.current(shop.connection).revision
    company.set_logo(shop.by(SAMSON).work, b"x")
    after = company.current(shop.connection)
    assert (after.logo, after.revision) == (b"x", before + 1)
