"""Papers that were issued before there were templates: they are drawn as they were then."""

import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.domain.papers.look import STANDARD_LOOK
from core.domain.papers.snapshot import dump, load
from core.i18n import translator
from core.pdf import render
from tests.pdf.papers import LAYOUTS
from tests.pdf.reading import words_of

SNAPSHOT = Path(__file__).with_name("snapshot_of_before.json").read_text(encoding="utf-8")
"""An invoice of three pages, as the first form kept it."""
DRAWN = {
    "en": "f993f8220f6540328930692cb6678745b0113819169235e545411e3729d13136",
    "fr": "70ab1f28fc779efad37257cfd8d8dd7c0f3f62e601b91b4859d038816eed848f",
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


def form_2_with_units(*units):
    """A paper of the second form whose lines are counted in these units."""
    facts = json.loads(SNAPSHOT) | {"format": 2}
    line = facts["lines"][0]
    facts["lines"] = [line | {"position": at, "unit": unit} for at, unit in enumerate(units, 1)]
    return json.dumps(facts)


def units_printed(paper, language):
    """The unit of each line: between its quantity and its price."""
    words = words_of(render(paper, translator(language)))
    return re.findall(r" 20 (\S+) 1 ?\S?899", words)


def test_a_paper_of_before_translates_the_units_that_were_translated_then():
    text = form_2_with_units("m", "metre", "roll", "pcs")
    paper = load(text, layout=LAYOUTS["Invoice"])
    assert units_printed(paper, "fr") == ["m", "mètre", "roll", "pcs"]
    # What has a label is written in the form of today with it, and is drawn the same again.
    again = load(dump(paper), layout=LAYOUTS["Invoice"])
    assert again == paper
    assert units_printed(again, "fr") == ["m", "mètre", "roll", "pcs"]
