"""Reading a drawn paper back, as a reader's program does."""

import re
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader

_SPACES = re.compile(r"[ \u00a0\u2009\u202f\u2066-\u2069\t]+")


def folded(text: str) -> str:
    """A text with every space as a plain one, and without marks of direction."""
    return _SPACES.sub(" ", text)


def pages_of(content: bytes) -> list[str]:
    """The text of each page."""
    return [folded(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def text_of(content: bytes) -> str:
    """The text of all pages, each piece on a line of its own."""
    return "\n".join(pages_of(content))


def words_of(content: bytes) -> str:
    """The text of all pages, with what was broken into lines put together again."""
    return " ".join(text_of(content).split())


def quick_pages_of(content: bytes) -> list[str]:
    """The text of each page by another reader, many times as quick: for tests of many papers."""
    found: list[str] = []
    for page in (document := pypdfium2.PdfDocument(content)):
        found.append(folded(page.get_textpage().get_text_range()))
        page.close()
    document.close()
    return found


def fonts_of(content: bytes) -> set[str]:
    """The names of the fonts, each with whether it is embedded and can be read back."""
    found: set[str] = set()
    for page in PdfReader(BytesIO(content)).pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            (descendant,) = font["/DescendantFonts"]
            embedded = "/FontFile2" in descendant.get_object()["/FontDescriptor"]
            found.add(f"{font['/BaseFont']} {embedded} {'/ToUnicode' in font}")
    return found


def pictures_of(content: bytes) -> list[Image.Image]:
    """Each page as an image."""
    return [page.render(scale=1).to_pil() for page in pypdfium2.PdfDocument(content)]


def codes_of(content: bytes) -> list[str]:
    """What the codes on the pages say."""
    pictures = [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(content)]
    found = [code for each in pictures for code in zxingcpp.read_barcodes(each)]
    # This reader takes mirrored codes too, and calls them turned; a telephone may not.
    assert all(code.orientation == 0 for code in found)
    return [code.text for code in found]


_COLOUR = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b")


def colours_of(content: bytes) -> set[str]:
    """The colours, but shades of grey, in which something is drawn, as "#rrggbb"."""
    drawn = b"".join(page.get_contents().get_data() for page in PdfReader(BytesIO(content)).pages)
    return {
        "#" + "".join(f"{round(255 * float(part)):02x}" for part in found)
        for found in _COLOUR.findall(drawn)
    }
