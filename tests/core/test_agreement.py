"""The word for a state agrees with the paper, in a language whose nouns have genders."""

import pytest
from bot.screens.documents.card import SETTLED_WORDS

from core.domain.documents import DOCUMENT_TYPES, DocumentKind
from core.domain.lifecycles import STATE_NAMES
from core.i18n import LANGUAGES, SECOND_FORM, translator

FEMININE = frozenset(
    {
        DocumentKind.SALES_ORDER, DocumentKind.RESERVATION, DocumentKind.INVOICE,
        DocumentKind.PURCHASE_ORDER, DocumentKind.BILL,
    }
)  # fmt: skip
"""In French: la commande, la réservation, la facture."""


@pytest.mark.parametrize("kind", DocumentKind)
def test_states_in_french(kind: DocumentKind) -> None:
    words = translator("fr")
    label = DOCUMENT_TYPES[kind].label
    for message in (*STATE_NAMES.values(), *SETTLED_WORDS.values()):
        if words.text(message) in {"brouillon", "à payer"}:
            continue
        said = words.agreeing(message, noun=label).split()[0]
        is_feminine = said.endswith(("ée", "ive"))
        assert is_feminine == (kind in FEMININE), (message, said)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_only_names_of_papers_are_listed_and_every_word_has_a_form(language: str) -> None:
    words = translator(language)
    names = {words.text(row.label) for row in DOCUMENT_TYPES.values()}
    listed = words.text(SECOND_FORM)
    assert listed == SECOND_FORM or set(listed.split("|")) <= names
    for row in DOCUMENT_TYPES.values():
        for message in STATE_NAMES.values():
            said = words.agreeing(message, noun=row.label)
            assert said
            assert "|" not in said
