"""What people type as an order, read without knowing any language or product."""

import pytest

from core.domain.entry import Entry, EntryLine, looks_like_order, read_entry


@pytest.mark.parametrize(
    ("text", "party", "lines"),
    [
        ("High End: 20 laptop", "High End", [EntryLine("laptop", "20")]),
        (
            "20 laptop, 3x mouse 10%",
            "",
            [EntryLine("laptop", "20"), EntryLine("mouse", "3", "10")],
        ),
        ("LAP-14 20\nMOU-2 x 3", "", [EntryLine("LAP-14", "20"), EntryLine("MOU-2", "3")]),
        ("1,5 cable", "", [EntryLine("cable", "1,5")]),
        ("2 cable -5 %", "", [EntryLine("cable", "2", "5")]),
        ("mousex3", "", [EntryLine("mouse", "3")]),
        ("laptop?", "", [EntryLine("laptop?")]),
        # Meant as quantities, and refused as such: never a product of that name.
        ("-3 laptop", "", [EntryLine("laptop", "-3")]),
        ("1e5 laptop", "", [EntryLine("laptop", "1e5")]),
        ("NaN laptop", "", [EntryLine("laptop", "NaN")]),
        ("3M tape", "", [EntryLine("3M tape")]),
    ],
)
def test_what_was_typed(text: str, party: str, lines: list[EntryLine]) -> None:
    assert read_entry(text) == Entry(party, tuple(lines))


def test_an_order_names_a_party_or_quantities() -> None:
    assert looks_like_order(read_entry("High End: laptop"))
    assert looks_like_order(read_entry("20 laptop; 3 mouse"))
    assert not looks_like_order(read_entry("laptop"))
    assert not looks_like_order(read_entry("   "))
