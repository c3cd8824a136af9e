"""Texts on their way to a page: translated, freed of what harms, covered by fonts, broken.

Every text of a paper passes through the :class:`Typesetter`, so that no layout code can forget
a step. What comes out of it can be set as it is.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from babel.numbers import format_decimal

from core.domain.money import QUANTITY_DIGITS, RATE_DIGITS
from core.domain.papers.view import PaperText
from core.i18n import Translator
from core.pdf import fonts
from core.pdf.bidi import MISSING, clean, isolated
from core.pdf.theme import POINT, STANDARD, Style, Theme

_SEPARATORS: Final = " \u200b"
"""Where a line may end: at a space or at a mark that allows a break, both of which vanish."""
_HYPHENS: Final = "-\u2010\u2013\u2014"
"""Behind these a line may end as well."""
_ELLIPSIS: Final = "…"
_TOLERANCE: Final = 0.01
"""Less than anyone sees: a column made as wide as its text must hold it, whatever was rounded."""


class Typesetter:
    """Prepares and measures the texts of one paper.

    Args:
        translator: writes texts, amounts and dates in the reader's language.
        theme: how the paper looks.

    Attributes:
        language: in which it writes.
        uncovered: the characters that no font has, which stand on the paper as a mark.
    """

    def __init__(self, translator: Translator, theme: Theme = STANDARD) -> None:
        self.theme = theme
        self.language = translator.language
        self.uncovered: set[str] = set()
        self.mirrored = translator.rtl
        self._translator = translator
        self._widths = {bold: fonts.widths(bold=bold) for bold in (False, True)}
        self._known = self._widths[False]
        self._figures: dict[tuple[object, ...], str] = {}

    # --- What stands on the paper -------------------------------------------------------

    def typed(self, text: str) -> str:
        """A text that somebody typed: it is never translated and never markup."""
        return self._covered(clean(text))

    def code(self, text: str) -> str:
        """A number, a code or an address of mail that keeps its direction in every page."""
        return self._kept(self.typed(text))

    def message(self, message: str, **facts: str) -> str:
        """A message of the catalogues, with facts that are prepared already."""
        return self._covered(self._translator.text(message, **facts))

    def text(self, text: PaperText) -> str:
        """A message with facts: numbers and dates are written as the language does."""
        facts = {
            name: self.typed(fact) if isinstance(fact, str) else fact
            for name, fact in text.facts.items()
        }
        if text.count is None:
            return self._covered(self._translator.text(text.message, **facts))
        translated = self._translator.plural(text.message, text.plural, text.count, **facts)
        return self._covered(translated)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with the sign of its currency."""
        return self._once(self._translator.money, amount, currency)

    def amount(self, amount: Decimal, currency: str) -> str:
        """An amount without the sign of its currency, with its digits."""
        return self._once(self._translator.amount, amount, currency)

    def unit_price(self, price: Decimal, currency: str) -> str:
        """The price of one unit, which may have more digits than an amount."""
        return self._once(self._translator.unit_price, price, currency)

    def number(self, number: Decimal | int) -> str:
        """A number, without zeros at its end."""
        return self._once(self._translator.number, number)

    def percent(self, percent: Decimal) -> str:
        """A percentage: 20 is written as 20 %."""
        return self._once(self._translator.percent, percent)

    def quantity(self, quantity: Decimal, digits: int) -> str:
        """A quantity with the decimals of its unit, so that a column of them stands in line."""
        return self._once(self._decimal, quantity, (digits, QUANTITY_DIGITS))

    def rate(self, rate: Decimal) -> str:
        """An exchange rate with all its decimals."""
        return self._once(self._decimal, rate, (0, RATE_DIGITS))

    def date(self, day: date) -> str:
        """A day."""
        return self._once(self._translator.date, day)

    def country(self, code: str) -> str:
        """The name of a country, given by its ISO 3166 code of two letters."""
        return self.typed(self._translator.locale.territories.get(code.upper(), code))

    def _once(self, write: Callable[..., str], *given: object) -> str:
        """A figure as the language writes it; the lines of a paper repeat many."""
        key = (write, *given)
        if key not in self._figures:
            self._figures[key] = self._kept(self._covered(clean(write(*given))))
        return self._figures[key]

    def _decimal(self, value: Decimal, decimals: tuple[int, int]) -> str:
        """A number with at least and at most so many decimals."""
        least, most = decimals
        locale = self._translator.locale
        whole = locale.decimal_formats[None].pattern.split(".")[0]
        pattern = f"{whole}.{'0' * least}{'#' * (most - least)}"
        return format_decimal(value, format=pattern, locale=locale)

    def _kept(self, text: str) -> str:
        return isolated(text) if self.mirrored else text

    def _covered(self, text: str) -> str:
        """Replace what no font has by a mark, several in a row by one, and remember it."""
        known = self._known
        if all(character in known for character in text):
            return text
        kept: list[str] = []
        for character in text:
            if character in known:
                kept.append(character)
            elif character.isspace():
                kept.append(" ")
            else:
                self.uncovered.add(character)
                if kept[-1:] != [MISSING]:
                    kept.append(MISSING)
        return "".join(kept)

    # --- How much room it takes ---------------------------------------------------------

    def width(self, text: str, style: Style) -> float:
        """The width of a prepared text in millimetres."""
        widths = self._widths[style.bold]
        return sum(map(widths.__getitem__, text)) * style.size * POINT / 1000

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """Break a prepared text into lines.

        Lines end at spaces and behind hyphens; a word that is wider than a line is broken
        between characters, so that no text ever leaves its column.

        Args:
            text: the text; a line feed ends a line.
            style: how it is set.
            width: the room in millimetres.

        Returns:
            The lines, without their final spaces; an empty line for an empty paragraph.
        """
        width += _TOLERANCE
        if "\n" not in text and self.width(text, style) <= width:
            return [text.strip(_SEPARATORS)]
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines.extend(self._wrap_paragraph(paragraph, style, width))
        return lines

    def clipped(self, text: str, style: Style, width: float, *, most: int = 4) -> list[str]:
        """Break a text into lines, at most so many; an ellipsis says that it goes on.

        For what is short by its nature, such as a name over an address: somebody who types a
        novel there must not push everything else off the page.
        """
        lines = self.wrap(text, style, width)
        if len(lines) <= most:
            return lines
        last = lines[most - 1]
        while last and self.width(last + _ELLIPSIS, style) > width:
            last = last[:-1]
        return [*lines[: most - 1], last.rstrip(_SEPARATORS) + _ELLIPSIS]

    def _wrap_paragraph(self, paragraph: str, style: Style, width: float) -> list[str]:
        lines: list[str] = []
        current = ""
        for piece in _pieces(paragraph):
            if self.width((current + piece).rstrip(_SEPARATORS), style) <= width:
                current += piece
                continue
            if current.strip(_SEPARATORS):
                lines.append(current.strip(_SEPARATORS))
            *full, current = self._chop(piece.lstrip(_SEPARATORS), style, width)
            lines.extend(full)
        return [*lines, current.strip(_SEPARATORS)]

    def _chop(self, word: str, style: Style, width: float) -> list[str]:
        """Break a word that is wider than a line between its characters."""
        measure = self._measure(style)
        parts: list[str] = [""]
        used = 0.0
        for character in word:
            wide = measure(character)
            # Trailing spaces may hang over the edge; nothing of them is drawn.
            if used + wide > width and parts[-1] and character not in _SEPARATORS:
                parts.append("")
                used = 0.0
            parts[-1] += character
            used += wide
        return parts

    def _measure(self, style: Style) -> Callable[[str], float]:
        widths = self._widths[style.bold]
        scale = style.size * POINT / 1000
        return lambda character: widths[character] * scale


def _pieces(paragraph: str) -> list[str]:
    """Cut a paragraph where a line may end; the separator stays with what is before it."""
    cuts = [
        place
        for place, (before, after) in enumerate(pairwise(paragraph), 1)
        if (before in _SEPARATORS and after not in _SEPARATORS)
        # A number's sign and its digits stay together.
        or (before in _HYPHENS and after.isalpha())
    ]
    return [paragraph[start:end] for start, end in pairwise([0, *cuts, len(paragraph)])]
