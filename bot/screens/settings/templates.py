"""Templates of papers: the list, the card of each with its content, and the papers that follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
    side_by_side,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Text
from bot.conversation.step import Answers, Form, Step
from bot.screens.settings.logo import logo_button
from bot.screens.settings.template_words import (
    TURNED,
    WORDS,
    colour_words,
    language_words,
    logo_words,
    scope_words,
)
from core.domain.documents import type_of
from core.domain.messages import N_
from core.domain.papers.look import LogoSize, TextPlace
from core.domain.papers.templates import Template
from core.domain.people import Ability
from core.services import templates
from core.services.rights import NotFound, require_ability
from core.services.templates import COMPANY, MOST_NAME
from core.services.work import Work

TITLE: Final = N_("Templates")
FOLLOWED: Final = N_("Default templates")


# --- The list ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Templates:
    """All templates, and the default template of each kind."""

    all: Sequence[Template]
    defaults: Mapping[str, int]

    @property
    def offered(self) -> list[Template]:
        """The templates that are not archived."""
        return [each for each in self.all if not each.archived]

    def kinds_of(self, template_id: int) -> list[str]:
        """Return the kinds whose default is this template."""
        return [kind for kind, found in self.defaults.items() if kind and found == template_id]

    def is_standard(self, template_id: int) -> bool:
        """Return whether it is the company's standard."""
        return self.defaults.get(COMPANY) == template_id


def load_templates(work: Work, _id: int, _arguments: Arguments) -> Templates:
    """Return all templates, for people who may change them.  Raises NotAllowed."""
    require_ability(work.actor, Ability.EDIT_TEMPLATES)
    return Templates(templates.every(work.connection), templates.defaults(work.connection))


def render_templates(found: Templates, reader: Reader) -> Card:
    """Render each template as a button: the standard is marked, and archived ones come last."""
    rows: list[Row] = [
        (opens(_name(each, found, reader), "template", id=each.id),)
        for each in sorted(found.all, key=lambda each: each.archived)
    ]
    rows += [
        (Button(reader.text(N_("New template")), "add_template"),),
        (opens(reader.text(FOLLOWED), "template_kinds"),),
    ]
    text = lines(
        bold(reader.text(TITLE)),
        reader.text(N_("✓ Used unless another is set.")),
    )
    return Card(text, (*rows, (back(reader, "settings"),)))


def _name(each: Template, found: Templates, reader: Reader) -> str:
    parts = [f"{'✓ ' if found.is_standard(each.id) else ''}{each.name}"]
    if each.archived:
        parts.append(reader.text(N_("archived")))
    elif each.scope:
        parts.append(scope_words(each.scope, reader))
    return " · ".join(parts)


# --- One of them --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A template among all of them."""

    template: Template
    among: Templates
    argument: str = ""


def load_template(work: Work, template_id: int, arguments: Arguments) -> Shown:
    """Return a template, for people who may change it.  Raises NotAllowed, NotFound."""
    among = load_templates(work, 0, arguments)
    found = next((each for each in among.all if each.id == template_id), None)
    if found is None:
        raise NotFound(subject="template")
    return Shown(found, among, str(arguments.get("argument", "")))


def render_template(shown: Shown, reader: Reader) -> Card:
    """Render the template's content; a tap on a part changes it, and a sample shows the result."""
    its = shown.template
    rows: list[Row] = []
    if not its.archived:
        rows.append((preview_button(its, reader, style="primary"),))
        rows += side_by_side(_looks(its, reader))
        rows += side_by_side(
            [opens(reader.text(WORDS[each]), "template_text", id=its.id, argument=each.value)
             for each in TextPlace]
        )  # fmt: skip
        rows += side_by_side(_uses(shown, reader))
    rows += _ways_out(shown, reader)
    return Card(lines(*_facts(shown, reader)), (*rows, (back(reader, "templates"),)))


def preview_button(its: Template, reader: Reader, *, kind: str = "", style: Any = None) -> Button:
    """Return the button that sends a sample: of a kind, or of the one that shows most."""
    label = reader.text(N_("Preview") if not kind else type_of(kind).label)
    return Button(label, "preview_template", id=its.id, argument=kind, style=style)


def _facts(shown: Shown, reader: Reader) -> list[Html]:
    its, look = shown.template, shown.template.look
    marks = [reader.text(N_("company default"))] * shown.among.is_standard(its.id)
    marks += [reader.text(N_("archived"))] * its.archived
    kinds = [reader.text(type_of(each).plural) for each in shown.among.kinds_of(its.id)]
    facts = {
        N_("Documents"): scope_words(its.scope, reader),
        N_("Default for"): reader.translator.list(kinds),
        N_("Design"): reader.text(WORDS[look.design]),
        N_("Colour"): colour_words(look.accent, reader),
        N_("Page"): reader.text(WORDS[look.page]),
        N_("Logo"): logo_words(look, reader),
        N_("Hidden"): reader.translator.list([reader.text(WORDS[each]) for each in look.hidden]),
        **{WORDS[place]: _languages(its, place, reader) for place in TextPlace},
    }
    said = [
        reader.html(N_("{what}: {value}"), what=reader.text(label), value=value)
        for label, value in facts.items()
        if value
    ]
    return [html(bold(its.name), *marks, between=" · "), *said]


def _languages(its: Template, place: TextPlace, reader: Reader) -> str:
    """Return the languages that have a text."""
    return reader.translator.list(
        [
            language_words(each.language, reader)
            for each in its.look.words
            if getattr(each, place.value)
        ]
    )


def _looks(its: Template, reader: Reader) -> list[Button]:
    buttons = [opens(reader.text(N_("Colour")), "template_colour", id=its.id)]
    for name, (label, _) in TURNED.items():
        if name == "logo_side" and its.look.logo is LogoSize.NONE:
            continue
        value = reader.text(WORDS[getattr(its.look, name)])
        words = reader.text(N_("{what}: {value}"), what=reader.text(label), value=value)
        buttons.append(
            Button(words, "turn_template", id=its.id, revision=its.revision, argument=name)
        )
    if its.look.logo is not LogoSize.NONE:
        buttons.append(logo_button(reader))
    buttons.append(opens(reader.text(N_("Hide parts")), "template_parts", id=its.id))
    return buttons


def _uses(shown: Shown, reader: Reader) -> list[Button]:
    its = shown.template
    buttons = [
        opens(reader.text(N_("Applies to")), "template_scope", id=its.id),
        opens(reader.text(N_("Other samples")), "template_samples", id=its.id),
    ]
    if not its.scope and not shown.among.is_standard(its.id):
        label = reader.text(N_("Make default"))
        buttons.append(Button(label, "standard_template", id=its.id))
    return buttons


def _ways_out(shown: Shown, reader: Reader) -> list[Row]:
    its = shown.template
    copy = Button(reader.text(N_("Duplicate")), "copy_template", id=its.id)
    if its.archived:
        label = reader.text(N_("Restore"))
        return [(Button(label, "archive_template", id=its.id, revision=its.revision), copy)]
    rename = Button(reader.text(N_("Rename")), "rename_template", id=its.id)
    if its.id in shown.among.defaults.values():
        return [(rename, copy)]
    label = reader.text(N_("Archive"))
    away = Button(label, "archive_template", id=its.id, revision=its.revision, style="danger")
    return [(rename, copy, away)]


# --- Actions ------------------------------------------------------------------------------------


def standard_template(turn: Turn, tap: Tap) -> None:
    """Make it the company's standard."""
    templates.make_default(turn.work, tap.id)
    turn.show("template", tap.id)


def archive_template(turn: Turn, tap: Tap) -> None:
    """Archive the template; the same button restores it."""
    shown = load_template(turn.work, tap.id, {})
    do = templates.take_up if shown.template.archived else templates.archive
    do(turn.work, tap.id, revision=tap.revision)
    turn.show("template", tap.id)


def preview_template(turn: Turn, tap: Tap) -> None:
    """Send a sample: of the newest paper of a kind, or of a made-up one."""
    load_template(turn.work, tap.id, {})
    kind, _, language = tap.argument.partition(":")
    turn.sample(tap.id, kind=kind, language=language or None)


# --- Questions ----------------------------------------------------------------------------------


def asks(form: str) -> Callable[[Turn, Tap], None]:
    """Return the tap that asks a form's question about a template."""

    def ask(turn: Turn, tap: Tap) -> None:
        load_template(turn.work, tap.id, {})
        turn.ask(form, template=tap.id)

    return ask


def add_template(turn: Turn, _tap: Tap) -> None:
    """Ask for a new template."""
    require_ability(turn.work.actor, Ability.EDIT_TEMPLATES)
    turn.ask("new_template", template=0)


def offered_names(asking: Asking) -> Mapping[str, str]:
    """Return the templates that are not archived, by their ids."""
    return {
        str(each.id): each.name
        for each in templates.every(asking.work.connection)
        if not each.archived
    }


def finish_template(turn: Turn, answers: Answers) -> None:
    """Make the copy and open it."""
    original = int(answers.arguments["template"] or answers["original"])
    template_id = templates.add(turn.work, name=answers["name"], copy_of=original)
    turn.show("template", template_id)


def _is_new(answers: Answers) -> bool:
    return not answers.arguments["template"]


def finish_change(key: str) -> Callable[[Turn, Answers], None]:
    """Return the handler that sets one part of a template to the answer."""

    def finish(turn: Turn, answers: Answers) -> None:
        template_id = answers.arguments["template"]
        revision = templates.load(turn.work.connection, template_id).revision
        templates.change(turn.work, template_id, revision=revision, **{key: answers["value"]})
        turn.show("template", template_id)

    return finish


SCREENS: Final = (
    Screen("templates", load_templates, render_templates),
    Screen("template", load_template, render_template, subject="template"),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "add_template": add_template,
    "copy_template": asks("new_template"),
    "rename_template": asks("template_name"),
    "standard_template": standard_template,
    "archive_template": archive_template,
    "preview_template": preview_template,
}
FORMS: Final = (
    Form(
        "new_template",
        steps=(
            Step("name", N_("What's the template name?"), Text(most=MOST_NAME)),
            Step(
                "original", N_("Which template should it copy?"),
                Choice(offered_names, translated=False), show_if=_is_new,
            ),
        ),
        on_finish=finish_template,
    ),
    Form(
        "template_name",
        steps=(Step("value", N_("What's the template name?"), Text(most=MOST_NAME)),),
        on_finish=finish_change("name"),
    ),
)  # fmt: skip
