"""Templates of papers, made by the owner and chosen by sales; what was issued stays as it was.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal

from sqlalchemy import Connection

from bot.screens.settings.template_words import SOURCES
from core.domain.papers.templates import Source
from core.domain.people import MACHINE
from core.papers.maker import make_papers
from core.storage.queries.document_queries import document, documents_where
from tests.pdf.reading import colours_of, words_of
from tests.people import Person
from tests.scenarios.stage import Stage

RED, PLUM = "#a5112f", "#6d2a63"
THANKS = {"en": "Thanks", "fr": "Merci"}
PAY = {
    "en": "Pay EUR 216.00 by 24 Dec 2026.",
    "fr": "À régler : 216,00 EUR avant le 24 déc. 2026.",
}


async def invoices(person: Person) -> bytes:
    """Bill freight to Martin by an order, and get the paper of the invoice."""
    await person.orders("Martin: 2x FREIGHT")
    await person.makes("IN", 2)
    await person.taps("paper")
    return person.document()


async def paper_of(stage: Stage, number: str, language: str) -> bytes:
    """The paper of a document in a language."""

    def found(connection: Connection) -> int:
        return documents_where(connection, document.c.number == number)[0].id

    make = make_papers(stage.database)
    file = await make(await stage.asks(found), language, MACHINE)
    return file.content


async def opens_templates(samson: Person) -> None:
    await samson.says("/start")
    await samson.taps_all("settings", "templates")


async def writes(samson: Person, language: str, text: str) -> None:
    """Write the closing text of the template that is open, in a language."""
    await samson.taps("write_text", f"closing:{language}")
    await samson.says(text)


async def makes_a_template(samson: Person) -> None:
    await opens_templates(samson)
    await samson.taps("add_template")
    await samson.says("Crimson red")
    await samson.taps("pick", "Standard")
    samson.sees("Crimson red")
    await samson.taps_all("template_colour", "type_colour")
    await samson.says("#ffee00")
    samson.is_refused("colour_too_pale", "#ffee00", Decimal("1.1"), Decimal("4.5"))
    await samson.says("#A5112F")
    samson.sees("#a5112f")


async def test_a_template_is_made_and_chosen_for_a_customer(stage, samson, lea, language):
    before = await invoices(lea)
    await makes_a_template(samson)
    await samson.taps("template_text", "closing")
    await writes(samson, "fr", "Bonjour {friend}")
    samson.is_refused("unknown_placeholder", "{friend}", "{party}", "{due}")
    await samson.says("Merci {party}, {{merci}}.\nÀ régler : {total} avant le {due}.\n{valid}")
    await writes(samson, "en", "Thanks {party}, {{merci}}.\nPay {total} by {due}.\n{valid}")
    # Its sample is the newest paper of a kind, in the language of who asks.
    await samson.goes_back()
    await samson.taps("preview_template")
    sample = words_of(samson.document())
    assert f"{THANKS[language]} Papeterie Martin, {{merci}}." in sample
    # Lea sets it for the customer, and the next invoice follows it.
    await lea.says("Martin")
    await lea.taps_all("edit_party", ("change_party", "template_id"), ("pick", "Crimson red"))
    lea.sees("Crimson red")
    after = await invoices(lea)
    assert f"{THANKS[language]} Papeterie Martin, {{merci}}. {PAY[language]}" in words_of(after)
    assert RED in colours_of(after) - colours_of(before)
    # What is changed now changes later papers alone: this one is drawn as it was issued, also in
    # a language in which it was never drawn before, and the one before it is what it was.
    await opens_templates(samson)
    await samson.taps_all(("template", "Crimson red"), ("template_text", "closing"))
    for each in ("fr", "en"):
        await writes(samson, each, "Goodbye, {party}.")
    other = "fr" if language == "en" else "en"
    copy = await paper_of(stage, "IN-2026-0002", other)
    assert f"{THANKS[other]} Papeterie Martin, {{merci}}. {PAY[other]}" in words_of(copy)
    assert "Goodbye" not in words_of(copy)
    assert colours_of(await paper_of(stage, "IN-2026-0001", other)) == colours_of(before)
    await lea.says("IN-2026-0001")
    await lea.taps("paper")
    assert lea.document() == before
    assert "Goodbye" in words_of(await invoices(lea))


async def test_a_draft_says_which_template_won(samson, lea):
    async def opens_terms() -> None:
        await lea.says("Martin: 1x FREIGHT")
        await lea.taps_all("keep_draft", "draft_terms")

    def sees(name: str, source: Source) -> None:
        lea.sees_line(name, lea.words.text(SOURCES[source]))

    await opens_terms()
    sees("Standard", Source.COMPANY)
    await opens_templates(samson)
    await samson.taps_all("template_kinds", ("template_of_kind", "sales_order"))
    await samson.taps("follow_template", "Elegant")
    await opens_terms()
    sees("Elegant", Source.KIND)
    await lea.taps_all(("ask_term", "template_id"), ("pick", "Compact"))
    sees("Compact", Source.DOCUMENT)
    await lea.taps_all(("ask_term", "template_id"), "skip")
    sees("Elegant", Source.KIND)
    await lea.goes_back()
    await lea.taps_all("issue", "paper")
    assert PLUM in colours_of(lea.document())


async def test_what_papers_follow_cannot_be_put_away(samson):
    await opens_templates(samson)
    await samson.taps_all(("template", "Elegant"), "standard_template")
    assert not samson.can("archive_template")
    await samson.goes_back()
    await samson.taps_all(("template", "Standard"), "archive_template")
    assert not samson.can("standard_template"), "it is archived"
    await samson.taps("archive_template")
    for action in ("archive_template", "rename_template", "copy_template"):
        assert samson.can(action)


async def test_every_part_of_a_template_turns_under_the_thumb(samson):
    await opens_templates(samson)
    await samson.taps("template", "Compact")
    for part in ("design", "page", "logo"):
        before = samson.button("turn_template", part).label
        await samson.taps("turn_template", part)
        assert samson.button("turn_template", part).label != before
    await samson.taps("template_parts")
    tax_column = samson.button("part_of_template", "tax").label.removeprefix("✓ ")
    await samson.taps("part_of_template", "tax")
    await samson.goes_back()
    samson.sees(tax_column)
    await samson.taps_all("template_scope", ("scope_of_template", "priced"))
    await samson.goes_back()
    await samson.taps("template_samples")
    assert samson.can("preview_template", "invoice")
    assert not samson.can("preview_template", "delivery_note")
    await samson.taps("preview_template", "quote")
    assert samson.words.text("Office chair") in words_of(samson.document())
