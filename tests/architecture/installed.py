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
    ("bot/local_telegram/static", "**/*", ""),
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


# Asked of the installed packages: where they are, and which languages they found.
QUESTION = """
import pathlib
import core, core.i18n
print(pathlib.Path(core.__path__[0]).parent)
print(*sorted(core.i18n.LANGUAGES))
"""


def missing(programs: Path) -> list[str]:
    """What the environment with these programs lacks."""
    asked = _run([programs / "python", "-c", QUESTION])
    folder, languages = asked.stdout.splitlines()
    packages = Path(folder)
    if "site-packages" not in packages.parts:
        return [f"an installation: the packages come from {packages}"]
    lacking = [path for path in expected() if not (packages / path).is_file()]
    ours = {path.name for path in (ROOT / "locales").iterdir() if path.is_dir()}
    lacking += [f"the language {code}" for code in sorted(ours - set(languages.split()))]
    _run([programs / "comptoir", "--help"])
    return lacking


def _run(command: list[Path | str]) -> "subprocess.CompletedProcess[str]":
    # From elsewhere, so that nothing is found in the repository by accident.
    elsewhere = tempfile.gettempdir()
    return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    lacks = missing(Path(sys.argv[1]).absolute())
    for each in lacks:
        print(f"the installed package lacks: {each}", file=sys.stderr)
    sys.exit(bool(lacks))
