"""Imports point one way."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, findings, hold, imported, plant, python_files

# Modules of the bot that may use the local Telegram: the rest must not know of it.
MAY_START_THE_LOCAL_TELEGRAM = ("bot/local", "bot/demo", "bot/command_line")

# The local Telegram stands in for the real one, so it knows no more of us than that does.
UNKNOWN_TO_TELEGRAM = ("core.services", "core.storage", "core.reports", "core.pdf", "core.domain")


def knows_the_local_telegram(source: Source) -> Iterator[str]:
    """An import of the local Telegram by what runs against the real one too."""
    for line, name in imported(source):
        if name == "bot.local_telegram" or name.startswith("bot.local_telegram."):
            yield f"{line}: {name}"


def knows_the_trade(source: Source) -> Iterator[str]:
    """An import of the trade by the local Telegram."""
    for line, name in imported(source):
        if name.startswith(UNKNOWN_TO_TELEGRAM):
            yield f"{line}: {name}"


PLANTED = [
    (knows_the_local_telegram, "from bot.local_telegram import world\n"),
    (knows_the_local_telegram, "import bot.local_telegram.server\n"),
    (knows_the_trade, "from core.services import documents\n"),
]


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_breach_is_found(rule, text):
    assert findings(rule, [plant(text)])


def test_only_the_command_line_knows_the_local_telegram():
    sources = python_files("core", "bot")
    hold(
        knows_the_local_telegram,
        [each for each in sources if not each.under(*MAY_START_THE_LOCAL_TELEGRAM)],
    )


def test_the_local_telegram_does_not_know_the_trade():
    hold(knows_the_trade, python_files("bot/local"))


def test_the_contracts_of_the_layers_hold():
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def modules() -> list[str]:
    """Every module of the two packages, but the programs and what Alembic loads."""
    apart = ("__main__", "env")
    found = [each.module for each in python_files("core", "bot")]
    return [
        each for each in found if not each.endswith(apart) and ".migrations.versions" not in each
    ]


@pytest.mark.parametrize("name", modules())
def test_every_module_can_be_imported(name):
    assert importlib.import_module(name)


def test_every_folder_of_code_is_a_package():
    folders = {each.path.rpartition("/")[0] for each in python_files("core", "bot")}
    packages = {
        each.path.rpartition("/")[0]
        for each in python_files()
        if each.path.endswith("__init__.py")
    }
    # Alembic loads these by their path.
    by_path = {"core/storage/migrations", "core/storage/migrations/versions"}
    assert not folders - packages - by_path
