"""What varies between the kinds of paper is a row of the table, never an `if`."""

import ast
from collections.abc import Iterator

from tests.architecture.source import (
    Source,
    docstrings,
    dotted,
    findings,
    plant,
    python_files,
)

THE_TABLE = "core/domain/documents.py"

# Files that may name a kind, each with its reason.
MAY_NAME_A_KIND: dict[str, str] = {
    THE_TABLE: "it is the table",
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
    """Where a file names a kind: as a member, by its value, or by looking a member up."""
    known = kinds()
    values = set(known.values())
    ignored = docstrings(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in known:
            if dotted(node.value).split(".")[-1] == "DocumentKind":
                yield f"{node.lineno}: names {node.attr}"
        elif isinstance(node, ast.Constant) and node not in ignored and node.value in values:
            yield f"{node.lineno}: names {node.value!r}"


def test_the_table_has_its_kinds():
    assert {"SALES_ORDER", "DELIVERY_NOTE", "INVOICE", "PAYMENT"} <= kinds().keys()


def test_a_named_kind_is_found():
    planted = plant(
        "from core.domain import documents\n"
        "def f(kind: documents.DocumentKind) -> bool:\n"
        '    """invoice"""\n'
        "    return kind is documents.DocumentKind.INVOICE or kind == 'sales_order'\n"
    )
    assert findings(named_kinds, [planted]).splitlines() == [
        "core/planted.py: 4: names INVOICE",
        "core/planted.py: 4: names 'sales_order'",
    ]


def test_only_the_table_names_a_kind():
    sources = [each for each in python_files("core", "bot") if each.path not in MAY_NAME_A_KIND]
    assert not findings(named_kinds, sources)


def test_every_exception_is_needed():
    for path in MAY_NAME_A_KIND:
        assert findings(named_kinds, python_files(path)) or path == THE_TABLE, path
