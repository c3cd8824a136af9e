"""What the code needs is declared, and what is declared is pinned."""

import functools
import importlib.metadata
import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT, Source, findings, hold, imported, plant, python_files


def requirements(*, development: bool) -> list[Requirement]:
    """What `pyproject.toml` asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = extras.values() if development else [extras["postgres"]]
    every = [Requirement(each) for each in chain(project["dependencies"], *wanted)]
    return [each for each in every if each.name != project["name"]]


def pins() -> dict[str, str]:
    """The exact versions of `constraints.txt`."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


@functools.cache
def distributions() -> Mapping[str, list[str]]:
    """Which packages bring a module.  Reads what is known of each package, which takes time."""
    return importlib.metadata.packages_distributions()


def undeclared(source: Source) -> Iterator[str]:
    """An import of a package that an installation without `dev` does not ask for."""
    providers = distributions()
    known = {canonicalize_name(each.name) for each in requirements(development=False)}
    for line, name in imported(source):
        top = name.split(".", maxsplit=1)[0]
        packages = {canonicalize_name(each) for each in providers.get(top, [])}
        ours = top in {"core", "bot"} or top in sys.stdlib_module_names
        if not ours and not packages & known:
            yield f"{line}: {name}"


@pytest.mark.parametrize("text", ["import pytest\n", "import unheard_of\n"])
def test_an_undeclared_import_is_found(text):
    assert findings(undeclared, [plant(text)])


def test_every_import_is_declared():
    hold(undeclared, python_files("core", "bot"))


def test_every_requirement_is_used():
    names = {canonicalize_name(each.name) for each in requirements(development=False)}
    providers = distributions()
    used = {
        canonicalize_name(package)
        for source in python_files("core", "bot")
        for _, name in imported(source)
        for package in providers.get(name.split(".", maxsplit=1)[0], [])
    }
    # SQLAlchemy loads its drivers by the address of the database, and Python its zones.
    by_name = {"aiosqlite", "asyncpg", "tzdata"}
    assert not names - used - by_name


def test_every_requirement_allows_its_pin():
    for requirement in requirements(development=True):
        version = pins()[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_tests_run_on_the_pinned_versions():
    here = {name: importlib.metadata.version(name) for name in needed()}
    assert here == {name: pins().get(name, "not pinned") for name in here}


def needed() -> set[str]:
    """All packages that ours need here, and those that these need."""
    found: set[str] = set()
    waiting = requirements(development=True)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        found.add(name)
        for text in importlib.metadata.requires(name) or []:
            inner = Requirement(text)
            extras = requirement.extras or {""}
            wanted = any(
                inner.marker is None or inner.marker.evaluate({"extra": each}) for each in extras
            )
            if wanted and canonicalize_name(inner.name) not in found:
                waiting.append(inner)
    return found
