"""Papers of many pages: headings return, sums stay with their lines, long texts go on."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.papers.view import PaperTax
from core.pdf import draw, render
from tests.pdf.papers import LAPTOP, LAYOUTS, PAYMENT, TOTALS, lines, paper
from tests.pdf.reading import pages_of, quick_pages_of, text_of, words_of


def test_every_page_says_which_it_is_and_whose(english, french):
    drawn = draw(paper(lines=lines(60)), english)
    pages = pages_of(drawn.content)
    assert drawn.pages == len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.endswith(f"Page {number} of {len(pages)}")
    for page in pages[1:]:
        assert page.startswith("Crimson Electronics SARL Invoice IN-2026-0042\n")
    last = french.text("Page {page} of {pages}", page=len(pages), pages=len(pages))
    assert text_of(render(paper(lines=lines(60)), french)).endswith(last)


def test_the_headings_return_on_every_page_with_lines(english):
    pages = pages_of(render(paper(lines=lines(60)), english))
    shown = [page for page in pages if "S-0" in page]
    assert len(shown) > 2
    assert all(page.count("Description") == 1 for page in shown)


def test_every_line_is_there_once_and_in_order(english):
    text = text_of(render(paper(lines=lines(60)), english))
    places = [text.index(f"S-{number:03}") for number in range(1, 61)]
    assert places == sorted(places)
    assert text.count("S-0") == 60


def test_the_sums_are_never_parted_nor_left_without_a_line(english):
    moved = 0
    for count in range(1, 46):
        pages = quick_pages_of(render(paper(lines=lines(count), notes="", logo=None), english))
        (page,) = (page for page in pages if "Total incl. tax" in page)
        for part in ("Subtotal", "Amount due", f"S-{count:03}", "Description"):
            assert part in page
        moved += "S-001" not in page and page.count("S-0") == 1
    # Somewhere in between, the last line alone went on to the next page with the sums.
    assert moved


def test_sums_higher_than_a_page_still_come_out(english):
    tax = PaperTax("S", LAPTOP.quantity, LAPTOP.net, LAPTOP.net)
    totals = replace(TOTALS, taxes=(tax,) * 70)
    for count in range(1, 30):
        pages = quick_pages_of(render(paper(lines=lines(count), totals=totals), english))
        assert "Amount due" in pages[-1]
        assert all("Description" in page for page in pages if "S-0" in page)


def test_a_description_longer_than_a_page_goes_on_on_the_next(english):
    words = " ".join(f"word{number}" for number in range(2000))
    drawn = draw(paper(lines=(replace(LAPTOP, name=words), *lines(2)[1:])), english)
    text = words_of(drawn.content)
    assert drawn.pages > 3
    assert all(f"word{number}" in text for number in range(2000))
    assert text.count("37,030.50") == 2
    assert all("Description" in page for page in pages_of(drawn.content) if "word" in page)


def test_a_row_of_a_dozen_lines_stays_whole(english):
    note = "\n".join(f"part{number}" for number in range(11))
    rows = [replace(line, name="Laptop", note=note) for line in lines(9)]
    for page in pages_of(render(paper(lines=tuple(rows)), english)):
        assert page.count("part0\n") == page.count("part10\n")


def test_long_notes_flow_over_pages_behind_their_title(english):
    notes = "\n\n".join(f"Paragraph {number}" for number in range(90))
    pages = pages_of(render(paper(notes=notes), english))
    text = "\n".join(pages)
    assert "Notes\nParagraph 0" in text
    assert "Paragraph 89" in text
    assert len(pages) > 2


def test_notes_of_white_space_have_no_title(english):
    assert "Notes" not in text_of(render(paper(notes=" \n "), english))


def test_boxes_for_signatures_are_kept_whole(english):
    layout = LAYOUTS["Delivery note"]
    for count in range(8, 34):
        pages = quick_pages_of(render(paper(layout, lines=lines(count)), english))
        (page,) = (page for page in pages if "Handed over by" in page)
        assert page.count("Name, date, signature") == 2


def test_a_payment_of_many_papers_has_many_pages(english):
    many = tuple(replace(PAYMENT.allocations[0], number=f"IN-{number:04}") for number in range(80))
    pages = pages_of(
        render(paper(LAYOUTS["Payment"], payment=replace(PAYMENT, allocations=many)), english)
    )
    assert len(pages) > 1
    assert "IN-0079" in pages[-1]
    assert all("Number" in page for page in pages)


def test_a_head_that_leaves_little_room_sends_the_table_to_the_next_page(english):
    address = tuple(f"Floor {number}" for number in range(50))
    pages = pages_of(render(paper(party=replace(paper().party, address=address)), english))
    assert "Description" not in pages[0]
    assert "Description" in pages[1]


@settings(max_examples=25, deadline=None)
@given(
    name=st.text(max_size=300),
    note=st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=300),
    count=st.integers(1, 3),
)
def test_no_text_of_any_kind_stops_a_paper(name, note, count):
    from core.i18n import translator  # a property's function gets no fixtures

    line = replace(LAPTOP, name=name, note=note, sku=name[:20], unit=note[:10])
    drawn = draw(paper(lines=(line,) * count, notes=note, reason=name), translator("en"))
    assert words_of(drawn.content).endswith(f"of {drawn.pages}")


@pytest.mark.parametrize("label", LAYOUTS)
def test_every_kind_survives_two_hundred_lines(label, french):
    layout = LAYOUTS[label]
    if layout.columns:
        assert draw(paper(layout, lines=lines(200)), french).pages > 4
