"""Crimson's logo, drawn: a sign and the name."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

import core

# The fonts of the papers; their package is not imported, since it loads far more than them.
FONT: Final = Path(core.__file__).parent / "pdf" / "font_files" / "NotoSans-Bold.ttf"
CRIMSON: Final = (165, 17, 47)
WHITE: Final = (255, 255, 255)
SIZE: Final = (900, 240)
SIGN: Final = 240
"""The sign is a square of this many pixels at the left."""


def logo(name: str) -> bytes:
    """A PNG: a round-cornered square with the first letter, and the name beside it."""
    image = Image.new("RGB", SIZE, WHITE)
    drawing = ImageDraw.Draw(image)
    drawing.rounded_rectangle((0, 0, SIGN - 1, SIGN - 1), radius=44, fill=CRIMSON)
    middle = SIGN / 2
    large = ImageFont.truetype(FONT, 170)
    drawing.text((middle, middle), name[0], font=large, fill=WHITE, anchor="mm")
    wide = ImageFont.truetype(FONT, 124)
    drawing.text((SIGN + 44, middle), name, font=wide, fill=CRIMSON, anchor="lm")
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
