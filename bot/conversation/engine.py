"""Which question comes next.  Pure: a form and answers in, a step out."""

from __future__ import annotations

from bot.conversation.step import Answers, Form, Step


def first(form: Form, answers: Answers) -> Step | None:
    """The first step that applies."""
    return next((step for step in form.steps if step.applies(answers)), None)


def following(form: Form, key: str, answers: Answers) -> Step | None:
    """The next step that applies behind the one with this key, or None at the end."""
    behind = form.steps[_place(form, key) + 1 :]
    return next((step for step in behind if step.applies(answers)), None)


def preceding(form: Form, key: str, answers: Answers) -> Step | None:
    """The step that was asked before the one with this key ("" is the end), or None."""
    before = form.steps[: _place(form, key)] if key else form.steps
    return next((step for step in reversed(before) if step.applies(answers)), None)


def applicable(form: Form, answers: Answers) -> list[Step]:
    """The steps that apply, in order, each judged by the answers to those before it.

    After a change further up, what was answered to a step that no longer applies is no answer.
    """
    counted = Answers({}, answers.arguments)
    found = []
    for step in form.steps:
        if step.applies(counted):
            found.append(step)
            if step.key in answers:
                known = {**counted, step.key: answers[step.key]}
                counted = Answers(known, answers.arguments)
    return found


def complete(form: Form, answers: Answers) -> Answers:
    """The answers of a form that is done: None for each step that was not asked."""
    asked = {step.key for step in applicable(form, answers)}
    values = {
        step.key: answers.get(step.key) if step.key in asked else None for step in form.steps
    }
    return Answers(values, answers.arguments)


def _place(form: Form, key: str) -> int:
    return next(place for place, step in enumerate(form.steps) if step.key == key)
