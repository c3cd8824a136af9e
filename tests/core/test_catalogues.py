"""The catalogues: found in the code, kept up to date, checked."""

import subprocess
import sys

import pytest

from core.catalogues import ROOT, TextNotLiteral, check, extract, main, update

CODE = """
import sqlalchemy
from core.domain.messages import N_, N_plural

LABEL = N_("Delivery note")
FORMS = N_plural("{count} piece", "{count} pieces")


def show(translator, turn, pdf, parameters, texts):
    translator.text("{free} free", free=7)
    turn.reader.plural("{count} order", "{count} orders", 2)
    make_translator("fr").text("draft")
    texts.text("Ship " "now")
    parameters.text("chat_id")
    sqlalchemy.text("SELECT 1 FROM level")
    translator.text(LABEL)
    pdf.text(3, 4, "drawn")
    show.text()
    [x for x in ()][0].text("No owner's name")
    text("A function of another module")
"""

FRENCH = {
    "Delivery note": "Bon de livraison",
    "{free} free": "{free} libres",
    "draft": "brouillon",
    "Ship now": "Expédier",
    "No owner's name": "Sans nom",
    ("{count} piece", "{count} pieces"): ("une pièce", "{count} pièces"),
    ("{count} order", "{count} orders"): ("{count} commande", "{count} commandes"),
}


@pytest.fixture
def root(tmp_path):
    """A project with one file of code and an empty French catalogue."""
    (tmp_path / "core").mkdir()
    (tmp_path / "bot").mkdir()
    (tmp_path / "core" / "code.py").write_text(CODE)
    (tmp_path / "babel.cfg").write_text((ROOT / "babel.cfg").read_text())
    french_file(tmp_path).parent.mkdir(parents=True)
    french_file(tmp_path).write_text("")
    return tmp_path


def french_file(root):
    return root / "locales" / "fr" / "LC_MESSAGES" / "messages.po"


def translate(root, texts=FRENCH):
    """Write the French catalogue by hand, as a translator would."""
    lines = [
        (
            'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
            '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
        )
    ]
    for source, translated in texts.items():
        if isinstance(source, str):
            lines.append(f'msgid "{source}"\nmsgstr "{translated}"\n')
        else:
            forms = "".join(f'msgstr[{i}] "{form}"\n' for i, form in enumerate(translated))
            lines.append(f'msgid "{source[0]}"\nmsgid_plural "{source[1]}"\n{forms}')
    french_file(root).write_text("\n".join(lines), encoding="utf-8")


def plant(root, **changes):
    """An up-to-date project, then French with these changes; the problems that are found."""
    update(root)
    translate(root, {**FRENCH, **changes.pop("texts", {})})
    return check(root)


# --- Finding texts ------------------------------------------------------------------------------


def test_every_text_for_people_is_found_and_nothing_else(root):
    assert {message.id for message in extract(root) if message.id} == set(FRENCH)


def test_the_template_depends_on_the_code_alone(root):
    update(root)
    template = root / "locales" / "messages.pot"
    written = template.read_bytes()
    assert b"core/code.py" in written
    assert b"Date" not in written
    (root / "core" / "code.py").write_text("# A line more\n\n" + CODE)
    update(root)
    assert template.read_bytes() == written
    assert written.endswith(b'"\n')


def test_texts_stand_in_the_order_of_files_and_lines(root):
    (root / "bot" / "first.py").write_text('translator.text("b")\ntranslator.text("a")\n')
    assert [message.id for message in extract(root) if message.id][:3] == [
        "b",
        "a",
        "Delivery note",
    ]


@pytest.mark.parametrize(
    "code",
    [
        'translator.text(f"{free} free")',
        'translator.text("free: " + free)',
        'N_("%s free" % free)',
        'self._translator.plural("{count} piece", f"{count} pieces", 2)',
    ],
)
def test_a_text_that_is_put_together_is_a_mistake(root, code):
    (root / "core" / "code.py").write_text(code)
    with pytest.raises(TextNotLiteral, match="one literal"):
        extract(root)


def test_a_placeholder_that_is_no_plain_name_is_a_mistake(root):
    (root / "core" / "code.py").write_text('translator.text("{free:>9} free")')
    with pytest.raises(ValueError, match="no plain name"):
        extract(root)


# --- Keeping translations -----------------------------------------------------------------------


def test_translations_are_kept_and_new_texts_are_empty(root):
    translate(root)
    (root / "core" / "code.py").write_text(CODE.replace('"draft"', '"drafts"'))
    update(root)
    written = french_file(root).read_text(encoding="utf-8")
    assert 'msgstr "Bon de livraison"' in written
    assert 'msgid "drafts"\nmsgstr ""' in written
    assert "brouillon" not in written
    assert "fuzzy" not in written
    assert '"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in written


def test_an_updated_project_stays_as_it_is(root):
    translate(root)
    update(root)
    written = french_file(root).read_bytes()
    update(root)
    assert french_file(root).read_bytes() == written
    assert check(root) == []


# --- Checking -----------------------------------------------------------------------------------


def test_a_project_without_texts_is_in_order(root):
    (root / "core" / "code.py").write_text("")
    update(root)
    assert check(root) == []


def test_a_whole_catalogue_is_in_order(root):
    assert plant(root) == []


def test_a_stale_template_is_found(root):
    assert plant(root) == []
    (root / "core" / "more.py").write_text('translator.text("New text")')
    assert check(root) == [
        "locales/messages.pot is stale: run `make messages`",
        "fr: missing: 'New text'",
    ]
    (root / "locales" / "messages.pot").unlink()
    assert "locales/messages.pot is stale: run `make messages`" in check(root)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({"draft": ""}, "fr: not translated: 'draft'"),
        ({"Old text": "Vieux texte"}, "fr: no longer in the code: 'Old text'"),
        (
            {"{free} free": "{libre} libres"},
            "fr: other placeholders in '{libre} libres': ['free', 'libre']",
        ),
        ({"{free} free": "libres"}, "fr: other placeholders in 'libres': ['free']"),
        ({"{free} free": "{free:d} libres"}, "fr: {free} in '{free:d} libres' is no plain name"),
        (
            {("{count} piece", "{count} pieces"): ("{count} pièce",)},
            "fr: not translated: ('{count} piece', '{count} pieces')",
        ),
        (
            {("{count} piece", "{count} pieces"): ("{count} pièce", "{number} pièces")},
            "fr: other placeholders in '{number} pièces': ['count', 'number']",
        ),
    ],
)
def test_a_breach_in_a_catalogue_is_found(root, texts, problem):
    assert plant(root, texts=texts) == [problem]


def test_a_plural_with_too_many_forms_cannot_be_read(root):
    forms = {("{count} piece", "{count} pieces"): ("a", "b", "c")}
    (problem,) = plant(root, texts=forms)
    assert problem.startswith("fr: the file cannot be read")


def change_file(root, old, new):
    path = french_file(root)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return check(root)


def test_a_guess_is_found(root):
    plant(root)
    assert change_file(root, 'msgid "draft"', '#, fuzzy\nmsgid "draft"') == ["fr: fuzzy: 'draft'"]


def test_an_obsolete_translation_is_found(root):
    plant(root)
    obsolete = '#~ msgid "Old"\n#~ msgstr "Vieux"\n'
    assert change_file(root, 'msgid "draft"', f'{obsolete}\nmsgid "draft"') == [
        "fr: obsolete: 'Old'"
    ]


def test_plurals_of_another_language_are_found(root):
    plant(root)
    assert change_file(root, "plural=(n > 1)", "plural=(n != 1)") == [
        "fr: Plural-Forms is not nplurals=2; plural=(n > 1);"
    ]


# --- The command line ---------------------------------------------------------------------------


def test_the_command_line(root, capsys):
    assert main(["update"], root) == 0
    assert main(["check"], root) == 1
    assert "fr: not translated: 'draft'" in capsys.readouterr().out
    translate(root)
    assert main(["check"], root) == 0
    assert main([], root) == 2
    assert "usage" in capsys.readouterr().err


def test_it_runs_as_a_program():
    command = [sys.executable, "-m", "core.catalogues", "compile"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert "update|check" in finished.stderr
