"""What people type: numbers, percentages, dates."""

import gettext
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.domain.errors import AmbiguousNumber, NotADate, NotANumber
from core.domain.money import from_scaled
from core.i18n import Translator, translator

ENGLISH, FRENCH = translator("en"), translator("fr")
TODAY = date(2026, 11, 24)  # a Tuesday
BOTH = pytest.mark.parametrize("reader", [ENGLISH, FRENCH], ids=["en", "fr"])


def in_language(language):
    return Translator(language, gettext.NullTranslations())


# --- Numbers ------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20", "20"),
        (" 20 ", "20"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1,50", "1.50"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1,2345", "1.2345"),
        ("1234,567", "1234.567"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567.125", "1234567.125"),
        ("12,34,567", "1234567"),
        ("12,34,567.5", "1234567.5"),
        ("1 234", "1234"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,567", "1234.567"),
        ("1'234.5", "1234.5"),
        ("1’234’567", "1234567"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("\u200e-5", "-5"),
        ("+3", "3"),
        ("- 3,5", "-3.5"),
        ("١٢٣٤٫٥", "1234.5"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("१२३", "123"),
        ("１２", "12"),
        ("\u20685\u2069", "5"),
        ("007", "7"),
    ],
)
def test_a_number_with_one_sensible_reading(reader, text, number):
    assert str(reader.parse_number(text)) == str(Decimal(number))


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", ",", "-", "+", "5.", "5,", "1e5", "1E5", "NaN", "Infinity", "inf", "1_000",
        "0x10", "½", "5²", "1.2.3", "12.34.56", "1,23,4", "1,234 567", "1 23", "12 34", "1,,5",
        "1.,5", "--5", "5-", "1 234.567.890,1,2", "five", "5 kg", "1/2", "%", "\u0bf0",
        "0,234,567", "1\n2", "9" * 41,
    ],
)  # fmt: skip
def test_what_nobody_would_write_for_a_number(reader, text):
    with pytest.raises(NotANumber) as refused:
        reader.parse_number(text)
    assert refused.value.facts == {"text": text.strip()}


@pytest.mark.parametrize(
    ("reader", "text"), [(ENGLISH, "1,234"), (FRENCH, "1.234"), (in_language("ar"), "1,234")]
)
def test_a_number_with_two_readings_is_asked_back(reader, text):
    with pytest.raises(AmbiguousNumber) as refused:
        reader.parse_number(text)
    assert refused.value.facts == {
        "text": text,
        "readings": (Decimal("1.234"), Decimal(1234)),
    }


def test_the_readings_of_a_negative_number_begin_with_the_smaller_one():
    with pytest.raises(AmbiguousNumber) as refused:
        ENGLISH.parse_number("-1,000")
    assert refused.value.facts["readings"] == (Decimal("-1.000"), Decimal(-1000))


def test_the_decimal_mark_of_the_language_is_the_decimal_mark():
    assert ENGLISH.parse_number("1.234") == Decimal("1.234")
    assert FRENCH.parse_number("1,234") == Decimal("1.234")


@BOTH
@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_pieces_have_no_decimals_so_there_is_one_reading(reader, text):
    assert reader.parse_number(text, digits=0) == 1234
    assert reader.parse_number(text, digits=2) == 1234


def test_digits_only_decide_between_readings():
    assert ENGLISH.parse_number("1.5", digits=0) == Decimal("1.5")
    assert FRENCH.parse_number("1,234", digits=3) == Decimal("1.234")
    with pytest.raises(AmbiguousNumber):
        FRENCH.parse_number("1.234", digits=3)


def readings(reader, text, **options):
    """What a text can say to a reader: nothing, one number, or those that are asked back."""
    try:
        return (reader.parse_number(text, **options),)
    except AmbiguousNumber as asked:
        return asked.facts["readings"]
    except NotANumber:
        return ()


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from([ENGLISH, FRENCH]))
@example(1234, 0, ENGLISH)
@example(1234, 3, ENGLISH)
def test_a_number_that_we_wrote_is_read_as_it_was(scaled, places, reader):
    value = from_scaled(scaled, places)
    shown = reader.number(value)
    # An English "1,234" alone is asked back, unless it can have no three decimals.
    is_asked_back = reader is ENGLISH and shown.count(",") == 1 and "." not in shown
    assert value in readings(reader, shown)
    assert len(readings(reader, shown)) == 1 or is_asked_back
    assert places >= 3 or readings(reader, shown, digits=places) == (value,)


@given(st.integers(-(10**15), 10**15), st.sampled_from([("EUR", 2), ("JPY", 0)]))
def test_an_amount_that_we_wrote_is_read_as_it_was(minor, currency):
    code, places = currency
    amount = from_scaled(minor, places)
    for reader in (ENGLISH, FRENCH):
        assert reader.parse_number(reader.amount(amount, code), digits=places) == amount


@given(st.text(alphabet="0123456789.,'- \u202f٫٣eE_", max_size=12))
def test_whatever_is_typed_is_finite_numbers_or_refused(text):
    for reader in (ENGLISH, FRENCH):
        found = readings(reader, text)
        assert all(number.is_finite() for number in found)
        assert len(set(found)) == len(found) <= 2


@BOTH
@pytest.mark.parametrize("text", ["5,5 %", "5.5%", "% 5,5", "5,5\u202f%", "5,5", "٥٫٥٪"])
def test_a_percentage_with_or_without_its_sign(reader, text):
    assert reader.parse_percent(text) == Decimal("5.5")


def test_a_percentage_that_we_wrote_is_read_as_it_was():
    for reader in (ENGLISH, FRENCH, in_language("tr")):
        assert reader.parse_percent(reader.percent(Decimal("7.7"))) == Decimal("7.7")
    with pytest.raises(NotANumber):
        ENGLISH.parse_percent("%")


# --- Dates --------------------------------------------------------------------------------------


def says(reader, text, today=TODAY):
    return reader.parse_date(text, today=today)


@BOTH
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-28", "2026-11-28"),
        ("2026/11/28", "2026-11-28"),
        ("2026 11 28", "2026-11-28"),
        ("28/11/2026", "2026-11-28"),
        ("28.11.2026", "2026-11-28"),
        ("28-11-26", "2026-11-28"),
        ("28/11", "2026-11-28"),
        ("28.11.", "2026-11-28"),
        ("3/12", "2026-12-03"),
        ("11/28", "2026-11-28"),
        ("11/28/2026", "2026-11-28"),
        ("28 nov", "2026-11-28"),
        ("28 NOV.", "2026-11-28"),
        ("28nov", "2026-11-28"),
        ("Nov 28", "2026-11-28"),
        ("Nov 28, 2026", "2026-11-28"),
        ("28 nov 26", "2026-11-28"),
        ("2027 nov 3", "2027-11-03"),
        ("28 november 2027", "2027-11-28"),
        ("1st May", "2027-05-01"),
        ("1 of May", "2027-05-01"),
        ("tomorrow", "2026-11-25"),
        ("Today", "2026-11-24"),
        ("yesterday", "2026-11-23"),
        ("the day after tomorrow", "2026-11-26"),
        ("Friday", "2026-11-27"),
        ("friday", "2026-11-27"),
        ("Tuesday", "2026-12-01"),
        ("Monday", "2026-11-30"),
        ("fri.", "2026-11-27"),
        ("Sat 28 Nov", "2026-11-28"),
        ("Saturday, November 28, 2026", "2026-11-28"),
        ("٢٨/١١/٢٠٢٦", "2026-11-28"),
        ("2026年11月28日", "2026-11-28"),
    ],
)
def test_a_day_in_figures_or_in_english(reader, text, day):
    assert says(reader, text).isoformat() == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("demain", "2026-11-25"),
        ("Aujourd'hui", "2026-11-24"),
        ("aujourd’hui", "2026-11-24"),
        ("hier", "2026-11-23"),
        ("après-demain", "2026-11-26"),
        ("apres demain", "2026-11-26"),
        ("vendredi", "2026-11-27"),
        ("VEN.", "2026-11-27"),
        ("mar", "2026-12-01"),
        ("3 mar", "2027-03-03"),
        ("mar. 24 nov.", "2026-11-24"),
        ("mar. 3 mars", "2026-03-03"),
        ("5 aout", "2027-08-05"),
        ("1er mai", "2027-05-01"),
        ("25 décembre 2026", "2026-12-25"),
    ],
)
def test_a_day_in_french(text, day):
    today = date(2026, 3, 1) if text == "mar. 3 mars" else TODAY
    assert says(FRENCH, text, today).isoformat() == day


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en_US", "3/12/2026", "2026-03-12"),
        ("ja", "2026/11/28", "2026-11-28"),
        ("ja", "11月28日(土)", "2026-11-28"),
        ("sv", "28/11/2026", "2026-11-28"),
        ("sv", "26-11-28", "2026-11-28"),
        ("pt_BR", "sáb., 28 de nov.", "2026-11-28"),
        ("pt_BR", "sexta-feira", "2026-11-27"),
        ("vi", "28 thg 11, 2026", "2026-11-28"),
        ("de", "Sa., 28. Nov.", "2026-11-28"),
    ],
)
def test_a_day_in_the_order_of_the_language(language, text, day):
    assert says(in_language(language), text).isoformat() == day


def test_a_day_without_a_year_is_near():
    assert says(ENGLISH, "26 Aug") == date(2026, 8, 26)
    assert says(ENGLISH, "25 Aug") == date(2027, 8, 25)
    assert says(ENGLISH, "31 Dec", date(2027, 1, 2)) == date(2026, 12, 31)
    assert says(ENGLISH, "29 Feb", date(2027, 12, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("reader", "text", "reason"),
    [
        (ENGLISH, "30 Feb", "There is no 30 February 2027: the month has 28 days."),
        (ENGLISH, "29/2/2027", "There is no 29 February 2027: the month has 28 days."),
        (ENGLISH, "31.11.", "There is no 31 November 2026: the month has 30 days."),
        (ENGLISH, "0/11", "There is no 0 November 2026: the month has 30 days."),
        (ENGLISH, "28/13/2026", "There is no month 13. A year has 12."),
        (ENGLISH, "2026-00-10", "There is no month 0. A year has 12."),
        (ENGLISH, "Fri 28 Nov", "28 Nov 2026 is a Saturday."),
        (FRENCH, "30 février", "Il n’y a pas de 30 février 2027\xa0: ce mois compte 28 jours."),
        (FRENCH, "soon", "Une date s’écrit comme 24/11/2026, 24 nov. ou demain."),
    ],
)
def test_a_day_that_does_not_exist_is_refused_in_words(reader, text, reason):
    with pytest.raises(NotADate) as refused:
        says(reader, text)
    assert refused.value.facts == {"text": text, "reason": reason}


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "28", "99", "28112026", "28/11/2026/1", "28/11/1826", "28/11/226", "028/11",
        "28 nov 11 26", "28 nov dec", "Fri Sat", "no", "nov", "28:11", "28 * 11", "x 28 nov",
        "next year", "ju 3",
    ],
)  # fmt: skip
def test_what_is_no_day_is_answered_with_examples(reader, text):
    with pytest.raises(NotADate) as refused:
        says(reader, text)
    assert "24/11/2026" in refused.value.facts["reason"]


DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from([ENGLISH, FRENCH]))
def test_a_date_that_we_wrote_is_read_as_it_was(day, reader):
    assert says(reader, reader.date(day)) == day
    assert says(reader, day.isoformat()) == day
    assert says(reader, f"{day.day}/{day.month}/{day.year}") == day


@given(st.integers(-80, 270), DAYS.filter(lambda day: 2001 < day.year < 2198))
def test_a_near_day_that_we_wrote_is_read_as_it_was(ahead, today):
    day = today + timedelta(days=ahead)
    for reader in (ENGLISH, FRENCH):
        assert says(reader, reader.day(day), today) == day


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_day_or_refused(text):
    with suppress(NotADate):
        assert isinstance(says(FRENCH, text), date)
