"""How an answer is read, offered, kept and shown.  An input never talks to Telegram.

`read` gives the value or raises: a `Refusal` of the core (its sentence is shown above the
question, which stays) or `Unclear` with what may have been meant, as buttons.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import insert, select

from bot.base.focus import Option
from bot.base.screen import Reader
from bot.base.updates import Attachment
from core.domain.errors import AmbiguousNumber
from core.domain.messages import N_
from core.domain.money import check_unit_price, digits, to_minor, to_scaled
from core.domain.quantity import check_quantity
from core.domain.texts import MOST_LETTERS, clean, clean_note, folded
from core.i18n import PERCENT_DIGITS
from core.services.company import CompanyMissing
from core.services.work import Work
from core.storage.chat_tables import stored_file

NOT_OFFERED: Final = N_("This option is no longer available.")
LARGEST_NUMBER: Final = Decimal(10) ** 9


@dataclass(frozen=True)
class Asking:
    """Who is asked, and what he has answered so far in this form (`answers.arguments` too)."""

    work: Work
    reader: Reader
    answers: Any


class Unclear(Exception):
    """What was typed is not understood, or may mean several things.

    `message` is the English source of a sentence with the facts as placeholders.
    """

    def __init__(self, message: str, options: Sequence[Option] = (), **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.options = tuple(options)
        self.facts: Mapping[str, object] = facts


class Input(ABC):
    """One way of answering."""

    takes_any_text: ClassVar[bool] = False
    """Whether a paper's number or a barcode is a good answer, and opens nothing."""
    wants_file: ClassVar[bool] = False
    """Whether the answer is a file and not a text."""

    @abstractmethod
    def read(self, text: str, asking: Asking) -> Any:
        """The value of a typed text.  Raises Refusal or Unclear."""

    def read_file(self, attachment: Attachment, asking: Asking) -> Any:
        """The value of a file.  Raises Refusal or Unclear; only asked when `wants_file`."""
        raise TypeError(f"{type(self).__name__} takes no file ({attachment.name}, {asking})")

    def options(self, asking: Asking) -> Sequence[Option]:
        """What is offered as buttons with the question."""
        del asking
        return ()

    def pick(self, key: str, asking: Asking) -> Any:
        """The value of an option that was tapped.  Raises Unclear when there is no such one."""
        return self.read(key, asking)

    def keep(self, value: Any) -> Any:
        """The value as JSON can hold it."""
        return value

    def restore(self, kept: Any) -> Any:
        """The value again, of what `keep` has given."""
        return kept

    def shown(self, value: Any, asking: Asking) -> str:
        """The value as the reader sees it, in the summary of the form."""
        del asking
        return str(value)


# --- Texts and numbers ------------------------------------------------------------------------


class Text(Input):
    """A name or a short text; with `note` a longer one of several lines."""

    takes_any_text = True

    def __init__(self, *, note: bool = False, most: int = MOST_LETTERS) -> None:
        self._note = note
        self._most = most

    def read(self, text: str, asking: Asking) -> str:
        """The cleaned text.  Raises TextMissing, TextTooLong."""
        del asking
        if self._note:
            return clean_note(text, most=10 * self._most)
        return clean(text, most=self._most)


def read_number(text: str, asking: Asking, *, digits: int) -> Decimal:
    """The number that was typed, where at most `digits` decimals can be meant.

    They only decide what would be ambiguous: in English 1,234 is 1234 of what has two decimals,
    but 1.005 is refused as too fine, and never taken for 1005.
    """
    translator = asking.reader.translator
    try:
        return translator.parse_number(text)
    except AmbiguousNumber:
        return translator.parse_number(text, digits=digits)


class Number(Input):
    """A whole number or one with decimals, from `least` to `most`."""

    def __init__(
        self, *, digits: int = 0, least: Decimal | None = None, most: Decimal | None = None
    ) -> None:
        self._digits = digits
        self._least = least
        self._most = most

    def read(self, text: str, asking: Asking) -> Decimal:
        """The number.  Raises NotANumber, AmbiguousNumber, NumberTooFine, Unclear."""
        return self.check(read_number(text, asking, digits=self._digits))

    def check(self, value: Decimal) -> Decimal:
        """The number, if it is within the bounds.  Raises NumberTooFine, Unclear."""
        to_scaled(value, self._digits, most=LARGEST_NUMBER)
        if self._least is not None and value < self._least:
            raise Unclear(N_("The minimum is {least}."), least=self._least)
        if self._most is not None and value > self._most:
            raise Unclear(N_("The maximum is {most}."), most=self._most)
        return value

    def keep(self, value: Decimal) -> str:
        """As text: JSON knows no exact numbers."""
        return str(value)

    def restore(self, kept: str) -> Decimal:
        """The same number."""
        return Decimal(kept)

    def shown(self, value: Decimal, asking: Asking) -> str:
        """As the reader's language writes numbers."""
        return asking.reader.translator.number(value)


class Quantity(Number):
    """A quantity; `digits` are those of the unit, or a function that finds them.

    `zero` allows none: a count, a rejected quantity.
    """

    def __init__(self, *, digits: int | Callable[[Asking], int] = 0, zero: bool = False) -> None:
        super().__init__()
        self._unit_digits = digits
        self._zero = zero

    def read(self, text: str, asking: Asking) -> Decimal:
        """The quantity.  Raises what a number and a quantity can be refused for."""
        given = self._unit_digits
        found = given(asking) if callable(given) else given
        value = read_number(text, asking, digits=found)
        return check_quantity(value, unit_digits=found, zero_allowed=self._zero)


class Money(Number):
    """An amount, or with `unit_price` a price, in a currency (None: the company's)."""

    def __init__(
        self,
        *,
        currency: Callable[[Asking], str] | None = None,
        unit_price: bool = False,
    ) -> None:
        super().__init__()
        self._currency = currency
        self._unit_price = unit_price

    def currency(self, asking: Asking) -> str:
        """The code of the currency that is asked for.  Raises CompanyMissing."""
        if self._currency is not None:
            return self._currency(asking)
        if asking.reader.company is None:
            raise CompanyMissing
        return asking.reader.company.currency

    def read(self, text: str, asking: Asking) -> Decimal:
        """The amount; the currency's code may stand beside it."""
        code = self.currency(asking)
        bare = re.sub(rf"^\s*{code}\b|\b{code}\s*$", "", text, flags=re.IGNORECASE)
        if self._unit_price:
            return check_unit_price(asking.reader.translator.parse_number(bare))
        value = read_number(bare, asking, digits=digits(code))
        to_minor(value, code)
        if value < 0:
            raise Unclear(N_("This can't be negative."))
        return value

    def shown(self, value: Decimal, asking: Asking) -> str:
        """With the code of its currency."""
        translator, code = asking.reader.translator, self.currency(asking)
        if self._unit_price:
            return f"{code} {translator.unit_price(value, code)}"
        return translator.money(value, code)


class Percent(Number):
    """A percentage from 0 to `most`."""

    def __init__(self, *, most: Decimal = Decimal(100)) -> None:
        super().__init__(digits=PERCENT_DIGITS, least=Decimal(0), most=most)

    def read(self, text: str, asking: Asking) -> Decimal:
        """The percentage, with or without its sign."""
        return self.check(asking.reader.translator.parse_percent(text))

    def shown(self, value: Decimal, asking: Asking) -> str:
        """With its sign."""
        return asking.reader.translator.percent(value)


class Date(Input):
    """A day, in the company's zone; `offer` are days from today that have a button."""

    def __init__(self, *, offer: Sequence[int] = (0, 1, 7), past: bool = True) -> None:
        self._offer = tuple(offer)
        self._past = past

    def read(self, text: str, asking: Asking) -> date:
        """The day.  Raises NotADate, Unclear for one that has passed where none may."""
        today = self._today(asking)
        day = asking.reader.translator.parse_date(text, today=today)
        if day < today and not self._past:
            raise Unclear(N_("{day} is in the past."), day=day)
        return day

    def options(self, asking: Asking) -> Sequence[Option]:
        """The days that are offered, with their names."""
        days = [self._today(asking) + timedelta(days=ahead) for ahead in self._offer]
        name = asking.reader.translator.day
        return [Option(day.isoformat(), name(day)) for day in days]

    def pick(self, key: str, asking: Asking) -> date:
        """The day of a button, if it is still offered.  Raises Unclear."""
        if key not in [option.key for option in self.options(asking)]:
            raise Unclear(NOT_OFFERED)
        return date.fromisoformat(key)

    def keep(self, value: date) -> str:
        """In ISO's form."""
        return value.isoformat()

    def restore(self, kept: str) -> date:
        """The same day."""
        return date.fromisoformat(kept)

    def shown(self, value: date, asking: Asking) -> str:
        """As the reader's language writes dates."""
        return asking.reader.translator.date(value)

    @staticmethod
    def _today(asking: Asking) -> date:
        return asking.work.now.astimezone(asking.reader.zone).date()


# --- Choices and files ------------------------------------------------------------------------


class Choice(Input):
    """One of a few; typing the label, or its beginning, chooses it too.

    `choices` gives keys (up to 20 bytes) and English labels, or for names that are data, labels
    as they are; it is asked again at every rendering and at every answer.
    """

    def __init__(
        self,
        choices: Mapping[str, str] | Callable[[Asking], Mapping[str, str]],
        *,
        translated: bool = True,
    ) -> None:
        self._choices = choices
        self._translated = translated

    def _labels(self, asking: Asking) -> dict[str, str]:
        found = self._choices(asking) if callable(self._choices) else self._choices
        if not self._translated:
            return dict(found)
        return {key: asking.reader.text(label) for key, label in found.items()}

    def options(self, asking: Asking) -> Sequence[Option]:
        """All of them."""
        return [Option(key, label) for key, label in self._labels(asking).items()]

    def read(self, text: str, asking: Asking) -> str:
        """The key of what was typed.  Raises Unclear."""
        typed = folded(text)
        labels = {key: folded(label) for key, label in self._labels(asking).items()}
        exact = [key for key, label in labels.items() if typed in (label, folded(key))]
        found = exact or [key for key, label in labels.items() if typed and typed in label]
        if len(found) != 1:
            raise Unclear(N_("Please choose one of these."))
        return found[0]

    def pick(self, key: str, asking: Asking) -> str:
        """The key, if it is still offered.  Raises Unclear."""
        if key not in self._labels(asking):
            raise Unclear(NOT_OFFERED)
        return key

    def shown(self, value: str, asking: Asking) -> str:
        """Its label."""
        return self._labels(asking).get(value, value)


@dataclass(frozen=True)
class FileAnswer:
    """A file that was kept: its contents stand in `stored_file` under their hash."""

    sha256: str
    name: str


class File(Input):
    """A file, sent as a document; `endings` are the lower-case endings that are taken."""

    wants_file = True

    def __init__(self, *endings: str) -> None:
        self._endings = endings

    def read(self, text: str, asking: Asking) -> Any:
        """A text is no file."""
        del text, asking
        raise Unclear(N_("Please send the file as a document."))

    def read_file(self, attachment: Attachment, asking: Asking) -> FileAnswer:
        """Keep the file.  Raises Unclear when it is too large or of another kind."""
        if not attachment.name.lower().endswith(self._endings or ("",)):
            kinds = asking.reader.translator.list(self._endings)
            raise Unclear(N_("Please send a file of this type: {kinds}"), kinds=kinds)
        if attachment.content is None:
            raise Unclear(N_("This file is too large to read."))
        sha256 = hashlib.sha256(attachment.content).hexdigest()
        connection = asking.work.connection
        known = select(stored_file.c.sha256).where(stored_file.c.sha256 == sha256)
        if connection.execute(known).one_or_none() is None:
            row = {
                "sha256": sha256,
                "name": attachment.name,
                "content": attachment.content,
                "person_id": asking.work.actor.person_id,
                "at": asking.work.now,
            }
            connection.execute(insert(stored_file).values(**row))
        return FileAnswer(sha256, attachment.name)

    def keep(self, value: FileAnswer) -> dict[str, str]:
        """Its hash and its name."""
        return vars(value)

    def restore(self, kept: dict[str, str]) -> FileAnswer:
        """The same."""
        return FileAnswer(**kept)

    def shown(self, value: FileAnswer, asking: Asking) -> str:
        """Its name."""
        del asking
        return value.name
