"""A picture that somebody sent, judged and made small before it is kept; nothing else is read."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from core.domain.errors import Refusal
from core.files.refusals import NoPicture, PictureTooLarge, PictureTooManyPixels

MILLION: Final = 1_000_000
MOST_BYTES: Final = 5 * MILLION
MOST_PIXELS: Final = 20 * MILLION
"""More than a phone's camera needs; a picture that claims more is meant to fill the memory."""
MOST_SIDE: Final = 1_000
"""Pixels of the longer side that are kept: more than is printed of any logo."""
FORMATS: Final = ("PNG", "JPEG")
QUALITY: Final = 90


def small_picture(content: bytes) -> bytes:
    """The picture again, upright, small, and without what else was in its file.

    A PNG stays one and keeps what can be seen through; a JPEG stays one.

    Args:
        content: a PNG or a JPEG as it was sent.

    Raises:
        PictureTooLarge: it has more than 5 megabytes.
        PictureTooManyPixels: it has more than 20 million pixels.
        NoPicture: it is neither, or it is damaged.
    """
    if len(content) > MOST_BYTES:
        raise PictureTooLarge(most=MOST_BYTES // MILLION)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            return _written(image, "PNG" if image.format == "PNG" else "JPEG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PictureTooManyPixels(most=MOST_PIXELS // MILLION) from bomb
    except Refusal:
        raise
    except Exception as fault:
        # Pillow has no error of its own for damaged bytes: its parsers end in any.
        raise NoPicture from fault


def _written(image: Image.Image, form: str) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise PictureTooManyPixels(most=MOST_PIXELS // MILLION)
    image.load()
    if image.mode.startswith("I"):
        # Grey with 16 bits, which `convert` would cut to white.
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    seen_through = form == "PNG" and image.has_transparency_data
    small = ImageOps.exif_transpose(image).convert("RGBA" if seen_through else "RGB")
    small.thumbnail((MOST_SIDE, MOST_SIDE))
    # Neither an old profile of colours nor a place and a camera is kept.
    small.info = {}
    written = BytesIO()
    small.save(written, form, quality=QUALITY)
    return written.getvalue()
