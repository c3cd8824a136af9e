"""Rules about the code that no linter knows."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, dotted, findings, hold, imported, plant, python_files

# A column's type decides how a value is kept. All of them are made in one file.
COLUMNS = "core/storage/columns.py"
APPROXIMATE = frozenset({"Numeric", "Float", "Double", "REAL", "FLOAT", "DOUBLE", "DECIMAL"})

CLOCKS = frozenset(
    {
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
        "time.monotonic", "time.localtime", "time.gmtime", "datetime.datetime.now",
        "datetime.datetime.utcnow", "datetime.date.today",
    }
)  # fmt: skip


def floats(source: Source) -> Iterator[str]:
    """Numbers that are not exact: a literal, or a conversion."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: the float {node.value}"
        elif isinstance(node, ast.Call) and dotted(node.func) == "float":
            yield f"{node.lineno}: float()"


def clocks(source: Source) -> Iterator[str]:
    """Reading a clock: the time is given, so that a test can choose it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS:
            yield f"{node.lineno}: {dotted(node)}"


def approximate_columns(source: Source) -> Iterator[str]:
    """Column types that round on SQLite."""
    for line, name in imported(source):
        if name.startswith("sqlalchemy.") and name.split(".")[-1] in APPROXIMATE:
            yield f"{line}: {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in APPROXIMATE:
            owner = dotted(node.value).split(".")[-1]
            if owner in {"sa", "sqlalchemy", "types", "sqltypes", "postgresql", "sqlite"}:
                yield f"{node.lineno}: {owner}.{node.attr}"


def commits(source: Source) -> Iterator[str]:
    """Beginning or ending a transaction: that is the turn's."""
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"commit", "rollback", "begin", "begin_nested"}
        ):
            yield f"{node.lineno}: {node.func.attr}()"


def mocks(source: Source) -> Iterator[str]:
    """Stand-ins for our own code, and waiting instead of a clock that the test moves."""
    for line, name in imported(source):
        if name.startswith("unittest.mock") or name.split(".")[0] in {"mock", "pytest_mock"}:
            yield f"{line}: {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) == "time.sleep":
            yield f"{node.lineno}: time.sleep"


def skips(source: Source) -> Iterator[str]:
    """A test that may not run proves nothing."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in {
            "pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail",
            "pytest.importorskip", "pytest.xfail",
        }:  # fmt: skip
            yield f"{node.lineno}: {dotted(node)}"


def module_state(source: Source) -> Iterator[str]:
    """`global`: state that every conversation would share."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Global):
            yield f"{node.lineno}: global {', '.join(node.names)}"


def swallowed(source: Source) -> Iterator[str]:
    """A handler that does nothing about an error, and a `finally` that hides one.

    To try the next of several ways is to do something, when the error has a name.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            unnamed = node.type is None or dotted(node.type) in {"Exception", "BaseException"}
            idle = (ast.Pass, ast.Continue) if unnamed else (ast.Pass,)
            if all(isinstance(each, idle) for each in node.body):
                yield f"{node.lineno}: an error is swallowed"
        elif isinstance(node, ast.Try):
            for each in node.finalbody:
                if any(isinstance(inner, ast.Return) for inner in ast.walk(each)):
                    yield f"{each.lineno}: a return in finally hides an error"


PLANTED = [
    (floats, "x = 1.5\n"),
    (floats, "x = float('1')\n"),
    (clocks, "from datetime import date\nx = date.today()\n"),
    (clocks, "import datetime\nx = datetime.datetime.now(datetime.UTC)\n"),
    (clocks, "import time\ndef f(clock=time.time): ...\n"),
    (approximate_columns, "from sqlalchemy import Numeric\n"),
    (approximate_columns, "import sqlalchemy as sa\nx = sa.Float()\n"),
    (commits, "def f(work):\n    work.connection.commit()\n"),
    (mocks, "from unittest.mock import Mock\n"),
    (mocks, "import time\ntime.sleep(1)\n"),
    (skips, "import pytest\n@pytest.mark.skip\ndef test(): ...\n"),
    (module_state, "def f():\n    global x\n"),
    (swallowed, "try:\n    f()\nexcept ValueError:\n    pass\n"),
    (swallowed, "for x in y:\n    try:\n        f()\n    except Exception:\n        continue\n"),
    (swallowed, "def g():\n    try:\n        f()\n    finally:\n        return 1\n"),
]


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_breach_is_found(rule, text):
    assert findings(rule, [plant(text)])


@pytest.mark.parametrize("folder", ["core/domain", "core/services", "core/reports"])
def test_numbers_are_exact(folder):
    hold(floats, python_files(folder))


def test_the_time_is_given():
    hold(clocks, python_files("core"))


def test_no_column_rounds():
    hold(approximate_columns, python_files("core/storage"))


@pytest.mark.parametrize("folder", ["core/domain", "core/services", "core/reports", "core/pdf"])
def test_a_service_never_ends_a_transaction(folder):
    hold(commits, python_files(folder))


def test_tests_use_the_real_thing():
    hold(mocks, python_files("tests"))


def test_every_test_runs():
    hold(skips, python_files("tests"))


def test_modules_keep_no_state():
    hold(module_state, python_files("core", "bot"))


def test_no_error_is_swallowed():
    hold(swallowed, python_files("core", "bot"))
