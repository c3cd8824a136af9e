"""Makes the folder of a release: `python -m tests.releases.make`.

It is run once, with the code of the release that the folder is named after, on the day when that
is released; what it has made is never changed afterwards.  The same story is played on both
databases.  What comes later is tried on it (`test_upgrade.py`).
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.local_telegram import keeping
from bot.local_telegram.people import Json
from bot.turn.registry import Registry
from core.services.audit import audit
from core.storage.database import open_database
from core.storage.schema import migrate
from tests.clock import Clock
from tests.databases import DIALECTS, Databases, Dialect
from tests.people import OMAR, SAMSON
from tests.releases import crawl, facts, story, unfinished
from tests.releases.cast import ANA, PROVIDER, cast_of
from tests.releases.fixture import FOLDER, Release, resumed
from tests.releases.tapping import answer_to
from tests.scenarios.stage import Stage, open_stage

READERS = {"owner": SAMSON, "storekeeper": OMAR, "contact without money": ANA}
"""Who asks for papers, with the money on them and without."""


async def make(databases: Databases, dialect: Dialect, release: Release) -> Json:
    """Play the story on one database and keep what it leaves; its facts."""
    url = databases.empty(dialect)
    clock = Clock()
    async with await open_database(url, clock=clock) as database:
        await database.write(migrate)
        stage = await open_stage(database, clock)
        await story.play(stage)
        await look_around(stage)
        await unfinished.ask(stage)
        await unfinished.fall_silent(stage)
        assert await stage.asks(audit) == []
        world = _small(keeping.snapshot(stage.world))
        found = {
            "ended_at": clock().isoformat(),
            "provider_token": PROVIDER,
            "readers": READERS,
            "answers": {str(person): text for person, text in unfinished.ANSWERS.items()},
            "left": unfinished.LEFT,
            "names": facts.names(),
            **await stage.asks(facts.figures),
            "papers": await stage.asks(facts.reprints, clock, READERS),
        }
    (release.folder / "facts.json").write_text(_text(found), "utf-8")
    release.save(databases, dialect, url, telegram={"world": world, "outcomes": {}})
    outcomes = await _outcomes(databases, dialect, release)
    release.save(databases, dialect, url, telegram={"world": world, "outcomes": outcomes})
    return found


async def look_around(stage: Stage) -> None:
    """Leave cards with the owner of papers of each kind and state, and with all of each screen."""
    states = (await stage.asks(facts.figures))["states"]
    alike = {(number.split("-")[0], state): number for number, state in states.items()}
    screens = Registry.standard(takes_payments=True).screens
    cast = cast_of(stage)
    await crawl.opens_papers(cast.samson, alike.values())
    for phone in (cast.samson, cast.lea, cast.omar, cast.kim, cast.paul, cast.jana, cast.wei):
        await crawl.opens_screens(phone, screens)


def _small(world: Json) -> Json:
    """Without the bytes of the files: papers stand in the database, and nobody opens the rest."""
    for file in world["files"]["files"].values():
        file["content"] = ""
    return world


async def _outcomes(databases: Databases, dialect: Dialect, release: Release) -> dict[str, str]:
    """What each button does in the bot of the release itself, when that goes on."""
    url = databases.empty(dialect)
    release.put_back(databases, dialect, url)
    async with resumed(release, dialect, url) as bot:
        await bot.app.settle()
        found = {}
        for button in release.buttons(dialect):
            answer = await answer_to(bot.app, bot.world, button)
            assert answer.incident is None, button
            found[button.key] = answer.outcome
    return found


def _text(found: Any) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(dialects: Sequence[Dialect] = DIALECTS) -> None:
    """Make the folder of the release that `pyproject.toml` names."""
    project = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text("utf-8"))
    release = Release(FOLDER / project["project"]["version"])
    release.folder.mkdir(exist_ok=True)
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        try:
            for dialect in dialects:
                told.append(_text(asyncio.run(make(databases, dialect, release))))
                _say(f"{release.name} on {dialect}: {len(release.buttons(dialect))} buttons")
        finally:
            databases.close()
    assert len(set(told)) == 1, "the databases tell different stories"


if __name__ == "__main__":
    main()
