"""Whether an installed Comptoir is whole: run by `make package`, far from the repository.

The wheel has to bring what is no code: catalogues, fonts, the chat page, migrations.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.source import ROOT

# Files that are read while the program runs, and where the wheel has to put them.
DATA = (
    ("core/pdf", "**/*.ttf", ""),
    ("core/storage/migrations", "**/*.py", ""),
    ("bot/local/static", "**/*", ""),
    ("locales", "**/*.po", "core"),
)


def expected() -> list[str]:
    """The paths, from where packages are installed, of all data in the repository."""
    return [
        str(Path(into) / path.relative_to(ROOT))
        for folder, pattern, into in DATA
        for path in sorted((ROOT / folder).glob(pattern))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def missing(programs: Path) -> list[str]:
    """What the environment with these programs lacks."""
    found = subprocess.run(
        [
            programs / "python",
            "-c",
            "import core, pathlib; print(pathlib.Path(core.__path__[0]).parent)",
        ],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=True,
    )
    packages = Path(found.stdout.strip())
    if packages.is_relative_to(ROOT) and "site-packages" not in packages.parts:
        return [f"the packages come from the repository, not from an installation: {packages}"]
    lacking = [path for path in expected() if not (packages / path).is_file()]
    done = subprocess.run(
        [programs / "comptoir", "--help"], cwd=tempfile.gettempdir(), check=False
    )
    return lacking + ([f"comptoir --help ended with {done.returncode}"] if done.returncode else [])


if __name__ == "__main__":
    lacks = missing(Path(sys.argv[1]).absolute())
    for each in lacks:
        print(f"the installed package lacks: {each}", file=sys.stderr)
    sys.exit(bool(lacks))
