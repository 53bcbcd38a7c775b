"""Everything that a language model or its server does wrong, each with the one kind of ModelFailed that it must become.

The tests and `dash bench llm` go through this table; whoever writes another client can do so too. The answers among
them are meant for a question about a `metric` and a `limit`, and answer it in no case.
"""

from __future__ import annotations

from collections.abc import Mapping

from dash.errors import ModelFailure
from dash.llm.scripted import (
    Reply,
    calls_tools,
    closes,
    cut,
    declines,
    empty,
    garbage,
    hangs,
    http_error,
    not_json,
    says,
    stopped,
    trickles,
)

SERVERS_WORDS = "Incorrect API key provided: what only the server may say"
"""In the errors below; nobody else may repeat them, because servers quote keys and prompts."""

ANY = says({"metric": "tickets", "limit": 5})

FAILURES: Mapping[str, tuple[Reply, ModelFailure]] = {
    "a wrong key": (http_error(401, SERVERS_WORDS), "unauthorized"),
    "a key without the right": (http_error(403, SERVERS_WORDS), "unauthorized"),
    "an unknown model": (http_error(404, SERVERS_WORDS), "refused"),
    "a request that the server does not take": (http_error(400, SERVERS_WORDS), "refused"),
    "another place": (Reply(307, headers={"Location": "http://127.0.0.1:9/v1"}), "refused"),
    "too many requests, for an hour": (http_error(429, SERVERS_WORDS, retry_after=3600), "rate_limited"),
    "too many requests, for a moment": (http_error(429, SERVERS_WORDS, retry_after=0), "rate_limited"),
    "an error of the server": (http_error(500, SERVERS_WORDS), "unavailable"),
    "a gateway without a server behind it": (http_error(502, "<html>nginx</html>"), "unavailable"),
    "no answer at all": (hangs(), "timeout"),
    "a byte now and then": (trickles(ANY), "timeout"),
    "a connection that closes at once": (closes(), "unavailable"),
    "a body that breaks off": (cut(ANY), "cut"),
    "a body of which nothing comes": (cut(ANY, 0), "cut"),
    "an answer that the server stopped": (stopped('{"metric": "tickets", "limit": 5}'), "cut"),
    "5 MB of garbage": (garbage(), "cut"),
    "an answer of 2 MB": (says('{"metric": "' + "x" * 2_000_000), "cut"),
    "a packed answer": (Reply(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), "invalid"),
    "a body that is no JSON": (not_json(), "invalid"),
    "a body of other JSON": (Reply(body=b"[1, 2]"), "invalid"),
    "no choices": (Reply(body=b'{"choices": []}'), "invalid"),
    "an error with status 200": (Reply(body=b'{"error": {"message": "no"}}'), "invalid"),
    "an answer that is no JSON": (says("There are 5 tickets."), "invalid"),
    "half an answer": (says('{"metric": "tickets", "li'), "invalid"),
    "an answer of another schema": (says({"measure": "tickets"}), "invalid"),
    "an answer with more than was asked for": (says({"metric": "tickets", "limit": 5, "sql": "DROP"}), "invalid"),
    "a value outside of the list": (says({"metric": "salaries", "limit": 5}), "invalid"),
    "text for a number": (says({"metric": "tickets", "limit": "5"}), "invalid"),
    "a key that stands twice": (says('{"metric": "tickets", "limit": 5, "limit": 6}'), "invalid"),
    "NaN": (says('{"metric": "tickets", "limit": NaN}'), "invalid"),
    "brackets without an end": (says("[" * 100_000), "invalid"),
    "an empty answer": (empty(), "invalid"),
    "only a thought": (says("<think>What is a ticket?</think>"), "invalid"),
    "a model that calls tools for ever": (calls_tools(), "invalid"),
    "a model that does not want to": (declines(), "refused"),
}
