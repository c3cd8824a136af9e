"""The repository's own files, read and parsed once, for the rules of this folder.

A rule is a function from one file to what it finds there. Its test runs it twice: over a
planted breach, which it has to find, and over the whole tree.
"""

import ast
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NOT_TEXT = frozenset(
    {".ttf", ".otf", ".png", ".ico", ".icc", ".pdf", ".mo", ".gz", ".woff2", ".xz"}
)

NOT_OWN = frozenset({".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})


@dataclass(frozen=True)
class Source:
    """One text file: its path from the repository's root, and its text."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """The comments of a Python file, with their line numbers."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def module(self) -> str:
        """The dotted name: `core.domain` for `core/domain/__init__.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def under(self, *folders: str) -> bool:
        """Whether the file is one of these, or lies in one of these folders."""
        return any(self.path == each or self.path.startswith(f"{each}/") for each in folders)


Rule = Callable[[Source], Iterable[str]]


@cache
def all_texts() -> tuple[Source, ...]:
    """Every text file that belongs to the repository: known to git, or about to be."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(_own_paths())
        if path.is_file() and path.suffix not in NOT_TEXT
    )


def _own_paths() -> set[Path]:
    if not (ROOT / ".git").exists():
        # An unpacked archive holds the environment beside its own files, and nothing else.
        return {each for each in ROOT.rglob("*") if not set(each.parts) & NOT_OWN}
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {ROOT / name for name in done.stdout.split("\0") if name}


@cache
def python_files(*folders: str) -> tuple[Source, ...]:
    """The Python files in these folders (or of all of them, when none is named)."""
    sources = (each for each in all_texts() if each.path.endswith(".py"))
    return tuple(each for each in sources if not folders or each.under(*folders))


def plant(text: str, path: str = "core/planted.py") -> Source:
    """A made-up file, to prove that a rule finds what it forbids."""
    return Source(path, text)


def findings(rule: Rule, sources: Iterable[Source]) -> str:
    """What a rule finds, one line each; empty when all is well."""
    return "\n".join(f"{each.path}: {found}" for each in sources for found in rule(each))


def hold(rule: Rule, sources: Iterable[Source]) -> None:
    """Fail with everything that a rule finds."""
    if found := findings(rule, sources):
        raise AssertionError(f"{(rule.__doc__ or rule.__name__).splitlines()[0]}\n{found}")


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, nested ones too."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute or a name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """What a file imports, as dotted names with their lines."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
