"""The parts of a template: colour, design, page, logo, omitted parts, its kinds of papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.base.screen import Button, Card, Reader, Screen, back, bold, lines, side_by_side
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Input
from bot.conversation.step import Form, Step
from bot.screens.settings.template_words import (
    TURNED,
    WORDS,
    colour_words,
    every_scope,
    scope_label,
    scope_words,
)
from bot.screens.settings.templates import (
    Shown,
    asks,
    finish_change,
    load_template,
    preview_button,
)
from core.domain.documents import DOCUMENT_TYPES
from core.domain.messages import N_
from core.domain.papers.colours import PALETTE, accent_of
from core.domain.papers.look import PaperPart
from core.services import templates


def render_colours(shown: Shown, reader: Reader) -> Card:
    """Render the colours on offer, and the button for a custom one."""
    its = shown.template
    buttons = [
        Button(
            f"{'✓ ' if code == its.look.accent else ''}{reader.text(name)}",
            "colour_template", id=its.id, revision=its.revision, argument=code,
        )
        for code, name in PALETTE.items()
    ]  # fmt: skip
    own = Button(reader.text(N_("Custom colour")), "type_colour", id=its.id)
    now = reader.html(
        N_("{what}: {value}"), what=reader.text(N_("Colour")),
        value=colour_words(its.look.accent, reader),
    )  # fmt: skip
    text = lines(bold(its.name), now)
    return Card(text, (*side_by_side(buttons), (own,), (back(reader, "template", id=its.id),)))


def render_parts(shown: Shown, reader: Reader) -> Card:
    """Render the parts, with omitted ones crossed; a tap omits a part or restores it."""
    its = shown.template
    buttons = [
        Button(
            f"{'✗' if each in its.look.hidden else '✓'} {reader.text(WORDS[each])}",
            "part_of_template", id=its.id, revision=its.revision, argument=each.value,
        )
        for each in PaperPart
    ]  # fmt: skip
    text = lines(
        bold(its.name),
        reader.text(N_("✓ shown, ✗ hidden")),
        reader.text(N_("Several tax rates on a document are always shown, and so are discounts.")),
    )
    return Card(text, (*side_by_side(buttons), (back(reader, "template", id=its.id),)))


def render_scope(shown: Shown, reader: Reader) -> Card:
    """Render the papers the template is meant for; nothing marked means all."""
    its = shown.template
    buttons = [
        Button(
            f"{'✓ ' if each in its.scope else ''}{scope_label(each, reader)}",
            "scope_of_template", id=its.id, revision=its.revision, argument=each,
        )
        for each in every_scope()
    ]  # fmt: skip
    text = lines(
        bold(its.name),
        reader.html(
            N_("{what}: {value}"), what=reader.text(N_("Documents")),
            value=scope_words(its.scope, reader),
        ),
    )  # fmt: skip
    return Card(text, (*side_by_side(buttons), (back(reader, "template", id=its.id),)))


def render_samples(shown: Shown, reader: Reader) -> Card:
    """Render a sample of each kind of paper that may follow the template."""
    its = shown.template
    buttons = [
        preview_button(its, reader, kind=row.kind)
        for row in DOCUMENT_TYPES.values()
        if its.suits(row)
    ]
    text = lines(bold(its.name), reader.text(N_("Preview which document?")))
    return Card(text, (*side_by_side(buttons), (back(reader, "template", id=its.id),)))


def _change(turn: Turn, tap: Tap, **changes: Any) -> None:
    templates.change(turn.work, tap.id, revision=tap.revision, **changes)


def turn_template(turn: Turn, tap: Tap) -> None:
    """Switch one part of the look to its next value."""
    shown = load_template(turn.work, tap.id, {})
    if tap.argument in TURNED:
        values = list(TURNED[tap.argument][1])
        at = values.index(getattr(shown.template.look, tap.argument))
        _change(turn, tap, **{tap.argument: values[(at + 1) % len(values)]})
    turn.show("template", tap.id)


def colour_template(turn: Turn, tap: Tap) -> None:
    """Set one of the colours on offer."""
    _change(turn, tap, accent=tap.argument)
    turn.show("template", tap.id)


def part_of_template(turn: Turn, tap: Tap) -> None:
    """Omit a part, or restore it."""
    hidden = load_template(turn.work, tap.id, {}).template.look.hidden
    after = [each for each in PaperPart if (each in hidden) != (each.value == tap.argument)]
    _change(turn, tap, hidden=tuple(after))
    turn.show("template_parts", tap.id)


def scope_of_template(turn: Turn, tap: Tap) -> None:
    """Include papers in the template's scope, or exclude them again."""
    scope = load_template(turn.work, tap.id, {}).template.scope
    after = [each for each in every_scope() if (each in scope) != (each == tap.argument)]
    _change(turn, tap, scope=tuple(after))
    turn.show("template_scope", tap.id)


class Colour(Input):
    """A colour in web notation: "#a5112f"."""

    def read(self, text: str, asking: Asking) -> str:
        """Return the colour's code.  Raises NotAColour, ColourTooPale."""
        del asking
        return accent_of(text)


SCREENS: Final = (
    Screen("template_colour", load_template, render_colours, subject="template"),
    Screen("template_parts", load_template, render_parts, subject="template"),
    Screen("template_scope", load_template, render_scope, subject="template"),
    Screen("template_samples", load_template, render_samples, subject="template"),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "type_colour": asks("template_accent"),
    "turn_template": turn_template,
    "colour_template": colour_template,
    "part_of_template": part_of_template,
    "scope_of_template": scope_of_template,
}
FORMS: Final = (
    Form(
        "template_accent",
        steps=(Step("value", N_("Which colour? Type a code like #a5112f"), Colour()),),
        on_finish=finish_change("accent"),
    ),
)
