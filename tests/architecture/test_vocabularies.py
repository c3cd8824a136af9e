"""Each vocabulary has one home: a second list of units or of ways to pay drifts from the first."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

import pytest

from core.domain.payment_modes import PAYMENT_MODES
from core.domain.texts import folded
from core.domain.units import UNITS
from tests.architecture.source import Source, findings, hold, plant, python_files

UNITS_HOME = "core/domain/units.py"
MODES_HOME = "core/domain/payment_modes.py"

# Words for spans of time count days and hours everywhere; lists of them are no lists of units.
SPANS = frozenset({"minute", "h", "day", "week", "month", "year"})
MOST = 2
"""So many units or ways to pay may be named together; with more, it is a vocabulary."""

UNIT_OF: Mapping[str, str] = {
    word: unit.code for unit in UNITS if unit.code not in SPANS for word in unit.all_words
}
# Their codes and labels alone: "online" and "card" are words of other things as well.
MODE_OF: Mapping[str, str] = {
    folded(word): mode.code for mode in PAYMENT_MODES.values() for word in (mode.code, mode.label)
}
CODES_OF_MEANS = {mode.means: mode.code for mode in PAYMENT_MODES.values()}


def together(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """The texts that stand in one literal, message texts and lists inside one text as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for part in (node.keys, node.values):
                yield node.lineno, list(texts_in(each for each in part if each is not None))
        elif isinstance(node, ast.Set | ast.List | ast.Tuple):
            yield node.lineno, list(texts_in(node.elts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = re.split(r"[|,;\s]+", node.value)
            # A sentence has other words too; a list of a vocabulary has little else.
            yield node.lineno, words if len(words) < 60 else []


def texts_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The texts of literals and of marked messages, those of tuples inside them too."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            if node.func.id == "N_":
                yield from texts_in(node.args)
        elif isinstance(node, ast.Tuple):
            yield from texts_in(node.elts[:1])


def named(source: Source, known: Mapping[str, str]) -> Iterator[str]:
    """Where more than a few things of a vocabulary are named, and nearly nothing else."""
    for line, texts in together(source.tree):
        found = {known[folded(text)] for text in texts if folded(text) in known}
        strange = sum(folded(text) not in known for text in texts)
        if len(found) > MOST and strange <= len(texts) / 2:
            yield f"{line}: names {', '.join(sorted(found))}"


def units_elsewhere(source: Source) -> Iterator[str]:
    """Units have one table, core/domain/units.py."""
    yield from named(source, UNIT_OF)


def modes_elsewhere(source: Source) -> Iterator[str]:
    """Ways to pay have one table, core/domain/payment_modes.py."""
    yield from named(source, MODE_OF)
    yield from named(source, CODES_OF_MEANS)


@pytest.mark.parametrize(
    "text",
    [
        'UNITS = {"piece": N_("piece"), "m": N_("metre"), "kg": N_("kilogram")}\n',
        'UNITS = {1: N_("piece"), 2: N_("metre"), 3: N_("kilogram")}\n',
        'UNITS = {1: (N_("piece"), "pcs"), 2: (N_("metre"), "m"), 3: (N_("box"), "bx")}\n',
        'UNITS = N_("pc|pcs|box|boxes|pack|packs")\n',
        'UNITS = frozenset({N_("piece"), N_("metre"), N_("litre")})\n',
        'UNIT_DIGITS = {"m": 2, "kg": 3, "l": 3}\n',
        'NAMES = {"MTR": "metre m", "C62": "piece pcs", "x": "metre kg litre"}\n',
        "words = 'kilogram kilograms kg pièce mètre'.split()\n",
    ],
)
def test_a_second_table_of_units_is_found(text):
    assert findings(units_elsewhere, [plant(text)])


@pytest.mark.parametrize(
    "text",
    [
        'MODES = {"transfer": N_("Bank transfer"), "cash": N_("Cash"), "card": N_("Card")}\n',
        'MEANS = {"a": "30", "b": "10", "c": "48"}\n',
        'MODES = ("cash", "card", "cheque")\n',
    ],
)
def test_a_second_table_of_payment_modes_is_found(text):
    assert findings(modes_elsewhere, [plant(text)])


def test_what_is_no_vocabulary_is_none():
    text = (
        'SPANS = {"day": 1, "week": 7, "month": 30}\n'
        'SENTENCE = "Put a box and a bottle on the pallet before you close the day."\n'
        'COLUMNS = ("sku", "unit", "set", "pack", "name", "price", "tax")\n'
    )
    assert not findings(units_elsewhere, [plant(text)])
    assert not findings(modes_elsewhere, [plant(text)])


def test_each_vocabulary_has_one_home():
    sources = python_files("core", "bot")
    hold(units_elsewhere, [each for each in sources if each.path != UNITS_HOME])
    hold(modes_elsewhere, [each for each in sources if each.path != MODES_HOME])


def test_the_homes_would_be_found():
    assert findings(units_elsewhere, python_files(UNITS_HOME))
