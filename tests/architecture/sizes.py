"""How long functions and files are: the aim is printed, the limit is a test.

Run as `python -m tests.architecture.sizes` it lists what is longer than the aim.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.architecture.source import Source, functions, python_files

FUNCTION_AIM, FUNCTION_LIMIT = 50, 70
FILE_AIM, FILE_LIMIT = 400, 500
# A file of tests holds stories that do not depend on each other, and a story is told whole.
STORY_LIMIT, STORIES_LIMIT = 120, 700

FOLDER_LIMIT = 24
"""Files of Python in one folder: more than a reader can take in is split into rooms by action."""

# A migration is one list of statements, written once and never changed.
WITHOUT_LIMIT = ("core/storage/migrations/versions",)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from its name to its end, without its docstring."""
    first = function.body[0]
    docstring = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


# A table is read row by row.
LONG_TABLES = ("core/domain/documents.py", "tests/bot/local/refusal_table.py")


def too_long(source: Source, *, function_lines: int, file_lines: int) -> Iterator[str]:
    """What of a file is longer than this."""
    if source.under(*WITHOUT_LIMIT):
        return
    lines = len(source.lines)
    if lines > file_lines:
        yield f"the file has {lines} lines"
    for function in functions(source):
        if length(function) > function_lines:
            yield f"{function.lineno}: {function.name} has {length(function)} lines"


def crowded_folders(paths: Iterable[str]) -> dict[str, int]:
    """Return the folders that hold more files than the limit, with how many."""
    counts = Counter(path.rpartition("/")[0] for path in paths)
    return {folder: count for folder, count in counts.items() if count > FOLDER_LIMIT}


def over_the_limit(source: Source) -> Iterator[str]:
    """What has to be shortened now."""
    function_lines, file_lines = FUNCTION_LIMIT, FILE_LIMIT
    if source.under("tests"):
        function_lines, file_lines = STORY_LIMIT, STORIES_LIMIT
    if source.path in LONG_TABLES:
        file_lines = len(source.lines)
    return too_long(source, function_lines=function_lines, file_lines=file_lines)


def over_the_aim(source: Source) -> Iterator[str]:
    """What should be shortened when it is next touched."""
    return too_long(source, function_lines=FUNCTION_AIM, file_lines=FILE_AIM)


if __name__ == "__main__":
    for each in python_files():
        for found in over_the_aim(each):
            print(f"longer than the aim: {each.path}: {found}")
