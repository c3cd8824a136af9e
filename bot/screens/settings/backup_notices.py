"""Notices to the owners when the nightly backup fails, and when it works again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base.screen import Card, Reader, lines
from bot.base.turn import Turn
from core.domain.messages import N_
from core.domain.people import Role
from core.services.people import team
from core.services.work import Event


def copy_failed(turn: Turn, event: Event) -> None:
    """Tell the owners why; the reason is meant for the machine's administrator."""
    problem = str(event.facts["problem"])

    def compose(reader: Reader) -> Card:
        return Card(
            lines(
                reader.text(N_("The nightly backup failed. It will be retried every hour.")),
                problem,
            )
        )

    _tell(turn, compose)


def copy_made_again(turn: Turn, _event: Event) -> None:
    """Tell the owners that backups work again."""

    def compose(reader: Reader) -> Card:
        return Card(reader.text(N_("The nightly backup is working again.")))

    _tell(turn, compose)


def _tell(turn: Turn, compose: Callable[[Reader], Card]) -> None:
    for person_id in team.people_with(turn.work.connection, Role.OWNER):
        turn.notice(person_id, compose)


EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = {
    "copy_failed": copy_failed,
    "copy_made_again": copy_made_again,
}
