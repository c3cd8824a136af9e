"""What people type as an order, read without knowing any product."""

import pytest
from core.domain.typed_order import (
    MOST_LINES,
    Entry,
    EntryLine,
    EntryWords,
    Off,
    looks_like_order,
    read_entry,
    read_figures,
)
from hypothesis import given
from hypothesis import strategies as st

WORDS = EntryWords(
    units=frozenset(["pcs", "pc", "pieces", "piece", "each", "unites"]),
    at=frozenset(["at", "a"]),
    discount=frozenset(["discount", "remise", "off"]),
    spaced=True,
)


def lines(*rows: tuple[str, ...]) -> list[EntryLine]:
    return [EntryLine(*row) for row in rows]


@pytest.mark.parametrize(
    ("text", "party", "expected"),
    [
        ("High End: 20 laptop", "High End", [EntryLine("laptop", "20")]),
        ("20 laptop, 3x mouse 10%", "", lines(("laptop", "20"), ("mouse", "3", "10"))),
        ("LAP-14 20\nMOU-2 x 3", "", lines(("LAP-14", "20"), ("MOU-2", "3"))),
        ("1,5 cable", "", [EntryLine("cable", "1,5")]),
        ("2 cable -5 %", "", [EntryLine("cable", "2", "5")]),
        ("mousex3", "", [EntryLine("mouse", "3")]),
        ("laptop?", "", [EntryLine("laptop?")]),
        # Meant as quantities, and refused as such: never a product of that name.
        ("-3 laptop", "", [EntryLine("laptop", "-3")]),
        ("1e5 laptop", "", [EntryLine("laptop", "1e5")]),
        ("NaN laptop", "", [EntryLine("laptop", "NaN")]),
        ("3M tape", "", [EntryLine("3M tape")]),
        # Lists as they are pasted.
        ("- 3 laptop\n- 2 mouse", "", lines(("laptop", "3"), ("mouse", "2"))),
        ("• laptop x 3\n• mouse", "", lines(("laptop", "3"), ("mouse",))),
        ("1. 20 laptop\n2. mouse\n3. 5 cable", "",
         lines(("laptop", "20"), ("mouse",), ("cable", "5"))),
        ("[ ] 2 mouse\n[x] 3 laptop", "", lines(("mouse", "2"), ("laptop", "3"))),
        ("High End:\n20 laptop\n3 mouse", "High End", lines(("laptop", "20"), ("mouse", "3"))),
        ("laptop: 20\nmouse: 3", "", lines(("laptop", "20"), ("mouse", "3"))),
        ("laptop (20); mouse = 3", "", lines(("laptop", "20"), ("mouse", "3"))),
        ("LAP-14\tLaptop Pro 14\t20\t1450,00", "",
         lines(("LAP-14 Laptop Pro 14", "20", "", "1450,00"))),
        ("Laptop Pro 14\t20\tpcs\t10 %\n4000000000012\tMouse\t5", "",
         lines(("Laptop Pro 14", "20", "10"), ("4000000000012 Mouse", "5"))),
        # Units, prices, barcodes.
        ("20 pcs laptop, 3 pieces of mouse", "", lines(("laptop", "20"), ("mouse", "3"))),
        ("20pcs laptop, mouse 3 pcs.", "", lines(("laptop", "20"), ("mouse", "3"))),
        ("20 laptop @ 1400", "", lines(("laptop", "20", "", "1400"))),
        ("20 laptop at 1400", "", lines(("laptop", "20", "", "1400"))),
        ("1\t2", "", lines(("1 2", "1", "", "2"))),
        ("20 laptop à 1400,50 EUR each", "", lines(("laptop", "20", "", "1400,50", "EUR"))),
        ("20 laptop 1400 EUR -5%", "", lines(("laptop", "20", "5", "1400", "EUR"))),
        ("20 laptop €1400", "", lines(("laptop", "20", "", "1400", "€"))),
        ("20 LAP 14 USB", "", lines(("LAP 14 USB", "20"))),
        ("1 000 cable", "", lines(("cable", "1\u202f000"))),
        ("4000000000012 5", "", lines(("4000000000012", "5"))),
        ("5 4000000000012", "", lines(("4000000000012", "5"))),
        ("\u202e3 lap\u0000top\u200f", "", lines(("laptop", "3"))),
    ],
)  # fmt: skip
def test_what_was_typed(text: str, party: str, expected: list[EntryLine]) -> None:
    assert read_entry(text, WORDS) == Entry(party, tuple(expected))


@pytest.mark.parametrize(
    ("text", "discount"),
    [
        ("20 laptop\n3 mouse\n-5%", "5"),
        ("20 laptop, 3 mouse, remise 5 %", "5"),
        ("20 laptop; 5,5% discount", "5,5"),
        ("20 laptop; 5% rebate", ""),
    ],
)
def test_a_discount_on_everything(text: str, discount: str) -> None:
    assert read_entry(text, WORDS).discount == discount


@pytest.mark.parametrize(
    ("text", "off", "currency"),
    [
        ("-5 EUR", "5", "EUR"),
        ("5 eur off", "5", "EUR"),
        ("-€5", "5", "€"),
        ("remise 1 200 EUR", "1 200", "EUR"),
        ("5,50 € de remise", "5,50", "€"),
    ],
)
def test_money_is_taken_off_a_line_or_everything(text: str, off: str, currency: str) -> None:
    entry = read_entry(f"High End: 20 laptop {text}, 3 mouse, {text}", WORDS)
    assert entry.off == Off(off, currency)
    assert entry.lines == (
        EntryLine("laptop", "20", currency=currency, off=off), EntryLine("mouse", "3"),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["- 5 EUR", "5 EUR", "-5", "5 off", "-5 LAP"])
def test_without_a_minus_that_touches_it_and_a_currency_nothing_is_off(text: str) -> None:
    assert read_entry(f"High End: 20 laptop {text}", WORDS).lines[0].off == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25", EntryLine("it", "25")),
        ("25 pcs", EntryLine("it", "25")),
        ("1 200", EntryLine("it", "1\u202f200")),
        ("@ 2300", EntryLine("it", price="2300")),
        ("2300 EUR", EntryLine("it", price="2300", currency="EUR")),
        ("-10 %", EntryLine("it", discount="10")),
        ("10% off", EntryLine("it", discount="10")),
        ("25 @ 2300 10%", EntryLine("it", "25", "10", "2300")),
        ("25 -5 EUR 10%", EntryLine("it", "25", "10", currency="EUR", off="5")),
        *(
            (text, None)
            for text in ("laptop", "25 mice", "2 mouse, 3 cable", "-3", "25?", "", "%")
        ),
    ],
)
def test_figures_alone(text: str, expected: EntryLine | None) -> None:
    assert read_figures(text, WORDS) == expected


def test_spaces_group_only_where_the_language_does() -> None:
    assert read_entry("2 100 W charger").lines == (EntryLine("100 W charger", "2"),)


def test_a_number_behind_may_belong_to_the_name() -> None:
    behind = [read_entry(text, WORDS).lines[0] for text in ("mouse 2", "mouse x 2", "mouse 2 pcs")]
    assert [(each.quantity, each.whole) for each in behind] == [
        ("2", "mouse 2"),
        ("2", ""),
        ("2", ""),
    ]


def test_a_heading_may_be_the_party() -> None:
    entry = read_entry("High End\n20 laptop\n3 mouse", WORDS)
    assert entry.heading == "High End"
    assert entry.without_heading().party == "High End"
    assert entry.without_heading().lines == (EntryLine("laptop", "20"), EntryLine("mouse", "3"))
    assert not read_entry("High End\nlaptop", WORDS).heading


def test_an_order_names_a_party_or_quantities() -> None:
    assert looks_like_order(read_entry("High End: laptop"))
    assert looks_like_order(read_entry("20 laptop; 3 mouse"))
    assert looks_like_order(read_entry("20 laptop; 3 mouse; cable"))
    assert not looks_like_order(read_entry("laptop"))
    assert not looks_like_order(read_entry("hello, 3 mouse"))
    assert not looks_like_order(read_entry("   "))


def test_only_so_many_lines_are_read() -> None:
    entry = read_entry("\n".join(["2 mouse"] * (MOST_LINES + 3)))
    assert (len(entry.lines), entry.left_out) == (MOST_LINES, 3)


QUANTITIES = st.integers(1, 9999).map(str)
# "1 pc cable" is a piece of cable, and no "pc cable".
OF_A_NUMBER = WORDS.units | WORDS.at | WORDS.discount
NAMES = st.lists(
    st.text("abcdefghijklmnopqrstuvwyz", min_size=2, max_size=8).filter(
        lambda word: word not in OF_A_NUMBER
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
FORMS = st.sampled_from(["{q} {w}", "{q}x {w}", "{q} x {w}", "x{q} {w}", "{w} x{q}", "{w} {q}",
                         "{w}\t{q}", "- {q} {w}", "{w}: {q}", "{w} ({q})"])  # fmt: skip


@given(QUANTITIES, NAMES, FORMS)
def test_every_form_of_a_line_is_read_alike(quantity: str, words: str, form: str) -> None:
    assert read_entry(form.format(q=quantity, w=words)).lines == (EntryLine(words, quantity),)


@given(st.lists(st.tuples(QUANTITIES, NAMES), min_size=2, max_size=8), st.sampled_from("\n;"))
def test_every_line_of_a_list_is_read(rows: list[tuple[str, str]], between: str) -> None:
    text = between.join(f"{quantity} {words}" for quantity, words in rows)
    found = read_entry(f"Nobody: {text}", WORDS)
    assert found.party == "Nobody"
    assert [(each.quantity, each.words) for each in found.lines] == rows


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text: str) -> None:
    entry = read_entry(text, WORDS)
    assert all(each.words for each in entry.lines)
    assert isinstance(looks_like_order(entry), bool)


@pytest.mark.parametrize("piece", ["1 ", "a 1 ", "x", "@1", "1%", "\t", ": ", "(1", "é1,"])
def test_a_long_text_costs_little(piece: str) -> None:
    read_entry(piece * (4096 // len(piece)), WORDS)
