"""Makes the PDF of a document: from the snapshot that was frozen, never from figures of today.

What was made once is kept and sent again byte by byte.  Drafts have nothing frozen: they are drawn
up as they stand, and not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.domain.document_type import DRAFT_OF
from core.domain.messages import N_
from core.domain.papers import snapshot
from core.domain.papers.view import Paper, PaperLine, PaperTerms
from core.domain.people import Ability, Actor
from core.files.produced import PaperMaker, ProducedFile
from core.i18n import Translator, negotiate, translator
from core.services import company, templates
from core.services.company import CompanyRecord
from core.services.documents import discounts, document_totals, paper_view, viewing
from core.services.money import open_items
from core.services.people import parties
from core.services.people.parties import PartyRecord
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work
from core.storage.database import Database, savepoint
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
    documents,
    lines_of,
)
from core.storage.tables import document, document_version, paper_file, product, product_name

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptUnder:
    """Under what the bytes of a paper are kept: what they show, and in which language."""

    document_id: int
    revision_key: str
    language: str


@dataclass(frozen=True)
class Wanted:
    """A paper that is wanted: its bytes when they are kept already, else what to draw.

    `key` is None for a draft, which is not kept.  `original` is the paper in `own_language`, that
    of its party, where the e-invoice inside is written from it: whoever asks in another language
    gets the same one, byte by byte.
    """

    language: str
    name: str
    caption: str
    key: KeptUnder | None = None
    content: bytes | None = None
    paper: Paper | None = None
    original: Paper | None = None
    own_language: str = ""


def make_papers(database: Database) -> PaperMaker:
    """What the bot calls for each paper.  It reads, draws in a thread, and keeps in a write."""

    async def make(
        document_id: int, language: str | None, actor: Actor, /, *, version: int | None = None
    ) -> ProducedFile:
        def loaded(connection: Connection) -> Wanted:
            work = Work(connection, actor, database.clock())
            return load(work, document_id, language, version=version)

        wanted = await database.read(loaded)
        content = wanted.content
        if content is None:
            content = await asyncio.to_thread(draw, wanted)
            if wanted.key is not None:
                content = await database.write(keep, wanted.key, content, now=database.clock())
        return ProducedFile(wanted.name, content, wanted.caption)

    return make


@dataclass(frozen=True)
class _Subject:
    """The document that a paper is about, and what was read around it."""

    record: DocumentRecord
    company: CompanyRecord
    party: PartyRecord | None
    sees_money: bool

    @property
    def own_language(self) -> str:
        """The language of its party; within the company the company's."""
        return negotiate(self.company.language if self.party is None else self.party.language)


def load(
    work: Work, document_id: int, language: str | None, *, version: int | None = None
) -> Wanted:
    """All that is needed to make the paper of a document for `work.actor`.

    Args:
        work: the unit of work; nothing is written.
        document_id: the document.
        language: in which the paper is wanted; None: its party's.
        version: an earlier version than the one in force, as it was.

    Raises:
        NotFound: there is none (or no such version), or none that he may know of.
        NotAllowed: it is about money alone, and he may not see that.
    """
    connection = work.connection
    subject = _subject(work, document_id)
    if version is not None:
        subject = replace(subject, record=_earlier(connection, subject.record, version))
    record, own = subject.record, subject.own_language
    chosen = negotiate(language) if language else own
    wanted = Wanted(
        language=chosen,
        name=_file_name(record, translator(chosen), is_copy=chosen != own),
        caption=_caption(connection, subject, translator(work.actor.language)),
    )
    if record.number is not None:
        key = KeptUnder(document_id, _revision_key(subject), chosen)
        wanted = replace(wanted, key=key, content=kept(connection, key))
        if wanted.content is not None:
            return wanted
    its_lines = _lines(connection, record, earlier=version is not None)
    frozen = replace(
        _paper(connection, subject, its_lines), mark=paper_view.MARKS.get(record.state, "")
    )

    def in_language(of: str) -> Paper:
        if of == negotiate(subject.company.language):
            return frozen
        return replace(frozen, lines=_with_names(connection, frozen.lines, its_lines, language=of))

    original = in_language(own)
    paper = original if chosen == own else replace(in_language(chosen), is_copy=True)
    if not subject.sees_money:
        return replace(wanted, paper=without_money(paper))
    return replace(wanted, paper=paper, original=original, own_language=own)


def _subject(work: Work, document_id: int) -> _Subject:
    connection, actor = work.connection, work.actor
    found = documents(connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    viewing.require_visible(actor, found)
    sees_money = actor.sees_money_of(found.party_id)
    if found.type.settles and not sees_money:
        raise NotAllowed(right=str(Ability.SEE_MONEY))
    party = None
    if found.party_id is not None:
        party = parties.load(connection, [found.party_id])[found.party_id]
    return _Subject(found, company.current(connection), party, sees_money)


def _lines(connection: Connection, record: DocumentRecord, *, earlier: bool) -> list[LineRecord]:
    """The lines of the paper; a line that an amendment took off is on the earlier ones alone."""
    return [
        each
        for each in lines_of(connection, [record.id]).get(record.id, [])
        if earlier or each.quantity or not record.type.lines.is_root
    ]


def _earlier(connection: Connection, record: DocumentRecord, version: int) -> DocumentRecord:
    """The document as it was in an earlier version: it was in force, with other totals.

    Raises:
        NotFound: there was no such version.
    """
    row = connection.execute(
        select(document_version).where(
            document_version.c.document_id == record.id, document_version.c.version == version
        )
    ).one_or_none()
    if row is None:
        raise NotFound(subject="document")
    return replace(
        record,
        version=version,
        state=str(record.type.lifecycle.issued),
        net_minor=row.net_minor,
        tax_minor=row.tax_minor,
        total_minor=row.total_minor,
    )


def draw(wanted: Wanted) -> bytes:
    """Draw a paper, for a thread: it takes milliseconds in which nothing else could be done."""
    # Fonts and their tools take long to load, and most starts draw nothing at once.
    from core import einvoice
    from core.pdf import BadLogo, render

    assert wanted.paper is not None
    words = translator(wanted.language)
    inside = None
    if wanted.original is not None:
        inside = einvoice.write(wanted.original, translator(wanted.own_language))
    try:
        return render(wanted.paper, words, e_invoice=inside)
    except BadLogo as fault:
        LOG.warning("a paper goes without the logo: %s", fault)
        return render(replace(wanted.paper, logo=None), words, e_invoice=inside)


def kept(connection: Connection, key: KeptUnder) -> bytes | None:
    """The bytes that were made before, or None."""
    return connection.execute(
        select(paper_file.c.content).where(
            paper_file.c.document_id == key.document_id,
            paper_file.c.revision_key == key.revision_key,
            paper_file.c.language == key.language,
        )
    ).scalar_one_or_none()


def keep(connection: Connection, key: KeptUnder, content: bytes, *, now: datetime) -> bytes:
    """Keep the bytes of a paper and return them; those of somebody who was quicker stay."""
    try:
        with savepoint(connection):
            connection.execute(
                insert(paper_file).values(
                    document_id=key.document_id,
                    revision_key=key.revision_key,
                    language=key.language,
                    sha256=hashlib.sha256(content).hexdigest(),
                    content=content,
                    at=now,
                )
            )
    except IntegrityError:
        found = kept(connection, key)
        if found is None:
            raise
        return found
    return content


def without_money(paper: Paper) -> Paper:
    """The paper for somebody who may see the goods and not what they cost."""
    layout = replace(
        paper.layout,
        columns=tuple(column for column in paper.layout.columns if not column.is_money),
        shows_payment_terms=False,
        shows_totals=False,
    )
    bare = [
        replace(
            line,
            unit_price=None,
            discount_percent=None,
            tax_percent=None,
            tax_category="",
            net=None,
        )
        for line in paper.lines
    ]
    return replace(
        paper, layout=layout, lines=tuple(bare), terms=PaperTerms(), totals=None, currency=""
    )


# --- What a paper shows -------------------------------------------------------------------


def _paper(connection: Connection, subject: _Subject, its_lines: Sequence[LineRecord]) -> Paper:
    record = subject.record
    frozen = connection.execute(
        select(func.coalesce(document_version.c.snapshot, document.c.snapshot))
        .select_from(
            document.outerjoin(
                document_version,
                (document_version.c.document_id == document.c.id)
                & (document_version.c.version == record.version),
            )
        )
        .where(document.c.id == record.id)
    ).scalar_one()
    if frozen is not None:
        return snapshot.load(frozen, layout=record.type.paper, logo=subject.company.logo)
    its_chains = chains_of(connection, record.id)
    record = discounts.with_share(connection, record, its_lines, its_chains=its_chains)
    totals = document_totals.totals_of(record, its_lines)
    fixed = None
    if totals is not None:
        fixed = document_totals.fix(connection, record, its_lines, totals=totals)
    look = templates.of_document(connection, record.id).look
    around = paper_view.Around(subject.company, subject.party, its_chains, look=look)
    return paper_view.draw_up(connection, record, its_lines, fixed=fixed, around=around)


def _revision_key(subject: _Subject) -> str:
    """What the bytes show: the version, how it ended if it says so, and what is left out."""
    record = subject.record
    ended = [record.state] if record.state in paper_view.MARKS else []
    bare = ["without-money"] if record.type.priced and not subject.sees_money else []
    return "-".join([f"v{record.version}", *ended, *bare])


def _with_names(
    connection: Connection,
    shown: Sequence[PaperLine],
    its_lines: Sequence[LineRecord],
    *,
    language: str,
) -> tuple[PaperLine, ...]:
    """The lines with their products' names in the language of the paper.

    A name that somebody typed on the line is his word, and stays.  An earlier version may have
    had its lines elsewhere: there a line is known by its name.
    """
    product_at = {at: each.product_id for at, each in enumerate(its_lines, 1)}
    by_name = {each.name: each.product_id for each in its_lines}
    rows = connection.execute(
        select(product.c.id, product.c.name, product_name.c.name.label("theirs"))
        .join(product_name, product_name.c.product_id == product.c.id)
        .where(
            product.c.id.in_([each for each in product_at.values() if each is not None]),
            product_name.c.language == language,
        )
    )
    theirs = {(row.id, row.name): row.theirs for row in rows}
    moved = len(shown) != len(its_lines)
    return tuple(
        replace(
            each,
            name=theirs.get(
                (by_name.get(each.name) if moved else product_at.get(each.position), each.name),
                each.name,
            ),
        )
        for each in shown
    )


# --- What stands beside it ----------------------------------------------------------------


def _file_name(record: DocumentRecord, words: Translator, *, is_copy: bool) -> str:
    if record.number is None:
        title = words.text(DRAFT_OF, kind=words.text(record.type.label))
        return f"{title.replace(':', '')}.pdf"
    parts = [record.number]
    if record.version > 1:
        parts.append(f"v{record.version}")
    if is_copy:
        parts.append(words.language)
    return "-".join(parts) + ".pdf"


def _caption(connection: Connection, subject: _Subject, words: Translator) -> str:
    """What it is, for whom; its total, and what of it is due until when, as its reader reads."""
    record = subject.record
    label = words.text(record.type.label)
    first = [f"{record.type.sign} {label} {record.number}" if record.number else label]
    if subject.party is not None:
        first.append(subject.party.name)
    rows = [first, _sums(connection, record, words) if subject.sees_money else []]
    return "\n".join(" · ".join(parts) for parts in rows if parts)


def _sums(connection: Connection, record: DocumentRecord, words: Translator) -> list[str]:
    minor = record.amount_minor if record.type.settles else record.total_minor
    if minor is None or record.currency is None:
        return []
    total = words.money(record.amount(minor), record.currency)
    parts = [words.text(N_("Total {amount}"), amount=total)]
    due = open_items.due_of(connection, record.id) if record.type.debt else None
    if due is not None:
        left = words.money(due.amount, record.currency)
        if record.due_on is None:
            parts.append(words.text(N_("{amount} due"), amount=left))
        else:
            parts.append(words.text(N_("{amount} due {day}"), amount=left, day=record.due_on))
    return parts
