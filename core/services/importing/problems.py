"""What is wrong with a file: by row and column, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.domain.messages import N_
from core.i18n import Translator

Fact = str | int


class Wrong(Exception):
    """A cell cannot be what its column says; the message is a text of the catalogues."""

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


@dataclass(frozen=True)
class Problem:
    """Something that has to be mended before the file is imported.

    `row` is the number that a spreadsheet shows (0: the file as a whole), `column` the heading
    as it stands in the file.
    """

    row: int
    column: str
    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def kept(self) -> list[Any]:
        """As JSON."""
        return [self.row, self.column, self.message, dict(self.facts)]


SEVERAL: Final = frozenset({"column", "products", "parties", "prices", "stock", "choices"})
"""Facts that are texts of the catalogues themselves, one or several."""


def words_of(problem: Problem, words: Translator) -> str:
    """What is wrong and what to do, as a sentence in the reader's language, without its place."""
    facts = {
        name: _translated(fact, words) if name in SEVERAL and isinstance(fact, str) else fact
        for name, fact in problem.facts.items()
    }
    return words.text(problem.message, **facts)


def _translated(fact: str, words: Translator) -> str:
    for between in (" + ", ", "):
        if between in fact:
            return between.join(words.text(each) for each in fact.split(between))
    return words.text(fact)


MANY: Final = 200
"""So many problems are told; the rest is counted."""

NOT_KNOWN_COLUMN: Final = N_("This column is not known. Delete it, rename it or leave it out.")
TWICE_COLUMN: Final = N_("Two columns mean the same: “{first}” and this one. Delete one.")
MISSING_COLUMN: Final = N_("The column “{column}” is missing.")
NO_KIND: Final = N_(
    "Nobody can tell what this table holds. Products need {products}; customers and vendors "
    "{parties}; prices {prices}; stock {stock}."
)
EMPTY_CELL: Final = N_("This is empty, and it is needed.")
FORMULA: Final = N_("This is a formula. Put its value in its place.")
ERROR_CELL: Final = N_("This cell holds the error {text}.")
MOMENT: Final = N_("“{text}” is a time. A day alone is needed.")
DATE_AS_CODE: Final = N_(
    "Your spreadsheet has made the day {text} of a code. Format the column as text and type it "
    "again."
)
SHORTENED: Final = N_(
    "Your spreadsheet has shortened a long number to {text}. Format the column as text and type "
    "it again."
)
FRACTION_AS_CODE: Final = N_("“{text}” is a number with decimals, and no code.")
NO_NUMBER: Final = N_("“{text}” is no number.")
TOO_FINE: Final = N_("{text} has too many decimals: at most {digits}.")
NOT_WHOLE: Final = N_("{text} has too many decimals: this is counted in whole numbers.")
BELOW_ZERO: Final = N_("{text} is below zero.")
TOO_LARGE: Final = N_("{text} is too large.")
OTHER_CURRENCY: Final = N_("“{text}” is not in {currency}.")
NO_DAY: Final = N_("“{text}” is no day. Write it as {example}.")
TWO_DAYS: Final = N_("“{text}” can be two days. Write it as {example}.")
TOO_LONG: Final = N_("This is {length} letters long: at most {most}.")
NOT_ONE_OF: Final = N_("“{text}” is none of these: {choices}.")
NO_CURRENCY: Final = N_("“{text}” is no currency. Use a code like EUR or AUD.")
NO_COUNTRY: Final = N_("“{text}” is no country that is known. Use its name or a code like FR.")
NO_FLAG: Final = N_("“{text}” is neither yes nor no.")
NO_EMAIL: Final = N_("“{text}” is no e-mail address.")
NO_ELECTRONIC_ADDRESS: Final = N_(
    "“{text}” is no address for e-invoices. Write it with its scheme, like 0225:787878784."
)
NO_TAX: Final = N_("There is no tax “{text}”. There are: {choices}.")
NO_BOOK: Final = N_("There is no price book “{text}”. Import its prices first.")
TWICE: Final = N_("The same as row {first}: “{text}”. Delete one of them.")

MERGED: Final = N_("“{text}” was merged into another one. Take that one's name.")
BARCODE_TAKEN: Final = N_("Another product has this barcode: {other}.")
BARCODE_TWICE: Final = N_("The same barcode as row {first}.")
USED_WITH: Final = N_("This stays {text}: there are papers with it.")
UNIT_FINER: Final = N_("A unit keeps its decimals or gets more: this one has {digits}.")
NO_SUCH_SKU: Final = N_("There is no product with the code “{text}”. Import the products first.")
SERVICE_STOCK: Final = N_("“{text}” is a service, and has no stock.")
ARCHIVED: Final = N_("“{text}” is archived. Offer it again first.")
MANY_PARTIES: Final = N_("There are {count} parties called “{text}”. Rename all but one first.")
OTHER_THAN_ROW: Final = N_("This differs from row {first}, which is about the same.")
BOOK_CURRENCY: Final = N_("The price book “{text}” is in {currency}.")
BROKEN: Final = N_("Something went wrong, and nothing was changed. Ask for help with {incident}.")
