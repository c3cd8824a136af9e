"""Papers that were issued before there were templates: they are drawn as they were then."""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pytest
from core.domain.papers.look import STANDARD_LOOK
from core.domain.papers.snapshot import load
from pypdf import PdfReader

from core.i18n import translator
from core.pdf import render
from tests.pdf.papers import LAYOUTS

SNAPSHOT = Path(__file__).with_name("snapshot_of_before.json").read_text(encoding="utf-8")
"""An invoice of three pages, as the first form kept it."""
DRAWN = {
    "en": "fcd74a50bbf7817d79615e2270f3000ded2be562980313d9a2538ae029151eb3",
    "fr": "11ca264b7521e13da990aa6f7f22d19557d84c0067dfa36953a3bb4fc33dba85",
}
"""The digests of what its pages draw, taken with the program of before; since then only the sign
of its three amounts below zero has changed, from a hyphen to a minus, which then came into the
font of the text (the same drawing: the pictures of the pages were compared)."""


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
