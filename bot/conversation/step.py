"""A form is data: a list of steps.  Back, skip, cancel and confirm exist once, in the runner.

    FORM = Form(
        "new_product",
        title=N_("New product"),
        steps=(
            Step("name", N_("What is it called?"), Text()),
            Step("price", N_("Its price?"), Money(), optional=True),
        ),
        on_finish=create_product,
        confirm=N_("Create"),
    )

`on_finish(turn, answers)` calls the service and shows what came of it.  `answers["price"]` is the
value that the input has read (None for a step that was skipped, or not shown), and
`answers.arguments` is what `turn.ask("new_product", **arguments)` was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.conversation.inputs import Input

if TYPE_CHECKING:
    from bot.base.turn import Turn

KEY = re.compile(r"[a-z][a-z0-9_]{0,11}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Answers(Mapping[str, Any]):
    """What was answered so far, by the key of the step, and what the form was opened with."""

    def __init__(self, values: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self.arguments = dict(arguments)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


Condition = Callable[[Answers], bool]


class BrokenForm(Exception):
    """A form that cannot work, found when it is built."""


@dataclass(frozen=True)
class Step:
    """One question.

    `prompt` is the English source text of the question; `{name}` in it is filled from the
    answers and arguments.  `label` names the answer in the summary before a confirmation; without
    one the summary leaves it out.  `show_if` leaves the step out when it says no.  `default` gives
    a value that a button offers; an `optional` step can be skipped and then answers None.
    """

    key: str
    prompt: str
    input: Input
    label: str = field(default="", kw_only=True)
    optional: bool = field(default=False, kw_only=True)
    show_if: Condition | None = field(default=None, kw_only=True)
    default: Callable[[Answers], Any] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise BrokenForm(f"{self.key!r} is no key: up to 12 small letters, digits and _")
        if not self.prompt.strip():
            raise BrokenForm(f"step {self.key} asks nothing")
        if not isinstance(self.input, Input):
            raise BrokenForm(f"step {self.key} has no input")

    def applies(self, answers: Answers) -> bool:
        """Whether the step is asked after these answers."""
        return self.show_if is None or self.show_if(answers)


@dataclass(frozen=True)
class Form:
    """Steps in order and what is done with the answers.

    `confirm` is the verb of the button that ends the form ("Create customer"); without it the
    last answer ends it.  A step's `show_if` sees the answers to the steps before it.

    A `silent` form is asked by a screen that is open (`Screen.answered_by`): the card shows that
    screen, and what is typed and no answer is read as if nothing had been asked.
    """

    name: str
    steps: tuple[Step, ...] = field(kw_only=True)
    on_finish: Callable[[Turn, Answers], None] = field(kw_only=True)
    title: str = field(default="", kw_only=True)
    confirm: str | None = field(default=None, kw_only=True)
    silent: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BrokenForm(f"{self.name!r} is no name of a form")
        if not self.steps:
            raise BrokenForm(f"form {self.name} has no steps")
        keys = [step.key for step in self.steps]
        if len(set(keys)) != len(keys):
            raise BrokenForm(f"form {self.name} asks for one key twice")
        if self.steps[0].show_if is not None and all(step.show_if for step in self.steps):
            raise BrokenForm(f"form {self.name} may have nothing to ask")
        if self.silent and (len(self.steps) > 1 or self.confirm):
            raise BrokenForm(f"form {self.name} asks more than it can say")
        if not callable(self.on_finish):
            raise BrokenForm(f"form {self.name} does nothing with its answers")

    def step(self, key: str) -> Step:
        """The step with this key.  Raises KeyError when the form has none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)
