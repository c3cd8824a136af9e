"""What a paper says of the documents that its own was made from or for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from core.domain.document_type import DocumentType, PartySide
from core.domain.documents import type_of
from core.domain.papers.view import LabelledText, PaperPreceding, PaperReferences
from core.storage.queries.document_queries import ChainMember, DocumentRecord

Chains = Mapping[int, Sequence[ChainMember]]


def references_of(
    its_record: DocumentRecord, chains: Chains, *, kept_for: DocumentRecord | None
) -> PaperReferences:
    """References and related papers.

    Args:
        its_record: the document.
        chains: its lines and the lines that they came from.
        kept_for: the order that money was paid for in advance.
    """
    return PaperReferences(
        ours=its_record.reference,
        theirs=its_record.foreign_number or "",
        related=_related(chains, kept_for),
        order=_only_number(chains, lambda row: row.lines.is_root),
        shipment=_only_number(chains, _ships),
        preceding=_preceding(chains) if its_record.type.credits else (),
    )


def shipped_on(its_record: DocumentRecord, chains: Chains) -> date | None:
    """The day on which what is invoiced went, or the last of what is, by the papers it went with.

    The law of the European Union wants it on an invoice (Directive 2006/112, article 226).
    """
    if not its_record.type.debt or its_record.type.credits:
        return None
    days = [each.delivery_on for each in _ancestors(chains) if _ships(type_of(each.kind))]
    return max((day for day in days if day is not None), default=None)


def _ships(row: DocumentType) -> bool:
    return row.route is not None and row.route.leaves and row.party is PartySide.CUSTOMER


def _ancestors(chains: Chains) -> Iterable[ChainMember]:
    """The lines that those of this document came from, with their documents' headers."""
    return (member for chain in chains.values() for member in chain[1:])


def _only_number(chains: Chains, suits: Callable[[DocumentType], bool]) -> str:
    """The number of the document of such a kind that this one came from, if it is one alone."""
    found = {each.number for each in _ancestors(chains) if suits(type_of(each.kind))} - {None}
    return (found.pop() or "") if len(found) == 1 else ""


def _preceding(chains: Chains) -> tuple[PaperPreceding, ...]:
    """The documents of money that this one takes something back from."""
    found = {
        each.number: PaperPreceding(each.number, each.issued_on)
        for each in _ancestors(chains)
        if each.number is not None and type_of(each.kind).debt and not type_of(each.kind).credits
    }
    return tuple(found[number] for number in sorted(found))


def _related(chains: Chains, kept_for: DocumentRecord | None) -> tuple[LabelledText, ...]:
    """The documents that this one was made from or for, the nearest first."""
    found: dict[str, LabelledText] = {}
    for member in _ancestors(chains):
        # Nothing is made from what has no number yet.
        number = member.number or ""
        found.setdefault(number, LabelledText(type_of(member.kind).label, number))
    if kept_for is not None and kept_for.number is not None:
        label = LabelledText(kept_for.type.label, kept_for.number)
        found.setdefault(kept_for.number, label)
    return tuple(found.values())
