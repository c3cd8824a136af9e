"""Files of strangers are read in a process of its own, with little memory and time.

Whatever a file does to openpyxl or zlib, it does there; the bot goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path
from typing import Final

import core
from core.files.reader import answered, is_heavy, understood
from core.files.refusals import FileNotTrusted
from core.files.table import MEGABYTE

MOST_MEMORY: Final = 1_000 * MEGABYTE
MOST_SECONDS: Final = 60


async def read_packed(content: bytes) -> bytes:
    """The table of a file, packed as `core.files.table.dump` packs it, off the event loop.

    Raises:
        FileNotTrusted: it takes more memory or time than any table needs.
        What `read_table` raises.
    """
    if is_heavy(content):
        return understood(await _in_a_process(content))
    return understood(await asyncio.to_thread(answered, content))


_ROOT: Final = str(Path(core.__file__).resolve().parent.parent)
# Every part has been read for entities before openpyxl sees it (core/files/xlsx_reader.py).
_SURROUNDINGS: Final = {"PYTHONPATH": _ROOT, "OPENPYXL_DEFUSEDXML": "False"}


async def _in_a_process(content: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "core.files.sandbox",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **_SURROUNDINGS},
    )  # fmt: skip
    try:
        async with asyncio.timeout(MOST_SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        raise FileNotTrusted from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not answer:
        raise FileNotTrusted
    return answer


def main() -> None:
    """Read standard input, answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
