"""One turn: what it does, what it leaves, and what happens when it goes wrong."""

from bot.base.bot_state import setting
from bot.base.refusal_sentences import OLD_BUTTON
from bot.base.screen import Card
from bot.screens.home.home import STRANGER
from core.domain.people import Role
from core.services.people.team import people_with
from core.storage.chat_tables import inbox, outbox
from core.storage.tables import person
from tests.bot.conftest import remove_roles
from tests.people import LEA, OMAR, SAMSON


async def test_everybody_has_a_home(lea):
    lea.sees("Comptoir · Lea")
    assert lea.actions() == ["help", "language"]


async def test_a_tap_edits_its_card_in_place(stage, lea):
    await lea.says("/shelf")
    before = len(lea.messages)
    await lea.taps("take", 1)
    lea.sees("9 there", "taken")
    assert len(lea.messages) == before
    assert await stage.count(1) == 9


async def test_back_leads_home(lea):
    await lea.says("/shelf")
    await lea.goes_back()
    lea.sees("Comptoir · Lea")


async def test_what_people_are_called_cannot_break_a_card(lea):
    await lea.says("/shelf")
    lea.sees("Shelf 1 <&>")


async def test_a_double_tap_takes_once_and_says_the_same(stage, lea):
    await lea.says("/shelf")
    card, data = lea.card, lea.button("take", 1).data
    stage.world.taps(LEA, card["message_id"], data)
    stage.world.taps(LEA, card["message_id"], data)
    await stage.settle()
    assert await stage.count(1) == 9
    assert [toast.text for toast in lea.toasts] == ["taken", "taken"]


async def test_a_tap_that_is_sent_again_takes_once(stage, lea):
    await lea.says("/shelf")
    await lea.taps("take", 1)
    await lea.taps_again()
    assert await stage.count(1) == 9
    await lea.taps("take", 1)
    assert await stage.count(1) == 8


async def test_the_same_update_twice_is_one(stage, lea):
    await lea.says("/shelf")
    await lea.taps("take", 1)
    stage.world.redeliver(stage.world.updates.last_id)
    await stage.settle()
    assert await stage.count(1) == 9


async def test_the_same_button_tapped_later_is_another_operation(lea, omar):
    await lea.says("/shelf")
    before = len(omar.messages)
    await lea.taps("tell")
    await lea.taps("tell")
    assert len(omar.messages) == before + 2


async def test_an_old_revision_changes_nothing_and_draws_the_present(stage, lea, omar):
    await lea.says("/shelf")
    old = lea.card["message_id"]
    data = lea.button("take", 1).data
    await omar.says("/shelf")
    await omar.taps("take", 1)
    lea.sees("9 there")
    await lea.forges(data, on=old)
    lea.is_refused("changed")
    lea.sees("9 there")
    assert await stage.count(1) == 9


async def test_figures_that_differ_are_shown_and_nothing_happens(stage, lea, omar):
    await lea.says("/shelf")
    data = lea.button("empty").data
    await omar.says("/shelf")
    await omar.taps("take", 1)
    await lea.forges(data)
    assert await stage.count(1) == 9
    lea.sees("9 there")
    await lea.taps("empty")
    assert await stage.count(1) == 0


async def test_a_refusal_undoes_everything_and_is_answered(stage, lea):
    await lea.says("/shelf")
    await lea.taps("take", 100)
    assert await stage.count(1) == 10
    assert lea.toasts[-1].alert
    lea.is_refused("not_found")


async def test_a_refusal_after_a_text_is_a_message(lea):
    await lea.says("/shelf 77")
    lea.is_refused("not_found")
    await lea.says("/shelf")
    lea.sees("10 there")


async def test_a_defect_is_undone_and_has_an_id(stage, lea, caplog):
    await lea.says("/shelf")
    await lea.taps("crash")
    assert await stage.count(1) == 10
    toast = lea.toasts[-1]
    assert toast.alert
    (row,) = await stage.rows(inbox, inbox.c.incident.is_not(None))
    assert row.incident in toast.text
    assert row.state == "done"
    assert row.incident in caplog.text
    lea.does_not_see("never seen", "secret text")
    await lea.taps("take", 1)
    assert await stage.count(1) == 9


async def test_others_cards_are_drawn_again_once(stage, lea, omar):
    await lea.says("/shelf")
    await omar.says("/shelf")
    await lea.taps("take", 1)
    omar.sees("9 there")
    old = omar.card["message_id"]
    await omar.says("/shelf")
    edits = len(stage.world.calls_of("editMessageText"))
    await lea.taps("take", 1)
    omar.sees("8 there")
    edited = [
        call.parameters["message_id"]
        for call in stage.world.calls_of("editMessageText")[edits:]
        if int(call.parameters["chat_id"]) == OMAR
    ]
    assert len(edited) == 1
    assert int(edited[0]) != old


async def test_a_notice_replies_to_the_card_it_is_about(stage, lea, omar):
    await omar.says("/shelf")
    card = omar.card["message_id"]
    await lea.says("/shelf")
    await lea.taps("tell")
    omar.sees("Omar, 10 left")
    assert omar.last["reply_to_message"]["message_id"] == card
    await omar.taps("shelf")
    omar.sees("10 there")


async def test_a_notice_is_withheld_from_who_was_removed(stage, lea, omar):
    await lea.says("/shelf")
    stage.world.taps(LEA, lea.card["message_id"], lea.button("tell").data)
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.write(remove_roles, OMAR)
    before = len(omar.messages)
    await stage.settle()
    assert len(omar.messages) == before
    (row,) = await stage.rows(outbox, outbox.c.state == "withheld")
    assert row.form == "notice"


async def test_events_are_passed_on(stage, lea):
    samson = stage.chat(SAMSON)
    await lea.says("/announce the arrival")
    samson.sees("heard of the arrival")
    lea.sees("announced")


async def test_a_command_of_another_role_shows_the_home(stage):
    samson = stage.chat(SAMSON)
    await samson.says("/shelf")
    samson.sees("Comptoir · Samson")


async def test_forged_data_is_answered_with_the_home(stage, lea):
    await lea.says("/shelf")
    for data in ("v1|nothing|1|0.1||", "v1|take|zz", "x" * 64, "v9|take|1|1.1||", "🙃|||||"):
        await lea.forges(data)
        lea.sees("Comptoir · Lea", OLD_BUTTON)
    assert await stage.count(1) == 10


async def test_a_stranger_can_tap_what_he_likes(stage):
    stage.world.add_person(900, "Eve")
    eve = stage.chat(900)
    await eve.starts()
    eve.reads(STRANGER)
    await eve.forges("v1|take|1|1.1||")
    await eve.forges("v1|shelf|1|0.1||")
    eve.does_not_see("there")


async def test_unknown_text_is_never_an_error(lea):
    await lea.says("good morning")
    lea.sees("Comptoir · Lea")


async def test_an_edited_text_is_read_again(lea):
    await lea.says("SH-1")
    lea.sees("Shelf 1")
    await lea.edits("SH-2")
    lea.sees("Shelf 2", "edited")


async def test_a_reply_says_what_it_is_about(lea, omar):
    await lea.says("/shelf")
    await lea.taps("tell")
    await omar.says("I will look", reply_to=omar.last["message_id"])
    omar.sees("a reply about shelf:1")
    await lea.says("thanks", reply_to=lea.card["message_id"])
    lea.sees("a reply about shelf:1")
    await lea.says("odd", reply_to=lea.messages[0]["message_id"])
    lea.sees("Comptoir · Lea")


async def test_several_cards_and_a_card_for_another(stage, lea, omar):
    def both(turn, tap):
        turn.show_below("shelf", 2, argument=turn.arguments.get("argument", "?"))
        for person_id in people_with(turn.work.connection, Role.STOREKEEPER):
            turn.card_for(person_id, "shelf", 1)
            turn.paper(1, person_id=person_id)
        turn.card_for(999, "shelf", 1)
        turn.notice(999, lambda reader: Card("nobody"))
        turn.paper(1, person_id=999)

    stage.app.context.registry.actions["take"] = both
    await lea.says("SH-1")
    await lea.edits("SH-1")
    await lea.taps("take", 1)
    lea.sees("Shelf 1", "Shelf 2", "edited")
    omar.sees("Shelf 1")


async def test_a_screen_that_does_not_exist_is_a_defect(stage, lea):
    stage.app.context.registry.actions["take"] = lambda turn, tap: turn.show("nowhere")
    await lea.says("/shelf")
    await lea.taps("take", 1)
    assert lea.toasts[-1].alert


async def test_a_card_whose_screen_is_gone_becomes_the_home(stage, lea):
    await lea.says("/shelf")
    card = lea.card["message_id"]
    del stage.app.context.registry.screens["shelf"]
    stage.app.context.registry.actions["again"] = lambda turn, tap: None
    await lea.forges("v1|again|1|0.1||", on=card)
    lea.sees("Comptoir · Lea")


async def test_a_wrong_statement_is_undone_without_the_texts_in_the_log(stage, lea, caplog):
    def wrong(turn, tap):
        values = {"name": "shelf:1", "value": "secret text"}
        turn.work.connection.execute(setting.insert().values(**values))

    stage.app.context.registry.actions["take"] = wrong
    await lea.says("/shelf")
    await lea.taps("take", 1)
    assert lea.toasts[-1].alert
    assert "secret text" not in caplog.text
    assert await stage.count(1) == 10


async def test_a_button_of_a_screen_that_the_card_has_left_does_nothing(stage, lea):
    await lea.says("/shelf")
    card, take, empty = (
        lea.card["message_id"],
        lea.button("take", 1).data,
        lea.button("empty").data,
    )
    await lea.goes_back()
    for data in (take, empty):
        await lea.forges(data, on=card)
        lea.is_refused("changed")
        lea.sees("Comptoir · Lea")
    assert await stage.count(1) == 10


async def test_two_buttons_of_one_rendering_are_both_answered(stage, lea):
    await lea.says("/shelf")
    card, tell = lea.card["message_id"], lea.button("tell").data
    await lea.taps("take", 1)
    await lea.forges(tell, on=card)
    stage.chat(OMAR).sees("9 left")


async def test_a_notice_about_nothing_is_withheld_from_who_was_removed(stage, lea):
    samson = stage.chat(SAMSON)
    stage.world.says(LEA, "/announce x")
    await stage.app.polling.fetch(hold=0)
    await stage.app.worker.drain()
    await stage.write(remove_roles, SAMSON)
    await stage.settle()
    samson.does_not_see("heard of")
    (row,) = await stage.rows(outbox, outbox.c.state == "withheld")
    assert row.problem == "no role"


async def test_who_writes_again_has_not_blocked_the_bot(stage, lea):
    def block(connection):
        connection.execute(person.update().values(blocked_at=stage.clock()))

    await stage.write(block)
    await lea.says("/shelf")
    lea.sees("10 there")
