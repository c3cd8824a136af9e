"""The faults of typography in a French text, as the Imprimerie nationale sees them."""

from __future__ import annotations

import html
import re
from typing import Final

NO_BREAK: Final = "\u00a0"
"""Before a colon, a percent sign and a currency, and inside guillemets."""
NARROW: Final = "\u202f"
"""Before a semicolon, an exclamation or question mark, and between thousands."""

_CODE: Final = re.compile(r"<(code|pre)\b[^>]*>.*?</\1>", re.DOTALL)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>")
_UNSPOKEN: Final = re.compile(
    r"https?://\S+|\bt\.me/\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w/])/[a-z_]+\b|`[^`]*`"
)
_PLACEHOLDER: Final = re.compile(r"\{\w*\}")
_ISOLATES: Final = re.compile("[\u2066-\u2069]")
_SPACE: Final = "[ \u00a0\u202f]"
_CURRENCY: Final = (
    r"(?:€|£|(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|INR|JPY|MAD|MXN|NOK|NZD|PLN|SEK|SGD"
    r"|TND|TRY|USD|XAF|XOF|ZAR)\b)"
)
_MONTH: Final = r"(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)"

# What a fault is called, and what shows it. Placeholders are read as the letter x.
_FAULTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("straight apostrophe", re.compile("'")),
    ("straight or English quotes", re.compile('["“”]')),
    ("three dots", re.compile(r"\.\.\.")),
    ("two spaces", re.compile("[ \u00a0\u202f]{2}")),
    # 18:30, 0225:787878784 and https: have nothing behind their colon that ends it.
    ("no no-break space before :", re.compile("(?<!\u00a0):(?=\\s|$)")),
    ("space before : inside a word", re.compile(f"{_SPACE}:(?=[^\\s/)])")),
    ("no narrow space before ; ! ?", re.compile("(?<![\u202f;!?]);|(?<![\u202f!?…])[!?]")),
    ("no no-break space after «", re.compile("«(?!\u00a0|$)")),
    ("no no-break space before »", re.compile("(?<!\u00a0)(?<!^)»")),
    ("no no-break space before %", re.compile("(?<![\u00a0\u202f])%")),
    ("space before a comma or full stop", re.compile(f"{_SPACE}[,.](?!\\w)")),
    ("no space behind a comma", re.compile(r",(?=[^\W\d_])")),
    ("no no-break space before a currency", re.compile(rf"\d(?:| ){_CURRENCY}")),
    ("plain space between thousands", re.compile(
        rf"(?<![\w,.])\d{{1,3}}(?:[ \u00a0]\d{{3}})+(?=,\d|{_SPACE}(?:%|{_CURRENCY}))"
    )),
    ("thousands not apart", re.compile(
        rf"(?<![\w.,-])\d{{4,}}(?:,\d{{2}}\b|{_SPACE}{_CURRENCY})"
    )),
    ("point for a decimal comma", re.compile(rf"\d\.\d+{_SPACE}?(?:%|{_CURRENCY})")),
    ("hyphen for a minus", re.compile(rf"(?<![\w\u00a0\u202f/.+-])-{_SPACE}?\d")),
    ("hyphen for a dash", re.compile(f"{_SPACE}-{_SPACE}")),
    ("no no-break space after n°", re.compile("[Nn]°(?: ?\\d| x\\b)")),
    ("No for n°", re.compile(r"\b[Nn]o\.? ?\d")),
    ("1 for 1er", re.compile(rf"(?<![\d.,/:-])1{_SPACE}{_MONTH}")),
    ("hours not as 18:00", re.compile(
        rf"(?<![\w-])\d{{1,2}}{_SPACE}?h(?:{_SPACE}?\d{{2}})?(?!\w)"
    )),
    ("capital without its accent", re.compile(
        r"\b(?:Acces|Ecart|Echeance|Echéance|Ecran|Ecrire|Element|Elément|Equipe|Etat|Etes|Eviter)\b"
        r"|(?:^|[.?!]\s)A(?= (?:la|le|les|qui|quel|quelle|partir|payer|livrer|recevoir)\b)"
    )),
)  # fmt: skip


def faults(text: str) -> list[str]:
    """Name each typographic fault of a French text, with what stands around it.

    Addresses, commands, code and tags are not looked at, nor what a placeholder will hold. A text
    that is a fold or page arrow alone (« or ») has none.
    """
    shown = _CODE.sub("x", _ISOLATES.sub("", text))
    shown = html.unescape(_TAG.sub("", shown))
    shown = _PLACEHOLDER.sub("x", shown.replace("{{", "(").replace("}}", ")"))
    shown = _UNSPOKEN.sub("x", shown)
    found = []
    for name, pattern in _FAULTS:
        for match in pattern.finditer(shown):
            around = shown[max(0, match.start() - 12) : match.end() + 12]
            found.append(f"{name}: {around!r}")
    return found
