"""How quick the papers are beside fpdf2's own way, and beside reportlab.  Nothing is asserted:

    python -m tests.bench.bench_pdf [ROUNDS]

All ways draw the same papers in turn in one process, so that a busy machine slows all; the ratios
are what to trust. Times are processor milliseconds of one paper, the first of each size and way
left out. reportlab gets the finished words of our paper and lays them out itself; it is spared
to say them in a language, the form for archives, and the e-invoice inside.
"""

import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from statistics import median

from core.domain.papers.view import Paper

from core import einvoice
from core.i18n import Translator, translator
from core.pdf import draw
from core.pdf.fonts import Attach, attach_parsed, attach_plain
from tests.bench import reportlab_paper
from tests.pdf.papers import lines, paper

WAYS = {"quick": attach_parsed, "plain": attach_plain}
SIZES = (5, 60, 200)


def milliseconds() -> float:
    """The processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (used.ru_utime + used.ru_stime)


def draw_ours(whole: Paper, reader: Translator, attach: Attach) -> object:
    """A paper with its e-invoice inside, as it goes out."""
    inside = einvoice.write(whole, reader)
    assert inside is not None
    return draw(whole, reader, e_invoice=inside, attach=attach)


def measure(rounds: int) -> dict[tuple[int, str], list[float]]:
    """The times of each size and way, in turn; every paper differs from the one before."""
    reader = translator("en")
    reportlab_paper.register()
    times: dict[tuple[int, str], list[float]] = defaultdict(list)
    for size in SIZES:
        for turn in range(rounds + 1):
            whole = paper(lines=lines(size), number=f"IN-2026-{turn:04}", notes="Ω Ж é")
            words = reportlab_paper.rows_of(whole, reader)
            draws: dict[str, Callable[[], object]] = {
                way: partial(draw_ours, whole, reader, attach) for way, attach in WAYS.items()
            }
            draws["reportlab"] = partial(reportlab_paper.draw, words)
            for way, does in draws.items():
                begun = milliseconds()
                does()
                if turn:
                    times[size, way].append(milliseconds() - begun)
    return times


def main() -> None:
    """Print a line for each size."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    times = measure(rounds)
    for size in SIZES:
        quick, plain, other = (median(times[size, way]) for way in (*WAYS, "reportlab"))
        sys.stdout.write(
            f"{size:4} lines: quick {quick:6.1f} ms, plain {plain:6.1f} ms, "
            f"ratio {quick / plain:.2f}; reportlab {other:6.1f} ms, ratio {quick / other:.2f}\n"
        )


if __name__ == "__main__":
    main()
