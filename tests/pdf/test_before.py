"""Papers that were issued before there were templates: they are drawn as they were then."""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.domain.paper_look import STANDARD_LOOK
from core.domain.snapshot import load
from core.i18n import translator
from core.pdf import render
from tests.pdf.papers import LAYOUTS

SNAPSHOT = Path(__file__).with_name("snapshot_of_before.json").read_text(encoding="utf-8")
"""An invoice of three pages, as the first form kept it."""
DRAWN = {
    "en": "b8d8dfa010484193798086020a5bb936c4e7c9b57242cc7ab681726b3e4811dd",
    "fr": "4d597820a9c6e769295b9d57c8813c6241e29741a6eddb458d78d7bb0f74d77d",
}
"""The digests of what its pages draw, taken with the program of before."""


@pytest.mark.parametrize("language", DRAWN)
def test_a_paper_of_before_is_drawn_as_it_was(language):
    paper = load(SNAPSHOT, layout=LAYOUTS["Invoice"])
    content = render(paper, translator(language))
    pages = PdfReader(BytesIO(content)).pages
    drawn = b"".join(page.get_contents().get_data() for page in pages)
    assert hashlib.sha256(drawn).hexdigest() == DRAWN[language]


def test_its_form_knows_no_template():
    assert "look" not in json.loads(SNAPSHOT)
    assert load(SNAPSHOT, layout=LAYOUTS["Invoice"]).look == STANDARD_LOOK
