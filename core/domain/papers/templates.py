"""Templates of papers: for which papers one is meant, and which of several a paper follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.domain.document_type import DocumentType, PartySide
from core.domain.documents import DOCUMENT_TYPES
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.papers.look import STANDARD_LOOK, PaperLook


@dataclass(frozen=True)
class Capability:
    """What kinds of papers have in common: its label, and whether a kind's row has it."""

    label: str
    has: Callable[[DocumentType], bool]


CAPABILITIES: Final[Mapping[str, Capability]] = {
    "priced": Capability(N_("Documents with prices"), lambda row: row.priced),
    "goods": Capability(N_("Goods documents"), lambda row: row.route is not None),
    "customers": Capability(
        N_("Documents for customers"),
        lambda row: row.party in (PartySide.CUSTOMER, PartySide.EITHER),
    ),
    "vendors": Capability(
        N_("Documents for vendors"), lambda row: row.party in (PartySide.VENDOR, PartySide.EITHER)
    ),
}
"""By what papers can be chosen for a template, beside their kinds."""


class WrongTemplate(Refusal):
    """The template is archived, or not meant for this kind of paper."""

    code = "wrong_template"
    fact_names = ("name", "kind")


@dataclass(frozen=True)
class Template:
    """How papers look and what they say besides their facts.

    Attributes:
        scope: names of capabilities and of kinds; a paper of any of them may follow it, and
            every paper where there is none.
    """

    id: int
    name: str
    scope: tuple[str, ...]
    look: PaperLook
    archived: bool = False
    revision: int = 0

    def suits(self, row: DocumentType) -> bool:
        """Whether papers of this kind may follow it."""
        return not self.archived and suits(self.scope, row)


def suits(scope: Sequence[str], row: DocumentType) -> bool:
    """Whether a kind is meant by a scope; nothing in it means every kind."""
    return not scope or any(
        CAPABILITIES[each].has(row) if each in CAPABILITIES else each == row.kind for each in scope
    )


def is_scope(scope: Sequence[str]) -> bool:
    """Whether it names only capabilities and kinds that there are, each once."""
    known = {*CAPABILITIES, *DOCUMENT_TYPES}
    return set(scope) <= known and len(set(scope)) == len(scope)


class Source(StrEnum):
    """What says which template a paper follows, the strongest first."""

    DOCUMENT = "document"
    PARTY = "party"
    KIND = "kind"
    COMPANY = "company"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Chosen:
    """The template that a paper follows, and what said so; none where nobody has any."""

    source: Source
    template: Template | None = None

    @property
    def id(self) -> int | None:
        """The template's id."""
        return None if self.template is None else self.template.id

    @property
    def look(self) -> PaperLook:
        """How the paper looks."""
        return STANDARD_LOOK if self.template is None else self.template.look


UNSAID: Final = Chosen(Source.NOTHING)


def chosen(said: Mapping[Source, Template | None], row: DocumentType) -> Chosen:
    """The first of those that were said, by the order of `Source`, that suits the kind."""
    for source in Source:
        template = said.get(source)
        if template is not None and template.suits(row):
            return Chosen(source, template)
    return UNSAID
