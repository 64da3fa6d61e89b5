"""The figures for Prometheus: what is counted, and that nobody is named."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.counting import BOUNDS, Histogram, LoopLag
from bot.health import TEXT, Health
from bot.platforms.configured import menus
from bot.platforms.telegram import Telegram
from bot.process import Process
from bot.settings import read_settings
from learning.errors import MentorError
from store.sqlite import SqliteStore
from store.usage import Limit, Usage, reserve, settle
from tests.fakes import telegram as telegram_server
from tests.fakes.telegram import FakeTelegram
from tests.journeys.people import NOW, house

ANA, BOB = 7777, 8888


@pytest.fixture
async def talked(tmp_path: Path) -> AsyncIterator[Process]:
    """A mentor on Telegram to whom two have spoken; one of them has gone since."""
    async with FakeTelegram() as server:
        server.updates.conflict_pause = 0.0
        platform = Telegram(
            telegram_server.TOKEN,
            base_url=server.root,
            menus=menus(),
            data_dir=tmp_path,
            random=Random(1),
            poll_seconds=1,
        )
        store = SqliteStore(tmp_path / "mentor.db")
        process = Process(store, house(), {"telegram": platform}, lambda: NOW)
        await process.start()
        server.say(ANA, "my secret plan is zwieback")
        server.say(ANA, "/progress")
        server.say(BOB, "/start")
        await server.wait_for(lambda: len(server.sent(ANA)) >= 2 and server.sent(BOB))
        await process.settled()
        yield process
        await process.stop()


def values(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


async def test_turns_and_sends_are_counted(talked: Process) -> None:
    found = values(await talked.metrics())

    of = (("platform", "telegram"),)
    assert found["mentor_turns_total", (("outcome", "answered"), *of)] == 3
    assert found["mentor_turn_seconds_count", of] == 3
    assert found["mentor_turn_seconds_bucket", (("le", "60.0"), *of)] == 3
    sent = ("mentor_sends_total", (("kind", "answer"), ("outcome", "sent"), *of))
    assert found[sent] >= 3
    assert found["mentor_waiting", (("queue", "inbox"),)] == 0
    assert found["mentor_waiting_oldest_seconds", (("queue", "outbox"),)] == 0
    assert found["mentor_database_bytes", ()] > 0
    assert ("mentor_model_down", ()) not in found


async def test_tokens_cost_what_the_operator_says(talked: Process) -> None:
    talked.settings = read_settings({"MENTOR_PRICE": "2/8", "MENTOR_TOKENS_DAY": "200000"})
    limits = [Limit("all", f"{NOW:%Y-%m-%d}", None), Limit("all", f"{NOW:%Y-%m}", None)]
    await talked.store.run(reserve, limits, 100)
    await talked.store.run(settle, limits, 100, Usage(1, 40_000, 0, 10_000))

    found = values(await talked.metrics())

    assert found["mentor_model_cost", (("period", "day"),)] == pytest.approx(0.16)
    assert found["mentor_model_tokens", (("period", "month"),)] == 50_000
    assert found["mentor_model_token_limit", (("period", "day"),)] == 200_000


async def test_nobody_is_named_and_nothing_quoted(talked: Process) -> None:
    text = (await talked.metrics()).decode()

    assert not any(one in text for one in (str(ANA), str(BOB), "zwieback", "Learner", "starter"))


DEPLOY = Path(__file__).parents[2] / "deploy"
# There only with a model, with a bound and with a price.
_ONLY_SOMETIMES = {"mentor_model_down", "mentor_model_token_limit", "mentor_model_cost"}


async def test_alerts_and_dashboard_ask_for_figures_that_are_told(talked: Process) -> None:
    told = {name for name, _ in values(await talked.metrics())} | _ONLY_SOMETIMES
    alerts = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    dashboard = json.loads((DEPLOY / "grafana" / "mentor.json").read_text("utf-8"))
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]

    names = {name for expr in asked for name in re.findall(r"\b(?:mentor|process)_\w+", expr)}
    assert len(names) > 10
    assert names <= told
    assert all(rule["annotations"].keys() == {"summary", "remedy"} for rule in rules)


async def test_figures_come_over_http_beside_health() -> None:
    async def is_ready() -> None:
        return None

    async def metrics() -> bytes:
        return b"mentor_info 1\n"

    health = Health(0, is_ready, metrics, "127.0.0.1")
    await health.start()
    assert health._server is not None
    port = health._server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{port}") as client:
        figures, live = await client.get("/metrics"), await client.get("/live")
        other = await client.get("/secrets")
    await health.stop()

    assert (figures.status_code, figures.text) == (200, "mentor_info 1\n")
    assert figures.headers["Content-Type"] == TEXT
    assert (live.json(), other.status_code) == ({"status": "ok"}, 404)


async def test_a_scrape_that_fails_ends_without_an_answer() -> None:
    async def is_ready() -> None:
        return None

    async def metrics() -> bytes:
        raise MentorError("the database is gone")

    health = Health(0, is_ready, metrics, "127.0.0.1")
    await health.start()
    assert health._server is not None
    port = health._server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{port}") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/metrics")
        live = await client.get("/live")
    await health.stop()

    assert live.status_code == 200


def test_seconds_fall_into_the_first_bound_that_holds_them() -> None:
    histogram = Histogram()
    for seconds in (0.01, 0.05, 0.06, 61, 1e9):
        histogram.add(seconds)

    assert histogram.counts[:2] == [2, 1]
    assert histogram.counts[len(BOUNDS)] == 2
    assert sum(histogram.counts) == 5


async def test_a_blocked_loop_is_seen_once() -> None:
    lag = LoopLag()
    watching = asyncio.create_task(lag.watch())
    await asyncio.sleep(0)
    time.sleep(lag.EVERY + 0.3)  # noqa: ASYNC251, TID251 (what is looked for)
    await asyncio.sleep(0.01)
    seen, after = lag.take(), lag.take()
    watching.cancel()

    assert seen > 0.2
    assert after == 0.0
