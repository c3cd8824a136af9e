"""Imports point one way."""

import importlib
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, findings, hold, imported, plant, python_files

# Modules of the bot that may use the local Telegram: the rest must not know of it.
MAY_START_THE_LOCAL_TELEGRAM = ("bot/local_telegram", "bot/demo", "bot/command_line")

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


def circles(imports: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, by Tarjan's algorithm."""
    found: list[list[str]] = []
    indexes: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> None:
        indexes[module] = lowest[module] = len(indexes)
        stack.append(module)
        for other in imports.get(module, ()):
            if other not in indexes:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], indexes[other])
        if lowest[module] == indexes[module]:
            at = stack.index(module)
            group, stack[at:] = stack[at:], []
            if len(group) > 1:
                found.append(sorted(group))

    for module in imports:
        if module not in indexes:
            visit(module)
    return found


def imports_of(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Return what each module imports of the others, also what is imported for its types only.

    A package's own file hands names on: an import of it is one of the module behind the name.
    """
    by_name = {each.module: each for each in sources}
    return {
        name: {module for _, found in imported(each) for module in _homes(found, by_name)} - {name}
        for name, each in by_name.items()
    }


def _homes(name: str, by_name: Mapping[str, Source]) -> Iterator[str]:
    module, _, last = name.rpartition(".")
    if name in by_name:
        yield name
    elif module in by_name:
        handed_on = [
            found
            for _, found in imported(by_name[module])
            if found.rpartition(".")[2] == last and found != name
        ]
        for each in handed_on:
            yield from _homes(each, by_name)
        if not handed_on:
            yield module


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
    hold(knows_the_trade, python_files("bot/local_telegram"))


def test_a_circle_of_imports_is_found():
    planted = [
        plant("from core.b import f\n", "core/a.py"),
        plant("from core import c\n", "core/b.py"),
        plant("if TYPE_CHECKING:\n    from core.a import T\n", "core/c.py"),
        plant("import core.a\n", "core/apart.py"),
        plant("", "core/__init__.py"),
    ]
    assert circles(imports_of(planted)) == [["core.a", "core.b", "core.c"]]


def test_nothing_imports_in_a_circle():
    assert circles(imports_of(python_files("core", "bot"))) == []


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
