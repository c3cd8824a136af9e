"""Languages: texts, money, numbers, dates and lists as a reader of a language expects them.

A person has a language for the chat, a party one for its papers. `negotiate` finds it,
`translator` gives the one object that everything shown to people goes through. Texts are English
in the code and translated by the catalogues in `locales/`; adding a language is adding a folder
there.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date as date_type
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from core.domain.errors import NotADate
from core.domain.messages import N_
from core.domain.money import PRICE_DIGITS, QUANTITY_DIGITS, digits, round_amount, round_half_up
from core.i18n.dates import RELATIVE_DAYS, UnreadableDate, read_date
from core.i18n.filling import fill, has_right_to_left
from core.i18n.loading import (
    SOURCE_LANGUAGE,
    catalogue_path,
    languages_in,
    load_catalogue,
    locales_folder,
)
from core.i18n.numbers import plain_characters, read_number

LANGUAGES: Final = languages_in(locales_folder())
"""The languages that a person can choose: English and the folders in `locales/`."""

PERCENT_DIGITS: Final = 4
"""The decimals of a percentage, shown where they are not zero."""

# English of the world: 3 Dec 2026 and 18:00, which no reader takes for another day or hour.
_REGIONS: Final = {"en": "en_GB"}

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"

_ORDINAL_FIRSTS: Final = {"fr": "1er"}
_FIRST_OF_MONTH: Final = re.compile(r"(?<!\d)1(?=\s[^\W\d_])")


SECOND_FORM: Final = N_("names of papers whose states are said in the second form, apart by |")
"""Its translation lists them: in French the feminine ones."""


class Translator:
    """Everything that is shown to, or read from, people of one language. Never changes."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language: Final = language
        self.locale: Final = Locale.parse(_REGIONS.get(language, language))
        self.rtl: Final = self.locale.text_direction == "rtl"
        self._catalogue: Final = catalogue
        self._group_digits: Final = self.locale.decimal_formats[None].pattern.split(".")[0]
        self._percent_pattern: Final = self.locale.percent_formats[None].pattern
        self._code_comes_first: Final = (
            self.locale.currency_formats["standard"].pattern.strip("\u200e\u200f")[0] == "¤"
        )

    # --- Texts ------------------------------------------------------------------------------

    def text(self, message: str, /, **facts: object) -> str:
        """`message`, an English source text, in this language, its placeholders filled.

        Facts are texts, or numbers and dates, which are then written as this language writes them:
        an int or a Decimal like `number`, a date like `date`. Money, percentages and moments need
        their own method first, and so does a year (`str(2026)`, or it gets a group mark). Raises
        LookupError when a placeholder has no fact, TypeError for a fact of another type.
        """
        return fill(self._catalogue.gettext(message), facts, self._show)

    def agreeing(self, message: str, /, *, noun: str) -> str:
        """`message`, the word for a state, in the form that agrees with `noun`, both English.

        A translation may have two forms, apart by |: "validé|validée".  The second one goes with
        the nouns that the catalogue lists; where there is one form it goes with all.
        """
        first, bar, second = self.text(message).partition("|")
        takes_second = self.text(noun) in self.text(SECOND_FORM).split("|")
        return second if bar and takes_second else first

    def plural(self, one: str, many: str, count: int | Decimal, /, **facts: object) -> str:
        """`one` or `many` in this language's form for `count`, which fills `{count}`."""
        translated = self._catalogue.ngettext(one, many, self._counted(count))
        return fill(translated, {"count": count} | facts, self._show)

    def isolate(self, text: str) -> str:
        """`text` so that its direction and the sentence's around it do not mix.

        Needed where right-to-left meets left-to-right: in a right-to-left language always, else
        only for a text with such letters. `text` and `plural` do it with every fact.
        """
        if self.rtl or has_right_to_left(text):
            return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
        return text

    def list(self, items: Iterable[str]) -> str:
        """The `items` as a list in a sentence: a, b and c."""
        return format_list([self.isolate(item) for item in items], locale=self.locale)

    def _show(self, fact: object) -> str:
        match fact:
            case str():
                return self.isolate(fact)
            case bool() | datetime():
                raise TypeError(f"{fact!r} cannot be shown as it is")
            case int() | Decimal():
                return self.isolate(self.number(fact))
            case date_type():
                return self.isolate(self.date(fact))
        raise TypeError(f"{fact!r} cannot be shown as it is")

    def _counted(self, count: int | Decimal) -> int:
        """A whole number with the same grammar as `count`: gettext knows whole numbers only.

        1.5 is singular in French and plural in English (CLDR). Where no whole number is like a
        fraction (Russian, Polish), two is: "1,5 kilograms" has the case of "2 kilograms" there.
        """
        exact = Decimal(count).copy_abs()
        if exact == int(exact):
            return int(exact)
        form_of = self.locale.plural_form
        wanted = form_of(exact)
        return next((whole for whole in range(101) if form_of(whole) == wanted), 2)

    # --- Money and numbers ------------------------------------------------------------------

    def money(self, amount: Decimal, currency: str) -> str:
        """`amount` with the ISO code of its `currency`: "AUD 47,878.30", "47 878,30 AUD".

        The code, since a sign like $ is several currencies. Its digits are ISO 4217's. Raises what
        `round_amount` raises.
        """
        shown = self.amount(amount, currency)
        return f"{currency} {shown}" if self._code_comes_first else f"{shown}\u00a0{currency}"

    def amount(self, amount: Decimal, currency: str) -> str:
        """`amount` with all digits of its `currency`, without the code, as in a column."""
        places = digits(currency)
        return self._decimal(round_amount(amount, currency), least=places, most=places)

    def unit_price(self, price: Decimal, currency: str) -> str:
        """`price` with its own digits, at most six, at least the currency's; without the code."""
        rounded = round_half_up(price, PRICE_DIGITS)
        return self._decimal(rounded, least=digits(currency), most=PRICE_DIGITS)

    def number(self, value: Decimal | int) -> str:
        """A quantity or count, without trailing zeros: "1,234.5"."""
        exact = Decimal(value) if isinstance(value, int) else value
        return self._decimal(round_half_up(exact, QUANTITY_DIGITS), least=0, most=QUANTITY_DIGITS)

    def percent(self, percent: Decimal) -> str:
        """A percentage, where 5.5 means 5.5 %: "5.5%", "5,5 %"."""
        rounded = round_half_up(percent, PERCENT_DIGITS)
        pattern = self._percent_pattern.replace("0", "0." + "#" * PERCENT_DIGITS, 1)
        return _with_minus(format_percent(rounded / 100, format=pattern, locale=self.locale))

    def _decimal(self, value: Decimal, *, least: int, most: int) -> str:
        pattern = f"{self._group_digits}.{'0' * least}{'#' * (most - least)}"
        return _with_minus(format_decimal(value, format=pattern, locale=self.locale))

    # --- Dates and times --------------------------------------------------------------------

    def date(self, day: date_type) -> str:
        """A date, its month in letters so that nobody takes it for another: "3 Dec 2026"."""
        return self._first_as_ordinal(format_skeleton("yMMMd", day, locale=self.locale))

    def day(self, day: date_type) -> str:
        """A date that is near enough to be known by its weekday: "Fri 28 Nov"."""
        return self._first_as_ordinal(format_skeleton("MMMEd", day, locale=self.locale))

    def _first_as_ordinal(self, text: str) -> str:
        """Write the first of a month as its language does, which CLDR leaves out: "1er déc."."""
        ordinal = _ORDINAL_FIRSTS.get(self.language)
        return text if ordinal is None else _FIRST_OF_MONTH.sub(ordinal, text)

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """The time of `moment` in `zone`: "18:00". Raises ValueError when it has none itself."""
        return format_time(_local(moment, zone), "short", locale=self.locale)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Date, time and place of `moment` in `zone`: "3 Dec 2026 18:00 (Paris)".

        Raises ValueError when `moment` has no zone of its own.
        """
        local = _local(moment, zone)
        place = get_timezone_location(zone, locale=self.locale, return_city=True)
        return f"{self.date(local.date())} {self.time(local, zone)} ({place})"

    # --- Reading ----------------------------------------------------------------------------

    def parse_number(self, text: str, *, digits: int | None = None) -> Decimal:
        """The number that a person typed; `digits` is how many decimals can be meant, if known.

        `1,5` and `1.5` are both 1.5. `1,234` is ambiguous in English and `1.234` in French, where
        the mark is not the decimal one, unless `digits` (0 for pieces) leaves one reading. Raises
        NotANumber, AmbiguousNumber.
        """
        mark = get_decimal_symbol(self.locale)
        return read_number(text, decimal_mark=mark, digits=digits)

    def parse_percent(self, text: str) -> Decimal:
        """The percentage that a person typed, with or without its sign: "5,5 %" is 5.5."""
        return self.parse_number(plain_characters(text).strip("%٪％﹪ "), digits=PERCENT_DIGITS)

    def parse_date(self, text: str, *, today: date_type) -> date_type:
        """The day that a person typed: a date, "28 nov", "tomorrow", a weekday after `today`.

        Words may be of this language or English. Raises NotADate with the reason as a sentence of
        this language.
        """
        relative = {self.text(word): days for word, days in RELATIVE_DAYS.items()}
        try:
            return read_date(text, today=today, locale=self.locale, relative=relative)
        except UnreadableDate as error:
            facts = {**self._examples(today), **error.facts}
            reason = self.text(error.message, **facts)
            raise NotADate(text=text.strip(), reason=reason) from None

    def _examples(self, today: date_type) -> dict[str, str]:
        """How a day can be written, for whoever wrote it in another way."""
        return {
            "numeric": format_date(today, "short", locale=self.locale),
            "named": format_skeleton("MMMd", today, locale=self.locale),
            "relative": self.text(N_("tomorrow")),
        }


@cache
def translator(language: str) -> Translator:
    """The one translator of `language`, one of `LANGUAGES`; raises ValueError for another.

    What a person or Telegram says goes through `negotiate` first.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there is no catalogue for the language {language!r}")
    return Translator(
        language, load_catalogue(catalogue_path(locales_folder(), language), language)
    )


def negotiate(code: str | None, languages: Sequence[str] = LANGUAGES) -> str:
    """The best of `languages` for a language tag such as Telegram's "pt-br"; else English.

    The tag itself comes first, then its language and script, then its language in the same script:
    zh-CN finds zh_Hans, pt finds pt_BR, zh-Hant never finds zh_Hans. Old codes (iw, in) are
    understood, unknown and malformed ones are English.
    """
    wanted = _locale_of(code or "")
    if wanted is None:
        return SOURCE_LANGUAGE
    known = {language: Locale.parse(language) for language in languages}
    tries: tuple[Callable[[Locale], bool], ...] = (
        lambda locale: str(locale) == str(wanted),
        lambda locale: _language_and_script(locale) == _language_and_script(wanted),
    )
    for fits in tries:
        for language, locale in known.items():
            if fits(locale):
                return language
    return SOURCE_LANGUAGE


def _with_minus(number: str) -> str:
    """A written number with a minus sign (U+2212) where many languages' data have a hyphen.

    It stands as high as a plus, is as wide as a digit, and no line breaks behind it.
    """
    return number.replace("-", "\u2212")


def _locale_of(code: str) -> Locale | None:
    """The locale of a tag, or of its language alone when the rest makes no sense."""
    tag = code.replace("_", "-")
    for attempt in (tag, tag.split("-")[0]):
        try:
            return Locale.parse(attempt, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return None


def _language_and_script(locale: Locale) -> tuple[str, str]:
    """The language and the script it is written in, also where the tag does not say it."""
    likely = get_global("likely_subtags")
    names = (f"{locale.language}_{locale.territory}", locale.language)
    found = next((likely[name] for name in names if name in likely), "")
    script = locale.script or (Locale.parse(found).script if found else "") or ""
    return locale.language, script


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no zone")
    return moment.astimezone(zone)
