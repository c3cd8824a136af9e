"""Copies: which of them are kept, what is refused, what is left behind by a failure."""

import asyncio
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from bot.operate.backup_retention import (
    CHECKSUM,
    Keep,
    copies_in,
    forget_needless,
    name_of,
    needless,
    stem_of,
)

from bot.__main__ import main
from bot.command_line import backing_up, databases, restoring
from bot.command_line.console import clock
from core.services.audit import CHECKS
from core.storage.database import open_database

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, 2, tzinfo=UTC)
URL = "sqlite+aiosqlite:///shop.db"


# --- Which are kept -----------------------------------------------------------------------


def test_a_copy_has_its_time_in_its_name(tmp_path):
    at = datetime(2026, 11, 24, 3, 0, 7, tzinfo=UTC)
    names = [name_of("shop", at), name_of("shop", at - DAY), "shop-other.db", "shop.db",
             name_of("shop-two", at), name_of("shop", at) + CHECKSUM]  # fmt: skip
    for name in names:
        (tmp_path / name).touch()
    assert names[0] == "shop-20261124T030007Z.db"
    assert list(copies_in(tmp_path, "shop")) == [at - DAY, at]
    assert stem_of("sqlite+aiosqlite:////var/lib/shop.db") == "shop"
    assert stem_of("postgresql+asyncpg://user:secret@host/books") == "books"


def test_of_a_year_of_nights_the_newest_of_each_day_week_and_month_stay():
    nights = [FIRST + DAY * night for night in range(365)]
    kept = sorted(set(nights) - needless(nights, Keep(daily=7, weekly=5, monthly=12)))
    assert kept[-7:] == nights[-7:]
    assert date(2026, 1, 31) in {each.date() for each in kept}
    months = {(each.year, each.month) for each in kept}
    assert len(months) == 12
    assert len({each.isocalendar()[:2] for each in kept if each > nights[-35]}) == 5
    assert 12 < len(kept) <= 7 + 5 + 12
    # The next night, one goes and one comes: what was kept before is enough.
    following = [*kept, nights[-1] + DAY]
    assert needless(following, Keep(daily=7, weekly=5, monthly=12)) <= set(kept)


@pytest.mark.parametrize(("keep", "left"), [(3, 3), (1, 1), (99, 10), (Keep(0, 0, 0), 1)])
def test_the_newest_copy_always_stays(keep, left):
    nights = [FIRST + DAY * night for night in range(10)]
    kept = set(nights) - needless(nights, keep)
    assert len(kept) == left
    assert max(nights) in kept
    assert needless([], keep) == set()


def test_a_copy_goes_with_its_checksum(tmp_path):
    for night in range(3):
        path = tmp_path / name_of("shop", FIRST + DAY * night)
        path.touch()
        (tmp_path / f"{path.name}{CHECKSUM}").touch()
    (tmp_path / "letter.txt").touch()
    gone = forget_needless(tmp_path, "shop", 1)
    assert [each.name for each in gone] == [name_of("shop", FIRST + DAY * n) for n in range(2)]
    left = {each.name for each in tmp_path.iterdir()}
    newest = name_of("shop", FIRST + DAY * 2)
    assert left == {newest, f"{newest}{CHECKSUM}", "letter.txt"}


# --- The command --------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path, monkeypatch, capsys):
    """A folder with a migrated, empty shop.db, in which the commands are typed."""
    monkeypatch.chdir(tmp_path)
    assert run("migrate", "--database", URL) == 0
    capsys.readouterr()
    return tmp_path


def run(command, *arguments):
    return main([command, *arguments])


def backup(*arguments):
    return run("backup", *arguments, "--database", URL)


def restore(*arguments, url=URL):
    return run("restore", *arguments, "--database", url)


def files(folder):
    """What is there, but for the lock and the log that whoever only reads leaves empty."""
    left_out = (".lock", "-wal", "-shm")
    return sorted(each.name for each in folder.iterdir() if not each.name.endswith(left_out))


def rows(path, statement):
    with closing(sqlite3.connect(path)) as opened, opened:
        return opened.execute(statement).fetchall()


def test_a_copy_is_made_audited_and_has_its_checksum(shop, capsys):
    assert backup("copy.db") == 0
    told = capsys.readouterr().out
    assert f"{len(CHECKS)} checks, nothing found" in told
    assert files(shop) == ["copy.db", f"copy.db{CHECKSUM}", "shop.db"]
    digits, name = (shop / f"copy.db{CHECKSUM}").read_text().split()
    assert (digits, name) == (backing_up.checksum_of(shop / "copy.db"), "copy.db")
    assert (shop / "copy.db").stat().st_mode & 0o777 == 0o600
    ((note,),) = rows("copy.db", "SELECT value FROM setting WHERE name = 'copy'")
    assert json.loads(note)["of"] == "sqlite"
    assert rows("shop.db", "SELECT value FROM setting WHERE name = 'copy'") == []
    # It can be looked at like a shop.
    assert run("check", "--database", "sqlite+aiosqlite:///copy.db") == 0


def test_a_file_that_is_there_is_replaced_only_when_asked(shop, capsys):
    (shop / "copy.db").write_text("a letter")
    assert backup("copy.db") == 1
    assert "is there already" in capsys.readouterr().err
    assert (shop / "copy.db").read_text() == "a letter"
    assert backup("copy.db", "--replace") == 0
    assert restore("copy.db", url="sqlite+aiosqlite:///other.db") == 0


def test_in_a_folder_the_newest_are_kept(shop, capsys):
    (shop / "copies").mkdir()
    for night in range(3):
        (shop / "copies" / name_of("shop", FIRST + DAY * night)).touch()
    assert backup("copies", "--keep", "2") == 0
    assert "deleted, there are newer ones" in capsys.readouterr().out
    left = list(copies_in(shop / "copies", "shop"))
    assert left[0] == FIRST + DAY * 2
    assert len(left) == 2


def test_the_folder_of_the_setting_is_taken(shop, monkeypatch):
    (shop / "copies").mkdir()
    monkeypatch.setenv("BACKUP_FOLDER", str(shop / "copies"))
    for night in range(40):
        (shop / "copies" / name_of("shop", FIRST + DAY * night)).touch()
    assert backup() == 0
    left = list(copies_in(shop / "copies", "shop"))
    assert clock() - left[-1] < timedelta(minutes=5)
    assert 7 <= len(left) < 20


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "where to?"),
        (["nowhere/copy.db"], "there is no folder"),
        (["copy.db", "--keep", "3"], "--keep needs a folder"),
    ],
)
def test_a_place_that_will_not_do_is_named(shop, capsys, arguments, told):
    assert backup(*arguments) == 1
    assert told in capsys.readouterr().err
    assert files(shop) == ["shop.db"]


@pytest.mark.parametrize("number", ["0", "-1", "many", "10000"])
def test_a_number_to_keep_is_a_number(shop, number):
    with pytest.raises(SystemExit) as ended:
        backup("copies", "--keep", number)
    assert ended.value.code == 2


def test_a_database_of_another_version_is_not_copied(shop, capsys):
    rows("shop.db", "UPDATE alembic_version SET version_num = '0000'")
    assert backup("copy.db") == 1
    assert "has not the tables of this version" in capsys.readouterr().err
    assert run("backup", "copy.db", "--database", "sqlite+aiosqlite:///no.db") == 1
    assert "there is no database" in capsys.readouterr().err
    assert files(shop) == ["shop.db"]


def test_books_with_a_breach_are_copied_under_a_name_that_says_so(shop, capsys):
    rows("shop.db", "INSERT INTO counter (series, last, head) VALUES ('IN-2026', 0, '')")
    rows("shop.db", "UPDATE counter SET last = 1")
    for _ in range(2):
        assert backup("copy.db") == 1
        told = capsys.readouterr().out
        assert "numbers series:IN-2026" in told
        assert "copy.db.unsound" in told
    assert files(shop) == ["copy.db.unsound", f"copy.db.unsound{CHECKSUM}", "shop.db"]
    assert restore("copy.db.unsound", "--replace") == 1
    assert "is not sound (1 breaches): nothing was changed" in capsys.readouterr().out


def test_a_disk_without_room_is_not_filled(shop, capsys, monkeypatch):
    def full(_path):
        return shutil._ntuple_diskusage(100, 90, 10)

    monkeypatch.setattr(backing_up.shutil, "disk_usage", full)
    assert backup("copy.db") == 1
    assert "has room for 10 bytes" in capsys.readouterr().err
    assert files(shop) == ["shop.db"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (sqlite3.OperationalError("database or disk is full"), "Make room there"),
        (OSError(28, "No space left on device"), "Make room there"),
        (OSError(5, "Input/output error"), "Nothing was left behind"),
    ],
)
def test_a_copy_that_cannot_be_written_leaves_nothing(shop, capsys, monkeypatch, error, told):
    def fails(*_arguments):
        raise error

    monkeypatch.setattr(backing_up, "copy_file", fails)
    assert backup("copy.db") == 1
    assert told in capsys.readouterr().err
    assert files(shop) == ["shop.db"]


def test_what_a_killed_command_has_left_is_taken_away_after_a_day(shop):
    left = [shop / f"{backing_up.ASIDE}old", shop / f"{backing_up.ASIDE}new"]
    for folder in left:
        folder.mkdir()
        (folder / "copy.db").touch()
    long_ago = (clock() - 2 * DAY).timestamp()
    os.utime(left[0], (long_ago, long_ago))
    assert backup("copy.db") == 0
    assert [each.exists() for each in left] == [False, True]


def test_on_a_disk_without_second_names_a_copy_gets_its_name_too(shop, monkeypatch):
    def unknown(*_arguments):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", unknown)
    assert backup("copy.db") == 0
    assert restore("copy.db", "--replace") == 0
    assert [name for name in files(shop) if name.startswith("shop-before-")]


def test_two_who_make_one_name_do_not_overwrite_each_other(shop, capsys, monkeypatch):
    real = backing_up.checksum_of

    def meanwhile(path):
        (shop / "copy.db").write_text("of somebody else")
        return real(path)

    monkeypatch.setattr(backing_up, "checksum_of", meanwhile)
    assert backup("copy.db") == 1
    assert "is there already: nothing was changed" in capsys.readouterr().err
    assert (shop / "copy.db").read_text() == "of somebody else"


# --- Putting back -------------------------------------------------------------------------


def test_a_copy_goes_into_a_new_place(shop, capsys):
    assert backup("copy.db") == 0
    assert restore("copy.db", url="sqlite+aiosqlite:///new.db") == 0
    told = capsys.readouterr().out
    assert "is the copy of" in told
    assert "it asks the owner for the last number of each series" in told
    assert rows("new.db", "SELECT count(*) FROM series_question") != [(0,)]
    assert rows("new.db", "SELECT action FROM history") == [("restore",)]
    assert run("check", "--database", "sqlite+aiosqlite:///new.db") == 0


def test_what_was_there_is_kept_aside_with_its_log(shop, capsys):
    assert backup("copy.db") == 0
    assert restore("copy.db") == 1
    assert "With --replace the copy takes its place" in capsys.readouterr().err
    writer = sqlite3.connect("shop.db")
    writer.execute("INSERT INTO setting (name, value) VALUES ('later', '1')")
    writer.commit()
    # Its process was killed: what it wrote last stands in the log alone.
    shutil.copy("shop.db-wal", "kept-wal")
    writer.close()
    shutil.copy("kept-wal", "shop.db-wal")
    assert restore("copy.db", "--replace") == 0
    (kept,) = [name for name in files(shop) if name.startswith("shop-before-")
               and name.endswith(".db")]  # fmt: skip
    assert kept in capsys.readouterr().out
    assert rows(kept, "SELECT value FROM setting WHERE name = 'later'") == [("1",)]
    assert rows("shop.db", "SELECT value FROM setting WHERE name = 'later'") == []


def test_a_file_without_a_note_is_a_copy_too(shop, capsys):
    """Somebody has copied the file of a bot that was stopped."""
    shutil.copy("shop.db", "by-hand.db")
    assert restore("by-hand.db", "--moved", url="sqlite+aiosqlite:///new.db") == 0
    told = capsys.readouterr().out
    assert "whether the copy is still as it was made is not known" in told
    assert "it goes on where it was" in told
    assert rows("new.db", "SELECT count(*) FROM series_question") == [(0,)]


def test_a_copy_that_has_changed_is_refused(shop, capsys):
    assert backup("copy.db") == 0
    with (shop / "copy.db").open("r+b") as copy:
        copy.seek(5000)
        copy.write(b"x")
    assert restore("copy.db", "--replace") == 1
    assert "its checksum is another one" in capsys.readouterr().err


@pytest.mark.parametrize("contents", [b"", b"a letter " * 1000])
def test_what_is_no_copy_is_refused(shop, capsys, contents):
    (shop / "letter.db").write_bytes(contents)
    before = (shop / "shop.db").read_bytes()
    assert restore("letter.db", "--replace") == 1
    assert "is no copy of a database" in capsys.readouterr().err
    assert (shop / "shop.db").read_bytes() == before


def test_a_copy_of_a_newer_version_is_refused(shop, capsys):
    assert backup("copy.db") == 0
    (shop / f"copy.db{CHECKSUM}").unlink()
    rows("copy.db", "UPDATE alembic_version SET version_num = '9999'")
    assert restore("copy.db", "--replace") == 1
    assert "is from another version of Comptoir" in capsys.readouterr().err
    assert restore("missing.db") == 1
    assert "there is no file missing.db" in capsys.readouterr().err
    assert restore("copy.db", url="sqlite+aiosqlite:///nowhere/shop.db") == 1
    assert "there is no folder" in capsys.readouterr().err


def test_a_running_bot_keeps_its_database(shop, capsys):
    assert backup("copy.db") == 0

    async def running():
        async with await open_database(URL, clock=clock):
            return await asyncio.to_thread(restore, "copy.db", "--replace")

    assert asyncio.run(running()) == 1
    assert "Stop the bot first; nothing was changed" in capsys.readouterr().err


def test_a_disk_that_is_full_while_putting_back_is_named(shop, capsys, monkeypatch):
    assert backup("copy.db") == 0

    def fails(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "copy_file", fails)
    assert restore("copy.db", "--replace") == 1
    assert "Make room there" in capsys.readouterr().err


def test_a_place_for_a_database_is_looked_at_first(shop, capsys, monkeypatch):
    assert run("migrate", "--database", "sqlite+aiosqlite:///nowhere/shop.db") == 1
    assert "for the database. Make it: mkdir" in capsys.readouterr().err
    monkeypatch.setattr(databases.os, "access", lambda path, mode: False)
    assert run("migrate", "--database", URL) == 1
    assert "this user may not write to" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(shop)
    few = shutil._ntuple_diskusage(100, 90, 10)
    monkeypatch.setattr(databases.shutil, "disk_usage", lambda path: few)
    assert run("migrate", "--database", URL) == 1
    assert "is full (10 bytes are left)" in capsys.readouterr().err
