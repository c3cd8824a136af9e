"""The texts of a template on a paper: its placeholders filled as the paper writes its facts."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from core.domain.papers.look import TextPlace
from core.domain.papers.placeholders import Placeholder, filled
from core.domain.papers.view import Paper
from core.pdf.typesetter import Typesetter

_Writer = Callable[[Paper, Typesetter], str]


def _total(paper: Paper, setter: Typesetter) -> str:
    if paper.totals is not None:
        return setter.money(paper.totals.total, paper.currency)
    if paper.payment is not None:
        return setter.money(paper.payment.amount, paper.payment.currency)
    return ""


def _day(day: date | None, setter: Typesetter) -> str:
    return setter.date(day) if day else ""


_WRITERS: Final[Mapping[Placeholder, _Writer]] = {
    Placeholder.PARTY: lambda paper, setter: setter.typed(paper.party.name) if paper.party else "",
    Placeholder.CONTACT: lambda paper, setter: (
        setter.typed(paper.party.contact) if paper.party else ""
    ),
    Placeholder.COMPANY: lambda paper, setter: setter.typed(paper.company.name),
    Placeholder.NUMBER: lambda paper, setter: setter.code(paper.number or ""),
    Placeholder.REFERENCE: lambda paper, setter: setter.code(paper.references.theirs),
    Placeholder.DATE: lambda paper, setter: _day(paper.dates.issued_on, setter),
    Placeholder.DELIVERY: lambda paper, setter: _day(paper.dates.delivery_on, setter),
    Placeholder.VALID: lambda paper, setter: _day(paper.dates.valid_until, setter),
    Placeholder.DUE: lambda paper, setter: (
        _day(paper.dates.due_on, setter) if paper.layout.shows_payment_terms else ""
    ),
    Placeholder.TOTAL: _total,
}


def wording(paper: Paper, place: TextPlace, setter: Typesetter) -> str:
    """The text of a place, prepared; empty where the template has none.

    What somebody typed is cleaned first, so that no fact and no text can act as the other.
    """
    text = paper.look.text(place, setter.language)
    if not text:
        return ""
    facts = {each: write(paper, setter) for each, write in _WRITERS.items()}
    return setter.typed(filled(text, facts))
