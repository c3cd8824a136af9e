"""The form runner asks the steps of a form and takes answers; back and skip live here alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.base.approval_offer import unless_beyond
from bot.base.callbacks import Tap
from bot.base.focus import Option, Question, new_token
from bot.base.handlers import TypedHandler
from bot.base.markup import shortened
from bot.base.refusal_sentences import sentence_of
from bot.base.screen import BACK, Button, Card, Html, OpenScreen, Reader, Row, bold, lines
from bot.base.turn import Turn, Typed
from bot.conversation import engine
from bot.conversation.inputs import Asking, Unclear
from bot.conversation.step import Answers, Form, Step
from core.domain.errors import NotANumber, Refusal
from core.domain.messages import N_
from core.services.rights import Changed
from core.services.work import Work

FORM_ACTIONS: Final = frozenset({"pick", "skip", "step_back", "cancel", "finish"})
"""What taps on the buttons of a form are called: these names are the runner's own."""

SKIP: Final = N_("Skip")
CANCEL: Final = N_("Cancel")
NO_TEXT: Final = N_("Please type some text.")
ANSWERED: Final = N_("{what}: {value}")
LABEL_LIMIT: Final = 40
DEFAULT: Final = "="


@dataclass(frozen=True)
class Asked:
    """A question with its form."""

    question: Question
    form: Form

    @property
    def step(self) -> Step:
        """The step that is asked."""
        return self.form.step(self.question.step)


class FormRunner:
    """Runs the forms of all modules: asks their steps, takes what is typed and tapped.

    `openers` are tried on a text before it counts as the answer to a question that takes numbers
    only: what is exactly the number of a paper opens that paper.
    """

    def __init__(self, forms: Mapping[str, Form], openers: Sequence[TypedHandler]) -> None:
        self._forms = forms
        self._openers = openers

    # --- Asking ---------------------------------------------------------------------------

    def ask(
        self, turn: Turn, name: str, arguments: Mapping[str, Any], *, answered: Mapping[str, Any]
    ) -> None:
        """Ask the first step of a form that has no answer, in the tapped card or in a new one."""
        form = self._forms[name]
        card = turn.card if turn.is_card(turn.card) else None
        turn.lose_question(but=turn.replaces or card)
        known = Answers(answered, arguments)
        step = engine.first(form, known)
        while step is not None and step.key in answered:
            step = engine.following(form, step.key, known)
        if step is None:
            raise ValueError(f"form {name} has nothing to ask with these arguments")
        question = Question(
            chat_id=turn.incoming.chat_id,
            person_id=turn.work.actor.person_id,
            form=name,
            step=step.key,
            token=new_token(),
            values={key: form.step(key).input.keep(value) for key, value in answered.items()},
            arguments=arguments,
            message_id=card,
        )
        _put(turn, question)

    def listen(self, turn: Turn, name: str, opened: OpenScreen) -> None:
        """Take what is typed while a screen is open as the answer to a silent form."""
        question = Question(
            chat_id=turn.incoming.chat_id,
            person_id=turn.work.actor.person_id,
            form=name,
            step=self._forms[name].steps[0].key,
            token=new_token(),
            arguments={"id": opened.id, "kept": dict(opened.arguments)},
            message_id=turn.card,
            silent=True,
        )
        _put(turn, question)

    # --- Answers --------------------------------------------------------------------------

    def answer(self, turn: Turn, typed: Typed) -> bool:
        """Take a text or a file as the answer to the chat's question; False when it is none."""
        asked = self._open(turn)
        if asked is None or not asked.question.step or typed.edited:
            return False
        step, question = asked.step, asked.question
        # A caption under a file that was asked for never opens a paper.
        is_answer = step.input.wants_file and typed.attachment is not None
        if not (is_answer or step.input.takes_any_text) and self._opens(turn, typed):
            if turn.question is not None and turn.question.token == question.token:
                # What was opened asks nothing itself.
                turn.lose_question()
            return True
        if asked.form.silent:
            return _answer_silent(turn, typed, asked)
        turn.replaces = question.message_id
        question = replace(question, message_id=None)
        asking = _asking(turn, asked)
        try:
            value = _read(step, typed, asking)
        except Unclear as unclear:
            problem = turn.reader.text(unclear.message, **unclear.facts)
            _again(turn, question, problem=problem, options=unclear.options)
        except Refusal as refusal:
            _again(turn, question, problem=sentence_of(refusal, turn.reader))
        else:
            _advance(turn, replace(asked, question=question), value=step.input.keep(value))
        return True

    def tap(self, turn: Turn, tapped: Tap) -> None:
        """Take a tap on a button of a question; an outdated one only renders the present state."""
        asked = self._open(turn)
        if asked is None:
            return
        question = asked.question
        if (question.token, question.message_id) == (tapped.revision, tapped.message_id):
            TAPS[tapped.action](turn, tapped, asked)

    def _opens(self, turn: Turn, typed: Typed) -> bool:
        """Try what a text may open by itself: the number of a paper, a barcode."""
        found = any(handler(turn, typed) for handler in self._openers)
        if found:
            turn.origin = typed.message_id
        return found

    def _open(self, turn: Turn) -> Asked | None:
        """Return the chat's question with its form, unless it has expired or its form is gone."""
        question = turn.question
        form = self._forms.get(question.form) if question else None
        keys = {step.key for step in form.steps} | {""} if form else set[str]()
        over = question is not None and question.is_over(turn.work.now)
        if question is None or over or question.step not in keys:
            turn.lose_question(but=turn.card)
            return None
        assert form is not None
        return Asked(question, form)


def _put(turn: Turn, question: Question) -> None:
    """Keep the next state, and have it rendered: in its card, or in a new one below."""
    turn.keep_question(question)
    if question.message_id is None:
        turn.asked = question.token


def _answer_silent(turn: Turn, typed: Typed, asked: Asked) -> bool:
    """Take a text for the screen that is open; a text that is no answer is left to be read.

    A refusal is told, and the screen stays open.
    """
    turn.end_question()
    try:
        value = _read(asked.step, typed, _asking(turn, asked))
    except (Unclear, NotANumber):
        return False
    turn.replaces = asked.question.message_id
    asked.form.on_finish(turn, Answers({asked.step.key: value}, asked.question.arguments))
    return True


def _read(step: Step, typed: Typed, asking: Asking) -> Any:
    if step.input.wants_file:
        if typed.attachment is None:
            # It says what is needed instead.
            return step.input.read(typed.text, asking)
        return step.input.read_file(typed.attachment, asking)
    if typed.attachment is not None:
        raise Unclear(NO_TEXT)
    return step.input.read(typed.text, asking)


def _pick(turn: Turn, tapped: Tap, asked: Asked) -> None:
    step, question = asked.step, asked.question
    asking = _asking(turn, asked)
    try:
        if tapped.argument == DEFAULT and step.default is not None:
            value = step.default(asking.answers)
        else:
            value = step.input.pick(tapped.argument, asking)
    except Unclear as unclear:
        problem = turn.reader.text(unclear.message, **unclear.facts)
        _again(turn, question, problem=problem, options=unclear.options)
        return
    _advance(turn, asked, value=step.input.keep(value))


def _skip(turn: Turn, _tapped: Tap, asked: Asked) -> None:
    if asked.step.optional:
        _advance(turn, asked, value=None)


def _step_back(turn: Turn, tapped: Tap, asked: Asked) -> None:
    question = asked.question
    answers = answers_of(question, asked.form)
    step = engine.preceding(asked.form, question.step, answers)
    if step is None:
        _cancel(turn, tapped, asked)
        return
    _put(turn, replace(question, step=step.key, token=new_token(), problem="", options=()))


def _cancel(turn: Turn, _tapped: Tap, _asked: Asked) -> None:
    turn.end_question()


def _finish(turn: Turn, _tapped: Tap, asked: Asked) -> None:
    if not asked.question.step:
        _end(turn, asked.question, asked.form)


TAPS: Final = {
    "pick": _pick,
    "skip": _skip,
    "step_back": _step_back,
    "cancel": _cancel,
    "finish": _finish,
}


def _advance(turn: Turn, asked: Asked, *, value: Any) -> None:
    form, question = asked.form, asked.question
    values = {**question.values, question.step: value}
    question = replace(question, values=values, problem="", options=())
    step = engine.following(form, question.step, answers_of(question, form))
    if step is not None:
        _put(turn, replace(question, step=step.key, token=new_token()))
    elif form.confirm is not None:
        _put(turn, replace(question, step="", token=new_token()))
    else:
        _end(turn, question, form)


def _end(turn: Turn, question: Question, form: Form) -> None:
    """Do what the form is for; a refusal is told above the question, which stays."""
    turn.end_question()
    answers = engine.complete(form, answers_of(question, form))
    refusal = turn.attempt(lambda: unless_beyond(turn, lambda: form.on_finish(turn, answers)))
    if isinstance(refusal, Changed):
        raise refusal
    if refusal is not None:
        _again(turn, question, problem=sentence_of(refusal, turn.reader))


def _again(
    turn: Turn, question: Question, *, problem: str, options: tuple[Option, ...] = ()
) -> None:
    _put(turn, replace(question, token=new_token(), problem=problem, options=options))


# --- Rendering -----------------------------------------------------------------------------


def answers_of(question: Question, form: Form) -> Answers:
    """The answers so far, as the inputs have read them."""
    values = {
        step.key: None if kept is None else step.input.restore(kept)
        for step in form.steps
        for kept in [question.values.get(step.key)]
        if step.key in question.values
    }
    return Answers(values, question.arguments)


def _asking(turn: Turn, asked: Asked) -> Asking:
    return Asking(turn.work, turn.reader, answers_of(asked.question, asked.form))


def render_question(work: Work, reader: Reader, *, question: Question, form: Form) -> Card:
    """The card that asks: what is wrong, what was answered, the question, its buttons."""
    asking = Asking(work, reader, answers_of(question, form))
    title = bold(reader.text(form.title)) if form.title else None
    facts = _shown_facts(form, asking)
    if not question.step:
        text = lines(title, *_summary(form, asking), question.problem)
        verb = reader.text(form.confirm or "", **facts)
        button = Button(verb, "finish", revision=question.token, style="success")
        return Card(text, ((button,), *_ways_out(reader, question.token)))
    step = form.step(question.step)
    prompt = reader.text(step.prompt, **facts)
    text = lines(title, question.problem, prompt)
    rows = [*_choices(step, question, asking), *_skip_row(step, question, reader)]
    return Card(text, (*rows, *_ways_out(reader, question.token)))


def _shown_facts(form: Form, asking: Asking) -> dict[str, object]:
    facts: dict[str, object] = {
        name: value
        for name, value in asking.answers.arguments.items()
        if isinstance(value, str | int)
    }
    for step in form.steps:
        value = asking.answers.get(step.key)
        facts[step.key] = "" if value is None else step.input.shown(value, asking)
    return facts


def _summary(form: Form, asking: Asking) -> list[Html]:
    reader = asking.reader
    return [
        lines(reader.html(ANSWERED, what=reader.text(step.label), value=shown))
        for step in engine.applicable(form, asking.answers)
        for value in [asking.answers.get(step.key)]
        if value is not None and step.label
        for shown in [step.input.shown(value, asking)]
    ]


def _choices(step: Step, question: Question, asking: Asking) -> list[Row]:
    options = list(question.options) or list(step.input.options(asking))
    if not question.options and step.default is not None:
        value = step.default(asking.answers)
        if value is not None:
            options.insert(0, Option(DEFAULT, step.input.shown(value, asking)))
    buttons = [
        Button(
            shortened(option.label, LABEL_LIMIT),
            "pick",
            revision=question.token,
            argument=option.key,
        )
        for option in options
    ]
    wide = any(len(button.label) > LABEL_LIMIT // 2 for button in buttons)
    in_a_row = 1 if wide else 2
    return [tuple(buttons[start : start + in_a_row]) for start in range(0, len(buttons), in_a_row)]


def _skip_row(step: Step, question: Question, reader: Reader) -> list[Row]:
    if not step.optional:
        return []
    return [(Button(reader.text(SKIP), "skip", revision=question.token),)]


def _ways_out(reader: Reader, token: int) -> tuple[Row, ...]:
    cancel = Button(reader.text(CANCEL), "cancel", revision=token)
    back = Button(reader.text(BACK), "step_back", revision=token, is_back=True)
    return ((cancel, back),)
