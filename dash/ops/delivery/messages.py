"""What is sent: one message in two forms, and the name by which it is never sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from dash.shown.inert import plain

Severity = Literal["info", "success", "warning", "failure"]

LONGEST_STRANGE = 100


@dataclass(frozen=True)
class Message:
    """`key` names what it tells: one key goes to one target once. `text` is plain, `html` the same with markup,
    for mails; `image` is a PNG that is attached where a service takes attachments, `IMAGE` in the HTML of a mail."""

    key: str
    title: str
    text: str
    html: str
    severity: Severity = "info"
    image: bytes | None = None


def strange(words: str) -> str:
    """Words of strangers for chats, which read them as markup, and for mail programs: on one line, short, and no sign
    that mentions somebody, formats, or makes a link of what looks like an address: "evil.com" is "evil(.)com"."""
    line = plain(words)
    return line if len(line) <= LONGEST_STRANGE else line[: LONGEST_STRANGE - 1] + "…"


IMAGE = "cid:chart.png"


def page(paragraphs: list[str]) -> str:
    """An HTML body of finished pieces of markup; styles stand inline, because mail programs drop all others."""
    style = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;line-height:1.45"
    return f'<div style="{style};max-width:44em">' + "\n".join(paragraphs) + "</div>"


def link(url: str | None, words: str) -> str:
    """A link in HTML; only its words where there is no address."""
    return f'<a href="{escape(url, quote=True)}">{escape(words)}</a>' if url else escape(words)
