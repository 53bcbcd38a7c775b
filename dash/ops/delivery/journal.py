"""What a journal of the wire means: was the message taken, surely not, or does nobody know?

Only what is surely not taken may be sent again. HTTP: no connection, or an answer that says no (4xx, 5xx; a gateway's
504 says nothing about the server behind it). Mail: everything before the text of the mail was handed over, and a code
of refusal after it. A message that left without an answer is uncertain, also when the receiver was only slow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from dash.ops.delivery.ledger import Outcome

_TAKEN = range(200, 300)
_REDIRECTED = range(300, 400)
_LATER = frozenset({408, 425, 429, 500, 502, 503, 505, 507})
_NOBODY_KNOWS = frozenset({504, 598, 599})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Verdict:
    """What became of one try, in words of ours. `wait_seconds` is how long the receiver asked to wait."""

    outcome: Outcome
    reason: str | None = None
    wait_seconds: float | None = None


def read_journal(lines: bytes) -> tuple[dict[str, Any], ...]:
    """The whole lines of a journal; a program that was ended may have left half a one."""
    found = []
    for line in lines.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return tuple(found)


def judge(journal: Sequence[dict[str, Any]], now: datetime, *, ended: bool) -> Verdict:
    """The verdict; `ended` False says that the program was stopped because it took too long."""
    if any(entry.get("invalid") for entry in journal):
        return Verdict("refused", "the address is none that Apprise knows")
    if any(entry.get("done") for entry in journal):
        return Verdict("sent")
    exchanges = [entry for entry in journal if entry.get("wire")]
    if any(entry.get("status") in _TAKEN and entry.get("method") not in _READING for entry in exchanges):
        return Verdict("uncertain", "a part of it was taken, such as for one of several recipients")
    if not ended and not any(entry.get("sent") or "status" in entry for entry in exchanges):
        known = any(entry["wire"] in ("smtp", "tls") for entry in exchanges)
        if known or not any(entry.get("connected") for entry in exchanges):
            return Verdict("failed", "there was no connection in time")
    return _judge_mail(exchanges) or _judge_http(exchanges, now) or _judge_silence(journal, exchanges)


def _judge_mail(exchanges: Sequence[dict[str, Any]]) -> Verdict | None:
    mail = [entry for entry in exchanges if entry["wire"] == "smtp"]
    reached = any(entry.get("connected") for entry in exchanges)
    if not mail or not reached or any(entry["wire"] == "tls" for entry in exchanges):
        return None
    codes = [entry["status"] for entry in mail if "status" in entry]
    if not codes and not any(entry.get("sent") for entry in mail):
        return Verdict("failed", "the mail server broke off before the mail was handed over")
    if not codes:
        return Verdict("uncertain", "the mail server said nothing after the mail was handed over")
    code = codes[-1]
    if 400 <= code < 500:
        return Verdict("failed", f"the mail server cannot take it now ({code})")
    return Verdict("refused", f"the mail server refuses it ({code})")


def _judge_http(exchanges: Sequence[dict[str, Any]], now: datetime) -> Verdict | None:
    http = [entry for entry in exchanges if entry["wire"] == "http" and entry.get("method") not in _READING]
    if not http:
        return None
    if "status" not in http[-1]:
        return Verdict("uncertain", "the receiver did not answer after the message had left")
    status = http[-1]["status"]
    if status in _NOBODY_KNOWS:
        return Verdict("uncertain", f"a server in between did not hear from the receiver ({status})")
    if status in _LATER or (status >= 500):
        return Verdict("failed", f"the receiver cannot take it now ({status})", _wait(http[-1].get("retry_after"), now))
    if status in _REDIRECTED:
        return Verdict("refused", f"the receiver is somewhere else ({status})")
    return Verdict("refused", f"the receiver refuses it ({status})")


def _judge_silence(journal: Sequence[dict[str, Any]], exchanges: Sequence[dict[str, Any]]) -> Verdict:
    for entry in exchanges:
        if entry["wire"] == "tls":
            if entry.get("untrusted"):
                return Verdict("refused", f"its certificate is not trusted ({str(entry['untrusted'])[:80]})")
            return Verdict("failed", "no secure connection came about")
    if not any(entry.get("begins") for entry in journal):
        return Verdict("failed", "the sending program did not start")
    if exchanges and not any(entry.get("connected") for entry in exchanges):
        return Verdict("failed", "there was no connection")
    return Verdict("uncertain", "the service does not say what became of it")


def _wait(header: Any, now: datetime) -> float | None:
    """`Retry-After`: seconds, or a date."""
    text = str(header or "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
