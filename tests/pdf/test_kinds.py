"""Every kind's paper shows what its row says, in both languages, and nothing else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.domain.papers.view import (
    LabelledText,
    PaperColumn,
    PaperDates,
    PaperPayment,
    PaperTax,
    PaperTerms,
    PaperText,
    PaperTotals,
)
from core.i18n import translator
from core.pdf import draw, render
from tests.pdf.papers import LAPTOP, LAYOUTS, PAYMENT, TERMS, TOTALS, only, paper
from tests.pdf.reading import text_of, words_of

LANGUAGES = ("en", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", LAYOUTS)
def test_the_paper_of_a_kind_shows_what_its_row_says(label, language):
    reader, layout = translator(language), LAYOUTS[label]
    drawn = draw(paper(layout), reader)
    text = words_of(drawn.content)
    assert not drawn.uncovered
    assert "IN-2026-0042" in text
    assert "Crimson Electronics SARL" in text
    said = [layout.title, layout.party_title, *layout.signature_boxes]
    said += [column.heading for column in layout.columns]
    for message in filter(None, said):
        assert reader.text(message) in text
    assert (reader.text("Delivery address") in text) is layout.shows_delivery_address
    assert (reader.text("Due date") in text) is layout.shows_payment_terms
    assert (reader.text("Amount due") in text) is layout.shows_totals
    assert ("High End Computers" in text) is bool(layout.party_title)


def test_figures_and_days_are_those_of_the_readers_language(english, french):
    in_english, in_french = (text_of(render(paper(), reader)) for reader in (english, french))
    for part in (
        "1,899.00",
        "37,030.50",
        "AUD 40,700.00",
        "AUD \u221210,000.00",
        "2.5%",
        "24 Nov 2026",
    ):
        assert part in in_english
    for part in ("1 899,00", "37 030,50", "40 700,00 AUD", "\u221210 000,00 AUD", "2,5 %"):
        assert part in in_french
    assert "24 nov. 2026" in in_french
    assert "Australia" in in_english
    assert "Australie" in in_french


def test_a_kind_without_prices_shows_no_money(english):
    text = text_of(render(paper(LAYOUTS["Delivery note"]), english))
    assert not any(money in text for money in ("AUD", "1,899", "37,030", "40,700", "10%"))


def test_rejected_goods_are_shown_beside_the_accepted_ones(english):
    text = text_of(render(paper(LAYOUTS["Receipt note"]), english))
    assert "200 190 10 pcs" in text
    assert "500.0 487.5 0.0 m" in text


def test_a_count_shows_its_differences_with_their_signs(english):
    text = text_of(render(paper(LAYOUTS["Stock adjustment"], reason="The yearly count"), english))
    assert "170 168 -2 pcs" in text
    assert "100.0 103.0 +3.0 m" in text
    assert "\nThe yearly count\n" in text


def test_a_column_that_no_line_fills_is_left_out(english):
    line = replace(LAPTOP, discount_percent=None, sku="", note="", tax_percent=None, net=None)
    text = text_of(render(paper(lines=(line,)), english))
    assert not any(heading in text for heading in ("Discount\n", "Item code", "Tax rate"))
    assert "Quantity" in text


def test_a_figure_that_is_missing_leaves_its_cell_empty(english):
    bare = replace(
        LAPTOP, quantity=None, unit_price=None, difference=None, tax_percent=None, net=None
    )
    columns = [PaperColumn.PRODUCT, PaperColumn.QUANTITY, PaperColumn.DIFFERENCE]
    columns += [PaperColumn.UNIT_PRICE, PaperColumn.TAX, PaperColumn.NET]
    text = text_of(render(paper(only(*columns), lines=(LAPTOP, bare)), english))
    assert text.count(LAPTOP.name) == 2
    assert text.count("37,030.50") == 1


def test_without_a_column_for_codes_they_stand_under_the_name(english):
    text = text_of(render(paper(only(PaperColumn.PRODUCT, PaperColumn.QUANTITY)), english))
    assert "Laptop 14″, 16 GB\nCR-1400\nKeep dry" in text


def test_a_table_of_numbers_alone_fills_the_page(english):
    layout = only(PaperColumn.QUANTITY, PaperColumn.ORDERED)
    assert "20 200\n" in text_of(render(paper(layout), english))


def test_a_paper_may_have_no_lines_yet(english):
    text = text_of(render(paper(lines=()), english))
    assert "Description" in text
    assert "Page 1 of 1" in text


def test_numbers_too_wide_for_the_page_are_broken_and_not_lost(english):
    wide = Decimal("9" * 11)
    line = replace(LAPTOP, unit_price=wide, net=wide, quantity=wide, ordered=wide, accepted=wide)
    layout = only(
        PaperColumn.PRODUCT,
        PaperColumn.QUANTITY,
        PaperColumn.ORDERED,
        PaperColumn.ACCEPTED,
        PaperColumn.UNIT_PRICE,
        PaperColumn.NET,
    )
    text = text_of(render(paper(layout, lines=(line,)), english))
    assert text.replace("\n", "").count("99,999,999,999") == 5


# --- Head and facts -------------------------------------------------------------------------


def test_a_draft_has_a_mark_across_and_no_number(english):
    text = text_of(render(paper(number=None, dates=PaperDates()), english))
    assert text.count("Draft") == 2
    assert "IN-2026" not in text
    assert "Date of issue" not in text


def test_a_paper_that_was_undone_says_so_on_every_page(english):
    text = text_of(render(paper(mark="Cancelled"), english))
    assert text.startswith("Cancelled")
    assert "Draft" not in text


def test_an_amended_order_names_its_version_and_a_reprint_that_it_is_a_copy(english):
    plain = text_of(render(paper(), english))
    assert "Version" not in plain
    assert "Copy" not in plain
    text = text_of(render(paper(version=2, is_copy=True), english))
    assert "Version 2 · Copy" in text


def test_the_facts_name_days_terms_references_and_related_papers(english):
    offer = PaperDates(issued_on=date(2026, 11, 24), valid_until=date(2026, 12, 1))
    text = words_of(render(paper(dates=offer), english))
    assert "Valid until 1 Dec 2026" in text
    assert "Payment terms 30 days net" in text
    assert "Payment method Bank transfer" in text
    assert "Sales order SO-2026-0017" in text
    assert "Our reference SM/2026/11" in text
    assert "Your reference PO 88-1207" in text
    assert "Currency AUD" in text


def test_terms_may_hold_figures_days_and_typed_words(english, french):
    said = PaperText(
        "{percent} at order, the rest until {day}, see {paper}",
        facts={"percent": Decimal("1234.5"), "day": date(2026, 12, 24), "paper": "{nb} *x*\x00"},
    )
    dear = paper(terms=replace(TERMS, text=said))
    assert "1,234.5 at order, the rest until 24 Dec 2026, see {nb} *x*" in words_of(
        render(dear, english)
    )
    assert "1 234,5" in text_of(render(dear, french))


def test_terms_may_be_missing(english):
    text = text_of(render(paper(terms=PaperTerms()), english))
    assert not any(label in text for label in ("Payment terms", "Payment mode", "Bank details"))


def test_a_paper_within_the_company_may_name_nothing_but_itself(english):
    bare = paper(LAYOUTS["Transfer"], dates=PaperDates(), references=paper().references)
    bare = replace(bare, references=type(bare.references)(), company=type(bare.company)("Crimson"))
    text = text_of(render(bare, english))
    assert text.startswith("Crimson Transfer\nIN-2026-0042\nNo.")
    assert text.endswith("\nCrimson Page 1 of 1")


def test_an_unknown_country_is_printed_as_its_code(english):
    text = text_of(render(paper(party=replace(paper().party, country="QQ")), english))
    assert "\nQQ\n" in text


def test_further_facts_of_a_side_stand_below_its_address_with_their_labels(english):
    facts = (LabelledText("Street", "7 Sample Road"), LabelledText("Phone", "+33 1 99 00"))
    text = text_of(render(paper(party=replace(paper().party, facts=facts)), english))
    assert "\nStreet: 7 Sample Road\nPhone: +33 1 99 00\n" in text


def test_bank_details_may_be_one_text_of_several_lines(english):
    bank = (LabelledText("Bank details", "Crimson Electronics\nIBAN FR76 3000 6000\nBIC AGRI"),)
    text = text_of(render(paper(terms=replace(TERMS, bank=bank)), english))
    assert text.count("Bank details") == 1
    for line in ("Crimson Electronics", "IBAN FR76 3000 6000", "BIC AGRI"):
        assert line in text


def test_a_reason_that_was_typed_is_not_translated(french):
    line = replace(LAPTOP, reason="{nb} Invoice")
    assert "{nb} Invoice" in words_of(
        render(paper(only(PaperColumn.REASON), lines=(line,)), french)
    )


def test_a_long_reference_stands_below_its_label(english):
    long = "REFERENCE-" * 9
    references = replace(paper().references, theirs=long)
    text = text_of(render(paper(references=references), english)).replace("\n", "")
    assert long in text


# --- Money ----------------------------------------------------------------------------------


def test_the_sums_stand_in_their_order(english):
    text = words_of(render(paper(), english))
    order = [
        "Subtotal AUD 37,073.69",
        "Discount AUD \u221273.69",
        "Total excl. tax AUD 37,000.00",
        "Tax 10% on 37,000.00 AUD 3,700.00",
        "Total incl. tax AUD 40,700.00",
        "Paid AUD \u221210,000.00",
        "Credited AUD \u2212700.00",
        "Amount due AUD 30,000.00",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "IBAN FR76 3000 6000 0112 3456 7890 189" in text


def test_each_rate_has_its_line_and_a_free_one_its_reason(english):
    export = "Export: no tax"
    totals = PaperTotals(
        lines_net=Decimal(300),
        net=Decimal(300),
        total=Decimal("310.01"),
        taxes=(
            PaperTax("S", Decimal("5.5"), Decimal(100), Decimal("5.50")),
            PaperTax("S", Decimal(10), Decimal(50), Decimal("4.50")),
            PaperTax("G", Decimal(0), Decimal(150), Decimal(0), reason=export),
        ),
        discount_percent=None,
        rounding=Decimal("0.01"),
        prices_include_tax=True,
    )
    text = words_of(render(paper(totals=totals), english))
    assert "Tax 5.5% on 100.00 AUD 5.50 Tax 10% on 50.00 AUD 4.50 Tax 0% on 150.00" in text
    assert "Rounding AUD 0.01" in text
    assert export in text
    assert "Prices include tax." in text
    assert not any(part in text for part in ("Amount due", "Paid", "Subtotal"))


def test_a_discount_in_percent_says_it_and_no_tax_is_no_total_with_tax(english):
    totals = replace(TOTALS, taxes=(), discount_percent=Decimal(5), paid=Decimal(0), credited=None)
    text = words_of(render(paper(totals=totals), english))
    assert "Discount 5% AUD \u221273.69" in text
    assert "Total AUD 40,700.00" in text
    assert not any(part in text for part in ("without tax", "Paid", "Credited"))


def test_a_layout_with_totals_waits_for_them(english):
    assert "Total" not in text_of(render(paper(totals=None), english))


def test_a_payment_shows_its_money_and_where_it_went(english):
    text = words_of(render(paper(LAYOUTS["Payment"]), english))
    for part in (
        "Received AUD 47,878.30",
        "EUR 29,300.00, at the rate of 1.634071 AUD for 1 EUR",
        "Invoice IN-2026-0042 24 Nov 2026 AUD 37,000.00",
        "IN-2026-0040 AUD 10,000.00",
        "Remaining credit AUD 878.30",
        "Payment method Bank transfer",
    ):
        assert part in text


def test_a_payment_that_is_used_up_leaves_nothing(english):
    used = replace(PAYMENT, unallocated=Decimal(0), other_amount=None, rate=None)
    text = words_of(render(paper(LAYOUTS["Payment"], payment=used), english))
    assert "AUD 37,000.00" in text
    assert not any(part in text for part in ("Remaining credit", "rate of"))


def test_a_deposit_has_no_allocations_yet(english):
    deposit = PaperPayment(Decimal("50.00"), "EUR", "Received")
    text = words_of(render(paper(LAYOUTS["Payment"], payment=deposit), english))
    assert "Received EUR 50.00" in text
    assert not any(part in text for part in ("Remaining credit", "rate", "Number"))


def test_a_deposit_that_is_all_credit_says_what_is_left(english):
    deposit = PaperPayment(Decimal("50.00"), "EUR", "Received", unallocated=Decimal("50.00"))
    text = words_of(render(paper(LAYOUTS["Payment"], payment=deposit), english))
    assert "Remaining credit EUR 50.00" in text
