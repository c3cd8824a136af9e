"""The catalogues of texts: extracted from the code, kept up to date, checked.

    python -m core.catalogues update    write locales/messages.pot and every messages.po
    python -m core.catalogues check     say what is stale, missing or wrong; exit status 1 if any

A text is found where the code calls `translator.text("...")` or `reader.plural("...", "...")`, and
where a table marks it with `N_("...")` or `N_plural("...", "...")`. The files depend on the
code alone (no dates, no line numbers, texts in the order of files), so equal code gives equal
files.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po, write_po

from core.i18n.filling import placeholders
from core.i18n.loading import catalogue_path, languages_in

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout: where `babel.cfg`, the code and `locales/` lie."""

_METHODS: Final = frozenset({"text", "plural"})
_MARKERS: Final = frozenset({"N_", "N_plural"})
# How many arguments of each are texts, in Babel's form.
_KEYWORDS: Final = {"text": (1,), "N_": (1,), "plural": (1, 2), "N_plural": (1, 2)}
# Other things have a method `text` too: `parameters.text("chat_id")`. What is called like one of
# these is a translator (or has its methods); of anything else, only what is no name is a text.
_TRANSLATORS: Final = ("translator", "reader")
_A_NAME: Final = re.compile(r"[a-z0-9_]*")


class TextNotLiteral(ValueError):
    """A text is put together by the code, so that no catalogue can hold it."""


# --- Extracting ---------------------------------------------------------------------------------


def extract(root: Path) -> Catalog:
    """All texts of the code below `root`, in the order of files, without translations.

    Raises TextNotLiteral where a text is an f-string or a sum of strings, ValueError where a
    placeholder is no plain name.
    """
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's own
    found = extract_from_dir(root, methods, options, _KEYWORDS)
    template = Catalog(charset="utf-8")
    for filename, _line, text, _comments, _context in sorted(found, key=lambda row: row[:2]):
        _placeholders_of(text)
        template.add(text, locations=[(filename, 0)])
    return template


def extract_texts(
    file: IO[bytes], _keywords: object, _comment_tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str, ...], list[str]]]:
    """Babel's extractor for this code: the line, what was called, its texts, no comments.

    Babel names the arguments; this one has no `options`. Raises TextNotLiteral.
    """
    del options
    tree = ast.parse(file.read())
    modules = _imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name, texts = _texts_of(node, modules)
            if texts:
                yield node.lineno, name, texts, []


def _imported_names(tree: ast.AST) -> frozenset[str]:
    """What `import ...` binds in a file: `sqlalchemy.text("...")` is no text for people."""
    names = [
        name.asname or name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    ]
    return frozenset(names)


def _texts_of(call: ast.Call, modules: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """What is called, and the texts for people among its arguments (none, one, or two forms).

    A variable is no text: what it holds is marked where it stands. Raises TextNotLiteral.
    """
    match call.func:
        case ast.Name(id=name) if name in _MARKERS:
            is_certain = True
        case ast.Attribute(value=owner, attr=name) if name in _METHODS:
            is_certain = _last_name(owner).endswith(_TRANSLATORS)
            if _last_name(owner) in modules:
                return "", ()
        case _:
            return "", ()
    arguments = call.args[: len(_KEYWORDS[name])]
    if is_certain:
        _require_literals(arguments)
    texts = tuple(
        argument.value
        for argument in arguments
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
    is_text = is_certain or not all(_A_NAME.fullmatch(text) for text in texts)
    return name, texts if is_text and len(texts) == len(_KEYWORDS[name]) else ()


def _last_name(expression: ast.expr) -> str:
    """The name nearest to the dot: "translator" of `self.translator` and of `translator("fr")`."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _last_name(function)
    return ""


def _require_literals(arguments: Sequence[ast.expr]) -> None:
    for argument in arguments:
        if isinstance(argument, ast.JoinedStr | ast.BinOp):
            raise TextNotLiteral(
                f"line {argument.lineno}: a text is one literal with {{named}} placeholders, "
                f"not {ast.unparse(argument)}"
            )


# --- Writing ------------------------------------------------------------------------------------


def update(root: Path) -> None:
    """Write the template and bring every catalogue up to date with the code below `root`.

    Translations are kept by their exact English text and dropped with it: a guess (gettext's fuzzy
    match) would put a wrong sentence on somebody's paper.
    """
    template = extract(root)
    _template_path(root).write_bytes(_written(template))
    for language in _languages(root):
        catalogue = _read(root, language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue_path(root / "locales", language).write_bytes(_written(catalogue))


def _template_path(root: Path) -> Path:
    return root / "locales" / "messages.pot"


def _languages(root: Path) -> list[str]:
    """The languages with a catalogue; English needs none but may have one."""
    folder = root / "locales"
    return [name for name in languages_in(folder) if catalogue_path(folder, name).exists()]


def _read(root: Path, language: str) -> Catalog:
    path = catalogue_path(root / "locales", language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8", abort_invalid=True)


def _written(catalogue: Catalog) -> bytes:
    """The file of a catalogue: Babel's, but its header has no dates and no names."""
    header = ["Content-Type: text/plain; charset=utf-8"]
    if catalogue.locale is not None:
        header += [f"Language: {catalogue.locale}", f"Plural-Forms: {_plural_forms(catalogue)}"]
    written = BytesIO()
    lines = "".join(f'"{line}\\n"\n' for line in header)
    written.write(f'msgid ""\nmsgstr ""\n{lines}\n'.encode())
    write_po(
        written,
        catalogue,
        width=0,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return written.getvalue().rstrip() + b"\n"


def _plural_forms(catalogue: Catalog) -> str:
    """The plurals of the catalogue's language as Babel knows them, whatever its file says."""
    return Catalog(locale=catalogue.locale).plural_forms


# --- Checking -----------------------------------------------------------------------------------


def check(root: Path) -> list[str]:
    """What is wrong with the catalogues of the code below `root`; empty when nothing is."""
    template = extract(root)
    path = _template_path(root)
    problems = []
    if not path.exists() or path.read_bytes() != _written(template):
        problems.append("locales/messages.pot is stale: run `make messages`")
    for language in _languages(root):
        try:
            catalogue = _read(root, language)
        except PoFileError as error:
            problems.append(f"{language}: the file cannot be read: {error}")
        else:
            found = _catalogue_problems(catalogue, template)
            problems += [f"{language}: {problem}" for problem in found]
    return problems


def _catalogue_problems(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    if catalogue.plural_forms != _plural_forms(catalogue):
        yield f"Plural-Forms is not {_plural_forms(catalogue)}"
    for message in template:
        if message.id and message.id not in catalogue:
            yield f"missing: {message.id!r}"
    for text in catalogue.obsolete:
        yield f"obsolete: {text!r}"
    for message in catalogue:
        if not message.id:
            continue
        if message.id not in template:
            yield f"no longer in the code: {message.id!r}"
        elif message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        else:
            yield from _message_problems(message)


def _message_problems(message: Message) -> Iterator[str]:
    """What is wrong with one translated text (of one or of several forms)."""
    wanted = _placeholders_of(message.id)
    # "{count} pieces" may be "one piece" where a form stands for one number only.
    needed = wanted if isinstance(message.id, str) else wanted - {"count"}
    for form in [message.string] if isinstance(message.string, str) else message.string or [""]:
        if not form:
            yield f"not translated: {message.id!r}"
            continue
        try:
            found = placeholders(form)
        except ValueError as error:
            yield str(error)
            continue
        if not needed <= found <= wanted:
            yield f"other placeholders in {form!r}: {sorted(wanted ^ found)}"


def _placeholders_of(text: str | Sequence[str]) -> frozenset[str]:
    """The placeholders of a text, or of both its forms. Raises ValueError."""
    forms = [text] if isinstance(text, str) else text
    return frozenset().union(*(placeholders(form) for form in forms))


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """The command line: the exit status of `update` or `check`."""
    match list(arguments):
        case ["update"]:
            update(root)
            return 0
        case ["check"]:
            problems = check(root)
            for problem in problems:
                print(problem)
            return 1 if problems else 0
    print("usage: python -m core.catalogues update|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
