"""Pictures of strangers: what is kept of them, and what is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from core.domain.errors import Refusal
from core.files.pictures import MOST_BYTES, small_picture
from core.files.refusals import NoPicture, PictureTooLarge, PictureTooManyPixels
from tests.pdf.papers import picture


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + picture()[33:]


def of_a_phone() -> bytes:
    """A JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "At home"
    written = BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(small_picture(content)))


@pytest.mark.parametrize(
    ("sent", "form", "mode", "size"),
    [
        (picture(), "PNG", "RGB", (60, 20)),
        (picture((3000, 1500), mode="RGBA"), "PNG", "RGBA", (1000, 500)),
        (picture((500, 4000), "JPEG"), "JPEG", "RGB", (125, 1000)),
        (picture(kind="JPEG", mode="CMYK"), "JPEG", "RGB", (60, 20)),
        (picture(mode="P"), "PNG", "RGB", (60, 20)),
        (picture(mode="1"), "PNG", "RGB", (60, 20)),
        (of_a_phone(), "JPEG", "RGB", (20, 40)),
    ],
)
def test_a_picture_is_kept_small_and_upright(
    sent: bytes, form: str, mode: str, size: tuple[int, int]
) -> None:
    kept = opened(sent)
    assert (kept.format, kept.mode, kept.size) == (form, mode, size)
    assert not kept.getexif()


def test_what_can_be_seen_through_stays_so() -> None:
    assert opened(picture(mode="RGBA")).getpixel((0, 0)) == (255, 0, 0, 128)


def test_grey_with_sixteen_bits_stays_grey() -> None:
    written = BytesIO()
    Image.new("I;16", (20, 20), 0x8000).save(written, "PNG")
    assert opened(written.getvalue()).getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (b"", NoPicture),
        (b"%PDF-1.7 and more", NoPicture),
        (picture(kind="GIF"), NoPicture),
        (picture(kind="WEBP"), NoPicture),
        (picture((300, 300), "JPEG")[:-400], NoPicture),
        (picture()[:40], NoPicture),
        # A description of a kind that it cannot have.
        (of_a_phone().replace(b"\x01\x0e\x00\x02", b"\x01\x00\x00\x02"), NoPicture),
        (bytes(MOST_BYTES + 1), PictureTooLarge),
        (claiming(5000, 4001), PictureTooManyPixels),
        (claiming(12_000, 9_000), PictureTooManyPixels),
        (claiming(60_000, 60_000), PictureTooManyPixels),
    ],
)
def test_what_is_no_picture_or_too_much_is_refused(sent: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        small_picture(sent)
