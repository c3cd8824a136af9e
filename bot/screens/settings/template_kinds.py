"""The default template of each kind of paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    lines,
    opens,
    side_by_side,
)
from bot.base.turn import Tap, Turn
from bot.screens.settings.templates import FOLLOWED, Templates, load_templates
from core.domain.documents import DOCUMENT_TYPES, type_of
from core.domain.messages import N_
from core.services import templates
from core.services.rights import NotFound
from core.services.work import Work


def render_kinds(found: Templates, reader: Reader) -> Card:
    """Render each kind with its default template."""
    names = {each.id: each.name for each in found.all}
    rows: list[Row] = [
        (
            opens(
                f"{reader.text(row.plural)} · "
                + (
                    names[found.defaults[row.kind]]
                    if row.kind in found.defaults
                    else reader.text(N_("the default"))
                ),
                "template_of_kind",
                argument=row.kind,
            ),
        )
        for row in DOCUMENT_TYPES.values()
    ]
    return Card(bold(reader.text(FOLLOWED)), (*rows, (back(reader, "templates"),)))


def load_kind(work: Work, _id: int, arguments: Arguments) -> tuple[Templates, str]:
    """Return a kind and the templates it may follow.  Raises NotAllowed, NotFound."""
    kind = str(arguments.get("argument", ""))
    if kind not in DOCUMENT_TYPES:
        raise NotFound(subject="kind")
    return load_templates(work, 0, arguments), kind


def render_kind(shown: tuple[Templates, str], reader: Reader) -> Card:
    """Render the templates meant for the kind; its default is marked."""
    found, kind = shown
    row = type_of(kind)
    now = found.defaults.get(kind)
    buttons = [
        Button(
            f"{'✓ ' if each.id == now else ''}{each.name}",
            "follow_template", id=each.id, argument=kind,
        )
        for each in found.offered
        if each.suits(row)
    ]  # fmt: skip
    standard = reader.text(N_("the default"))
    buttons.append(Button(f"{'' if now else '✓ '}{standard}", "follow_template", argument=kind))
    text = lines(bold(reader.text(row.plural)), reader.text(N_("Which template should they use?")))
    return Card(text, (*side_by_side(buttons), (back(reader, "template_kinds"),)))


def follow_template(turn: Turn, tap: Tap) -> None:
    """Set the default template of a kind, or reset it to the standard."""
    if tap.id:
        templates.make_default(turn.work, tap.id, kind=tap.argument)
    else:
        templates.end_default(turn.work, tap.argument)
    turn.show("template_kinds")


SCREENS: Final = (
    Screen("template_kinds", load_templates, render_kinds),
    Screen("template_of_kind", load_kind, render_kind),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {"follow_template": follow_template}
