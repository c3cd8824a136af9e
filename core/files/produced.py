"""Files produced for a reader: papers, samples and reports, ready to be handed over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.domain.people import Actor


@dataclass(frozen=True)
class ProducedFile:
    """A file as it is handed to its reader; the caption is plain text."""

    name: str
    content: bytes
    caption: str


class PaperMaker(Protocol):
    """Makes the paper of a document in a language (None: its own) for a reader.

    It raises the core's refusal when the reader may not see the document, and never holds the
    event loop.
    """

    def __call__(
        self,
        document_id: int,
        language: str | None,
        actor: Actor,
        /,
        *,
        version: int | None = None,
    ) -> Awaitable[ProducedFile]:
        """`version`: an earlier version than the one in force."""
        ...


FileMaker = Callable[[Mapping[str, Any], Actor], Awaitable[ProducedFile]]
"""Makes the file of a report or a sample, as an outbox row asks for it, for a reader."""
