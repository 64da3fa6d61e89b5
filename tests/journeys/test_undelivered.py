"""A push that could not reach its learner is told of when they are met again."""

from tests.journeys.circle import Circle
from tests.journeys.people import at, run

BOB, HOME = 2, "square:2"


def test_a_push_that_was_not_let_through_is_told_of_once_at_the_next_word() -> None:
    async def scene() -> None:
        circle = Circle()
        for said in ("/start", "/start ok starter-30 10h 2026-11-23"):
            await circle.happen(circle.square.said(BOB, said))
        circle.square.gone.add(HOME)
        await circle.until(at("2026-11-24 12:00"))
        circle.square.gone.clear()
        before = len(circle.square.at(HOME))

        await circle.happen(circle.square.said(BOB, "/today"))
        await circle.happen(circle.square.said(BOB, "/week"))

        told = [one.text for one in circle.square.at(HOME)[before:]]
        assert [("没能发给你" in one) for one in told] == [False, True, False]

    run(scene())
