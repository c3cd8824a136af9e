"""Goods that come are counted in two numbers, which belong together."""


async def test_what_is_rejected_is_not_accepted_as_well(omar, bought):
    await omar.says("PO-2026-0001")
    await omar.taps("Receive 200")
    await omar.taps("Laptop Pro 14")
    await omar.taps("0 rejected")
    await omar.says("10")
    omar.sees("190 of 200 accepted, 10 rejected")
    await omar.taps("10 rejected")
    await omar.says("4")
    omar.sees("196 of 200 accepted, 4 rejected")
    await omar.taps("196 accepted")
    await omar.says("150")
    await omar.taps("4 rejected")
    await omar.says("8")
    omar.sees("150 of 200 accepted, 8 rejected")
    await omar.taps("Done")
    await omar.taps("Receive 158")
    omar.sees("RN-2026-0001", "150 × Laptop Pro 14", "8 rejected")


async def test_more_than_ordered_stays_what_was_counted(omar, bought):
    await omar.says("PO-2026-0001")
    await omar.taps("Receive 200")
    await omar.taps("Laptop Pro 14")
    await omar.taps("200 accepted")
    await omar.says("205")
    await omar.taps("0 rejected")
    await omar.says("3")
    omar.sees("205 of 200 accepted, 3 rejected")
