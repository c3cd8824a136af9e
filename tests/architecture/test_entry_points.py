"""What the documents tell a person to type exists. (The built wheel: `make package`.)"""

import importlib
import re
import subprocess
import sys
import tomllib

from tests.architecture.source import ROOT, all_texts

CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def documents() -> dict[str, str]:
    """The pages that people read."""
    return {each.path: each.text for each in all_texts() if each.path.endswith(".md")}


def commands(program: str) -> set[str]:
    """The words after a program's name in the documents' code: "test" of `make test`."""
    found = re.compile(rf"(?:^|[\s`&|(]){program}\s+([a-z]+)\b", re.MULTILINE)
    pieces = (piece for text in documents().values() for piece in CODE.findall(text))
    return {word for piece in pieces for word in found.findall(piece)}


def bot(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The program, as `python -m bot` starts it."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def targets() -> set[str]:
    """The targets of the Makefile that are meant for people."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


def test_the_installed_program_has_something_to_start():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["comptoir"].partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_the_program_says_what_it_can():
    done = bot("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "TELEGRAM_TOKEN" in done.stdout


def test_the_program_knows_the_commands_of_the_documents():
    words = commands("comptoir")
    assert words
    refused = {word: done.stderr for word in words if (done := bot(word, "--help")).returncode}
    assert not refused


def test_the_targets_of_the_documents_exist():
    assert {"run", "test", "check", "bench", "messages", "clean"} <= targets()
    assert not commands("make") - targets()


def test_make_alone_lists_every_target():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  ([a-z]+)\s+\S", done.stdout, re.MULTILINE))
    assert listed == targets()


def test_files_that_the_documents_name_exist():
    missing = [
        f"{path}: {target}"
        for path, text in documents().items()
        for target in LINK.findall(text)
        if not (ROOT / path).parent.joinpath(target).exists()
    ]
    assert not missing
