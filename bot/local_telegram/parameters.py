"""The parameters of a call, read as leniently and as strictly as the Bot API reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.local_telegram.files import StoredFile
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest

LEADING_INTEGER = re.compile(r"\s*(-?\d+)")


class Parameters:
    """What came with a call: forms carry strings, JSON bodies carry values."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, StoredFile]) -> None:
        self._texts = {name: _as_text(value) for name, value in values.items()}
        self.files = dict(files)

    def names(self) -> set[str]:
        """The names of all parameters that are not empty, uploads included."""
        return {name for name, text in self._texts.items() if text} | self.files.keys()

    def has(self, name: str) -> bool:
        """Whether a parameter was given at all, even empty."""
        return name in self._texts

    def text(self, name: str) -> str:
        """A parameter as text; empty when it was not given."""
        return self._texts.get(name, "")

    def required(self, name: str) -> str:
        """A parameter that may not be empty.  Raises BadRequest when it is."""
        if not (text := self.text(name)):
            raise BadRequest(f'parameter "{name}" is required')
        return text

    def integer(self, name: str, *, default: int = 0, least: int = 0, most: int = 2**31) -> int:
        """A whole number.  What is none counts as 0; limits clamp, as on the real server."""
        text = self.text(name)
        value = as_integer(text) if text else default
        return max(least, min(most, value))

    def boolean(self, name: str) -> bool:
        """A yes or no: "true", "yes" and "1" are yes, all else is no."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str, called: str) -> Any:
        """A parameter in JSON, or None when empty.

        ``called`` is what the refusal calls it.  Raises BadRequest when it cannot be read.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise BadRequest(f"can't parse {called} JSON object") from error


class Fields:
    """The fields of a JSON object inside a parameter.

    ``what`` is put before every reason, such as ``can't parse inline keyboard button: ``.
    """

    def __init__(self, value: Json, what: str = "") -> None:
        self.value = value
        self.what = what

    def refusal(self, reason: str) -> BadRequest:
        """A refusal of this object; raise it."""
        if not self.what:
            return BadRequest(reason[0].lower() + reason[1:])
        return BadRequest(f"{self.what}: {reason}")

    def required_text(self, name: str) -> str:
        """A text that must be there (it may be empty)."""
        if self.value.get(name) is None:
            raise self.refusal(f'Can\'t find field "{name}"')
        return self.text(name)

    def text(self, name: str) -> str:
        """A text; empty when it is not there.  Numbers are taken as texts."""
        value = self.value.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise self.refusal(f'Field "{name}" must be of type String')

    def required_integer(self, name: str) -> int:
        """A whole number that must be there."""
        if self.value.get(name) is None:
            raise self.refusal(f'Can\'t find field "{name}"')
        value = self.value[name]
        if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.refusal(f'Field "{name}" must be of type Number')

    def boolean(self, name: str) -> bool:
        """A yes or no; no when it is not there."""
        value = self.value.get(name)
        if value is None:
            return False
        if isinstance(value, bool):
            return value
        raise self.refusal(f'Field "{name}" must be of type Boolean')

    def inner(self, name: str) -> Fields:
        """An object that must be there."""
        value = self.value.get(name)
        if not isinstance(value, dict):
            raise self.refusal(f'Field "{name}" must be of type Object')
        return Fields(value, self.what)


def as_integer(text: str) -> int:
    """The whole number at the beginning of a text; 0 when there is none."""
    match = LEADING_INTEGER.match(text)
    return int(match.group(1)) if match else 0


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value)
