"""The two forms of one message: lines for chats and terminals, markup for mails. Both are told the same parts."""

from __future__ import annotations

from html import escape

from dash.ops.delivery.messages import link, page

MOST_LINKS = 5
"""So many tickets of a plain text carry an address; in HTML every number is a link."""


class Lines:
    """Collects lines for chats and terminals."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._links = 0

    def head(self, words: str) -> None:
        self.lines += ["", words] if self.lines else [words]

    def line(self, words: str) -> None:
        self.lines.append(words)

    def note(self, words: str) -> None:
        self.lines += ["", words]

    def ticket(self, number: str, url: str | None, rest: str) -> None:
        self.lines.append(f"• {number} · {rest}")
        if url and self._links < MOST_LINKS:
            self.lines.append(f"  {url}")
            self._links += 1

    def address(self, url: str, words: str) -> None:
        self.lines += ["", f"{words}: {url}"]

    def body(self) -> str:
        return "\n".join(self.lines)


class Markup:
    """Collects the same as markup; every word is escaped here and nowhere else."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def head(self, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px"><b>{escape(words)}</b></p>')

    def line(self, words: str) -> None:
        self.pieces.append(f'<div style="margin:2px 0">{escape(words)}</div>')

    def note(self, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px;color:#667080">{escape(words)}</p>')

    def ticket(self, number: str, url: str | None, rest: str) -> None:
        self.pieces.append(f'<div style="margin:2px 0">• {link(url, number)} · {escape(rest)}</div>')

    def address(self, url: str, words: str) -> None:
        self.pieces.append(f'<p style="margin:14px 0 4px">{link(url, words)}</p>')

    def body(self) -> str:
        return page(self.pieces)
