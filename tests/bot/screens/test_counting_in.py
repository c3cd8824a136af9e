"""Goods that come are counted in two numbers, which belong together."""


async def test_what_is_rejected_is_not_accepted_as_well(omar, bought):
    await omar.says("PO-2026-0001")
    await omar.taps("convert", "RN", 200)
    await omar.taps("open_line", "Pro 14")
    await omar.taps("type_number", "rejected", 0)
    await omar.says("10")
    omar.sees_line(190, 200, 10)
    await omar.taps("type_number", "rejected", 10)
    await omar.says("4")
    omar.sees_line(196, 200, 4)
    await omar.taps("type_number", "quantity", 196)
    await omar.says("150")
    await omar.taps("type_number", "rejected", 4)
    await omar.says("8")
    omar.sees_line(150, 200, 8)
    await omar.taps("close_line")
    await omar.taps("make", "RN", 158)
    omar.sees("RN-2026-0001", "150 × Laptop Pro 14", 8)


async def test_more_than_ordered_stays_what_was_counted(omar, bought):
    await omar.says("PO-2026-0001")
    await omar.taps("convert", "RN", 200)
    await omar.taps("open_line", "Pro 14")
    await omar.taps("type_number", "quantity", 200)
    await omar.says("205")
    await omar.taps("type_number", "rejected", 0)
    await omar.says("3")
    omar.sees_line(205, 200, 3)
