"""Questions as OpenTelemetry spans, sent as OTLP over HTTP: one for the question, one for each step, one for each call
to a language model.

A span says how long, how it ended, of what provenance, how many rows, tokens and dollars. It never holds a question, an
answer, SQL, a bound value, a prompt or the name of a person: only numbers, our own words and random ids are put in,
and errors leave their rule or their code, never their sentence.

The provider is our own and no global one, so that nothing else in the process sends its spans here, nor we ours there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context

from dash.errors import ModelFailed, QueryFailed, QueryRejected
from dash.llm.asking import ModelCall, ModelSession
from dash.records import Answer, CheckedQuery, Clarification, Decline, Grounding, QueryPlan, Result
from dash.settings import TraceSettings

T = TypeVar("T")

SERVICE = "dash-for-support"
SECONDS_TO_SEND = 3.0
_MILLISECONDS_BETWEEN_BATCHES = 2_000
_MOST_WAITING = 4_096
_IN_A_BATCH = 256


class SpanTracing:
    """Sends spans to the receiver of the settings, from a thread of its own; one that is away costs only spans."""

    def __init__(self, settings: TraceSettings) -> None:
        # Everything is given here, so that no variable of the environment decides any of it.
        exporter = OTLPSpanExporter(
            endpoint=settings.url,
            headers=settings.headers or {"user-agent": SERVICE},
            timeout=SECONDS_TO_SEND,
            compression=Compression.Gzip,
        )
        self._provider = TracerProvider(
            sampler=TraceIdRatioBased(settings.share),
            resource=Resource({"service.name": SERVICE}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                exporter,
                max_queue_size=_MOST_WAITING,
                schedule_delay_millis=_MILLISECONDS_BETWEEN_BATCHES,
                max_export_batch_size=_IN_A_BATCH,
                export_timeout_millis=SECONDS_TO_SEND * 1000,
            )
        )
        self._tracer = self._provider.get_tracer(SERVICE)

    def begin(self) -> SpanTrace:
        """The trace of a question that is asked now."""
        return SpanTrace(self._tracer)

    def close(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()


class SpanTrace:
    """The spans of one question."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._root = tracer.start_span("ask", context=Context(), kind=SpanKind.INTERNAL)
        self._current = self._root
        self._session: ModelSession | None = None
        self._told = 0

    def step(self, name: str, work: Callable[[], T]) -> T:
        """What `work` returns, with a span around it."""
        parent = self._current
        self._current = span = self._tracer.start_span(name, context=set_span_in_context(parent, Context()))
        try:
            found = work()
            span.set_attributes(_facts(found))
            return found
        except BaseException as error:
            _tell_failure(span, error)
            raise
        finally:
            self._tell_calls(span)
            span.end()
            self._current = parent

    def watch(self, session: ModelSession) -> None:
        """Each further call of the session becomes a span within the step that made it."""
        self._session, self._told = session, len(session.calls)

    def end(self, answer: Answer, queries: Sequence[Mapping[str, Any]]) -> None:
        """How the question ended."""
        self._root.set_attributes(_outcome(answer, queries) | _used(self._session))
        if answer.outcome == "error":
            self._root.set_status(StatusCode.ERROR)
        self._root.end()

    def _tell_calls(self, parent: Span) -> None:
        """The calls that were made since. Only their lengths are known, so they stand before now, one after another."""
        if self._session is None:
            return
        calls = self._session.calls[self._told :]
        self._told += len(calls)
        ends = time.time_ns()
        for call in reversed(calls):
            begins = ends - int(call.duration_ms * 1_000_000)
            span = self._tracer.start_span(
                f"chat {call.model}",
                context=set_span_in_context(parent, Context()),
                kind=SpanKind.CLIENT,
                start_time=begins,
                attributes=_call(call),
            )
            if call.outcome != "ok":
                span.set_attribute("error.type", call.outcome)
                span.set_status(StatusCode.ERROR)
            span.end(end_time=ends)
            ends = begins


def _facts(found: object) -> dict[str, Any]:
    """What may be said of what a step gave."""
    if isinstance(found, Grounding):
        return {"dash.language": found.language, "dash.unknown_words": len(found.unknown)}
    if isinstance(found, QueryPlan):
        vetted = {"dash.vetted_query": found.vetted_query} if found.vetted_query else {}
        return {"dash.plan": "query", "dash.provenance": found.provenance, **vetted}
    if isinstance(found, Clarification | Decline):
        return {"dash.plan": type(found).__name__.lower()}
    if isinstance(found, CheckedQuery):
        return {"dash.reviewed": found.reviewed, "db.collection.name": ",".join(found.relations)}
    if isinstance(found, Result):
        return {
            "db.response.returned_rows": len(found.rows),
            "dash.truncated": found.truncated is not None,
            "dash.masked_columns": len(found.masked),
            "dash.restricted": found.restricted,
            "dash.database_ms": found.duration_ms,
        }
    return {}


def _tell_failure(span: Span, error: BaseException) -> None:
    """The kind of an error; its sentence may quote data."""
    span.set_attribute("error.type", type(error).__name__)
    if isinstance(error, QueryRejected):
        span.set_attribute("dash.rejected", error.rule)
    if isinstance(error, QueryFailed) and error.sqlstate:
        span.set_attribute("db.response.status_code", error.sqlstate)
    if isinstance(error, ModelFailed):
        span.set_attribute("dash.model_failure", error.kind)
    span.set_status(StatusCode.ERROR)


def _outcome(answer: Answer, queries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    verdicts = [query.get("verdict") for query in queries]
    known = {
        "dash.run_id": answer.run_id,
        "session.id": answer.thread_id,
        "dash.outcome": answer.outcome,
        "dash.provenance": answer.provenance,
        "dash.language": answer.language,
        "dash.caveats": [caveat.kind for caveat in answer.caveats],
        "dash.rows": len(answer.rows),
        "dash.truncated": answer.truncated,
        "dash.queries": len(verdicts),
        "dash.queries_rejected": verdicts.count("rejected"),
        "dash.queries_failed": verdicts.count("failed"),
    }
    return {name: value for name, value in known.items() if value is not None}


def _used(session: ModelSession | None) -> dict[str, Any]:
    """What all calls to language models took together."""
    calls = session.calls if session is not None else ()
    if not calls:
        return {}
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    return {
        "dash.model_calls": len(calls),
        "dash.input_tokens": sum(call.input_tokens for call in calls),
        "dash.output_tokens": sum(call.output_tokens for call in calls),
        **({"dash.cost_usd": sum(costs)} if costs else {}),
    }


def _call(call: ModelCall) -> dict[str, Any]:
    """A call in the words of OpenTelemetry's conventions for generative AI, without prompt and reply."""
    known = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "gen_ai.usage.cost": call.cost_usd,
        "dash.model_purpose": call.purpose,
        "dash.tokens_estimated": call.estimated,
    }
    return {name: value for name, value in known.items() if value is not None}
