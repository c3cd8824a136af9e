"""What people type that is no order word for word: the bot goes on from what it understood."""

from tests.scenarios.stage import MARTIN


async def test_a_line_that_is_not_found_is_left_out(lea):
    await lea.says("High End: 1 LAP-14, 3 blabla, 2 MOU-2")
    lea.sees("not found: “blabla”")
    assert "Confirm" not in lea.labels()
    await lea.taps("Leave out “blabla”")
    lea.does_not_see("blabla")
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001", "1 × Laptop Pro 14", "2 × Mouse M2")


async def test_a_line_with_a_wrong_number_is_left_out(lea):
    await lea.says("High End: 1 LAP-14, 2,5 MOU-2 150%")
    await lea.taps("Leave out")
    await lea.taps("Confirm")
    lea.sees("SO-2026-0001", "1 × Laptop Pro 14")


async def test_the_buttons_of_a_home_can_be_typed(omar, kim, lea):
    await omar.says("Count")
    omar.sees("Which product was counted?")
    await kim.says("catalogue")
    kim.sees("Catalogue · 5 products")
    await lea.says("new order")
    lea.sees("For whom?")
    await lea.says("/start")
    await lea.says("settings")
    lea.sees("“settings”")


async def test_a_command_is_typed_without_its_stroke(samson, lea, kim):
    await samson.says("Export")
    samson.sees("Export", "Who owes what, since when?")
    await lea.says("export")
    lea.sees("“export”")
    await kim.says("help")
    kim.sees("What you can do here")


async def test_a_home_is_typed_in_ones_own_language(stage):
    paul = stage.chat(MARTIN)
    await paul.says("Commandes")
    paul.sees("Commandes")
    paul.does_not_see("Rien ne s’appelle")
    await paul.says("Langue")
    assert "English" in " ".join(paul.labels())


async def test_the_kind_before_the_name_is_what_is_made(lea):
    await lea.says("quote High End: 2 LAP-14")
    lea.sees("Draft: Quote · High End Computers")
    await lea.says("sales order High End: 2 LAP-14")
    lea.sees("Draft: Sales order · High End Computers")
    await lea.says("invoice High End: 2 LAP-14")
    lea.sees("Draft: Invoice · High End Computers")
    assert lea.labels()[0] == "Invoice", "a typed paper is made with its own verb"
