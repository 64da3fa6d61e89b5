"""The figures of a run in Prometheus' text format: counts, ages and sizes, and nobody's name."""

import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.counting import BOUNDS, Histogram, SendCounts, TurnCounts
from store.figures import Figures
from store.usage import Price


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a scrape tells. `model_is_down` is None where there is no model.

    `limits` are the installation's tokens a day and a month, as far as they are bounded.
    """

    turns: TurnCounts
    sends: SendCounts
    figures: Figures
    limits: Mapping[str, int]
    model_is_down: bool | None
    loop_lag: float
    database_bytes: int
    version: str
    price: Price | None = None


def metrics_text(snapshot: Snapshot) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Told(snapshot))
    return generate_latest(registry)


class _Told(Collector):
    def __init__(self, of: Snapshot) -> None:
        self.of = of

    @override
    def collect(self) -> Iterator[Metric]:
        yield from self._turns()
        yield from self._sends()
        yield from self._waiting()
        yield from self._model()
        yield from self._process()

    def _turns(self) -> Iterator[Metric]:
        turns = self.of.turns
        ended = CounterMetricFamily(
            "mentor_turns", "Updates dealt with since the start.", labels=["platform", "outcome"]
        )
        for (platform, outcome), count in sorted(turns.ended.items()):
            ended.add_metric([platform, outcome], count)
        took = HistogramMetricFamily(
            "mentor_turn_seconds", "From an update's arrival to its answer.", labels=["platform"]
        )
        for platform, seconds in sorted(turns.seconds.items()):
            took.add_metric([platform], _buckets(seconds), seconds.total)
        yield ended
        yield took

    def _sends(self) -> Iterator[Metric]:
        sends = CounterMetricFamily(
            "mentor_sends",
            "Deliveries by what became of them; waits are counted each time.",
            labels=["platform", "kind", "outcome"],
        )
        for labels, count in sorted(self.of.sends.ended.items()):
            sends.add_metric(list(labels), count)
        yield sends

    def _waiting(self) -> Iterator[Metric]:
        found = self.of.figures
        rows = GaugeMetricFamily("mentor_waiting", "Rows not dealt with.", labels=["queue"])
        ages = GaugeMetricFamily(
            "mentor_waiting_oldest_seconds", "Age of the oldest of them.", labels=["queue"]
        )
        for queue, waiting in (("inbox", found.inbox), ("outbox", found.outbox)):
            rows.add_metric([queue], waiting.count)
            ages.add_metric([queue], waiting.oldest)
        yield rows
        yield ages
        yield GaugeMetricFamily(
            "mentor_parked_last_day", "Updates given up in the last 24 hours.", found.parked
        )
        pushes = GaugeMetricFamily(
            "mentor_pushes_last_day", "Pushes of the last 24 hours.", labels=["state"]
        )
        for state in ("sent", "failed", "skipped"):
            pushes.add_metric([state], found.pushes.get(state, 0))
        yield pushes
        items = GaugeMetricFamily("mentor_quiz_items", "Items to look at.", labels=["state"])
        items.add_metric(["reported"], found.reported_items)
        items.add_metric(["suspended"], found.suspended_items)
        yield items

    def _model(self) -> Iterator[Metric]:
        found = self.of.figures
        tokens = GaugeMetricFamily(
            "mentor_model_tokens", "Tokens of the installation, in UTC.", labels=["period"]
        )
        tokens.add_metric(["day"], found.tokens_today)
        tokens.add_metric(["month"], found.tokens_month)
        yield tokens
        if self.of.price is not None:
            cost = GaugeMetricFamily(
                "mentor_model_cost", "What the tokens cost by MENTOR_PRICE.", labels=["period"]
            )
            cost.add_metric(["day"], self.of.price.of(found.used_today))
            cost.add_metric(["month"], self.of.price.of(found.used_month))
            yield cost
        limits = GaugeMetricFamily(
            "mentor_model_token_limit", "What it may use, where bounded.", labels=["period"]
        )
        for period, limit in sorted(self.of.limits.items()):
            limits.add_metric([period], limit)
        yield limits
        if self.of.model_is_down is not None:
            down = float(self.of.model_is_down)
            yield GaugeMetricFamily("mentor_model_down", "1 while no model may be asked.", down)

    def _process(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "mentor_loop_lag_seconds", "Longest since the last scrape.", self.of.loop_lag
        )
        yield GaugeMetricFamily(
            "mentor_database_bytes", "Size of the database file.", self.of.database_bytes
        )
        used = resource.getrusage(resource.RUSAGE_SELF)
        yield CounterMetricFamily(
            "process_cpu_seconds", "User and system time.", used.ru_utime + used.ru_stime
        )
        unit = 1 if sys.platform == "darwin" else 1024
        yield GaugeMetricFamily(
            "mentor_largest_resident_bytes", "Largest size so far.", used.ru_maxrss * unit
        )
        info = GaugeMetricFamily("mentor_info", "What is running.", labels=["version"])
        info.add_metric([self.of.version], 1)
        yield info


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    """Counts up to each bound, as Prometheus wants them."""
    found, so_far = [], 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), histogram.counts, strict=True):
        so_far += count
        found.append((bound, float(so_far)))
    return found
