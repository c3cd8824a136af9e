"""Work that keeps its order within a lane and runs side by side between lanes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any


class KeyedTasks:
    """At most one task in each lane, and at most `limit` tasks at once.

    `on_end` is called whenever a lane is free again.
    """

    def __init__(self, limit: int, *, on_end: Callable[[], None]) -> None:
        self._room = asyncio.Semaphore(limit)
        self._busy: dict[Hashable, asyncio.Task[None]] = {}
        self._on_end = on_end

    @property
    def busy(self) -> bool:
        """Whether any task is running."""
        return bool(self._busy)

    def is_free(self, lane: Hashable) -> bool:
        """Whether nothing runs in a lane."""
        return lane not in self._busy

    def start(self, lane: Hashable, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in a free lane.  It must not raise."""
        task = asyncio.create_task(self._limited(work))
        self._busy[lane] = task
        task.add_done_callback(lambda _: self._end(lane))

    async def wait_for_one(self) -> None:
        """Wait until some task has ended; what it raised, which is a defect, is raised here."""
        if self._busy:
            done, _ = await asyncio.wait(self._busy.values(), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def wait_for_all(self, seconds: float) -> bool:
        """Wait for all tasks, but not longer; whether all have ended."""
        if not self._busy:
            return True
        _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
        return not late

    async def cancel(self) -> None:
        """End all tasks where they are."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _limited(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._room:
            await work

    def _end(self, lane: Hashable) -> None:
        del self._busy[lane]
        self._on_end()
