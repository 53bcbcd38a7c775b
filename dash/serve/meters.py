"""What is measured while requests are answered, for Prometheus to read: how many, how long, how they ended.

Labels are names of endpoints and outcomes, never what somebody typed, so there is a bounded number of series and no
personal data in them. With several processes behind one port each counts into a folder that all of them share
(PROMETHEUS_MULTIPROC_DIR, which `dash serve --workers` makes), and whichever is asked gives the sum.
"""

from __future__ import annotations

import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.values import ValueClass

from dash.desk import Desk, Job

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Meters:
    """The counters of one process."""

    def __init__(self, desk: Desk) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._desk = desk
        desk.listen(self._asked)
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dash_http_requests",
            "Requests that were answered.",
            ("endpoint", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "dash_http_request_seconds",
            "How long requests took.",
            ("endpoint",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._questions = Counter(
            "dash_questions", "Questions by how they ended.", ("outcome", "provenance"), registry=self._registry
        )
        self._question_seconds = Histogram(
            "dash_question_seconds", "How long questions took.", registry=self._registry, buckets=_SECONDS
        )
        self._refused = Counter(
            "dash_requests_refused", "Requests that nothing was done for.", ("reason",), registry=self._registry
        )
        self._at_work = Gauge(
            "dash_questions_at_work",
            "Questions that are at work or wait for their turn.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """A request has ended."""
        # HTTP lets anybody make up a method, and each would be a series that is kept for good.
        self._requests.labels(endpoint, method if method in _METHODS else "OTHER", str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)
        self._at_work.set(self._desk.waiting)

    def _asked(self, job: Job) -> None:
        """A question has ended, by whichever door it came."""
        answer = job.answer or {"outcome": "failed", "provenance": None}
        self._questions.labels(answer["outcome"], answer["provenance"] or "none").inc()
        self._question_seconds.observe(time.monotonic() - job.started)

    def refused(self, reason: str) -> None:
        """A request was sent away at the door."""
        self._refused.labels(reason).inc()

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        self._at_work.set(self._desk.waiting)
        if ValueClass.__name__ == "MmapedValue":  # the library has seen the folder
            shared = CollectorRegistry()
            multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
            return generate_latest(shared)
        return generate_latest(self._registry)
