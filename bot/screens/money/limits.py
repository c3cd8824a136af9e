"""The owner's limits: their present values, and a question that changes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.base.limit_words import limit_value
from bot.base.screen import Reader
from bot.conversation.inputs import Input, Money, Percent
from bot.screens.shared.field_editor import Editable, Editor, Field
from core.domain.limits import LIMITS, Limit, LimitName, LimitUnit
from core.domain.messages import N_
from core.domain.people import Ability
from core.i18n import translator
from core.services import limits
from core.services.rights import require_ability
from core.services.work import Work

INPUTS: Final[Mapping[LimitUnit, Callable[[], Input]]] = {
    LimitUnit.PERCENT: Percent,
    LimitUnit.MONEY: Money,
}
TITLE: Final = N_("Approval limits")


def load_limits(work: Work, _id: int) -> Editable:
    """Return all limits, for people who may change them.  Raises NotAllowed."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    found = limits.current(work.connection)
    title = translator(work.actor.language).text(TITLE)
    return Editable(1, title, {str(name): value for name, value in found.items()})


def change_limit(work: Work, _id: int, key: str, *, value: Decimal) -> None:
    """Change one limit.  Raises NotAllowed, LimitOutOfRange."""
    limits.change(work, LimitName(key), value)


def _field(row: Limit) -> Field:
    def shown(value: Any, reader: Reader) -> str:
        return limit_value(row, value, reader)

    return Field(str(row.name), row.label, row.question, INPUTS[row.unit](), shown)


EDITOR: Final = Editor(
    "limits",
    tuple(_field(row) for row in LIMITS.values()),
    load=load_limits,
    change=change_limit,
    home="settings",
)
SCREENS: Final = EDITOR.screens
ACTIONS: Final = EDITOR.actions
FORMS: Final = EDITOR.forms
