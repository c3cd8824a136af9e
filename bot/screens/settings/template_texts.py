"""The texts of a template: one for each place and language, typed or ready-made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.base.focus import Option
from bot.base.screen import Button, Card, Reader, Row, Screen, back, bold, html, lines, quote
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import NOT_OFFERED, Asking, Text, Unclear
from bot.conversation.step import Answers, Form, Step
from bot.screens.settings.template_words import WORDS, language_words
from bot.screens.settings.templates import Shown, load_template
from core.domain.messages import N_
from core.domain.papers.look import TextPlace
from core.domain.papers.placeholders import LABELS, Placeholder, parts_of
from core.domain.texts import MOST_LETTERS
from core.i18n import LANGUAGES, translator
from core.services import templates
from core.services.rights import NotFound

READY: Final[Mapping[TextPlace, Mapping[str, str]]] = {
    TextPlace.OPENING: {
        N_("Thanks for the order"): N_("Dear {contact},\nthank you for your order."),
        N_("Offer"): N_("We are pleased to make you the following offer, valid until {valid}."),
    },
    TextPlace.CLOSING: {
        N_("How to pay"): N_("Please pay {total} by {due}, quoting {number}."),
        N_("Thanks"): N_("Thank you for your business."),
    },
    TextPlace.FOOTER: {
        N_("Terms and conditions"): N_("Our general terms and conditions apply."),
        N_("Retention of title"): N_("Goods remain our property until paid in full."),
    },
}
"""Common texts by subject, in every language of the catalogues."""
_THEMSELVES: Final = {each.value: f"{{{each.value}}}" for each in Placeholder}


def ready_text(place: TextPlace, label: str, language: str) -> str:
    """Return a ready-made text in a language, with its placeholders."""
    return translator(language).text(READY[place][label], **_THEMSELVES)


# --- The card -----------------------------------------------------------------------------------


def _place(argument: str) -> TextPlace:
    try:
        return TextPlace(argument)
    except ValueError:
        raise NotFound(subject="template") from None


def render_text(shown: Shown, reader: Reader) -> Card:
    """Render the text in each language, and the placeholders it may contain."""
    its, place = shown.template, _place(shown.argument)
    words = {each.language: getattr(each, place.value) for each in its.look.words}
    found = [
        lines(html(language_words(each, reader), ":"), quote(words[each]))
        for each in LANGUAGES
        if words.get(each)
    ]
    rows: list[Row] = []
    for each in LANGUAGES:
        name = language_words(each, reader)
        argument = f"{place.value}:{each}"
        row = [
            Button(
                reader.text(N_("Edit {language}"), language=name), "write_text", id=its.id,
                argument=argument,
            )
        ]  # fmt: skip
        if words.get(each):
            label = reader.text(N_("Remove"))
            row.append(
                Button(label, "clear_text", id=its.id, revision=its.revision, argument=argument)
            )
            label = reader.text(N_("Preview"))
            row.append(Button(label, "preview_template", id=its.id, argument=f":{each}"))
        rows.append(tuple(row))
    missing = [each for each in LANGUAGES if not words.get(each)]
    note = None
    if found and missing:
        note = reader.text(N_("Documents in other languages use the first text available."))
    text = lines(html(bold(its.name), reader.text(WORDS[place]), between=" · "), *found, note)
    return Card(text, (*rows, (back(reader, "template", id=its.id),)))


# --- Editing ------------------------------------------------------------------------------------


class TemplateText(Text):
    """A text with placeholders; ready-made ones are offered."""

    def __init__(self) -> None:
        super().__init__(note=True, most=MOST_LETTERS // 2)

    def read(self, text: str, asking: Asking) -> str:
        """Return the cleaned text.  Raises TextTooLong, UnknownPlaceholder."""
        found = super().read(text, asking)
        parts_of(found)
        return found

    def options(self, asking: Asking) -> Sequence[Option]:
        """Return the ready-made texts by subject."""
        labels = READY[TextPlace(asking.answers.arguments["place"])]
        return [Option(str(at), asking.reader.text(each)) for at, each in enumerate(labels)]

    def pick(self, key: str, asking: Asking) -> str:
        """Return a ready-made text in the requested language.  Raises Unclear."""
        said = asking.answers.arguments
        place = TextPlace(said["place"])
        labels = dict(enumerate(READY[place]))
        if not key.isdecimal() or int(key) not in labels:
            raise Unclear(NOT_OFFERED)
        return ready_text(place, labels[int(key)], said["language"])


def placeholder_words(reader: Reader) -> str:
    """Return all placeholders with their meanings."""
    return "\n".join(f"{{{each.value}}} {reader.text(label)}" for each, label in LABELS.items())


def write_text(turn: Turn, tap: Tap) -> None:
    """Ask for the text of a place in a language."""
    load_template(turn.work, tap.id, {})
    place, _, language = tap.argument.partition(":")
    if language not in LANGUAGES:
        raise NotFound(subject="template")
    turn.ask(
        "template_text",
        template=tap.id,
        place=_place(place).value,
        language=language,
        name=language_words(language, turn.reader),
        known=placeholder_words(turn.reader),
    )


def finish_text(turn: Turn, answers: Answers) -> None:
    """Store the text."""
    said = answers.arguments
    _write(turn, said["template"], answers["text"], place=said["place"], language=said["language"])


def clear_text(turn: Turn, tap: Tap) -> None:
    """Remove the text of a place in one language."""
    place, _, language = tap.argument.partition(":")
    _write(turn, tap.id, "", place=place, language=language)


def _write(turn: Turn, template_id: int, text: str, *, place: str, language: str) -> None:
    revision = templates.load(turn.work.connection, template_id).revision
    templates.write(
        turn.work, template_id, text, place=_place(place), language=language, revision=revision
    )
    turn.show("template_text", template_id, argument=place)


SCREENS: Final = (Screen("template_text", load_template, render_text, subject="template"),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "write_text": write_text,
    "clear_text": clear_text,
}
FORMS: Final = (
    Form(
        "template_text",
        steps=(
            Step(
                "text",
                N_(
                    "Which text should documents in {name} have? You can use:\n"
                    "{known}\nA line is left out if the document has no value for"
                    " it."
                ),
                TemplateText(),
            ),
        ),
        on_finish=finish_text,
    ),
)
