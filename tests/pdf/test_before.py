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
    "en": "1ad32f39bb21e2639818f2aba6fa9868f03e4ad8ec8d8ab237e32c191a24d9b9",
    "fr": "3302eb7d1eedf33bfa6b2a2e36b6d7aa380ff36c525a4e8f7a2b882f8a2ab6ec",
}
"""The digests of what its pages draw, taken with the program of before; since then only the sign
of its three amounts below zero has changed, from a hyphen to a minus."""


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
