"""Words that end an answer while it is being written, and what is left of its work."""

import asyncio
import gc

import pytest

from bot.stopping import Shown, Stop, is_stop
from tests.fakes.screen import END, Screen


@pytest.mark.parametrize(
    "words",
    [
        "停",
        "停停停！",
        "停吧",
        "停一下",
        "别说了",
        "别写了",
        "不用讲了",
        "/stop",
        "Stop.",
        "stop now",
        "please stop",
    ],
)
def test_words_that_mean_nothing_but_stop_end_an_answer(words: str) -> None:
    assert is_stop(words)


@pytest.mark.parametrize(
    "words",
    ["暂停一周", "停在第三步是为什么？", "early stopping 是什么", "我停了一个月", "什么时候该停"],
)
def test_words_that_speak_of_stopping_end_nothing(words: str) -> None:
    assert not is_stop(words)


async def test_what_breaks_while_it_is_stopped_is_not_reported_as_forgotten() -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reported.append(context["message"])
    )

    async def work() -> str:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            raise OSError("the line broke while hanging up") from None
        return "too late"

    stop = Stop()
    waiting = asyncio.create_task(stop.unless(work()))
    await asyncio.sleep(0)
    stop.say()

    assert await waiting is None
    assert stop.was_heard
    gc.collect()
    await asyncio.sleep(0)
    assert reported == []


async def test_frames_and_their_end_reach_the_draft_and_the_last_words_are_kept() -> None:
    screen = Screen()
    shown = Shown(screen)
    await shown.frame("thin")
    await shown.frame("thinking")
    await shown.end()

    assert screen.told == ["thin", "thinking", END]
    assert shown.words == "thinking"


async def test_without_a_draft_the_last_words_are_kept_all_the_same() -> None:
    shown = Shown()
    await shown.frame("thin")
    await shown.end()

    assert shown.words == "thin"
