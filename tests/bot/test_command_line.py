"""The command line, mostly as a program of its own: what an operator types, and what comes."""

import asyncio
import re
import signal
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.__main__ import main
from bot.command_line import console, control_socket
from bot.command_line.arguments import parse
from bot.command_line.commands import COMMANDS
from bot.command_line.databases import chosen_url
from bot.local_telegram.api_server import serving
from bot.local_telegram.world import World
from core.config import NAMES, SettingRefused, Settings, hints
from core.domain.people import ROLE_NAMES, Role
from core.storage.database import open_database
from tests.bot.processes import comptoir, opened, started

SAMSON, LEA, CLAIRE = 101, 102, 105
TOKEN = "123456:AAE-a_token_of_letters"
LINK = re.compile(r"https://t\.me/(\w+)\?start=([\w-]{22})")

slow = pytest.mark.slow


# --- Settings -----------------------------------------------------------------------------


def test_without_settings_everything_has_a_default():
    settings = Settings.from_environ({"TELEGRAM_TOKEN": "  "})
    assert settings == Settings()
    assert settings.api_url == "https://api.telegram.org"


def test_settings_are_read():
    settings = Settings.from_environ(
        {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "DATABASE_URL": "postgresql+asyncpg://shop:secret@host/shop",
            "WEBHOOK_URL": "http://127.0.0.1:8443/news",
            "WEBHOOK_SECRET": "a-secret_1",
            "LISTEN_ADDRESS": "192.0.2.1",
            "LISTEN_PORT": "9000",
            "PAYMENT_PROVIDER_TOKEN": "284685063:TEST:abc",
        }
    )
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.listen_port == 9000
    assert settings.provider_token == "284685063:TEST:abc"
    for secret in (TOKEN, "secret@host", "a-secret_1", "284685063"):
        assert secret not in repr(settings)


REFUSED = [
    ("TELEGRAM_TOKEN", "no token at all"),
    ("TELEGRAM_TOKEN", "123456"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "ftp://example.org"),
    ("DATABASE_URL", "sqlite:///shop.db"),
    ("DATABASE_URL", "sqlite+aiosqlite:///"),
    ("DATABASE_URL", "postgres://shop:secret@host/shop"),
    ("DATABASE_URL", "shop.db"),
    ("WEBHOOK_URL", "http://example.org/"),
    ("WEBHOOK_URL", "example.org"),
    ("WEBHOOK_SECRET", "with a space"),
    ("WEBHOOK_SECRET", "s" * 257),
    ("LISTEN_ADDRESS", "everywhere"),
    ("LISTEN_PORT", "eighty"),
    ("LISTEN_PORT", "0"),
    ("LISTEN_PORT", "65536"),
    ("LISTEN_PORT", "٨٠"),
    ("BACKUP_FOLDER", "/no/such/folder"),
    ("LOG_LEVEL", "LOUD"),
    ("PAYMENT_PROVIDER_TOKEN", "123456789:AAEabc"),
    ("PAYMENT_PROVIDER_TOKEN", "123456789:TEST:"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_setting_that_cannot_be_used_is_refused_with_its_cure(name, value):
    with pytest.raises(SettingRefused) as refused:
        Settings.from_environ({name: value})
    assert refused.value.name == name
    assert str(refused.value).startswith(name)


@pytest.mark.parametrize("name", sorted({name for name, _ in REFUSED}))
def test_a_refusal_does_not_show_what_was_put_into_the_wrong_place(name):
    with pytest.raises(SettingRefused) as refused:
        Settings.from_environ({name: "my secret?"})
    assert "my secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("DATABASE_URL", "sqlite:///shop.db", "Write sqlite+aiosqlite: instead of sqlite:"),
        ("DATABASE_URL", "postgres://u@h/shop", "Write postgresql+asyncpg: instead of postgres:"),
        ("DATABASE_URL", "postgresql://u@h/shop", "Write postgresql+asyncpg: instead of"),
        ("WEBHOOK_URL", "http://example.org/", "Give the https address"),
        ("BACKUP_FOLDER", "/no/such/folder", "mkdir -p"),
        ("PAYMENT_PROVIDER_TOKEN", "1:A", "@BotFather gives it: /mybots, your bot, Payments"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_refusal_names_the_cure_for_what_is_often_done_wrong(name, value, cure):
    with pytest.raises(SettingRefused) as refused:
        Settings.from_environ({name: value})
    assert cure in str(refused.value)


def test_a_folder_for_copies_can_be_written_to(tmp_path, monkeypatch):
    environ = {"BACKUP_FOLDER": str(tmp_path), "LOG_LEVEL": "debug"}
    settings = Settings.from_environ(environ)
    assert (settings.backup_folder, settings.log_level) == (tmp_path.resolve(), "DEBUG")
    monkeypatch.setattr("core.config.os.access", lambda folder, mode: False)
    with pytest.raises(SettingRefused, match="cannot be written to by this user"):
        Settings.from_environ(environ)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("TELEGRAM_BOT_TOKEN", "is TELEGRAM_TOKEN meant?"),
        ("TELEGRAM_TOKN", "is TELEGRAM_TOKEN meant?"),
        ("DATABSE_URL", "is DATABASE_URL meant?"),
        ("WEBHOOK_URI", "is WEBHOOK_URL meant?"),
        ("BACKUP_DIR", "is BACKUP_FOLDER meant?"),
        ("COMPTOIR_COLOUR", "The settings are TELEGRAM_TOKEN, "),
        ("LISTEN_PRT", "is LISTEN_PORT meant?"),
    ],
)
def test_a_slip_in_a_name_is_hinted_at(name, hint):
    (told,) = hints({name: "my secret?"})
    assert told.startswith(f"{name} is no setting")
    assert hint in told
    assert "my secret" not in told


def test_what_others_have_in_the_environment_is_no_slip():
    names = "PATH DATABASE_NAME LOGNAME LANG HTTP_PROXY PGPASSWORD LISTEN_FDS TERM"
    others = dict.fromkeys(names.split(), "x")
    assert list(hints(others)) == []
    assert list(hints(dict.fromkeys(NAMES, "x"))) == []


def test_a_secret_that_nothing_uses_is_hinted_at(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_SECRET", "a-secret_1")
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert "WEBHOOK_SECRET is not used without WEBHOOK_URL" in told
    assert "a-secret_1" not in told


def test_payments_that_move_no_money_are_hinted_at():
    assert list(hints({"PAYMENT_PROVIDER_TOKEN": "284685063:LIVE:abc"})) == []
    (told,) = hints({"PAYMENT_PROVIDER_TOKEN": "284685063:TEST:abc"})
    assert "moves no money" in told
    assert "284685063" not in told


def test_a_webhook_needs_a_secret():
    with pytest.raises(SettingRefused, match="WEBHOOK_SECRET is missing"):
        Settings.from_environ({"WEBHOOK_URL": "https://example.org/"})


def test_a_wrong_setting_ends_the_program_at_once(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@host/shop")
    assert main(["run"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("comptoir: DATABASE_URL names no database")
    assert "sqlite+aiosqlite:///shop.db" in told
    assert "hunter2" not in told


# --- Arguments ----------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--port", "9000"]])
def test_run_is_what_happens_without_a_command(arguments):
    assert parse(arguments).command == "run"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_teaches_by_examples(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parse([command, "--help"])
    assert ended.value.code == 0
    assert f"  comptoir {command}" in capsys.readouterr().out.split("examples:")[1]


def test_the_help_names_every_command_and_setting(capsys):
    with pytest.raises(SystemExit):
        parse(["--help"])
    told = capsys.readouterr().out
    names = [name for name, _ in REFUSED]
    assert all(each in told for each in [*COMMANDS, *names])


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["invite"],
        ["invite", "boss"],
        ["run", "--port", "70000"],
        ["run", "--port", "٨٠"],
        ["check", "--demo", "--database", "sqlite+aiosqlite:///x.db"],
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert "usage: comptoir" in capsys.readouterr().err


def test_a_command_is_about_the_database_that_run_would_use(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = "sqlite+aiosqlite:///own.db"
    named = {"database": None, "demo": False}
    assert chosen_url(Settings(), **named).endswith("/demo.db")
    assert chosen_url(Settings(token=TOKEN), **named) == "sqlite+aiosqlite:///shop.db"
    assert chosen_url(Settings(database_url=own), **named) == own
    assert chosen_url(Settings(token=TOKEN), database=own, demo=False) == own
    assert chosen_url(Settings(token=TOKEN), database=None, demo=True).endswith("demo-123456.db")
    with pytest.raises(SettingRefused, match="--database"):
        chosen_url(Settings(), database="own.db", demo=False)


# --- Without a bot ------------------------------------------------------------------------


def run(*arguments):
    return main(list(arguments))


def test_check_says_where_it_found_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("check") == 1
    assert "there is no database at" in capsys.readouterr().err
    sqlite3.connect("demo.db").close()
    with closing(sqlite3.connect("demo.db")) as empty:
        empty.execute("PRAGMA journal_mode=WAL")
    assert run("check") == 1
    assert "has not the tables of this version" in capsys.readouterr().err


def test_migrate_makes_a_database_that_check_finds_whole(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    url = "sqlite+aiosqlite:///shop.db"
    assert run("migrate", "--database", url) == 0
    assert run("migrate", "--database", url) == 0
    assert "at this version (SQLite" in capsys.readouterr().out
    assert run("check", "--database", url) == 0
    assert re.search(r"\d+ checks, nothing found", capsys.readouterr().out)
    with closing(sqlite3.connect("shop.db")) as tampered, tampered:
        (name,) = tampered.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchone()
        tampered.execute(f"DROP TRIGGER {name}")
    assert run("check", "--database", url) == 1
    told = capsys.readouterr().out
    assert name in told
    assert "1 breaches" in told


def test_a_database_of_a_newer_version_is_left_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    url = "sqlite+aiosqlite:///shop.db"
    run("migrate", "--database", url)
    with closing(sqlite3.connect("shop.db")) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run("migrate", "--database", url) == 1
    assert "is from another version of Comptoir" in capsys.readouterr().err


def test_a_database_from_before_the_first_release_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    url = "sqlite+aiosqlite:///shop.db"
    run("migrate", "--database", url)
    with closing(sqlite3.connect("shop.db")) as older, older:
        older.execute("ALTER TABLE party ADD COLUMN fax TEXT")
    assert run("migrate", "--database", url) == 1
    assert "before its first release, which had other tables (party)" in capsys.readouterr().err


def test_an_invitation_needs_the_name_of_the_bot(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("invite", "sales") == 1
    assert "there is no database at" in capsys.readouterr().err
    run("migrate", "--database", "sqlite+aiosqlite:///shop.db")
    assert run("invite", "sales", "--database", "sqlite+aiosqlite:///shop.db") == 1
    assert "TELEGRAM_TOKEN is needed" in capsys.readouterr().err


def test_the_demo_answers_this_machine_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_ADDRESS", "192.0.2.1")
    assert run("demo") == 1
    assert "answers this machine alone" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_defect_shows_its_traceback_without_the_token(monkeypatch, capsys):
    def breaks(settings, asked):
        raise ZeroDivisionError(f"https://example.org/bot{settings.token}/getMe")

    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setattr("bot.__main__.COMMANDS", {"run": breaks})
    assert run() == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert TOKEN not in told


def test_what_an_operator_can_mend_is_explained():
    missing = ModuleNotFoundError("no", name="asyncpg")
    assert "comptoir[postgres]" in console.explained(missing)
    assert "refuses: [Errno 28]" in console.explained(OSError(28, "No space left on device"))
    assert console.explained(KeyError("x")) is None
    assert console.port_taken(OSError(28, "No space left on device"), 80) is None


# --- The demo, as a program ---------------------------------------------------------------


@slow
async def test_a_fresh_demo_is_there_for_each_person(tmp_path):
    async with (
        started(tmp_path, "demo", "--port", "0", anew=True) as demo,
        opened(await demo.url()) as page,
    ):
        told = await page.welcome()
        assert told["shop"] == "Crimson"
        assert [each["role"] != "" for each in told["people"]] == [True] * 6
        for person in told["people"]:
            shown = await page.messages(person["user_id"])
            assert shown[0]["text"].startswith("/start ")
            assert any(each["text"].startswith("Crimson · ") for each in shown[1:]), shown
        answer = await page.says(SAMSON, "/start")
        assert answer["text"].startswith("Crimson · Samson")
        checked = await comptoir(tmp_path, "check", anew=True)
        assert (checked.returncode, checked.stderr) == (0, "")
        assert await demo.ends() == 0
    assert demo.complained == ""
    assert not (tmp_path / "demo.db-wal").exists()
    assert not (tmp_path / "demo.db.control").exists()


@slow
async def test_a_demo_goes_on_where_it_was(tmp_path):
    async with started(tmp_path, "--port", "0") as demo, opened(await demo.url()) as page:
        draft = await page.says(LEA, "High End: 3 laptop pro")
        before = await page.messages(LEA)
        assert await demo.ends(signal.SIGINT) == 0
    async with started(tmp_path, "--port", "0") as demo, opened(await demo.url()) as page:
        assert await page.messages(LEA) == before
        confirmed = await page.taps(LEA, "order_now")
        assert confirmed["message_id"] == draft["message_id"]
        assert "SO-" in confirmed["text"]
        assert await demo.ends() == 0


@slow
async def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = await comptoir(tmp_path, "demo", LISTEN_PORT=str(port))
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr
    assert f"--port {port + 1}" in done.stderr


@slow
async def test_two_demos_in_one_folder(tmp_path):
    async with started(tmp_path, "demo", "--port", "0") as demo:
        await demo.url()
        second = await comptoir(tmp_path, "demo", "--port", "0")
        assert second.returncode == 1
        assert "the demo of this folder runs already" in second.stderr
        invited = await comptoir(tmp_path, "invite", "customer")
        assert "a customer needs --contact N" in invited.stderr
        assert "Grace Miller, High End Computers" in invited.stderr
        # What the program asks; the program itself is shown before and after.
        for role, refused in (("vendor", "1 is none of a vendor"), ("owner", "works for the com")):
            asked = {"command": "invite", "role": role, "contact": 1}
            with pytest.raises(console.Problem, match=refused):
                await control_socket.ask(f"sqlite+aiosqlite:///{tmp_path}/demo.db", asked)
        invited = await comptoir(tmp_path, "invite", "vendor", "--contact", "3")
        assert LINK.fullmatch(invited.stdout.strip()), invited
        moved = await comptoir(tmp_path, "migrate")
        assert "Stop the bot first" in moved.stderr
        assert await demo.ends() == 0


@slow
@pytest.mark.parametrize("acts", [1, 3, 5])
async def test_a_demo_that_was_killed_is_whole_and_goes_on(tmp_path, acts):
    """The story is killed without waiting for the last answer, and is played on afterwards."""
    story = [
        ("says", "Shenzhen: 200 computer"),
        ("taps", "order_now"),
        ("taps", "convert", "RN"),
        ("says", "Shenzhen: 10 mouse m2"),
        ("taps", "order_now"),
    ]
    async with started(tmp_path, "--port", "0") as demo, opened(await demo.url()) as page:
        for act, *what in story[: acts - 1]:
            await getattr(page, act)(SAMSON, *what)
        act, *what = story[acts - 1]
        if act == "says":
            await page.acts(SAMSON, act, text=what[0])
        else:
            await page.begins_to_tap(SAMSON, *what)
        assert await demo.ends(signal.SIGKILL) == -signal.SIGKILL
    async with started(tmp_path, "--port", "0") as demo, opened(await demo.url()) as page:
        home = await page.says(CLAIRE, "/start")
        assert home["text"].startswith("Crimson · Claire")
        # What the crash left to be sent comes as well, before or after it.
        await page.acts(SAMSON, "says", text="Shenzhen: 5 keyboard")
        await page.hears(SAMSON, "Keyboard K1")
        checked = await comptoir(tmp_path, "check")
        assert checked.returncode == 0, checked.stdout
        assert await demo.ends() == 0


# --- A bot of Telegram's, as a program ----------------------------------------------------


@pytest.fixture
def world():
    made = World(now=lambda: datetime.now(UTC))
    made.add_person(SAMSON, "Samson")
    made.add_person(LEA, "Lea", language_code="fr")
    return made


def telegram(world, url):
    return {"TELEGRAM_TOKEN": world.token, "TELEGRAM_API_URL": url}


async def shown(world, user_id, text):
    """Wait until the bot has shown a text to a person."""
    happened = asyncio.Event()
    end = world.subscribe(user_id, lambda event: happened.set())
    async with asyncio.timeout(60):
        while not any(text in each.get("text", "") for each in world.history(user_id)):
            await happened.wait()
            happened.clear()
    end()


@slow
async def test_a_shop_begins_with_its_owner(tmp_path, world):
    async with (
        serving(world) as url,
        started(tmp_path, **telegram(world, url)) as bot,
    ):
        link = LINK.search(await bot.says("https://t.me/"))
        assert link[1] == world.bot_username
        world.starts(SAMSON, link[2])
        await shown(world, SAMSON, ROLE_NAMES[Role.OWNER])
        settings = telegram(world, url)
        assert (await comptoir(tmp_path, "check", **settings)).returncode == 0
        invited = LINK.fullmatch(
            (await comptoir(tmp_path, "invite", "sales", **settings)).stdout.strip()
        )
        assert invited[1] == world.bot_username
        world.starts(LEA, invited[2])
        await shown(world, LEA, "· Lea")
        assert await bot.ends() == 0
    assert world.token not in bot.said + bot.complained
    assert "https://t.me" not in bot.complained
    async with serving(world) as url, started(tmp_path, **telegram(world, url)) as bot:
        await bot.says("Comptoir is @")
        invited = await comptoir(tmp_path, "invite", "sales", **telegram(world, url))
        assert await bot.ends() == 0
    assert "Nobody owns" not in bot.said


@slow
async def test_an_invitation_without_the_bot(tmp_path, world):
    shop = "sqlite+aiosqlite:///shop.db"
    await comptoir(tmp_path, "migrate", "--database", shop, anew=True)
    async with serving(world) as url:
        invited = await comptoir(tmp_path, "invite", "owner", anew=True, **telegram(world, url))
    assert LINK.fullmatch(invited.stdout.strip())


@slow
async def test_a_wrong_token_is_explained(tmp_path, world):
    async with serving(world) as url:
        settings = telegram(world, url) | {"TELEGRAM_TOKEN": TOKEN}
        refused = await comptoir(tmp_path, "run", anew=True, **settings)
    assert refused.returncode == 1
    assert refused.stderr.endswith("@BotFather shows the right one\n")
    assert TOKEN not in refused.stderr


@slow
async def test_a_bot_waits_for_the_network_and_ends_when_it_shall(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": url}
        async with started(tmp_path, "run", **settings) as bot:
            await bot.complains("Telegram does not answer")
            assert await bot.ends() == 0
    assert TOKEN not in bot.complained


@slow
async def test_a_webhook_is_listened_for_on_its_port(tmp_path, world):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        async with serving(world) as url:
            settings = telegram(world, url) | {
                "WEBHOOK_URL": f"http://127.0.0.1:{port}/news",
                "WEBHOOK_SECRET": "a-secret_1",
                "LISTEN_PORT": str(port),
            }
            taken.listen()
            refused = await comptoir(tmp_path, "run", **settings)
            assert f"port {port} cannot be used" in refused.stderr
            taken.close()
            async with started(tmp_path, "run", **settings) as bot:
                link = LINK.search(await bot.says("https://t.me/"))
                world.starts(SAMSON, link[2])
                await shown(world, SAMSON, ROLE_NAMES[Role.OWNER])
                assert await bot.ends() == 0


@slow
async def test_the_demo_on_a_bot_of_telegrams(tmp_path, world):
    async with serving(world) as url:
        settings = telegram(world, url)
        async with started(tmp_path, "demo", **settings) as demo:
            link = LINK.search(await demo.says("https://t.me/"))
            world.starts(SAMSON, link[2])
            await shown(world, SAMSON, "Crimson · Samson")
            invited = await comptoir(
                tmp_path, "invite", "customer", "--contact", "2", "--demo", **settings
            )
            world.starts(LEA, LINK.fullmatch(invited.stdout.strip())[2])
            await shown(world, LEA, "Crimson · Lea")
            assert await demo.ends() == 0
    assert sorted(each.name for each in tmp_path.glob("*.db")) == ["demo-4444000001.db"]


# --- The way to a bot that runs -----------------------------------------------------------


def test_there_is_a_way_beside_a_file_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(control_socket.socket_of("sqlite+aiosqlite:///shop.db")) == "shop.db.control"
    assert control_socket.socket_of("postgresql+asyncpg://host/shop") is None
    deep = "/".join(["deep" * 8] * 4)
    assert control_socket.socket_of(f"sqlite+aiosqlite:////{deep}/shop.db") is None


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"no json\n", b'{"command": "fly"}\n', b'{"command": "invite"}\n']
)
async def test_what_is_no_command_is_not_answered(tmp_path, monkeypatch, line, caplog):
    monkeypatch.chdir(tmp_path)
    async with (
        await open_database("sqlite+aiosqlite:///shop.db", clock=console.clock) as database,
        control_socket.serving_control(database, "a_bot"),
    ):
        reader, writer = await asyncio.open_unix_connection("shop.db.control")
        assert (tmp_path / "shop.db.control").stat().st_mode & 0o777 == 0o600
        writer.write(line)
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
    assert "was not understood" in caplog.text


async def test_a_bot_that_cannot_be_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(console.Problem, match="does not answer"):
        await control_socket.ask("sqlite+aiosqlite:///shop.db", {})
    deep = "/".join(["deep" * 8] * 4)
    with pytest.raises(console.Problem, match="does not answer"):
        await control_socket.ask(f"sqlite+aiosqlite:////{deep}/shop.db", {})
