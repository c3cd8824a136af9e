"""Colours of papers: typed as `#rrggbb`, and dark enough to be read.

A text is legible when its contrast with what is behind it is 4.5 at least (WCAG 2.2, success
criterion 1.4.3).  An accent is printed on white and on a light shade, and white on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Final

from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.papers.look import STANDARD_ACCENT

WHITE: Final = "#ffffff"
SHADE: Final = "#f3f6f8"
"""The lightest shade behind a text of a paper."""
LEAST_CONTRAST: Final = Decimal("4.5")

PALETTE: Final[Mapping[str, str]] = {
    STANDARD_ACCENT: N_("Petrol"),
    "#1f4e9c": N_("Blue"),
    "#1f6b3f": N_("Green"),
    "#a5112f": N_("Crimson"),
    "#6d2a63": N_("Plum"),
    "#8a4510": N_("Copper"),
    "#33404d": N_("Slate"),
}
"""The colours that are offered, by their codes."""

_CODE = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


class NotAColour(Refusal):
    """What was typed is no colour."""

    code = "not_a_colour"
    fact_names = ("text",)


class ColourTooPale(Refusal):
    """A colour that could not be read on white."""

    code = "colour_too_pale"
    fact_names = ("colour", "contrast", "least")


def accent_of(text: str) -> str:
    """The code ("#rrggbb") of a typed colour that can be read on white and on the light shade.

    Raises:
        NotAColour, ColourTooPale.
    """
    found = _CODE.fullmatch(text.strip().lower())
    if found is None:
        raise NotAColour(text=text)
    digits = found[1]
    code = "#" + (digits if len(digits) == 6 else "".join(2 * each for each in digits))
    reached = min(contrast(code, WHITE), contrast(code, SHADE))
    if reached < LEAST_CONTRAST:
        raise ColourTooPale(colour=code, contrast=reached, least=LEAST_CONTRAST)
    return code


def contrast(one: str, other: str) -> Decimal:
    """The contrast of two colours by WCAG 2.2, from 1 (none) to 21, with one decimal."""
    low, high = sorted((_luminance(one), _luminance(other)))
    ratio = (high + _FLARE) / (low + _FLARE)
    # Rounded down: what is refused for 4.49 must not be told that it has 4.5.
    return ratio.quantize(Decimal("0.1"), ROUND_DOWN)


_FLARE: Final = Decimal("0.05")
_WEIGHTS: Final = (Decimal("0.2126"), Decimal("0.7152"), Decimal("0.0722"))


def _luminance(code: str) -> Decimal:
    """The relative luminance by WCAG 2.2: red, green and blue as bright as they are seen."""
    parts = (Decimal(part) / 255 for part in bytes.fromhex(code[1:]))
    return sum(
        (weight * _linear(part) for weight, part in zip(_WEIGHTS, parts, strict=True)),
        start=Decimal(0),
    )


def _linear(part: Decimal) -> Decimal:
    if part <= Decimal("0.04045"):
        return part / Decimal("12.92")
    exponent = Decimal("2.4")
    linear: Decimal = ((part + Decimal("0.055")) / Decimal("1.055")) ** exponent
    return linear
