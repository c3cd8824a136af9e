"""Telegram's HTML, made in one place: whatever is not marked as safe is escaped.

`html("a < b")` gives `a &lt; b`, while `bold(name)` gives an `Html` that other helpers leave as it
is.  So a hostile name can neither break a card nor write into it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from itertools import takewhile

from bot.base import telegram_limits

TOKEN = re.compile(r"<(/?)([a-z-]+)[^>]*>|&[#a-z0-9]+;|.", re.DOTALL)
# Bounds of a placeholder: characters for private use, which no language has.
OPEN, CLOSE = "\ue000", "\ue001"
PLACE = re.compile(f"{OPEN}([a-z_]+){CLOSE}")


class Html(str):
    """A text whose special characters are escaped already."""

    __slots__ = ()


def html(*parts: object, between: str = "") -> Html:
    """Join parts into one safe text; what is no `Html` is escaped."""
    return Html(html_of(between).join(html_of(part) for part in parts))


def html_of(part: object) -> Html:
    """One part as safe text."""
    return part if isinstance(part, Html) else Html(escape(str(part), quote=False))


def lines(*parts: object) -> Html:
    """One line for each part; None and empty parts are left out."""
    return html(*(part for part in parts if part is not None and str(part)), between="\n")


def bold(part: object) -> Html:
    """In bold."""
    return Html(f"<b>{html_of(part)}</b>")


def italic(part: object) -> Html:
    """In italics."""
    return Html(f"<i>{html_of(part)}</i>")


def code(part: object) -> Html:
    """In the type that a tap copies: numbers of papers, IBANs."""
    return Html(f"<code>{html_of(part)}</code>")


def quote(part: object) -> Html:
    """A quotation that is folded when it is long."""
    return Html(f"<blockquote expandable>{html_of(part)}</blockquote>")


def filled(translated: str, places: Mapping[str, Html]) -> Html:
    """A translated text made safe, and then its places (see `placeholder`) filled."""
    safe = html_of(translated)
    return Html(PLACE.sub(lambda found: places.get(found[1], Html(found[1])), safe))


def placeholder(name: str) -> str:
    """What stands for a value while its sentence is translated and escaped."""
    return f"{OPEN}{name}{CLOSE}"


def units(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> str:
    """What is left without any tags, for the case that Telegram cannot parse them."""
    return unescape(re.sub(r"</?[a-z-]+[^>]*>", "", text))


def cut(text: Html, limit: int = telegram_limits.TEXT) -> Html:
    """At most `limit` units of visible text, with every open tag closed again.

    What is cut ends with an ellipsis.  Tags and entities are never cut in two.
    """
    if units(plain(text)) <= limit:
        return text
    kept: list[str] = []
    open_tags: list[str] = []
    left = limit - 1
    for token in TOKEN.finditer(text):
        if token[2]:
            _follow(open_tags, token)
        else:
            left -= units(unescape(token[0]))
            if left < 0:
                break
        kept.append(token[0])
    closing = "".join(f"</{tag}>" for tag in reversed(open_tags))
    return Html(f"{''.join(kept)}…{closing}")


def _follow(open_tags: list[str], token: re.Match[str]) -> None:
    if token[1]:
        open_tags.pop()
    else:
        open_tags.append(token[2])


def shortened(text: str, limit: int) -> str:
    """A plain text of at most `limit` UTF-16 units: button labels, answers to taps."""
    if units(text) <= limit:
        return text
    total = 0

    def fits(character: str) -> bool:
        nonlocal total
        total += units(character)
        return total < limit

    return f"{''.join(takewhile(fits, text))}…"
