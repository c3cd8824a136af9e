"""An editor for the facts of a record: a card with all of them, a question for each.

A table of `Field`s lists what can be changed.  The card, the tap and the questions are derived
from it here, once for products, parties and the company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    side_by_side,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Input
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.services.work import Work


def as_text(value: Any, _reader: Reader) -> str:
    """Return the value as it is."""
    return str(value)


@dataclass(frozen=True)
class Field:
    """A fact that can be changed: its label, its question, how it is read and shown.

    With `empty` the question can be skipped, and the fact becomes that value.
    """

    key: str
    label: str
    prompt: str
    input: Input
    shown: Callable[[Any, Reader], str] = as_text
    optional: bool = field(default=False, kw_only=True)
    empty: Any = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Editable:
    """A record as its card of facts shows it: its name, and the value of each field."""

    id: int
    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Editor:
    """The tables of one kind of record; `subject` names its screen, the target of Back.

    `load(work, id)` raises the refusal for people who may not change it; `change(work, id, key,
    value=...)` calls the service.  `more(record, reader)` gives further rows of buttons.
    """

    subject: str
    fields: Sequence[Field]
    load: Callable[[Work, int], Editable]
    change: Callable[..., None]
    more: Callable[[Editable, Reader], Sequence[Row]] = lambda _record, _reader: ()
    home: str = ""

    @property
    def screen_name(self) -> str:
        """The name of the card of facts."""
        return f"edit_{self.subject}"

    @property
    def action_name(self) -> str:
        """The name of the tap that asks for one fact."""
        return f"change_{self.subject}"

    def _form_name(self, key: str) -> str:
        return f"{self.subject}_{key}"

    def _load(self, work: Work, id: int, _arguments: Arguments) -> Editable:
        return self.load(work, id)

    def render(self, record: Editable, reader: Reader) -> Card:
        """Render each fact with its present value; a tap asks for another."""
        facts = [
            reader.html(
                N_("{what}: {value}"),
                what=reader.text(each.label),
                value=each.shown(value, reader),
            )
            for each in self.fields
            for value in [record.values.get(each.key)]
            if value not in (None, "")
        ]
        buttons = [
            Button(reader.text(each.label), self.action_name, id=record.id, argument=each.key)
            for each in self.fields
        ]
        rows: list[Row] = side_by_side(buttons)
        way_back = back(reader, self.home or self.subject, id=record.id)
        return Card(
            lines(bold(record.title), *facts), (*rows, *self.more(record, reader), (way_back,))
        )

    def ask(self, turn: Turn, tap: Tap) -> None:
        """Ask for one fact."""
        self.load(turn.work, tap.id)
        if any(each.key == tap.argument for each in self.fields):
            turn.ask(self._form_name(tap.argument), id=tap.id)
        else:
            turn.show(self.screen_name, tap.id)

    def _finish(self, each: Field) -> Callable[[Turn, Answers], None]:
        def finish(turn: Turn, answers: Answers) -> None:
            value = answers["value"]
            record_id = answers.arguments["id"]
            kept = each.empty if value is None else value
            self.change(turn.work, record_id, each.key, value=kept)
            turn.show(self.screen_name, record_id)

        return finish

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The rows of SCREENS."""
        return (Screen(self.screen_name, self._load, self.render, subject=self.subject),)

    @property
    def actions(self) -> dict[str, Callable[[Turn, Tap], None]]:
        """The rows of ACTIONS."""
        return {self.action_name: self.ask}

    @property
    def forms(self) -> tuple[Form, ...]:
        """The rows of FORMS."""
        return tuple(
            Form(
                self._form_name(each.key),
                steps=(Step("value", each.prompt, each.input, optional=each.optional),),
                on_finish=self._finish(each),
            )
            for each in self.fields
        )
