"""The code with which a bank's app fills in a transfer: EPC069-12, for euros within SEPA."""

import unicodedata
from decimal import Decimal
from typing import Final

from core.domain.papers.view import Paper

WIDTH: Final = 27.0
"""Millimetres, without the quiet zone: a telephone reads it from paper and from a screen."""
_MOST: Final = Decimal("999999999.99")
_NAME_LENGTH: Final = 70
_UTF_8: Final = 1
_CURRENCY: Final = "EUR"
_WITHOUT_ACCENT: Final = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
        "Đ": "D", "ł": "l", "Ł": "L", "’": "'", "–": "-",
    }
)  # fmt: skip


def rows_of(paper: Paper) -> tuple[bytes, ...]:
    """The dots of the code, row by row; nothing where a paper has none.

    It has one where its row and the company want it, the company's account is known, the currency
    is the euro, and something is due that has a number already.
    """
    terms, totals = paper.terms, paper.totals
    if totals is None or paper.number is None or paper.mark:
        return ()
    due = totals.total if totals.due is None else totals.due
    wanted = paper.layout.shows_payment_code and terms.shows_code and bool(terms.iban)
    if not wanted or paper.currency != _CURRENCY or not 0 < due <= _MOST:
        return ()
    # Few papers have a code, and most starts draw none at once.
    from segno import helpers

    code = helpers.make_epc_qr(
        name=folded_name(paper.company.name),
        iban=terms.iban,
        amount=due,
        text=paper.number,
        bic=terms.bic or None,
        encoding=_UTF_8,
    )
    return tuple(bytes(row) for row in code.matrix)


def folded_name(name: str) -> str:
    """A name in letters that every bank reads alike, at most 70.

    Apps guess the character set, and accents come out wrong; a name of another script stays.
    """
    decomposed = unicodedata.normalize("NFKD", name.translate(_WITHOUT_ACCENT))
    folded = " ".join(decomposed.encode("ascii", "ignore").decode().split())
    letters = sum(character.isalpha() for character in name)
    kept = sum(character.isalpha() for character in folded)
    return (folded if kept >= letters / 2 else name)[:_NAME_LENGTH].strip()
