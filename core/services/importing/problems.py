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

NOT_KNOWN_COLUMN: Final = N_("This column is unknown. Delete it, rename it or ignore it.")
TWICE_COLUMN: Final = N_("Two columns mean the same: “{first}” and this one. Delete one.")
MISSING_COLUMN: Final = N_("The column “{column}” is missing.")
NO_KIND: Final = N_(
    "It's unclear what this table contains. Products need {products}; customers "
    "and vendors {parties}; prices {prices}; stock {stock}."
)
EMPTY_CELL: Final = N_("This is required but empty.")
FORMULA: Final = N_("This is a formula. Replace it with its value.")
ERROR_CELL: Final = N_("This cell contains the error {text}.")
MOMENT: Final = N_("“{text}” is a time. Enter a date only.")
DATE_AS_CODE: Final = N_(
    "Your spreadsheet turned a code into the date {text}. Format the column as "
    "text and type the code again."
)
SHORTENED: Final = N_(
    "Your spreadsheet shortened a long number to {text}. Format the column as "
    "text and type it again."
)
FRACTION_AS_CODE: Final = N_("“{text}” is a decimal number, not a code.")
NO_NUMBER: Final = N_("“{text}” isn't a number.")
TOO_FINE: Final = N_("{text} has too many decimals: use at most {digits}.")
NOT_WHOLE: Final = N_("{text} has too many decimals: use whole numbers only.")
BELOW_ZERO: Final = N_("{text} can't be negative.")
TOO_LARGE: Final = N_("{text} is too large.")
OTHER_CURRENCY: Final = N_("“{text}” isn't in {currency}.")
NO_DAY: Final = N_("“{text}” isn't a date. Write it as {example}.")
TWO_DAYS: Final = N_("“{text}” could be two different dates. Write it as {example}.")
TOO_LONG: Final = N_("This is {length} characters long. The maximum is {most}.")
NOT_ONE_OF: Final = N_("“{text}” isn't one of these: {choices}.")
NO_CURRENCY: Final = N_("“{text}” isn't a currency code. Use one like EUR or AUD.")
NO_COUNTRY: Final = N_("“{text}” isn't a known country. Use its name or a code like FR.")
NO_FLAG: Final = N_("“{text}” must be yes or no.")
NO_EMAIL: Final = N_("“{text}” isn't an email address.")
NO_ELECTRONIC_ADDRESS: Final = N_(
    "“{text}” isn't an e-invoice address. Include its scheme, for example 0225:787878784."
)
NO_TAX: Final = N_("There is no tax called “{text}”. Choose from: {choices}.")
NO_BOOK: Final = N_("There is no price book called “{text}”. Import its prices first.")
TWICE: Final = N_("Same as row {first}: “{text}”. Delete one of them.")

MERGED: Final = N_("“{text}” was merged into another record. Use that one's name.")
BARCODE_TAKEN: Final = N_("Another product already has this barcode: {other}.")
BARCODE_TWICE: Final = N_("Same barcode as row {first}.")
USED_WITH: Final = N_("This must stay {text}: documents already use it.")
UNIT_FINER: Final = N_("A unit can't have fewer decimals than before. This one has {digits}.")
NO_SUCH_SKU: Final = N_("No product has the SKU “{text}”. Import the products first.")
SERVICE_STOCK: Final = N_("“{text}” is a service and has no stock.")
ARCHIVED: Final = N_("“{text}” is archived. Restore it first.")
MANY_PARTIES: Final = N_(
    "{count} customers or vendors are called “{text}”. Rename all but one first."
)
OTHER_THAN_ROW: Final = N_("This conflicts with row {first}, which is for the same record.")
BOOK_CURRENCY: Final = N_("The price book “{text}” is in {currency}.")
BROKEN: Final = N_("Something went wrong and nothing was changed. To get help, quote {incident}.")
