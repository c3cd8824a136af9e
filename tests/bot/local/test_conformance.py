"""The run that compares with the real Telegram works, shown on our own server."""

from __future__ import annotations

import httpx

from bot.local_telegram.api_server import serving
from bot.local_telegram.world import World
from tests.bot.local.conformance import Server, conform
from tests.bot.local.refusals.table import ROWS
from tests.people import LEA


async def test_the_table_runs_over_http(world: World):
    world.says(LEA, "Hi")
    async with serving(world) as address, httpx.AsyncClient() as client:
        server = Server(client, address, world.token, pause=0)
        await server.build(LEA)
        outcome = await conform(server)

    assert outcome.different == []
    assert len(outcome.same) > 150
    assert set(outcome.skipped) < {row.name for row in ROWS}
    assert outcome.lines()[0].startswith(f"{len(outcome.same)} rows as expected")
