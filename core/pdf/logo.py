"""The company's logo: judged, made small and written anew before it comes near a paper."""

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

MOST_BYTES: Final = 5_000_000
MOST_PIXELS: Final = 25_000_000
"""More than any logo has; an image that claims more is meant to fill the memory."""
PRINTED_PIXELS: Final = 900
"""The longer side, as it is embedded: 300 dots an inch over the widest place of a logo."""
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


class BadLogo(ValueError):
    """The bytes are no image that can be printed."""


@lru_cache(maxsize=8)
def prepare(content: bytes) -> tuple[bytes, int, int]:
    """Read an image and write it anew, without what may hide in it.

    Args:
        content: the image as it was sent: PNG, JPEG, WebP, GIF or BMP.

    Returns:
        A PNG, its width and its height in pixels.

    Raises:
        BadLogo: the bytes are no such image, are damaged, or are too many.
    """
    if len(content) > MOST_BYTES:
        raise BadLogo("the logo has too many bytes")
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadLogo("the logo has too many pixels")
            image.load()
            small = image.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as fault:
        raise BadLogo("the logo is no image that can be read") from fault
    small.thumbnail((PRINTED_PIXELS, PRINTED_PIXELS))
    if small.getchannel("A").getextrema() == (255, 255):
        # Without a transparent pixel, half of the bytes of a mask can be saved.
        small = small.convert("RGB")
    written = BytesIO()
    small.save(written, "PNG")
    return written.getvalue(), small.width, small.height
