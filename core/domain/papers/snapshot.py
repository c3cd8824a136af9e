"""A paper as text, and back: what was issued is kept, and never computed again.

The layout comes from the kind's row and the logo from the company: neither is kept.  What the
template said is, so that the paper stays as it was issued.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.domain.papers.look import PaperLook
from core.domain.papers.view import Paper, PaperLayout, field_names
from core.domain.units import LABELS_BEFORE_FORM_3

FORMAT = 3
"""The form that is written now.

The first one had no number and knew no templates; the second kept neither the labels of units nor
facts of a side beside those that it names.
"""

_NOT_KEPT = ("layout", "logo")


def dump(paper: Paper) -> str:
    """The facts of a paper as JSON with sorted keys."""
    facts = {name: _plain(getattr(paper, name)) for name in _facts_of(Paper)}
    facts["format"] = FORMAT
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load(text: str, *, layout: PaperLayout, logo: bytes | None = None) -> Paper:
    """The paper that was dumped; what its form did not know yet is as it was then.

    Raises:
        ValueError, KeyError, TypeError: the text is no snapshot of a paper, or one of a
            form that is written later than this program.
    """
    facts = dict(json.loads(text))
    form = facts.pop("format", 1)
    if form > FORMAT:
        raise ValueError("the snapshot has a form of a later version")
    if form < 3:
        facts["lines"] = [_with_unit_label(line) for line in facts.get("lines", ())]
    hints = get_type_hints(Paper)
    known = {name: _typed(hints[name], facts[name]) for name in _facts_of(Paper) if name in facts}
    return replace(Paper(layout=layout, **known), logo=logo)


def _with_unit_label(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of an older form, with the label that its unit was printed by."""
    unit = line.get("unit", "")
    return {**line, "unit_label": unit if unit in LABELS_BEFORE_FORM_3 else ""}


def dump_look(look: PaperLook) -> str:
    """What a template says, as JSON with sorted keys."""
    return json.dumps(_plain(look), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=128)
def load_look(text: str) -> PaperLook:
    """What a template says, of what `dump_look` has given.

    Raises:
        ValueError, KeyError, TypeError: the text is none of a look.
    """
    found: PaperLook = _typed(PaperLook, dict(json.loads(text)))
    return found


def _facts_of(record: type[Any]) -> list[str]:
    return [each.name for each in fields(record) if each.name not in _NOT_KEPT]


_AS_THEY_ARE = frozenset({str, bool, int, type(None)})


def _plain(value: Any) -> Any:
    # In the order of how often they are met: a paper has hundreds of figures and texts.
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in field_names(type(value))}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _tagged(each) for name, each in value.items()}
    return value


def _tagged(fact: Any) -> Any:
    """A fact of a text may be a number, a date or a text: its type is kept with it."""
    if isinstance(fact, Decimal):
        return {"decimal": str(fact)}
    if isinstance(fact, date):
        return {"date": fact.isoformat()}
    return fact


def _untagged(fact: Any) -> Any:
    if isinstance(fact, dict):
        return Decimal(fact["decimal"]) if "decimal" in fact else date.fromisoformat(fact["date"])
    return fact


def _typed(hint: Any, value: Any) -> Any:
    """`value` as JSON gave it, in the type that the field has."""
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
        return _typed(hint, value)
    if origin is tuple:
        return tuple(_typed(get_args(hint)[0], each) for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {name: _untagged(each) for name, each in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{name: _typed(hints[name], each) for name, each in value.items()})
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Decimal | Enum):
        return hint(value)
    return value
