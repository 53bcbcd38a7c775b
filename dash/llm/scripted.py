"""A language model that says what a script says, behind a real HTTP server that speaks OpenAI's protocol on loopback.

Tests and demonstrations reach it as they would reach any server, so keys, headers, time-outs, broken connections and
nonsense are real. It writes down every request it got, and whether whoever asked stayed for the answer.

    with ScriptedModel(http_error(429, retry_after=1), says({"metric": "tickets"})) as model:
        settings = LlmSettings(api_key="any", base_url=model.url)

Replies are given in order and the last one for ever; a function of the request may stand in the place of a reply.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from pydantic import BaseModel

GARBAGE_BYTES = 5_000_000
_BLOCK = 65_536


@dataclass(frozen=True)
class Received:
    """A request as the server got it. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return str(self.body.get("model", ""))

    def said(self, role: str) -> str:
        """All that was said in a role: "system", "user"."""
        return "\n".join(str(message["content"]) for message in self.body["messages"] if message["role"] == role)

    @property
    def schema(self) -> Mapping[str, Any]:
        """What the answer has to be, as JSON schema; {} when anything will do."""
        found: Mapping[str, Any] = self.body.get("response_format", {}).get("json_schema", {}).get("schema", {})
        return found


@dataclass(frozen=True)
class Reply:
    """What the server does with one request. `message` is the assistant's, None for another `body`.

    `then` "hang" sends nothing until the other side goes away, "close" breaks the connection off after `cut_after`
    bytes of the body. `pause` is the time between two bytes.
    """

    status: int = 200
    message: Mapping[str, Any] | None = None
    finish: str = "stop"
    usage: Mapping[str, int] | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Literal["end", "hang", "close"] = "end"
    cut_after: int = 0
    pause: float = 0.0


Script = Reply | Callable[[Received], Reply]


def says(
    answer: BaseModel | Mapping[str, Any] | str, *, input_tokens: int | None = 100, output_tokens: int = 20
) -> Reply:
    """The model's answer: text, or what becomes JSON. Without `input_tokens` the server does not count."""
    if not isinstance(answer, str):
        answer = json.dumps(answer) if isinstance(answer, Mapping) else answer.model_dump_json()
    counted = None if input_tokens is None else {"prompt_tokens": input_tokens, "completion_tokens": output_tokens}
    usage = counted and counted | {"total_tokens": sum(counted.values())}
    return Reply(message={"role": "assistant", "content": answer}, usage=usage)


def empty() -> Reply:
    """An answer without a word."""
    return says("")


def stopped(answer: str) -> Reply:
    """An answer that the server itself cut: its model had said enough."""
    return replace(says(answer), finish="length")


def declines(words: str = "I cannot help with that.") -> Reply:
    """The model does not want to."""
    return Reply(message={"role": "assistant", "content": None, "refusal": words})


def calls_tools(name: str = "run_sql") -> Reply:
    """The model wants a tool to be called; as the last reply, for ever."""
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return Reply(message={"role": "assistant", "content": None, "tool_calls": [call]}, finish="tool_calls")


def http_error(status: int, words: str = "The server's own words.", *, retry_after: object = None) -> Reply:
    """401, 429, 500 and their like, in the form that OpenAI's server uses."""
    error = {"error": {"message": words, "type": "error", "code": None}}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Reply(status, body=json.dumps(error).encode(), headers=headers)


def hangs() -> Reply:
    """No answer at all, until the other side goes away."""
    return Reply(then="hang")


def closes() -> Reply:
    """The connection breaks off before the first byte."""
    return Reply(status=0, then="close")


def cut(reply: Reply, after: int = 60) -> Reply:
    """The connection breaks off after so many bytes of the body."""
    return replace(reply, then="close", cut_after=after)


def trickles(reply: Reply, pause: float = 0.2) -> Reply:
    """A byte now and then."""
    return replace(reply, pause=pause)


def not_json() -> Reply:
    """A body that is no JSON, with the headers of one that is."""
    return Reply(body=b'{"choices": [{"message": ')


def garbage(size: int = GARBAGE_BYTES) -> Reply:
    """Megabytes of nothing."""
    return Reply(body=b"x" * size)


class ScriptedModel:
    """The server. Use it with `with`, or close it; `url` is what OPENAI_BASE_URL takes."""

    def __init__(self, *script: Script) -> None:
        self._script = script or (says("{}"),)
        self._asked = threading.Condition()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self.requests: list[Received] = []
        self.sent_bytes = 0
        self.left = 0
        """How many went away before their answer was complete."""
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address with its path."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> ScriptedModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Break off whatever hangs and leave the port."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        with self._asked:
            for connection in self._open:
                _shut(connection)
        self._thread.join()

    def wait_until(self, happened: Callable[[ScriptedModel], bool], seconds: float = 10.0) -> bool:
        """Wait for something that the server can see: a request, somebody who left."""
        with self._asked:
            return self._asked.wait_for(lambda: happened(self), seconds)

    def reply_to(self, received: Received) -> Reply:
        """Write the request down and take the next reply of the script."""
        with self._asked:
            script = self._script[min(len(self.requests), len(self._script) - 1)]
            self.requests.append(received)
            self._asked.notify_all()
        return script(received) if callable(script) else script

    def opened(self, connection: socket.socket, is_open: bool) -> None:
        """Remember which connections are open."""
        with self._asked:
            (self._open.add if is_open else self._open.discard)(connection)

    def saw_leave(self) -> None:
        """Somebody did not wait for the end."""
        with self._asked:
            self.left += 1
            self._asked.notify_all()

    def paused(self, seconds: float) -> None:
        """Wait, unless the server is being closed."""
        self._closing.wait(seconds)


def nobody_listens() -> tuple[str, socket.socket]:
    """An address where every connection is refused, for as long as the socket is kept."""
    kept = socket.socket()
    kept.bind(("127.0.0.1", 0))
    return f"http://127.0.0.1:{kept.getsockname()[1]}/v1", kept


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, model: ScriptedModel) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = model

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that break are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _model(self) -> ScriptedModel:
        return cast(_Server, self.server).model

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._model.opened(self.connection, True)

    def finish(self) -> None:
        self._model.opened(self.connection, False)
        super().finish()

    def log_message(self, *_: Any) -> None:
        """Requests are written down in `ScriptedModel.requests`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, json.loads(body))
        reply = self._model.reply_to(received)
        try:
            self._give(reply, received)
        except OSError:
            self._model.saw_leave()
            self.close_connection = True

    def _give(self, reply: Reply, received: Received) -> None:
        if reply.then == "hang":
            if not self.connection.recv(1):
                self._model.saw_leave()
            self.close_connection = True
            return
        kind, body = _body(reply, received)
        if reply.status:
            self.send_response(reply.status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
        self._send(body[: reply.cut_after] if reply.then == "close" else body, reply.pause)
        if reply.then == "close":
            self.close_connection = True
            _shut(self.connection)

    def _send(self, body: bytes, pause: float) -> None:
        size = 1 if pause else _BLOCK
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self._model.sent_bytes += len(body[start : start + size])
            if pause:
                self._model.paused(pause)


def _body(reply: Reply, received: Received) -> tuple[str, bytes]:
    """Content type and body: the reply's own bytes, a completion, or the events of one."""
    if reply.message is None:
        return "application/json", reply.body
    frame = {"id": "scripted", "created": 0, "model": received.model}
    if received.body.get("stream"):
        events = [json.dumps(frame | event) for event in _events(reply, reply.message)]
        return "text/event-stream", "".join(f"data: {event}\n\n" for event in [*events, "[DONE]"]).encode()
    choice = {"index": 0, "message": reply.message, "finish_reason": reply.finish}
    whole = frame | {"object": "chat.completion", "choices": [choice], "usage": reply.usage}
    return "application/json", json.dumps(whole).encode()


def _events(reply: Reply, message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A completion piece by piece, as a server streams it."""
    words = str(message.get("content") or "")
    pieces: list[dict[str, Any]] = [{"content": words[start : start + 8]} for start in range(0, len(words), 8)]
    if message.get("tool_calls"):
        calls = [{"index": index, **call} for index, call in enumerate(message["tool_calls"])]
        pieces.append({"tool_calls": calls})
    kind = {"object": "chat.completion.chunk"}
    for delta in [{"role": "assistant", "content": ""}, *pieces]:
        yield kind | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield kind | {"choices": [{"index": 0, "delta": {}, "finish_reason": reply.finish}]}
    yield kind | {"choices": [], "usage": reply.usage}


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
