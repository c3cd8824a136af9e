"""A text as a QR code, for the camera of the phone beside this one: a picture, or letters."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from segno import QRCode

SCALE: Final = 8
"""Points of a picture for each dot of the code."""
QUIET: Final = 4
"""Dots of white around it, as ISO/IEC 18004 wants them."""


def as_picture(text: str) -> bytes:
    """The code as a PNG."""
    made = BytesIO()
    _code(text).save(made, kind="png", scale=SCALE, border=QUIET)
    return made.getvalue()


def as_letters(text: str) -> str:
    """The code for a terminal: two rows of dots in each line."""
    made = StringIO()
    _code(text).terminal(made, border=QUIET, compact=True)
    return made.getvalue()


def _code(text: str) -> QRCode:
    # It brings readers and writers of XML along, and few starts draw a code.
    import segno

    return segno.make_qr(text)
