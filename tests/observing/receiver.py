"""An OTLP receiver on loopback: it decodes what arrives as the protocol says, and keeps it."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


class Receiver:
    """What was received: bodies as they came, headers, and spans."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.spans: list[dict[str, Any]] = []
        self.url = ""

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        text = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        request = ExportTraceServiceRequest.FromString(text)
        self.bodies.append(text)
        self.headers.append(headers)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += [
                    {
                        "name": span.name,
                        "id": span.span_id,
                        "parent": span.parent_span_id,
                        "trace": span.trace_id,
                        "began": span.start_time_unix_nano,
                        "ended": span.end_time_unix_nano,
                        "failed": span.status.code == 2,
                        "said": span.status.message,
                        "events": len(span.events),
                        "service": _values(resource.resource.attributes)["service.name"],
                        **_values(span.attributes),
                    }
                    for span in scope.spans
                ]

    def named(self, name: str) -> list[dict[str, Any]]:
        """The spans of a name, in the order of their beginning."""
        return sorted((span for span in self.spans if span["name"] == name), key=lambda span: span["began"])

    def wait_for(self, name: str, seconds: float = 60.0) -> None:
        """Return when a span of that name has arrived."""
        deadline = time.monotonic() + seconds
        while not self.named(name):
            assert time.monotonic() < deadline, f"no span {name} arrived"
            time.sleep(0.05)


def _values(attributes: Any) -> dict[str, Any]:
    return {attribute.key: _value(attribute.value) for attribute in attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    return getattr(value, kind) if kind else None


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
