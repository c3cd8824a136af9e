"""Functions and files stay short enough to be read at once."""

from tests.architecture.sizes import (
    FILE_LIMIT,
    FOLDER_LIMIT,
    FUNCTION_LIMIT,
    crowded_folders,
    over_the_limit,
)
from tests.architecture.source import findings, hold, plant, python_files


def test_a_long_function_is_found():
    body = "    x = 1\n"
    assert not findings(over_the_limit, [plant("def f():\n" + body * (FUNCTION_LIMIT - 1))])
    assert "f has 71 lines" in findings(
        over_the_limit, [plant("def f():\n" + body * FUNCTION_LIMIT)]
    )


def test_a_docstring_does_not_count():
    text = 'def f():\n    """A\n' + "    b\n" * 90 + '    """\n    return 1\n'
    assert not findings(over_the_limit, [plant(text)])


def test_a_long_file_is_found():
    assert "has 501 lines" in findings(over_the_limit, [plant("x = 1\n" * (FILE_LIMIT + 1))])


def test_nothing_is_longer_than_the_limit():
    hold(over_the_limit, python_files())


def test_a_crowded_folder_is_found():
    paths = [f"core/full/m{number}.py" for number in range(FOLDER_LIMIT + 1)]
    assert crowded_folders(paths) == {"core/full": FOLDER_LIMIT + 1}
    assert not crowded_folders(paths[1:])


def test_no_folder_holds_more_than_a_reader_can_take_in():
    assert crowded_folders(each.path for each in python_files()) == {}
