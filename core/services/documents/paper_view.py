"""What a document's paper shows, drawn up from its records; frozen when it is issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from core.domain import units
from core.domain.document_type import DocumentType, PartySide
from core.domain.facts import company as company_facts
from core.domain.facts.fact import Fact
from core.domain.facts.party import OF_CONTACT, OWN
from core.domain.identifiers import bic_in, iban_in
from core.domain.lifecycles import State
from core.domain.messages import N_, N_plural
from core.domain.money import convert, from_minor
from core.domain.papers.legal_notes import LEGAL_NOTES
from core.domain.papers.look import STANDARD_LOOK, PaperLook
from core.domain.papers.snapshot import dump
from core.domain.papers.view import (
    LabelledText,
    Paper,
    PaperAllocation,
    PaperDates,
    PaperLine,
    PaperPayment,
    PaperSide,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from core.domain.payment_modes import PAYMENT_MODES
from core.domain.settlement import quote_sides
from core.domain.totals import TAX_CATEGORIES
from core.services.company import CompanyRecord
from core.services.documents.document_totals import Fixed
from core.services.documents.paper_sources import references_of, shipped_on
from core.services.money.allocations import Settlement
from core.services.numbering import chain_hash
from core.services.people import parties
from core.services.people.parties import AddressRecord, ContactRecord, PartyRecord, Reach
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
)

MARKS: Mapping[str, str] = {
    str(State.CANCELLED): N_("Cancelled"),
    str(State.REVERSED): N_("Reversed"),
}
"""What is written across the pages of a paper whose document has come to this end."""


@dataclass(frozen=True)
class Around:
    """What was read of a document's surroundings: the company, the party, the chains of lines.

    `reach` is the party's addresses and contacts, where they were read already; `settlement` is
    what the document settles when it is issued; `look` is what its template says.
    """

    company: CompanyRecord
    party: PartyRecord | None
    chains: Mapping[int, Sequence[ChainMember]]
    reach: Reach | None = None
    settlement: Settlement | None = None
    look: PaperLook = STANDARD_LOOK


def freeze(
    connection: Connection,
    issued: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    fixed: Fixed | None,
    around: Around,
) -> str:
    """The snapshot of a document that is issued: its paper, as text that is never made again."""
    return dump(draw_up(connection, issued, lines, fixed=fixed, around=around))


def draw_up(
    connection: Connection,
    its_record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    fixed: Fixed | None,
    around: Around,
) -> Paper:
    """The paper of a document as it stands: a draft's has no number."""
    row, company, party = its_record.type, around.company, around.party
    reach = around.reach
    if reach is None:
        reach = ([], []) if party is None else parties.reach(connection, party.id)
    addresses, contacts = reach
    sources = {} if row.route is None else _ordered(around.chains)
    return Paper(
        layout=row.paper,
        number=its_record.number,
        company=company_side(company),
        party=None
        if party is None
        else _party_side(its_record, party, addresses, contacts=contacts),
        dates=_dates(its_record, around),
        references=references_of(
            its_record,
            around.chains,
            kept_for=around.settlement.kept_for if around.settlement else None,
        ),
        terms=_terms(its_record, row, company),
        lines=_lines(lines, row, fixed=fixed, sources=sources),
        currency=its_record.currency if fixed is not None and its_record.currency else "",
        totals=None if fixed is None else _totals(its_record, fixed, around),
        payment=_payment(its_record, row, around),
        delivery=_delivery(its_record, row, party, addresses=addresses),
        version=its_record.version,
        mark=MARKS.get(its_record.state, ""),
        reason=its_record.reason,
        notes=its_record.notes,
        look=around.look,
        logo=company.logo,
    )


HASHED = (
    "id", "number", "issued_on", "party_id", "currency", "net_minor", "tax_minor", "total_minor",
    "amount_minor", "direction",
)  # fmt: skip
"""What of a posted document goes into its hash: no names, nothing that may still change."""

HASHED_OF_LINE = ("product_id", "quantity", "rejected", "unit_price")
"""What of each line goes into its document's hash."""


def hash_of(previous: str, issued: DocumentRecord, lines: Sequence[LineRecord]) -> str:
    """The hash that chains a posted document to the one before it; `check` computes it again."""
    return hash_of_facts(
        previous,
        [getattr(issued, name) for name in HASHED],
        ([getattr(each, name) for name in HASHED_OF_LINE] for each in lines),
    )


def hash_of_facts(
    previous: str, header: Iterable[object], lines: Iterable[Iterable[object]]
) -> str:
    """`hash_of` for the facts alone, in the order of `HASHED` and of `HASHED_OF_LINE`."""
    facts = list(header)
    for each in lines:
        facts += [plain(fact) if isinstance(fact, Decimal) else fact for fact in each]
    return chain_hash(previous, *facts)


@lru_cache(maxsize=4096)
def plain(value: Decimal) -> str:
    """A number as it stands in a hash."""
    return f"{value.normalize():f}"


def company_side(company: CompanyRecord) -> PaperSide:
    """Our company as it stands on its papers."""
    lines = _address_lines(company.street, company.postal_code, company.city)
    return PaperSide(**_placed(company_facts.OWN, vars(company)) | {"address": lines})


def _address_lines(street: str, postal_code: str, city: str) -> tuple[str, ...]:
    town = " ".join(part for part in (postal_code, city) if part)
    return tuple(each for each in (*street.splitlines(), town) if each)


def _party_side(
    its_record: DocumentRecord,
    party: PartyRecord,
    addresses: Sequence[AddressRecord],
    *,
    contacts: Sequence[ContactRecord],
) -> PaperSide:
    billing = next((each for each in addresses if each.use == "billing"), None)
    its_address = billing or next(iter(addresses), None)
    named = next((each for each in contacts if each.id == its_record.contact_id), None)
    its_contact = named or next(iter(contacts), None)
    side = PaperSide(facts=_printed(party), **_placed(OWN, party.facts))
    if its_address is not None:
        side = _at(side, its_address)
    if its_contact is not None:
        side = replace(side, **_placed(OF_CONTACT, vars(its_contact)))
    return side


def _placed(columns: Mapping[str, Fact], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what papers know by name of the facts of a row, by the field of their side."""
    return {
        each.paper.place: kept[name]
        for name, each in columns.items()
        if each.paper is not None and each.paper.place
    }


def _printed(party: PartyRecord) -> tuple[LabelledText, ...]:
    """Return the other facts that stand on papers, those that are known."""
    return tuple(
        LabelledText(each.label, str(party.facts[name]))
        for name, each in OWN.items()
        if each.paper is not None and not each.paper.place and party.facts[name]
    )


def _delivery(
    its_record: DocumentRecord,
    row: DocumentType,
    party: PartyRecord | None,
    *,
    addresses: list[AddressRecord],
) -> PaperSide | None:
    """Where goods go: the address that was chosen, else the party's own for goods."""
    if not row.paper.shows_delivery_address or row.party is not PartySide.CUSTOMER:
        return None
    chosen = next((each for each in addresses if each.id == its_record.delivery_address_id), None)
    found = chosen or parties.address_for_goods(addresses)
    if party is None or found is None:
        return None
    return _at(PaperSide(name=party.name), found)


def _at(side: PaperSide, place: AddressRecord) -> PaperSide:
    return replace(
        side,
        address=_address_lines(place.street, place.postal_code, place.city),
        country=place.country,
        postal_code=place.postal_code,
        city=place.city,
    )


def _dates(its_record: DocumentRecord, around: Around) -> PaperDates:
    until, zone = its_record.valid_until, ZoneInfo(around.company.zone)
    return PaperDates(
        issued_on=its_record.issued_on,
        delivery_on=its_record.delivery_on or shipped_on(its_record, around.chains),
        due_on=its_record.due_on if its_record.type.debt else None,
        valid_until=None if until is None else until.astimezone(zone).date(),
    )


def _terms(its_record: DocumentRecord, row: DocumentType, company: CompanyRecord) -> PaperTerms:
    notes = LEGAL_NOTES.get(company.country, ()) if row.paper.e_invoice else ()
    if not row.paper.shows_payment_terms:
        return PaperTerms(notes=notes)
    days = its_record.payment_days
    bank = company.bank_details.strip() if row.party is PartySide.CUSTOMER else ""
    mode = PAYMENT_MODES.get(its_record.payment_mode)
    return PaperTerms(
        mode="" if mode is None else mode.label,
        text=None if days is None else _days_text(days),
        bank=(LabelledText(N_("Bank details"), bank),) if bank else (),
        means="" if mode is None else mode.means,
        iban=iban_in(bank),
        bic=bic_in(bank),
        shows_code=company.shows_payment_code and (mode is None or mode.uses_account),
        notes=notes,
    )


def _days_text(days: int) -> PaperText:
    if days == 0:
        return PaperText(N_("Payable on receipt"))
    one, many = N_plural("{count} day net", "{count} days net")
    return PaperText(one, plural=many, count=days, facts={"count": days})


def _ordered(its_chains: Mapping[int, Sequence[ChainMember]]) -> dict[int, Decimal]:
    """What each source line ordered, for papers that compare with it."""
    return {chain[1].id: chain[1].line.quantity for chain in its_chains.values() if len(chain) > 1}


def _lines(
    lines: Sequence[LineRecord],
    row: DocumentType,
    *,
    fixed: Fixed | None,
    sources: Mapping[int, Decimal],
) -> tuple[PaperLine, ...]:
    amounts: Iterable[_Amounts] = repeat((None, None), len(lines))
    if fixed is not None:
        amounts = zip(fixed.totals.line_amounts, fixed.totals.line_nets, strict=True)
    return tuple(
        _line(each, at, row=row, sources=sources, amounts=its_amounts)
        for at, (each, its_amounts) in enumerate(zip(lines, amounts, strict=True), 1)
    )


_Amounts = tuple[Decimal | None, Decimal | None]
"""What a line comes to, as its price is given and without tax."""


def _line(
    each: LineRecord,
    position: int,
    *,
    row: DocumentType,
    sources: Mapping[int, Decimal],
    amounts: _Amounts,
) -> PaperLine:
    net, without_tax = amounts
    return PaperLine(
        position=position,
        name=each.name,
        sku=each.sku,
        unit=each.unit,
        unit_label=units.label_of(each.unit),
        unit_digits=each.unit_digits,
        unit_code=units.unece_code(each.unit),
        is_service=not each.is_goods,
        quantity=each.quantity,
        reason=each.reason,
        remark=N_("Price reduction") if each.amount_only else "",
        net=net,
        without_tax=without_tax,
        **_figures(each, row, sources),
    )


def _figures(
    each: LineRecord, row: DocumentType, sources: Mapping[int, Decimal]
) -> dict[str, Any]:
    """What a line of this kind has beside its quantity: a receipt's, a count's, a price."""
    if row.route is not None and row.route.rejected is not None:
        ordered = sources.get(each.source_line_id or 0)
        return {"ordered": ordered, "accepted": each.quantity, "rejected": each.rejected}
    if row.counts and each.counted is not None:
        booked = each.level_at_count or Decimal(0)
        difference = each.counted - booked
        return {"booked": booked, "counted": each.counted, "difference": difference}
    if not row.priced:
        return {}
    return {
        "unit_price": each.unit_price,
        "discount_percent": each.discount_percent,
        "tax_percent": each.tax_percent,
        "tax_category": each.tax_category or "",
    }


def _totals(its_record: DocumentRecord, fixed: Fixed, around: Around) -> PaperTotals:
    settlement = around.settlement
    books, rate = around.company.currency, its_record.rate
    elsewhere = its_record.currency != books and rate is not None
    taken = () if its_record.type.credits else _parts(settlement)
    return PaperTotals(
        lines_net=fixed.totals.lines_net,
        discount=fixed.totals.discount,
        discount_percent=its_record.discount_percent or None,
        net=fixed.net,
        taxes=tuple(
            PaperTax(
                category=each.category,
                percent=each.percent,
                base=each.base,
                tax=each.tax,
                reason=TAX_CATEGORIES[each.category].label
                if TAX_CATEGORIES[each.category].needs_reason
                else "",
            )
            for each in fixed.taxes
        ),
        total=fixed.total,
        deposits=taken,
        due=settlement.left if taken and settlement else None,
        prices_include_tax=its_record.prices_include_tax,
        tax_in_books=convert(fixed.tax, rate, books) if elsewhere and rate else None,
        books_currency=books if elsewhere else "",
    )


def _parts(settlement: Settlement | None) -> tuple[PaperAllocation, ...]:
    """What was settled, paper by paper."""
    return tuple(
        PaperAllocation(
            number=part.record.number or "",
            amount=part.record.amount(part.minor),
            label=part.record.type.label,
            issued_on=part.record.issued_on,
        )
        for part in (settlement.parts if settlement else ())
    )


_PAYMENT_LABELS: Mapping[tuple[str, bool], str] = {
    ("in", False): N_("Received"),
    ("out", False): N_("Paid out"),
    ("in", True): N_("Deposit received"),
    ("out", True): N_("Deposit paid"),
}


def _payment(its_record: DocumentRecord, row: DocumentType, around: Around) -> PaperPayment | None:
    """The money, what of it went where, what is left, and what was handed over for it."""
    if not row.settles or its_record.currency is None:
        return None
    settlement, received = around.settlement, its_record.received_currency
    is_deposit = settlement is not None and settlement.kept_for is not None
    found = PaperPayment(
        amount=its_record.amount(its_record.amount_minor),
        currency=its_record.currency,
        label=_PAYMENT_LABELS[its_record.direction or "in", is_deposit],
        allocations=_parts(settlement),
        unallocated=settlement.left if settlement else Decimal(0),
    )
    if received is None:
        return found
    base, quoted = quote_sides(its_record.currency, received, around.company.currency)
    return replace(
        found,
        other_amount=from_minor(its_record.received_minor or 0, received),
        other_currency=received,
        rate=its_record.received_rate,
        rate_base=base,
        rate_quoted=quoted,
    )
