"""What no file of the repository may hold."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.architecture.source import Source, all_texts, findings, hold, plant, python_files

# This folder plants breaches of its own rules.
HERE = "tests/architecture"

OPEN_WORK = re.compile(
    r"\b(?:TODO|FIXME|HACK|WIP)\b|(?i:\bfor now\b|\bnot (?:yet )?implemented\b)"
)
MACHINE_PATH = re.compile(r"(?<![\w.<{}/-])/(?:root|work|home|Users)/\w|[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"(?:index-url|trusted-host|https?://[\w.:-]*(?:pypi|pythonhosted|npmjs|registry|mirror|debian))",
    re.IGNORECASE,
)
IGNORE = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma:\s*no (?:cover|branch)|ruff:\s*noqa)")
# The marker, its codes, and then at least two words.
IGNORE_WITH_REASON = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w,\s-]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|pragma:\s*no \w+)"
    r"[\s#:,;(`'\"-]+\w+\W+\w+"
)


def open_work(source: Source) -> Iterator[str]:
    """Work that was left open, in any file."""
    for number, line in enumerate(source.lines, 1):
        if found := OPEN_WORK.search(line):
            yield f"{number}: {found[0]!r}"


def machine_paths(source: Source) -> Iterator[str]:
    """Folders that exist on one machine only."""
    for number, line in enumerate(source.lines, 1):
        if MACHINE_PATH.search(line):
            yield f"{number}: {line.strip()}"


def registries(source: Source) -> Iterator[str]:
    """Addresses of package registries: where to install from is each machine's own affair."""
    for number, line in enumerate(source.lines, 1):
        if REGISTRY.search(line):
            yield f"{number}: {line.strip()}"


def unexplained_ignores(source: Source) -> Iterator[str]:
    """A check that is switched off without a code and a reason.

    The reason stands behind the code, or as a comment of its own above the line or above the
    statement.
    """
    lines = source.lines
    for number, comment in source.comments:
        if not IGNORE.search(comment) or IGNORE_WITH_REASON.search(comment):
            continue
        coded = IGNORE_WITH_REASON.search(f"{comment} - a reason")
        above = (
            lines[first - 2].strip() for first in (number, start_of(source, number)) if first > 1
        )
        if not coded or not any(
            each.startswith("# ") and not IGNORE.search(each) for each in above
        ):
            yield f"{number}: {comment}"


def start_of(source: Source, number: int) -> int:
    """The first line of the innermost statement that this line belongs to."""
    statements = (each for each in ast.walk(source.tree) if isinstance(each, ast.stmt))
    around = (
        each.lineno for each in statements if each.lineno <= number <= (each.end_lineno or 0)
    )
    return max(around, default=number)


def trailing_blanks(source: Source) -> Iterator[str]:
    """White space that nobody sees, and a file that does not end with one line end."""
    for number, line in enumerate(source.lines, 1):
        if line != line.rstrip() and not source.path.endswith(".md"):
            yield f"{number}: blanks at the end"
    if source.text and (not source.text.endswith("\n") or source.text.endswith("\n\n")):
        yield "does not end with exactly one line end"
    if "\r" in source.text:
        yield "has line ends of another system"


PLANTED = [
    (open_work, "x = 1  # TO" + "DO: more\n"),
    (open_work, "raise ValueError('not yet implemented')\n"),
    (machine_paths, "path = '/ro" + "ot/shop.db'\n"),
    (machine_paths, "path = '/home/someone/shop.db'\n"),
    (registries, "--index-url https://example.org/simple\n"),
    (registries, "see https://pypi.example.org/simple/\n"),
    (unexplained_ignores, "import os  # noqa\n"),
    (unexplained_ignores, "import os  # noqa: F401\n"),
    (unexplained_ignores, "x: int = f()  # type: ignore\n"),
    (unexplained_ignores, "x: int = f()  # type: ignore[assignment]\n"),
    (trailing_blanks, "x = 1 \n"),
    (trailing_blanks, "x = 1"),
    (trailing_blanks, "x = 1\n\n"),
]


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_breach_is_found(rule, text):
    assert findings(rule, [plant(text)])


@pytest.mark.parametrize(
    "text",
    [
        "import os  # noqa: F401 - the name is part of the interface\n",
        "# The package brings no types for this.\nx = f()  # type: ignore[no-any-return]\n",
        "# Nothing else names it.\nx = f(\n    a,\n    y._b,  # noqa: SLF001\n)\n",
        "url = 'https://example.org/home/page'\n",
        "see bot/work/x and ./home/x\n",
    ],
)
def test_what_is_allowed_passes(text):
    for rule in (open_work, machine_paths, registries, unexplained_ignores):
        assert not findings(rule, [plant(text)])


@pytest.mark.parametrize("rule", [open_work, machine_paths, registries, trailing_blanks])
def test_every_file_is_clean(rule):
    sources = [each for each in all_texts() if not each.under(HERE)]
    hold(rule, sources)


def test_every_ignore_has_its_reason():
    sources = [each for each in python_files() if not each.under(HERE)]
    hold(unexplained_ignores, sources)


def test_the_order_of_versions_in_the_changelog():
    (changelog,) = (each for each in all_texts() if each.path == "CHANGELOG.md")
    versions = re.findall(r"^## (\S+)", changelog.text, re.MULTILINE)
    released = [version for version in versions if version != "Unreleased"]
    assert versions in (released, ["Unreleased", *released])
    (project,) = (each for each in all_texts() if each.path == "pyproject.toml")
    assert f'version = "{released[0]}"' in project.text
    numbers = [tuple(map(int, version.split("."))) for version in released]
    assert all(newer > older for newer, older in pairwise(numbers))
