"""A module of the bot for the tests: shelves with a count, a revision and forms about them."""

from dataclasses import dataclass, replace
from typing import Any

from bot.base.bot_state import read_setting, write_setting
from bot.base.callbacks import digest_of
from bot.base.screen import Button, Card, Screen, back, bold, lines
from bot.base.turn import Tap, Turn, Typed
from bot.turn.registry import Command, Matcher
from core.services.people.team import people_with
from sqlalchemy import Connection

from bot.conversation.inputs import Choice, Date, File, Quantity, Text
from bot.conversation.step import Answers, Form, Step
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import Role
from core.services.rights import Changed, NotAllowed, NotFound

BARCODE = "3017620422003"


@dataclass(frozen=True)
class Shelf:
    id: int
    count: int
    revision: int
    note: str = ""


def fill(connection: Connection) -> None:
    for id in (1, 2):
        keep(connection, Shelf(id, 10, 1))


def shelf_of(connection: Connection, id: int) -> Shelf:
    text = read_setting(connection, f"shelf:{id}")
    if text is None:
        raise NotFound(subject="shelf")
    count, revision, note = text.split("|", 2)
    return Shelf(id, int(count), int(revision), note)


def keep(connection: Connection, shelf: Shelf) -> None:
    text = f"{shelf.count}|{shelf.revision}|{shelf.note}"
    write_setting(connection, f"shelf:{shelf.id}", text)


def take(turn: Turn, id: int, pieces: int, *, revision: int | None = None) -> None:
    """The service of this small trade: fewer than none are refused."""
    shelf = shelf_of(turn.work.connection, id)
    if revision is not None and revision != shelf.revision:
        raise Changed(subject="shelf", id=id)
    keep(
        turn.work.connection,
        replace(shelf, count=shelf.count - pieces, revision=shelf.revision + 1),
    )
    turn.work.touch("shelf", id)
    if pieces > 20:
        turn.work.tell("announced", what="much")
    if shelf.count < pieces:
        raise NotFound(subject="pieces")


def load(work: Any, id: int, arguments: Any) -> tuple[Shelf, str]:
    if not work.actor.is_staff:
        raise NotAllowed(right="view")
    return shelf_of(work.connection, id), arguments.get("argument", "")


def render(view: tuple[Shelf, str], reader: Any) -> Card:
    shelf, argument = view
    text = lines(bold(f"Shelf {shelf.id} <&>"), f"{shelf.count} there {argument}", shelf.note)
    at = {"id": shelf.id, "revision": shelf.revision}
    digest = digest_of({"count": shelf.count})
    return Card(
        text,
        (
            (Button("Take 1", "take", **at), Button("Take 100", "take", argument="100", **at)),
            (Button("Empty", "empty", digest=digest, id=shelf.id), Button("Crash", "crash")),
            (Button("Ask", "ask_count", id=shelf.id), Button("Describe", "describe", id=shelf.id)),
            (Button("Paper", "paper", id=shelf.id), Button("Tell", "tell", id=shelf.id)),
            (Button("Refresh", "shelf", id=shelf.id), Button("File", "file", id=shelf.id)),
            (back(reader),),
        ),
    )


def on_take(turn: Turn, tap: Tap) -> None:
    take(turn, tap.id, int(tap.argument or 1), revision=tap.revision)
    turn.toast("taken")


def on_empty(turn: Turn, tap: Tap) -> None:
    shelf = shelf_of(turn.work.connection, tap.id)
    turn.check(tap, {"count": shelf.count})
    take(turn, tap.id, shelf.count)
    turn.show("shelf", tap.id)


class Untold(Refusal):
    """A refusal for which somebody forgot the sentence."""

    code = "untold"


def on_untold(turn: Turn, tap: Tap) -> None:
    raise Untold


def on_crash(turn: Turn, tap: Tap) -> None:
    keep(turn.work.connection, Shelf(1, 0, 99))
    turn.say(Card("never seen"))
    raise ZeroDivisionError("secret text")


def on_paper(turn: Turn, tap: Tap) -> None:
    turn.paper(tap.id)


def on_tell(turn: Turn, tap: Tap) -> None:
    """Tell the storekeeper, about this shelf as it is now."""
    shelf = shelf_of(turn.work.connection, tap.id)
    button = Button("Look", "shelf", id=tap.id)
    for person_id in people_with(turn.work.connection, Role.STOREKEEPER):
        turn.notice(
            person_id,
            lambda reader: Card(f"{reader.actor.name}, {shelf.count} left", ((button,),)),
            about=("shelf", tap.id),
        )


def on_tell_event(turn: Turn, event: Any) -> None:
    for person_id in people_with(turn.work.connection, Role.OWNER):
        turn.notice(person_id, lambda reader: Card(f"heard of {event.facts['what']}"))


def on_announce(turn: Turn, argument: str) -> None:
    turn.work.tell("announced", what=argument or "nothing")
    turn.toast("announced")


def show_shelf(turn: Turn, argument: str) -> None:
    turn.show("shelf", int(argument or 1))


def type_shelf(turn: Turn, typed: Typed) -> bool:
    """The number of a shelf opens it; so does the barcode of the first one."""
    text = typed.text.strip()
    if typed.reply_to and turn.subject_of_message(typed.reply_to):
        about = turn.subject_of_message(typed.reply_to)
        turn.say(Card(f"a reply about {about}"))
    elif text == BARCODE:
        turn.show("shelf", 1, argument="by barcode")
    elif text.startswith("SH-"):
        turn.show("shelf", int(text[3:]), argument="edited" if typed.edited else "")
    else:
        return False
    return True


def count_pieces(turn: Turn, answers: Answers) -> None:
    take(turn, answers.arguments["id"], int(answers["pieces"]))
    turn.show("shelf", answers.arguments["id"])


def describe(turn: Turn, answers: Answers) -> None:
    shelf = shelf_of(turn.work.connection, answers.arguments["id"])
    note = "/".join(str(answers[key]) for key in ("name", "kind", "colour", "day"))
    keep(turn.work.connection, replace(shelf, note=note))
    turn.show("shelf", shelf.id)


def keep_file(turn: Turn, answers: Answers) -> None:
    turn.toast(f"kept {answers['file'].name}")
    turn.show("shelf", answers.arguments["id"])


PIECES = Form(
    "pieces",
    steps=(Step("pieces", N_("How many of shelf {id}?"), Quantity()),),
    on_finish=count_pieces,
)
DESCRIBE = Form(
    "describe",
    title=N_("Describe the shelf"),
    steps=(
        Step("name", N_("Its name?"), Text(), label=N_("Name")),
        Step(
            "kind",
            N_("What is on {name}?"),
            Choice({"goods": N_("Goods"), "tools": N_("Tools")}),
            label=N_("Kind"),
        ),
        Step(
            "colour",
            N_("Which colour?"),
            Text(),
            show_if=lambda answers: answers["kind"] == "tools",
            default=lambda answers: "red",
        ),
        Step("day", N_("Since when?"), Date(), optional=True, label=N_("Since")),
    ),
    on_finish=describe,
    confirm=N_("Describe {name}"),
)
FILE = Form(
    "file",
    steps=(Step("file", N_("Which file?"), File(".csv")),),
    on_finish=keep_file,
)

SCREENS = (Screen("shelf", load, render),)
ACTIONS = {
    "take": on_take,
    "empty": on_empty,
    "crash": on_crash,
    "untold": on_untold,
    "paper": on_paper,
    "tell": on_tell,
    "ask_count": lambda turn, tap: turn.ask("pieces", id=tap.id),
    "describe": lambda turn, tap: turn.ask("describe", id=tap.id),
    "file": lambda turn, tap: turn.ask("file", id=tap.id),
}
COMMANDS = (
    Command(
        "shelf", N_("Show a shelf"), show_shelf, roles=frozenset({Role.SALES, Role.STOREKEEPER})
    ),
    Command("announce", N_("Announce something"), on_announce, roles=frozenset({Role.SALES})),
)
FORMS = (PIECES, DESCRIBE, FILE)
TYPED = (Matcher("shelf", type_shelf, during_question=True),)
EVENTS = {"announced": on_tell_event}
