"""A paper as text and back: nothing of it is lost, its template included."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from core.domain.papers.look import (
    Design,
    LogoSide,
    LogoSize,
    PageSize,
    PaperLook,
    PaperPart,
    PaperWords,
)
from core.domain.papers.snapshot import FORMAT, dump, dump_look, load, load_look
from core.domain.papers.view import (
    LabelledText,
    Paper,
    PaperAllocation,
    PaperDates,
    PaperLine,
    PaperPayment,
    PaperPreceding,
    PaperReferences,
    PaperSide,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from hypothesis import given
from hypothesis import strategies as st

from core.domain.documents import DOCUMENT_TYPES, DocumentKind

LAYOUT = DOCUMENT_TYPES[DocumentKind.INVOICE].paper
OTHER = DOCUMENT_TYPES[DocumentKind.PAYMENT].paper
CRIMSON = PaperSide("Crimson", address=("1 Rue de l'Ours", "75001 Paris"), country="FR")

BARE = Paper(layout=LAYOUT, number=None, company=CRIMSON)
FULL = Paper(
    layout=LAYOUT,
    number="IN-2026-0001",
    company=CRIMSON,
    party=PaperSide("High End Computers", contact="Ana", country="AU", tax_id="51 824 753 556"),
    dates=PaperDates(issued_on=date(2026, 11, 24), due_on=date(2026, 12, 24)),
    references=PaperReferences(
        ours="A",
        related=(LabelledText("Sales order", "SO-2026-0001"),),
        preceding=(PaperPreceding("IN-2026-0000", date(2026, 11, 3)), PaperPreceding("IN-0")),
    ),
    terms=PaperTerms(
        mode="Bank transfer",
        text=PaperText(
            "{count} day net",
            plural="{count} days net",
            count=30,
            facts={"count": 30, "rate": Decimal("1.50"), "on": date(2026, 1, 2), "by": "Ada"},
        ),
        bank=(LabelledText("IBAN", "FR76"),),
    ),
    lines=(
        PaperLine(1, "Laptop", sku="L-1", quantity=Decimal(20), net=Decimal("47800.00")),
        PaperLine(2, 'Cable "HDMI" <b>\nnéw', discount_percent=Decimal("12.5")),
    ),
    currency="AUD",
    totals=PaperTotals(
        lines_net=Decimal("47800.00"),
        net=Decimal("47800.00"),
        total=Decimal("47800.00"),
        taxes=(PaperTax("G", Decimal(0), Decimal("47800.00"), Decimal("0.00"), "Export"),),
    ),
    payment=PaperPayment(
        Decimal("10.00"),
        "AUD",
        "Received",
        allocations=(PaperAllocation("IN-1", Decimal("4.00"), issued_on=date(2026, 1, 1)),),
    ),
    delivery=PaperSide("Dock 4"),
    version=2,
    is_copy=True,
    mark="Cancelled",
    reason="why",
    notes="merci",
    look=PaperLook(
        design=Design.ELEGANT,
        accent="#7a1230",
        page=PageSize.LETTER,
        logo=LogoSize.SMALL,
        logo_side=LogoSide.END,
        hidden=(PaperPart.SKU, PaperPart.TAX),
        words=(PaperWords("fr", "Bonjour {party}", "Merci", "{{pied}}"),),
    ),
)


@pytest.mark.parametrize("paper", [BARE, FULL], ids=["bare", "full"])
def test_a_paper_comes_back_as_it_was(paper):
    assert load(dump(paper), layout=LAYOUT) == paper


def test_the_full_paper_leaves_no_field_at_its_default():
    """Otherwise a field that is lost would come back by its default."""
    for each in fields(Paper):
        if each.name != "logo":
            assert getattr(FULL, each.name) != getattr(BARE, each.name) or each.name in (
                "layout",
                "company",
            ), each.name


def test_digits_are_kept():
    back = load(dump(FULL), layout=LAYOUT)
    assert back.totals is not None
    assert str(back.totals.total) == "47800.00"
    assert back.terms.text is not None
    assert str(back.terms.text.facts["rate"]) == "1.50"
    assert back.terms.text.facts["on"] == date(2026, 1, 2)
    assert back.terms.text.facts["by"] == "Ada"


def test_layout_and_logo_are_of_today_and_not_in_the_text():
    text = dump(replace(FULL, logo=b"old"))
    assert "layout" not in json.loads(text)
    assert "logo" not in json.loads(text)
    back = load(text, layout=OTHER, logo=b"new")
    assert (back.layout, back.logo) == (OTHER, b"new")


def test_equal_papers_are_equal_texts():
    assert dump(FULL) == dump(load(dump(FULL), layout=LAYOUT))
    assert dump(FULL) == json.dumps(
        json.loads(dump(FULL)), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert "né" in dump(FULL)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"number": 1}'])
def test_what_is_no_paper_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        load(text, layout=LAYOUT)


def test_a_look_comes_back_alone():
    assert load_look(dump_look(FULL.look)) == FULL.look
    for text in ("", "{}x", "null", '{"design": "baroque"}', '{"no_such": 1}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            load_look(text)


def test_a_form_of_a_later_version_is_refused():
    facts = json.loads(dump(FULL))
    facts["format"] = FORMAT + 1
    with pytest.raises(ValueError, match="later version"):
        load(json.dumps(facts), layout=LAYOUT)


FACTS = st.dictionaries(
    st.text(min_size=1),
    st.one_of(
        st.text(), st.integers(), st.dates(), st.decimals(allow_nan=False, allow_infinity=False)
    ),
)
LINES = st.builds(
    PaperLine,
    position=st.integers(1, 500),
    name=st.text(),
    quantity=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    reason=st.text(),
)


@given(lines=st.lists(LINES).map(tuple), facts=FACTS, number=st.none() | st.text())
def test_any_paper_comes_back(lines, facts, number):
    text = PaperText("{x}", facts=facts)
    paper = replace(BARE, number=number, lines=lines, terms=PaperTerms(text=text))
    assert load(dump(paper), layout=LAYOUT) == paper
