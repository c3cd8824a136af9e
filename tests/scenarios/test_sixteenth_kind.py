"""A new kind is a row: with it alone there are its form, its cards, its effects and its paper."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_kind_that_is_only_a_row_is_traded_from_its_form_to_its_paper(tmp_path: Path):
    command = [sys.executable, "-m", "tests.scenarios.sixteenth_kind", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
