"""What needs no database: the codec, the markup, the tables, forms that are broken."""

import importlib
import pkgutil
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from bot.base.callbacks import LIMIT, Tap, decode, digest_of, encode
from bot.base.keyboards import keyboard, with_way_back
from bot.base.markup import cut, plain, shortened, units
from bot.base.refusal_sentences import SENTENCES, Sentence, buttons_of, sentence_of, shown_facts
from bot.base.screen import Button, Card, Html, Reader, back, bold, html, lines, subject
from bot.send.command_menus import menu
from bot.turn.registry import BrokenRegistry, Command, Registry
from hypothesis import assume, given
from hypothesis import strategies as st

import core.domain
import core.services
from bot.conversation import engine
from bot.conversation.inputs import Text
from bot.conversation.step import Answers, BrokenForm, Form, Step
from bot.screens.home import home
from core.domain.errors import AmountTooLarge, all_refusals
from core.domain.lifecycles import Action
from core.domain.limits import LimitName
from core.domain.people import MACHINE, Role
from core.i18n import LANGUAGES, translator
from core.i18n.filling import placeholders
from core.services.limits import ApprovalNeeded
from tests.bot import trial

READER = Reader(translator("en"), MACHINE, ZoneInfo("UTC"), None)

# --- What a button carries --------------------------------------------------------------------

names = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
numbers = st.integers(0, 2**31)
ids = st.integers(0, 2**63 - 1)
words = st.text(st.characters(exclude_characters="|", exclude_categories=("Cs",)), max_size=5)


@given(names, ids, numbers, words, words, st.integers(0, 10_000))
def test_what_a_button_carries_comes_back(action, id, revision, argument, digest, drawing):
    button = Button("x", action, id=id, revision=revision, argument=argument, digest=digest)
    size = sum(len(text.encode()) for text in (action, argument, digest))
    assume(size <= 30)
    data = encode(button, drawing=drawing)
    assert len(data.encode()) <= LIMIT
    assert decode(data, message_id=7) == Tap(
        action, id, revision, argument, digest, drawing, message_id=7
    )


@given(st.one_of(st.text(), st.from_regex(r"v1(\|[^|]*){5}", fullmatch=True)))
def test_anything_at_all_can_be_tapped(data):
    tap = decode(data)
    assert tap is None or (tap.id < 2**63 and tap.revision < 2**63)


@pytest.mark.parametrize(
    "data",
    ["", "v1", "v2|take|0|0.0||", "v1|Take|0|0.0||", "v1|take|-1|0.0||", "v1|take|01|0.0||",
     "v1|take|0|0||", "v1|take|zzzzzzzzzzzzzz|0.0||", "v1|take|zzzzzzzzzzzzz|0.0||",
     "v1|take|0|0.0|||", "v1|take|0|0.0|" + "x" * 60 + "|"],
)  # fmt: skip
def test_what_no_button_carries_is_none(data):
    assert decode(data) is None


@pytest.mark.parametrize(
    "button",
    [
        Button("x", "take", argument="a|b"),
        Button("x", "take", digest="|"),
        Button("x", "take!"),
        Button("x", "take", argument="ж" * 26),
        Button("x", "take", id=-1),
    ],
)
def test_a_button_that_cannot_be_carried_is_refused(button):
    with pytest.raises(ValueError, match="carr"):
        encode(button, drawing=1)


def test_the_same_figures_have_the_same_digest():
    one = digest_of({"ships": Decimal("20.0"), "leaves": 0})
    assert one == digest_of({"leaves": 0, "ships": Decimal(20)})
    assert one != digest_of({"leaves": 0, "ships": Decimal(18)})
    assert digest_of({"big": Decimal("1E+3")}) == digest_of({"big": Decimal(1000)})


# --- Markup -----------------------------------------------------------------------------------

texts = st.text(st.sampled_from("ab<>&'\"\n 🙂é"), max_size=60)


@given(texts, texts)
def test_only_marked_texts_are_markup(one, other):
    made = html(one, bold(other))
    assert plain(made) == one + other
    assert made.count("<") == 2


@given(st.lists(st.tuples(texts, st.booleans())), st.integers(1, 50))
def test_a_text_is_cut_between_letters_and_closed(parts, limit):
    whole = html(*(bold(text) if is_bold else text for text, is_bold in parts))
    shorter = cut(whole, limit)
    assert units(plain(shorter)) <= limit
    assert shorter.count("<b>") == shorter.count("</b>")
    assert plain(whole).startswith(plain(shorter).removesuffix("…"))
    if units(plain(whole)) <= limit:
        assert shorter == whole


@given(texts, st.integers(1, 30))
def test_a_label_is_shortened(text, limit):
    shorter = shortened(text, limit)
    assert units(shorter) <= limit
    assert shorter == text or shorter.endswith("…")


def test_a_card_is_never_too_long_for_telegram():
    card = Card(bold("🙂" * 5000))
    assert units(plain(card.text)) <= 4096
    assert card.text.endswith("…</b>")


def test_a_sentence_keeps_its_markup_and_escapes_the_rest():
    made = READER.html("{name} waits for {other}", name=bold("a<b"), other="c<d")
    assert made == "<b>a&lt;b</b> waits for c&lt;d"
    hostile = READER.html("{name}", name="\ue000other\ue001")
    assert isinstance(hostile, Html)


def test_lines_leave_out_what_is_empty():
    assert lines("a", None, "", "b") == "a\nb"


def test_a_card_without_a_way_back_gets_one():
    card = Card("x", ((Button("y", "take"),), ()))
    assert with_way_back(card, READER, is_home=False).rows[-1] == (back(READER),)
    assert with_way_back(card, READER, is_home=True) == card
    led = Card("x", ((back(READER, "help"),),))
    assert with_way_back(led, READER, is_home=False) == led


def test_a_button_does_one_thing():
    with pytest.raises(ValueError, match="one of"):
        Button("x")
    with pytest.raises(ValueError, match="one of"):
        Button("x", "take", url="https://example.org")


def test_keyboards_are_as_large_as_telegram_takes():
    assert keyboard((), drawing=1) is None
    with pytest.raises(ValueError, match="at most"):
        keyboard((tuple(Button("x", "take") for _ in range(9)),), drawing=1)
    with pytest.raises(ValueError, match="at most"):
        keyboard(tuple((Button("x", "take"),) for _ in range(101)), drawing=1)
    rows = ((Button("a", url="https://example.org"), Button("b", copy="SO-1")),)
    made = keyboard(rows, drawing=1)
    assert made.inline_keyboard[0][0].url == "https://example.org"
    assert made.inline_keyboard[0][1].copy_text.text == "SO-1"


def test_the_subject_of_a_card():
    assert (subject("document", 12), subject("home")) == ("document:12", "home")


# --- Tables -----------------------------------------------------------------------------------


def import_all_of(package):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def test_every_refusal_has_a_sentence():
    for package in (core.domain, core.services):
        import_all_of(package)
    codes = {refusal.code for refusal in all_refusals()}
    assert codes == SENTENCES.keys()


def test_every_sentence_can_be_filled():
    for package in (core.domain, core.services):
        import_all_of(package)
    for refusal in all_refusals():
        sentence = SENTENCES[refusal.code]
        # What makes words of the facts itself is played where it is refused.
        if sentence.words is None:
            assert placeholders(sentence.message) <= set(refusal.fact_names), refusal.code


@pytest.mark.parametrize("name", [LimitName.DISCOUNT, LimitName.OVER_RECEIPT])
def test_what_is_beyond_a_limit_is_said_with_its_figures(name):
    refusal = ApprovalNeeded(
        document_id=7, revision=3, action=Action.ISSUE, limit=name, value=Decimal(15),
        allowed=Decimal(10), digest="0123456789abcdef",
    )  # fmt: skip
    assert "15" in sentence_of(refusal, READER)
    ((button,),) = buttons_of(refusal, READER)
    assert (button.action, button.id, button.revision) == ("ask_approval", 7, 3)
    assert (button.argument, button.digest) == ("issue", "0123456789ab")
    assert decode(encode(button, drawing=1)).digest == button.digest


def test_facts_are_shown_as_the_reader_writes_them():
    most = AmountTooLarge(currency="EUR", most=Decimal("1234.5"))
    assert "EUR 1,234.50" in sentence_of(most, READER)
    shown = shown_facts({"percent": Decimal("5.5"), "readings": (Decimal(1), Decimal(2))}, READER)
    assert shown == {"percent": "5.5%", "readings": "1 and 2"}
    assert isinstance(SENTENCES["changed"], Sentence)


def module(**tables):
    return tables


def test_two_modules_cannot_claim_one_name():
    registry = Registry.of((home, trial))
    with pytest.raises(BrokenRegistry, match="two modules"):
        registry.add(vars(trial))
    for tables in (
        module(ACTIONS={"home": print}),
        module(ACTIONS={"pick": print}),
        module(ACTIONS={"Bad name": print}),
        module(COMMANDS=[Command("Bad", "x", print)]),
    ):
        with pytest.raises(BrokenRegistry):
            Registry.of((home,)).add(tables)
    with pytest.raises(BrokenRegistry, match="no home"):
        Registry.of([])


def test_menus_differ_by_role_and_language():
    commands = [
        Command("all", "Everybody", print),
        Command("own", "Owner", print, roles=frozenset({Role.OWNER})),
    ]
    english = translator("en")
    assert [each.command for each in menu(commands, frozenset(), english)] == ["all"]
    assert len(menu(commands, frozenset({Role.OWNER, Role.SALES}), english)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_fits_in_every_language(language):
    roles = frozenset(Role)
    for each in menu(Registry.standard().commands.values(), roles, translator(language)):
        assert 1 <= len(each.description) <= 256


# --- Forms ------------------------------------------------------------------------------------


def form(*steps, **more):
    return Form("form", steps=steps, on_finish=more.pop("on_finish", print), **more)


STEP = Step("a", "A?", Text())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Step("A", "A?", Text()),
        lambda: Step("a" * 13, "A?", Text()),
        lambda: Step("a", " ", Text()),
        lambda: Step("a", "A?", "text"),
        form,
        lambda: form(STEP, STEP),
        lambda: form(STEP, on_finish=None),
        lambda: form(Step("a", "A?", Text(), show_if=bool)),
        lambda: Form("Bad name", steps=(STEP,), on_finish=print),
    ],
)
def test_a_broken_form_is_found_when_it_is_built(make):
    with pytest.raises(BrokenForm):
        make()


def test_the_order_of_steps():
    kind = Step("b", "B?", Text())
    odd = Step("c", "C?", Text(), show_if=lambda answers: answers.get("b") == "odd")
    made = form(STEP, kind, odd, Step("d", "D?", Text()))
    plain_answers = Answers({"a": 1, "b": "even", "c": "left over"}, {})
    odd_answers = Answers({"a": 1, "b": "odd"}, {})
    assert engine.first(made, plain_answers).key == "a"
    assert engine.following(made, "b", plain_answers).key == "d"
    assert engine.following(made, "b", odd_answers).key == "c"
    assert engine.following(made, "d", odd_answers) is None
    assert engine.preceding(made, "d", odd_answers).key == "c"
    assert engine.preceding(made, "d", plain_answers).key == "b"
    assert engine.preceding(made, "a", plain_answers) is None
    assert engine.preceding(made, "", plain_answers).key == "d"
    assert dict(engine.complete(made, plain_answers)) == {
        "a": 1, "b": "even", "c": None, "d": None
    }  # fmt: skip
    with pytest.raises(KeyError):
        made.step("z")
    assert len(plain_answers) == 3
