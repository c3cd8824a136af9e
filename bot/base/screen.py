"""What every screen is made of: buttons, cards, the reader, and the screen itself.

A screen is two functions and a name.  `load(work, id, arguments)` asks the core and raises its
refusal when this person may not see it; `render(view, reader)` is pure and gives the card.  A
screen is rendered when it is sent, so what is shown is always the present state:

    SCREENS = (Screen("product", load_product, render_product),)

A module of screens has up to six tables, all merged by `bot/screens/__init__.py`: SCREENS,
ACTIONS, COMMANDS, FORMS, TYPED and EVENTS.  See `bot/turn/registry.py` for their rows.

A button whose action is the name of a screen opens that screen (its `argument` becomes
`arguments["argument"]`); any other action is a row of ACTIONS.  A card without a button made by
`back()` gets one that leads home, unless its screen is a home.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from bot.base.markup import (
    Html,
    bold,
    code,
    cut,
    filled,
    html,
    html_of,
    italic,
    lines,
    placeholder,
    quote,
)
from core.domain.messages import N_
from core.domain.people import Actor
from core.i18n import Translator
from core.services.company import CompanyRecord
from core.services.work import Work

__all__ = [
    "NOT_LOADED",
    "Arguments",
    "Button",
    "Card",
    "Html",
    "OpenScreen",
    "Reader",
    "Row",
    "Screen",
    "ScreenTable",
    "Style",
    "back",
    "bold",
    "code",
    "cut",
    "html",
    "italic",
    "lines",
    "listed",
    "opens",
    "quote",
    "side_by_side",
]

Style = Literal["primary", "success", "danger"]
Arguments = Mapping[str, Any]
"""What a screen is opened with beside an id: values that JSON can hold."""

HOME = "home"
NOT_LOADED: Final = object()
"""Stands for a view that the core was not asked for yet; None can be one."""
BACK = N_("‹ Back")


@dataclass(frozen=True)
class Button:
    """One button.  `label` is translated already; a tap on it comes back as a `Tap`.

    `action` is the name of an action or of a screen.  It says what, never who may: the service
    asks that again.  `revision` is the revision of the record that was shown, so that a tap on an
    old card changes nothing; `digest` (see `bot.base.callbacks.digest_of`) stands for the figures
    of a step that cannot be taken back.  A button with `url` opens an address, one with `copy`
    puts a text into the clipboard; both need no action.  `if_known` leaves the button out where
    no module has its action.
    """

    label: str
    action: str = ""
    id: int = field(default=0, kw_only=True)
    revision: int = field(default=0, kw_only=True)
    argument: str = field(default="", kw_only=True)
    digest: str = field(default="", kw_only=True)
    style: Style | None = field(default=None, kw_only=True)
    url: str | None = field(default=None, kw_only=True)
    copy: str | None = field(default=None, kw_only=True)
    is_back: bool = field(default=False, kw_only=True)
    if_known: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if sum(1 for each in (self.action, self.url, self.copy) if each) != 1:
            raise ValueError(f"the button {self.label!r} needs one of action, url and copy")


Row = tuple[Button, ...]

ROOM_OF_LABEL: Final = {1: 40, 2: 18, 3: 12}
"""Letters that a phone of 400 points shows on each of so many buttons in a row."""


def side_by_side(buttons: Sequence[Button]) -> list[Row]:
    """The buttons in their order, two or three in a row as long as no label is cut off."""
    rows: list[Row] = []
    for each in buttons:
        wider = (*(rows[-1] if rows else ()), each)
        room = ROOM_OF_LABEL.get(len(wider), 0)
        if rows and all(len(one.label) <= room for one in wider):
            rows[-1] = wider
        else:
            rows.append((each,))
    return rows


def listed(entries: Sequence[tuple[str, Button]]) -> tuple[list[str], list[Row]]:
    """What can be opened, each with all that counts about it: (lines of text, rows of buttons).

    It stands on the buttons as long as none is cut off, else as lines above short buttons.
    """
    if all(len(words) <= ROOM_OF_LABEL[1] for words, _ in entries):
        return [], [(replace(button, label=words),) for words, button in entries]
    return [words for words, _ in entries], side_by_side([button for _, button in entries])


@dataclass(frozen=True)
class Card:
    """What one message shows: a text and rows of buttons.

    A text that is no `Html` is escaped; longer ones than Telegram takes are cut.
    """

    text: str
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", cut(html_of(self.text)))
        object.__setattr__(self, "rows", tuple(tuple(row) for row in self.rows if row))

    @property
    def has_back(self) -> bool:
        """Whether one of its buttons leads back."""
        return any(button.is_back for row in self.rows for button in row)


@dataclass(frozen=True)
class Reader:
    """Who reads a card: his language, his rights, and the zone in which dates are shown.

    Dates are the company's (`zone`); `actor.zone` is the person's own, when it is another.
    `company` is None until the first start is done.
    """

    translator: Translator
    actor: Actor
    zone: ZoneInfo
    company: CompanyRecord | None

    def text(self, message: str, **facts: object) -> str:
        """The English source `message` in the reader's language; plain, not escaped."""
        return self.translator.text(message, **facts)

    def plural(self, one: str, many: str, count: int, **facts: object) -> str:
        """The form for `count` in the reader's language; plain, not escaped."""
        return self.translator.plural(one, many, count, **facts)

    def html(self, message: str, **facts: object) -> Html:
        """The translated text with safe values: `reader.html("{name} waits", name=bold(n))`."""
        safe = {name: fact for name, fact in facts.items() if isinstance(fact, Html)}
        kept = facts | {name: placeholder(name) for name in safe}
        return filled(self.translator.text(message, **kept), safe)


@dataclass(frozen=True)
class Screen:
    """A screen: see the head of this module.

    `subject` names what it shows, so that the newest card of it is found when it changes:
    screens of one subject share it ("document" for the card and for its lines).  With `follows` it
    is found too when that subject of the same id changes.  `answered_by` is
    the silent form that takes what is typed while the screen is open; its arguments are the
    screen's `id` and, as `kept`, its arguments.
    """

    name: str
    load: Callable[[Work, int, Arguments], Any]
    render: Callable[[Any, Reader], Card]
    subject: str = field(default="", kw_only=True)
    is_home: bool = field(default=False, kw_only=True)
    answered_by: str = field(default="", kw_only=True)
    follows: str = field(default="", kw_only=True)

    def subject_of(self, id: int) -> str:
        """What a card of this screen is about: "document:12", or "home"."""
        return subject(self.subject or self.name, id)


@dataclass(frozen=True)
class OpenScreen:
    """A screen and what it was opened with."""

    screen: str
    id: int = 0
    arguments: Arguments = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the form in which `ui_message` and the outbox keep it."""
        return {"screen": self.screen, "id": self.id, "arguments": dict(self.arguments)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> OpenScreen:
        """Return what `to_json` was made from."""
        return cls(kept["screen"], kept["id"], kept["arguments"])

    def as_kept(self) -> OpenScreen:
        """Return the same as it comes back from JSON, which has lists where Python has tuples."""
        return OpenScreen.from_json(json.loads(json.dumps(self.to_json())))


class ScreenTable(dict[str, Screen]):
    """All screens by name."""

    def subject_of(self, opened: OpenScreen) -> str:
        """Return what a card of this screen is about.  Raises KeyError for an unknown screen."""
        return self[opened.screen].subject_of(opened.id)

    def affected_by(self, changed: Collection[str]) -> set[str]:
        """Return the subjects that have changed, with those that follow them."""
        found = set(changed)
        for screen in self.values():
            if screen.follows:
                same = [each.partition(":") for each in changed]
                found |= {
                    screen.subject_of(int(id))
                    for kind, _, id in same
                    if kind == screen.follows and id
                }
        return found


def subject(kind: str, id: int = 0) -> str:
    """The name of what a card is about, as it stands in `ui_message`: "document:12"."""
    return f"{kind}:{id}" if id else kind


def opens(label: str, screen: str, *, id: int = 0, argument: str = "") -> Button:
    """A button that shows another screen in the place of this one."""
    return Button(label, screen, id=id, argument=argument)


def back(reader: Reader, screen: str = HOME, *, id: int = 0, argument: str = "") -> Button:
    """The way back, always the last button of a card."""
    return Button(reader.text(BACK), screen, id=id, argument=argument, is_back=True)
