"""What varies between the kinds of paper is a row of the table, never an `if`."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import (
    Source,
    dotted,
    findings,
    hold,
    plant,
    python_files,
)

THE_TABLE = "core/domain/documents.py"

# Files that may name a kind, each with its reason.
MAY_NAME_A_KIND: dict[str, str] = {THE_TABLE: "it is the table"}

# Speaks the words of the Bot API, where "invoice" is a message, and cannot know the trade.
ANOTHER_TRADE = "bot/local_telegram"

# Words that are a kind's value and mean something else in one file.
OTHER_MEANING: dict[tuple[str, str], str] = {
    ("core/domain/payment_modes.py", "transfer"): "a way to pay, by the bank",
}


def kinds() -> dict[str, str]:
    """The table's members and values, read from its text: SALES_ORDER -> "sales_order"."""
    (table,) = python_files(THE_TABLE)
    for node in table.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "DocumentKind":
            return {
                each.targets[0].id: each.value.value
                for each in node.body
                if isinstance(each, ast.Assign)
                and isinstance(each.targets[0], ast.Name)
                and isinstance(each.value, ast.Constant)
            }
    raise AssertionError("no class DocumentKind in the table")


def named_kinds(source: Source) -> Iterator[str]:
    """A kind is named: as a member of the table, or by its value."""
    known = kinds()
    values = set(known.values())
    deciding = set(deciding_constants(source))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in known:
            if dotted(node.value).split(".")[-1] == "DocumentKind":
                yield f"{node.lineno}: names {node.attr}"
        elif isinstance(node, ast.Constant) and node.value in values:
            # "payment" alone may be a heading or a way to pay; "sales_order" is a kind.
            if "_" not in node.value and node not in deciding:
                continue
            if (source.path, node.value) not in OTHER_MEANING:
                yield f"{node.lineno}: names {node.value!r}"


def deciding_constants(source: Source) -> Iterator[ast.AST]:
    """Constants that code decides by: compared, matched, looked up, handed on as a kind."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Compare):
            for each in (node.left, *node.comparators):
                yield from ast.walk(each)
        elif isinstance(node, ast.MatchValue):
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Subscript):
            yield from ast.walk(node.slice)
        elif isinstance(node, ast.Dict):
            yield from (each for each in node.keys if each)
        elif isinstance(node, ast.Call):
            yield from node.args
            yield from (each.value for each in node.keywords if "kind" in (each.arg or ""))


def test_the_table_has_its_kinds():
    assert {"SALES_ORDER", "DELIVERY_NOTE", "INVOICE", "PAYMENT"} <= kinds().keys()


@pytest.mark.parametrize(
    "text",
    [
        "x = documents.DocumentKind.INVOICE\n",
        "x = 'sales_order'\n",
        "x = kind == 'invoice'\n",
        "x = kind in {'invoice', other}\n",
        "x = {'bill': 1}\n",
        "x = rows['bill']\n",
        "x = create('payment')\n",
        "x = create(kind='payment')\n",
        "match kind:\n    case 'bill':\n        pass\n",
    ],
)
def test_a_named_kind_is_found(text):
    assert findings(named_kinds, [plant(text)])


def test_the_same_word_may_mean_something_else():
    text = 'class Track(StrEnum):\n    """bill"""\n    BILL = "bill"\n'
    assert not findings(named_kinds, [plant(text)])


def test_only_the_table_names_a_kind():
    sources = (each for each in python_files("core", "bot") if not each.under(ANOTHER_TRADE))
    hold(named_kinds, [each for each in sources if each.path not in MAY_NAME_A_KIND])


def test_every_exception_is_needed():
    for path in MAY_NAME_A_KIND:
        assert findings(named_kinds, python_files(path)), path
    for path, word in OTHER_MEANING:
        (source,) = python_files(path)
        assert f'"{word}"' in source.text, (path, word)
