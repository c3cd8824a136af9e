"""Templates of papers: made, changed, put away, and chosen for papers.

A template that changes changes the papers that are issued from then on; those of before have kept
what it said then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy import update as change_rows

from core.domain.document_type import DocumentType
from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.papers.colours import accent_of
from core.domain.papers.look import (
    STANDARD_LOOK,
    Design,
    LogoSide,
    PaperLook,
    PaperWords,
    TextPlace,
)
from core.domain.papers.placeholders import parts_of
from core.domain.papers.snapshot import dump_look, load_look
from core.domain.papers.templates import Chosen, Source, Template, WrongTemplate, chosen, is_scope
from core.domain.people import Ability
from core.domain.texts import MOST_LETTERS, clean, clean_note, folded
from core.i18n import translator
from core.services.history import record
from core.services.products.catalog import NameTaken
from core.services.rights import Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.sql import insert_one, label_in, prefixed
from core.storage.tables import document, party, template_default
from core.storage.tables import paper_template as template

COMPANY: Final = ""
"""The kind under which the company's standard is kept."""
MOST_NAME: Final = 40

SHIPPED: Final[tuple[tuple[str, PaperLook], ...]] = (
    (N_("Standard"), STANDARD_LOOK),
    (N_("Compact"), PaperLook(design=Design.COMPACT, accent="#33404d")),
    (
        N_("Elegant"),
        PaperLook(design=Design.ELEGANT, accent="#6d2a63", logo_side=LogoSide.CENTRE),
    ),
)
"""What a new company begins with; the first is its standard."""


class TemplateIsDefault(Refusal):
    """Papers follow this template where nobody says anything, so it cannot be put away."""

    code = "template_is_default"
    fact_names = ("name",)


# --- What there is ------------------------------------------------------------------------------


COLUMNS: Final = ("id", "name", "scope", "look", "archived_at", "revision")


def _template(row: Row[Any], prefix: str = "") -> Template:
    found = {name: row._mapping[label_in(prefix, name) if prefix else name] for name in COLUMNS}
    return Template(
        id=found["id"],
        name=found["name"],
        scope=tuple(found["scope"].split()),
        look=load_look(found["look"]),
        archived=found["archived_at"] is not None,
        revision=found["revision"],
    )


_ALL = select(*(template.c[each] for each in COLUMNS)).order_by(template.c.id)


def every(connection: Connection) -> list[Template]:
    """All templates, the archived ones too, in the order in which they were made."""
    return [_template(row) for row in connection.execute(_ALL)]


def load(connection: Connection, template_id: int) -> Template:
    """A template.

    Raises:
        NotFound: there is none with this id.
    """
    row = connection.execute(_ALL.where(template.c.id == template_id)).one_or_none()
    if row is None:
        raise NotFound(subject="template")
    return _template(row)


def defaults(connection: Connection) -> dict[str, int]:
    """The template of each kind that has one of its own, and of `COMPANY`."""
    rows = connection.execute(select(template_default.c.kind, template_default.c.template_id))
    return {row.kind: row.template_id for row in rows}


# --- Which one a paper follows -------------------------------------------------------------------


_OF_KIND = template_default.alias("default_of_kind")
_OF_COMPANY = template_default.alias("default_of_company")
_SAID = {
    source: template.alias(f"template_of_{source}")
    for source in (Source.DOCUMENT, Source.PARTY, Source.KIND, Source.COMPANY)
}


def joined(source: FromClause) -> FromClause:
    """A statement's documents and their parties, joined with what says their templates."""
    return (
        source.outerjoin(_OF_KIND, _OF_KIND.c.kind == document.c.kind)
        .outerjoin(_OF_COMPANY, _OF_COMPANY.c.kind == COMPANY)
        .outerjoin(_SAID[Source.DOCUMENT], _SAID[Source.DOCUMENT].c.id == document.c.template_id)
        .outerjoin(_SAID[Source.PARTY], _SAID[Source.PARTY].c.id == party.c.template_id)
        .outerjoin(_SAID[Source.KIND], _SAID[Source.KIND].c.id == _OF_KIND.c.template_id)
        .outerjoin(_SAID[Source.COMPANY], _SAID[Source.COMPANY].c.id == _OF_COMPANY.c.template_id)
    )


def said_columns() -> list[ColumnElement[Any]]:
    """What a joined statement selects of the templates."""
    return [
        column
        for source, table in _SAID.items()
        for column in prefixed(_said_by(source), {each: table.c[each] for each in COLUMNS})
    ]


def _said_by(source: Source) -> str:
    return f"said_by_{source}"


def chosen_of(row: Row[Any], its_type: DocumentType) -> Chosen:
    """Return which template a paper follows, by a row that has `said_columns`."""
    known = {
        source: None
        if row._mapping[label_in(_said_by(source), "id")] is None
        else _template(row, _said_by(source))
        for source in _SAID
    }
    return chosen(known, its_type)


_CHOICE = (
    select(document.c.kind, *said_columns())
    .select_from(joined(document.outerjoin(party, party.c.id == document.c.party_id)))
    .where(document.c.id == bindparam("of"))
)


def of_document(connection: Connection, document_id: int) -> Chosen:
    """Which template the paper of a document follows now, and what says so.

    Raises:
        NotFound: there is no such document.
    """
    row = connection.execute(_CHOICE, {"of": document_id}).one_or_none()
    if row is None:
        raise NotFound(subject="document")
    return chosen_of(row, type_of(row.kind))


def require_choosable(
    work: Work, template_id: int | None, row: DocumentType | None = None
) -> None:
    """Refuse a template that this person may not choose, or that papers cannot follow.

    Args:
        work: the unit of work.
        template_id: the template; None takes back what was chosen.
        row: the kind of the paper; None for a party, whose papers of other kinds do without.

    Raises:
        NotAllowed, NotFound, WrongTemplate.
    """
    require_ability(work.actor, Ability.CHOOSE_TEMPLATES)
    if template_id is None:
        return
    found = load(work.connection, template_id)
    if found.archived or (row is not None and not found.suits(row)):
        raise WrongTemplate(name=found.name, kind="" if row is None else row.label)


# --- Making and changing them --------------------------------------------------------------------


def ship(work: Work, language: str) -> None:
    """Give a new company the templates to begin with, named in its language."""
    words = translator(language)
    for name, look in SHIPPED:
        template_id = _insert(work, words.text(name), look)
        if look is STANDARD_LOOK:
            _set_default(work, template_id, COMPANY)


def add(work: Work, *, name: str, copy_of: int | None = None) -> int:
    """Make a template, as a copy of another one; returns its id.

    Raises:
        NotAllowed, NotFound, TextMissing, TextTooLong, NameTaken.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = _free_name(work.connection, name)
    if copy_of is None:
        return _insert(work, found, STANDARD_LOOK)
    original = load(work.connection, copy_of)
    return _insert(work, found, original.look, scope=original.scope)


def _insert(work: Work, name: str, look: PaperLook, *, scope: Sequence[str] = ()) -> int:
    template_id = insert_one(
        work.connection, template, name=name, scope=" ".join(scope), look=dump_look(look),
        created_at=work.now,
    )  # fmt: skip
    record(work, "template", template_id, action="add", name=name)
    return template_id


def _free_name(connection: Connection, name: str, *, but: int = 0) -> str:
    found = clean(name, most=MOST_NAME)
    taken = [
        each
        for each in every(connection)
        if each.id != but and not each.archived and folded(each.name) == folded(found)
    ]
    if taken:
        raise NameTaken(name=found)
    return found


def change(work: Work, template_id: int, *, revision: int, **changes: Any) -> None:
    """Change a template: its name, its scope, or a part of its look.

    Args:
        work: the unit of work.
        template_id: the template.
        revision: the one that the person saw.
        changes: `name`, `scope` (names of capabilities and kinds), or fields of a look other
            than its words; an accent may be typed as people write colours.

    Raises:
        NotAllowed, NotFound, Changed, TextMissing, TextTooLong, NameTaken.
        NotAColour, ColourTooPale.
        ValueError: a scope that names nothing.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = load(work.connection, template_id)
    values: dict[str, Any] = {}
    looks = dict(changes)
    if "name" in looks:
        values["name"] = _free_name(work.connection, looks.pop("name"), but=template_id)
    if "scope" in looks:
        scope = tuple(looks.pop("scope"))
        if not is_scope(scope):
            raise ValueError(f"no kinds of papers: {scope}")
        values["scope"] = " ".join(scope)
    if "accent" in looks:
        looks["accent"] = accent_of(looks["accent"])
    if looks:
        values["look"] = dump_look(replace(found.look, **looks))
    _write(work, template_id, revision=revision, values=values)
    record(work, "template", template_id, action="change", **changes)


def write(
    work: Work, template_id: int, text: str, *, place: TextPlace, language: str, revision: int
) -> None:
    """Put a text into a template, in one language; an empty one takes it out.

    Raises:
        NotAllowed, NotFound, Changed, TextTooLong.
        UnknownPlaceholder: it names something that no paper knows.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = load(work.connection, template_id)
    typed = clean_note(text, most=MOST_LETTERS * 5)
    parts_of(typed)
    words = {each.language: each for each in found.look.words}
    before = words.get(language, PaperWords(language))
    words[language] = replace(before, **{place.value: typed})
    kept = tuple(each for each in words.values() if each != PaperWords(each.language))
    look = replace(found.look, words=kept)
    _write(work, template_id, revision=revision, values={"look": dump_look(look)})
    record(work, "template", template_id, action="write", language=language, place=place)


def archive(work: Work, template_id: int, *, revision: int) -> None:
    """Put a template away: it is not offered any more, and papers follow what is said next.

    Raises:
        NotAllowed, NotFound, Changed.
        TemplateIsDefault: choose another default first.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = load(work.connection, template_id)
    if template_id in defaults(work.connection).values():
        raise TemplateIsDefault(name=found.name)
    _write(work, template_id, revision=revision, values={"archived_at": work.now})
    record(work, "template", template_id, action="archive")


def take_up(work: Work, template_id: int, *, revision: int) -> None:
    """Offer a template again that was put away.

    Raises:
        NotAllowed, NotFound, Changed, NameTaken.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = load(work.connection, template_id)
    _free_name(work.connection, found.name, but=template_id)
    _write(work, template_id, revision=revision, values={"archived_at": None})
    record(work, "template", template_id, action="take_up")


def make_default(work: Work, template_id: int, *, kind: str = COMPANY) -> None:
    """Let papers of a kind follow this template where nobody says anything.

    Args:
        work: the unit of work.
        template_id: the template.
        kind: the kind, or `COMPANY` for all kinds that have no default of their own.

    Raises:
        NotAllowed, NotFound.
        WrongTemplate: it is archived, or not meant for this kind; a standard is meant for all.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    found = load(work.connection, template_id)
    row = None if kind == COMPANY else type_of(kind)
    if found.archived or (found.scope if row is None else not found.suits(row)):
        raise WrongTemplate(name=found.name, kind="" if row is None else row.label)
    _set_default(work, template_id, kind)
    record(work, "template", template_id, action="default", kind=kind)


def end_default(work: Work, kind: str) -> None:
    """Let papers of a kind follow the company's standard again.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    work.connection.execute(
        delete(template_default).where(
            template_default.c.kind == kind, template_default.c.kind != COMPANY
        )
    )
    record(work, "company", 1, action="end_default", kind=kind)


def _set_default(work: Work, template_id: int, kind: str) -> None:
    work.connection.execute(delete(template_default).where(template_default.c.kind == kind))
    work.connection.execute(insert(template_default).values(kind=kind, template_id=template_id))


def _write(work: Work, template_id: int, *, revision: int, values: Mapping[str, Any]) -> None:
    done = work.connection.execute(
        change_rows(template)
        .where(template.c.id == template_id, template.c.revision == revision)
        .values(revision=revision + 1, **values)
    )
    if done.rowcount != 1:
        raise Changed(subject="template", id=template_id)
