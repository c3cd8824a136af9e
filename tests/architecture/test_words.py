"""One word, one meaning: the names in the code are those of the design, in full."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, findings, functions, hold, plant, python_files

# What is written here is said with the word behind it.
OTHER_WORDS = {
    "supplier": "vendor",
    "suppliers": "vendor",
    "client": "customer",
    "clients": "customer",
    "seller": "vendor",
    "warehouseman": "storekeeper",
    "article": "product",
    "purchaser": "customer",
}

ABBREVIATIONS = frozenset(
    {
        "acct", "addr", "adj", "amt", "attr", "attrs", "btn", "calc", "cb", "cfg", "cnt", "cmd",
        "col", "cols", "conf", "conn", "ctx", "cur", "curr", "cust", "db", "del", "desc", "dest",
        "dict", "doc", "docs", "dst", "elem", "err", "exc", "ext", "fmt", "fn", "func", "idx",
        "img", "impl", "info", "init", "inv", "kb", "lang", "len", "lst", "mgr", "misc", "msg",
        "num", "obj", "param", "params", "pct", "prev", "prod", "ptr", "qty", "ref", "refs",
        "req", "res", "ret", "src", "stmt", "str", "sz", "tbl", "tmp", "usr", "util", "utils",
        "val", "vals", "ver", "wh",
    }
)  # fmt: skip

# Names that others gave, which we have to use: SQLAlchemy's column types.
GIVEN = frozenset({"impl", "load_dialect_impl", "process_bind_param"})


def defined_names(source: Source) -> Iterator[tuple[int, str]]:
    """The names that a file makes up: of classes, functions, parameters and variables."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
    for function in functions(source):
        yield function.lineno, function.name
        arguments = function.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield each.lineno, each.arg


def words_of(name: str) -> list[str]:
    """`sales_order`, `SalesOrder` and `SALES_ORDER` are made of the same words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in spaced.lower().split("_") if word]


def strange_words(source: Source) -> Iterator[str]:
    """Names made of an abbreviation, or of a word that the design says differently."""
    for line, name in sorted(set(defined_names(source))):
        if name in GIVEN or name.startswith("__"):
            continue
        for word in words_of(name):
            if word in OTHER_WORDS:
                yield f"{line}: {name}: say {OTHER_WORDS[word]}"
            elif word in ABBREVIATIONS:
                yield f"{line}: {name}: write {word} in full"


@pytest.mark.parametrize(
    "text",
    [
        "qty = 1\n",
        "def f(doc_id): ...\n",
        "class SupplierBook: ...\n",
        "def get_info(): ...\n",
        "for idx in x: ...\n",
    ],
)
def test_a_strange_word_is_found(text):
    assert findings(strange_words, [plant(text)])


def test_an_id_may_be_called_so():
    assert not findings(strange_words, [plant("def f(product_id): return doc.qty\n")])


LOCAL = "bot/local_telegram"


def test_the_words_are_those_of_the_design():
    # The local Telegram speaks the words of the Bot API.
    sources = [
        each for each in python_files("core", "bot") if not each.under("bot/local_telegram")
    ]
    hold(strange_words, sources)
