"""What an e-invoice cannot do without: the published rules, asked of a paper before it is written.

Their names are those of EN 16931-1 (BR-...) and of the French annexes (BR-FR-...).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.domain.identifiers import TAX_UNION, siren, vat_id
from core.domain.messages import N_
from core.domain.money import digits
from core.domain.papers.view import Paper, PaperSide, PaperText

_COUNTRIES: Final = TAX_UNION | {"IS", "LI", "NO"}
"""Where the European standard is that of the country: the European Economic Area."""
_MOST_DIGITS: Final = 2
_REVERSED, _WITHIN_UNION, _EXPORTED, _OUTSIDE = "AE", "K", "G", "O"

NO_TAX_ID: Final = N_("no tax ID for {name}")
NO_VAT_ID: Final = N_("no VAT ID for {name}")
NO_SIREN: Final = N_("no SIREN for {name}")
NO_ADDRESS: Final = N_("no address for {name}")
NO_DELIVERY_DATE: Final = N_("no delivery date")
TOO_MANY_DIGITS: Final = N_("amounts in {currency} have more than two decimals")
MIXED_SCOPE: Final = N_("lines outside the scope of tax are mixed with others")


def concerns(paper: Paper) -> bool:
    """Whether an e-invoice belongs to this paper at all, complete or not."""
    return (
        bool(paper.layout.e_invoice)
        and paper.totals is not None
        and paper.party is not None
        and paper.company.country in _COUNTRIES
    )


def missing(paper: Paper) -> tuple[PaperText, ...]:
    """What has to be mended before there can be an e-invoice: messages with the names in them."""
    return tuple(_missing(paper)) if concerns(paper) else ()


def _missing(paper: Paper) -> Iterator[PaperText]:
    party, totals, company = paper.party, paper.totals, paper.company
    assert party is not None
    assert totals is not None
    groups = {each.category for each in totals.taxes}
    yield from _of_company(company, groups)
    if not party.country:  # BR-11
        yield PaperText(NO_ADDRESS, facts={"name": party.name})
    yield from _of_party(party, groups)
    if company.country == party.country == "FR":
        # BR-FR-10, BR-FR-12, BR-FR-13: a SIREN is the address too, where no other was said.
        for side in (company, party):
            if not siren(side.tax_id, side.country):
                yield PaperText(NO_SIREN, facts={"name": side.name})
    if _WITHIN_UNION in groups and paper.dates.delivery_on is None:  # BR-IC-11
        yield PaperText(NO_DELIVERY_DATE)
    if digits(paper.currency) > _MOST_DIGITS:  # BR-DEC-*
        yield PaperText(TOO_MANY_DIGITS, facts={"currency": paper.currency})
    if _OUTSIDE in groups and len(groups) > 1:  # BR-O-11
        yield PaperText(MIXED_SCOPE)


def _of_company(company: PaperSide, groups: set[str]) -> Iterator[PaperText]:
    if not company.tax_id.strip():  # BR-CO-26, BR-S-02, BR-Z-02, BR-E-02, BR-AE-02
        yield PaperText(NO_TAX_ID, facts={"name": company.name})
    elif groups & {_WITHIN_UNION, _EXPORTED} and not vat_id(company.tax_id, company.country):
        yield PaperText(NO_VAT_ID, facts={"name": company.name})  # BR-IC-02, BR-G-02


def _of_party(party: PaperSide, groups: set[str]) -> Iterator[PaperText]:
    number = vat_id(party.tax_id, party.country)
    if _REVERSED in groups:  # BR-AE-02: its VAT identifier, or that by which it is registered
        number = number or party.tax_id.strip()
    if groups & {_REVERSED, _WITHIN_UNION} and not number:  # BR-IC-02
        yield PaperText(NO_VAT_ID, facts={"name": party.name})
