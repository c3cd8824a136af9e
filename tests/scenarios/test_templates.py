"""Templates of papers, made by the owner and chosen by sales; what was issued stays as it was.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal

import pytest
from sqlalchemy import Connection

from bot.paper_maker import make_papers
from core.domain.people import MACHINE
from core.i18n import translator
from core.services.audit import audit
from core.storage.document_queries import document, documents_where
from tests.pdf.reading import colours_of, words_of
from tests.scenarios.stage import LEA, SAMSON, Stage
from tests.scenarios.test_holds import Speaker

RED, PLUM = "#a5112f", "#6d2a63"
PALE, LEAST = Decimal("1.1"), Decimal("4.5")
THANKS = {"en": "Thanks", "fr": "Merci"}
PAY = {
    "en": "Pay EUR 216.00 by 24 Dec 2026.",
    "fr": "À régler : 216,00 EUR avant le 24 déc. 2026.",
}


@pytest.fixture
def samson(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(SAMSON), translator(language))


@pytest.fixture
def lea(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(LEA), translator(language))


async def invoices(speaker: Speaker) -> bytes:
    """Bill freight to Martin by an order, and get the paper of the invoice."""
    await speaker.orders("Martin: 2x FREIGHT")
    await speaker.makes("IN", 2)
    await speaker.taps("paper")
    return speaker.chat.document()


async def paper_of(stage: Stage, number: str, language: str) -> bytes:
    """The paper of a document in a language."""

    def found(connection: Connection) -> int:
        return documents_where(connection, document.c.number == number)[0].id

    make = make_papers(stage.database)
    file = await make(await stage.asks(found), language, MACHINE)
    return file.content


async def opens_templates(samson: Speaker) -> None:
    await samson.says("/start")
    await samson.taps("settings")
    await samson.taps("templates")


async def writes(samson: Speaker, language: str, text: str) -> None:
    """Write the closing text of the template that is open, in a language."""
    name = str(samson.words.locale.languages[language])
    # TODO ('"write_text", "closing:en"',) || ('"write_text", "closing:fr"',)
    await samson.taps("Write: {language}", language=name)
    await samson.says(text)


async def makes_a_template(samson: Speaker) -> None:
    await opens_templates(samson)
    await samson.taps("add_template")
    await samson.says("Crimson red")
    await samson.taps("pick", "Standard")
    samson.chat.sees("Crimson red")
    await samson.taps("template_colour")
    await samson.taps("type_colour")
    await samson.says("#ffee00")
    samson.sees(
        "{colour} is too pale to be read on white: its contrast is {contrast}, and {least} is "
        "needed. Take a darker one.",
        colour="#ffee00", contrast=samson.words.number(PALE), least=samson.words.number(LEAST),
    )  # fmt: skip
    await samson.says("#A5112F")
    samson.chat.sees("#a5112f")


async def test_a_template_is_made_and_chosen_for_a_customer(stage, samson, lea, language):
    before = await invoices(lea)
    await makes_a_template(samson)
    await samson.taps("template_text", "closing")
    await writes(samson, "fr", "Bonjour {friend}")
    samson.chat.sees("{friend}", "{party}", "{due}")
    await samson.says("Merci {party}, {{merci}}.\nÀ régler : {total} avant le {due}.\n{valid}")
    await writes(samson, "en", "Thanks {party}, {{merci}}.\nPay {total} by {due}.\n{valid}")
    # Its sample is the newest paper of a kind, in the language of who asks.
    await samson.goes_back()
    await samson.taps("preview_template")
    sample = words_of(samson.chat.document())
    assert f"{THANKS[language]} Papeterie Martin, {{merci}}." in sample
    assert samson.text("Sample") in sample
    # Lea sets it for the customer, and his next invoice follows it.
    await lea.says("Martin")
    await lea.taps("edit_party")
    await lea.taps("change_party", "template_id")
    await lea.taps("pick", "Crimson red")
    lea.chat.sees("Crimson red")
    after = await invoices(lea)
    assert f"{THANKS[language]} Papeterie Martin, {{merci}}. {PAY[language]}" in words_of(after)
    assert RED in colours_of(after) - colours_of(before)
    # What is changed now changes later papers alone: this one is drawn as it was issued, also in
    # a language in which it was never drawn before, and the one before it is what it was.
    await opens_templates(samson)
    await samson.taps("template", "Crimson red"#)
    await samson.taps("template_text", "closing")
    for each in ("fr", "en"):
        await writes(samson, each, "Goodbye, {party}.")
    other = "fr" if language == "en" else "en"
    copy = await paper_of(stage, "IN-2026-0002", other)
    assert f"{THANKS[other]} Papeterie Martin, {{merci}}. {PAY[other]}" in words_of(copy)
    assert "Goodbye" not in words_of(copy)
    assert colours_of(await paper_of(stage, "IN-2026-0001", other)) == colours_of(before)
    await lea.says("IN-2026-0001")
    await lea.taps("paper")
    assert lea.chat.document() == before
    assert "Goodbye" in words_of(await invoices(lea))
    assert await stage.asks(audit) == []


async def test_a_draft_says_which_template_won(stage, samson, lea):
    def sees(name: str, source: str) -> None:
        value = f"{name} ({lea.text(source)})"
        lea.sees("{what}: {value}", what=lea.text("Template"), value=value)

    async def opens_terms() -> None:
        await lea.says("Martin: 1x FREIGHT")
        await lea.taps("keep_draft")
        await lea.taps("draft_terms")

    await opens_terms()
    sees("Standard", "the company's standard")
    await opens_templates(samson)
    await samson.taps("template_kinds")
    await samson.taps("template_of_kind", "sales_order")
    await samson.taps("follow_template", "sales_order")
    await opens_terms()
    sees("Elegant", "for papers of this kind")
    await lea.taps("ask_term", "template_id")
    await lea.taps("pick", "Compact")
    sees("Compact", "chosen for this paper")
    await lea.taps("ask_term", "template_id")
    await lea.taps("skip")
    sees("Elegant", "for papers of this kind")
    await lea.goes_back()
    await lea.taps("issue")
    await lea.taps("paper")
    assert PLUM in colours_of(lea.chat.document())


async def test_what_papers_follow_cannot_be_put_away(samson):
    await opens_templates(samson)
    await samson.taps("template", "Elegant"#)
    await samson.taps("standard_template")
    samson.sees("the company's standard")
    assert samson.text("Archive it") not in samson.chat.labels()
    await samson.goes_back()
    await samson.taps("template", "Standard"#)
    await samson.taps("archive_template")
    samson.sees("archived")
    await samson.taps("archive_template")
    samson.offers("Archive it", "Rename", "Duplicate")


async def test_every_part_of_a_template_turns_under_the_thumb(samson):
    await opens_templates(samson)
    await samson.taps("template", "Compact"#)
    for what, value in (("Design", "elegant"), ("Page", "Letter"), ("Logo size", "large")):
        # TODO ('"turn_template", "design"',) || ('"turn_template", "logo"',) || ('"turn_template", "page", 4',)
        await samson.chat.taps(samson.text(what))
        its = samson.text("{what}: {value}", what=samson.text(what), value=samson.text(value))
        assert its in samson.chat.labels()
    await samson.taps("template_parts")
    await samson.taps("part_of_template", "tax")
    await samson.goes_back()
    samson.sees("{what}: {value}", what=samson.text("Left out"), value=samson.text("Tax column"))
    await samson.taps("template_scope")
    await samson.taps("scope_of_template", "priced")
    await samson.goes_back()
    await samson.taps("template_samples")
    assert samson.text("Invoice") in samson.chat.labels()
    assert samson.text("Delivery note") not in samson.chat.labels()
    await samson.taps("preview_template", "quote")
    assert samson.text("Office chair") in words_of(samson.chat.document())
