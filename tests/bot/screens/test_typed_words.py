"""What people type that is no order word for word: the bot goes on from what it understood."""


async def test_a_line_that_is_not_found_is_left_out(lea):
    await lea.says("High End: 1 LAP-14, 3 blabla, 2 MOU-2")
    lea.sees("blabla")
    assert not lea.can("order_now")
    await lea.taps("leave_out", "blabla")
    lea.does_not_see("blabla")
    await lea.taps("order_now")
    lea.sees("SO-2026-0001", "1 × Laptop Pro 14", "2 × Mouse M2")


async def test_a_line_with_a_wrong_number_is_left_out(lea):
    await lea.says("High End: 1 LAP-14, 2,5 MOU-2 150%")
    await lea.taps_all("leave_out", "order_now")
    lea.sees("SO-2026-0001", "1 × Laptop Pro 14")


async def test_the_buttons_of_a_home_can_be_typed(omar, kim, lea):
    for person, action in ((omar, "count"), (kim, "catalogue"), (lea, "new_order")):
        await person.says("/start")
        await person.says(person.button(action).label.lower())
    assert omar.can("cancel"), "it asks what was counted"
    assert kim.can("product", "Mouse M2")
    assert lea.can("cancel"), "it asks for whom"
    await lea.says("/start", "settings")
    lea.sees_line("settings")


async def test_a_command_is_typed_without_its_stroke(samson, lea, kim):
    await samson.says("Export")
    assert samson.can("report", "products")
    await lea.says("export")
    lea.sees_line("export")
    await kim.says("help")
    assert kim.can("try_it")


async def test_a_home_is_typed_in_ones_own_language(paul):
    await paul.says("/start")
    for action in ("my_orders", "language"):
        await paul.says(paul.button(action, on=paul.card["message_id"]).label)
        paul.does_not_see("«")
        await paul.says("/start")
    await paul.says(paul.button("language").label)
    assert paul.can("speak", "en")


async def test_the_kind_before_the_name_is_what_is_made(lea):
    for kind, sign in (("quote", "🏷"), ("sales order", "🛒"), ("invoice", "🧾")):
        await lea.says(f"{kind} High End: 2 LAP-14")
        lea.sees_line(sign, "High End Computers")
    assert lea.actions()[0] == "order_now", "a typed paper is made with its own verb"
