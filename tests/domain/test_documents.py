"""The table of kinds is whole: what a row promises can be kept. And a sixteenth kind fits in."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from core.domain.papers.view import PaperLayout

from core.catalogues import extract_texts
from core.domain import documents, links
from core.domain.document_type import Claims, Conversion, DocumentType, PartySide, Route
from core.domain.documents import (
    CONVERSIONS,
    DOCUMENT_TYPES,
    DocumentKind,
    conversion,
    conversions_from,
    kind_by_prefix,
    kinds,
    type_of,
)
from core.domain.lifecycles import CLAIM, LIFECYCLES, OFFER, ORDER, POSTING, Action, State
from core.domain.links import LineRule, Track
from core.domain.people import Right, Role
from core.domain.places import PLACE_NAMES, PlaceRole
from core.domain.posting import Goods, account_amount, movements
from tests.domain.books import Books

# DESIGN 3.1, the table, as it stands there.
DESIGN = """
quote            QU offer   customer  priced   -                      0 -
sales_order      SO order   customer  priced   -                      0 -
reservation      RS claim   customer  unpriced -                      0 -
delivery_note    DN posting customer  unpriced warehouse>customer     0 reversible
invoice          IN posting customer  priced   -                      1 -
sales_return     SR posting customer  unpriced customer>warehouse     0 reversible
credit_note      CN posting customer  priced   -                     -1 -
purchase_order   PO order   vendor    priced   -                      0 -
receipt_note     RN posting vendor    unpriced vendor>warehouse       0 reversible
bill             BI posting vendor    priced   -                     -1 -
purchase_return  PR posting vendor    unpriced warehouse>vendor       0 reversible
vendor_credit    VC posting vendor    priced   -                      1 -
stock_adjustment AJ posting nobody    unpriced loss>warehouse         0 reversible
transfer         TR posting nobody    unpriced quarantine>warehouse   0 reversible
payment          PY posting either    unpriced -                      0 reversible
"""

ROWS = list(DOCUMENT_TYPES.values())
BY_KIND = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.prefix)
BY_WAY = pytest.mark.parametrize(
    "way", CONVERSIONS, ids=lambda way: f"{way.source}-{way.target}-{way.tracks[0]}"
)


def in_design(row: DocumentType) -> str:
    way = "-" if row.route is None else f"{row.route.source}>{row.route.target}"
    return " ".join(
        [
            row.kind,
            row.prefix,
            row.lifecycle.name,
            row.party,
            "priced" if row.priced else "unpriced",
            way,
            str(row.debt),
            "reversible" if row.reversible else "-",
        ]
    )


def test_the_table_is_the_design_s():
    designed = [" ".join(line.split()) for line in DESIGN.strip().splitlines()]
    assert [in_design(row) for row in ROWS] == designed


def test_every_kind_has_one_row_and_a_prefix_of_its_own():
    assert [row.kind for row in ROWS] == list(DocumentKind)
    assert len({row.prefix for row in ROWS}) == len(ROWS)
    assert all(row.prefix.isalpha() and row.prefix.isupper() for row in ROWS)
    assert len({row.sign for row in ROWS}) == len(ROWS)


@pytest.fixture(scope="module")
def marked():
    """The texts of the table that go into the catalogues."""
    with Path(documents.__file__).open("rb") as file:
        return {text for _, _, texts, _ in extract_texts(file, None, None, None) for text in texts}


@BY_KIND
def test_its_words_are_marked_for_the_catalogues(row, marked):
    words = [row.label, row.plural, row.paper.title, *row.paper.signature_boxes]
    words += [each for each in (row.issue_label, row.paper.party_title) if each]
    words += [each.label for each in conversions_from(row.kind)]
    assert set(words) <= marked
    assert row.label
    assert row.plural != row.label


@BY_KIND
def test_who_may_do_something_may_look_at_it(row):
    assert set(row.rights) == set(Role)
    assert row.rights[Role.OWNER] == frozenset(Right)
    for role, rights in row.rights.items():
        looks = rights & {Right.VIEW, Right.VIEW_OWN}
        assert bool(looks) == bool(rights), role
        if Right.REVERSE in rights:
            assert row.reversible or role is Role.OWNER


@BY_KIND
def test_people_outside_see_their_own_only(row):
    for role in (Role.CUSTOMER, Role.VENDOR):
        assert row.rights[role] <= {Right.VIEW_OWN, Right.DRAFT_OWN, Right.ANSWER_OWN}
    sides = {PartySide.CUSTOMER: Role.VENDOR, PartySide.VENDOR: Role.CUSTOMER}
    if row.party in sides:
        assert not row.rights[sides[row.party]]
    if row.party is PartySide.NOBODY:
        assert not row.rights[Role.CUSTOMER] | row.rights[Role.VENDOR]


@BY_KIND
def test_goods_or_money_and_never_both(row):
    assert not (row.route is not None and row.debt)
    assert not (row.route is not None and row.settles)
    assert not (row.debt and not row.priced)
    assert row.debt in (-1, 0, 1)
    if row.credits:
        assert row.debt


@BY_KIND
def test_effects_belong_to_the_lifecycle(row):
    if row.route is not None or row.debt or row.settles:
        assert row.lifecycle is POSTING
    if row.reversible:
        assert row.lifecycle.allows(State.POSTED, Action.REVERSE)
    if row.claims is not Claims.NO or row.incoming or row.lines.is_root:
        assert row.lifecycle in (ORDER, CLAIM)
    if row.excess_by_approval:
        assert row.lines.has(Track.INSPECT)
    assert row.lifecycle in LIFECYCLES.values()
    assert bool(row.issue_label) == (row.lifecycle is POSTING)


@BY_KIND
def test_its_route_leads_somewhere(row):
    route = row.route
    if route is None:
        return
    assert route.source is not route.target
    assert set(route.choices) <= set(PLACE_NAMES)
    assert route.leaves == (route.source.inside and not route.target.inside)
    if route.rejected is not None:
        assert route.rejected.inside
        assert not route.source.inside


@BY_KIND
def test_its_tracks_say_what_limits_them(row):
    assert set(row.lines.proposed) <= set(row.lines.most)
    if row.lines.is_root:
        assert {Track.DROP, Track.EXCESS, Track.FULFIL, Track.BILL} <= set(row.lines.most)
    drawn = {track for way in conversions_from(row.kind) for track in way.tracks}
    assert {track for track in drawn if row.lines.most[track] is None} <= {Track.FULFIL}


@BY_WAY
def test_both_ends_of_a_conversion_are_of_one_side(way):
    sides = {type_of(way.source).party, type_of(way.target).party}
    assert len(sides - {PartySide.NOBODY}) == 1


@BY_WAY
def test_what_a_conversion_draws_on_is_there(way):
    source = type_of(way.source)
    assert way.tracks
    assert all(source.lines.has(track) for track in way.tracks)
    assert source.lines.most[way.tracks[0]] is not None
    assert way.asks_wanted == (
        way.tracks[0] in (Track.RETURN, Track.CREDIT, Track.INSPECT)
        and Track.FULFIL not in way.tracks
        # A credit of a return settles what the return opened.
        and not (way.tracks[0] is Track.CREDIT and source.route is not None)
    )
    assert way.drops_unless_told == (way.asks_wanted and not way.rejected_goods)
    if way.rejected_goods:
        assert source.route is not None
        assert source.route.rejected is not None


def test_nothing_is_made_from_what_is_made_from_it():
    def below(kind: str) -> set[str]:
        found = {way.target for way in conversions_from(kind)}
        return found.union(*(below(each) for each in found))

    for kind in DocumentKind:
        assert kind not in below(kind)


def test_a_kind_that_needs_a_source_has_one():
    for row in kinds(needs_source=True):
        assert any(way.target == row.kind for way in CONVERSIONS), row.kind


def test_every_conversion_is_one_row():
    ways = [(each.source, each.target, each.rejected_goods) for each in CONVERSIONS]
    assert len(set(ways)) == len(ways)
    assert conversion("receipt_note", "purchase_return").tracks == (Track.RETURN,)
    rejected = conversion("receipt_note", "purchase_return", rejected_goods=True)
    assert rejected.tracks == (Track.INSPECT,)
    with pytest.raises(LookupError, match="quote into invoice"):
        conversion("quote", "invoice")


def test_rows_are_found_by_kind_by_prefix_and_by_feature():
    assert type_of("invoice").prefix == "IN"
    with pytest.raises(ValueError, match="elephant"):
        type_of("elephant")
    assert kind_by_prefix("so") is DOCUMENT_TYPES[DocumentKind.SALES_ORDER]
    assert kind_by_prefix("XX") is None
    assert [row.prefix for row in kinds(settles=True)] == ["PY"]
    assert [row.prefix for row in kinds(lifecycle=OFFER)] == ["QU"]
    assert len(kinds()) == len(ROWS)


# --- A sixteenth kind ---------------------------------------------------------------------------

DISPATCH = DocumentType(
    kind="dispatch",
    prefix="DI",
    sign="🛵",
    label="Dispatch",
    plural="Dispatches",
    lifecycle=POSTING,
    party=PartySide.CUSTOMER,
    priced=True,
    issue_label="Dispatch",
    route=Route(PlaceRole.WAREHOUSE, PlaceRole.CUSTOMER),
    debt=1,
    reversible=True,
    lines=LineRule(
        most={Track.RETURN: links.note_to_return, Track.CREDIT: links.to_credit}, is_root=False
    ),
    rights={Role.OWNER: frozenset(Right)},
    paper=PaperLayout(title="Dispatch"),
)
"""It moves goods and owes at once, which no kind of the table does."""

WAYS = (
    Conversion("sales_order", "dispatch", (Track.FULFIL, Track.BILL), "Dispatch"),
    Conversion("dispatch", "sales_return", (Track.RETURN,), "Take back", asks_wanted=True),
    Conversion("dispatch", "credit_note", (Track.CREDIT,), "Credit", asks_wanted=True),
)
PLACES = {role: at for at, role in enumerate(PlaceRole, 1)}


@pytest.fixture
def books():
    return Books({**DOCUMENT_TYPES, "dispatch": DISPATCH}, CONVERSIONS + WAYS)


def test_a_sixteenth_kind_moves_and_owes_by_its_row():
    goods = Goods(line_id=1, product_id=2, quantity=Decimal(6))
    (moved,) = movements(DISPATCH, goods, PLACES)
    assert moved.quantity == 6
    assert (moved.source_place_id, moved.target_place_id) == (
        PLACES[PlaceRole.WAREHOUSE],
        PLACES[PlaceRole.CUSTOMER],
    )
    assert account_amount(DISPATCH, Decimal("7.50"), None) == Decimal("7.50")
    assert DISPATCH.lifecycle.after(State.DRAFT, Action.ISSUE) is State.POSTED


def test_a_sixteenth_kind_draws_on_two_tracks_at_once(books):
    order = books.add("sales_order", 10)
    books.convert(order, "invoice", 7)
    assert books.offer(order, "dispatch").most == 3
    books.convert(order, "dispatch", 3)
    assert books.offer(order, "delivery_note").proposed == 7
    assert books.offer(order, "invoice").proposed == 0


def test_a_sixteenth_kind_is_returned_credited_and_reversed(books):
    order = books.add("sales_order", 10)
    sent = books.convert(order, "dispatch", 10)
    back = books.convert(sent, "sales_return", 4, drops=True)
    assert books.offer(sent, "credit_note").proposed == 4
    assert books.credit(back, "credit_note", 4) == [4]
    line = books.line(order)
    assert line.fulfilled == line.billed == line.wanted == 6
    other = books.convert(books.add("sales_order", 5), "dispatch", 5)
    books.reverse(other)
    assert books.entries[other].state == "reversed"


def test_a_sixteenth_kind_needs_only_a_row(monkeypatch):
    row = replace(DISPATCH, kind="payment_by_installments")
    monkeypatch.setitem(DOCUMENT_TYPES, row.kind, row)
    monkeypatch.setattr(documents, "DocumentKind", str)
    assert type_of(row.kind) is row
    assert kind_by_prefix("di") is row
    assert row in kinds(debt=1)
