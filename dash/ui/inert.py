"""Text that somebody else wrote, made harmless where only marked-up text can be shown.

Wherever possible such text goes through `st.text`, which shows it as it is. Labels of buttons and metrics are always
read as markdown, and plotly reads a little HTML; the functions here make both show the very same characters.
"""

from __future__ import annotations

import html
import re

# Everything that opens a construct in CommonMark, GFM or Streamlit's own directives, e.g. "*", "[", "$", ":red[".
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&\"'^=])")
# ":smile:" and ":material/bolt:" are replaced after unescaping, so a backslash does not stop them; an invisible word
# joiner does. "10:30" and "a: b" stay as they are.
_SHORTCODE = re.compile(r":(?=[a-z_+\-][\w+\-/]*[:\[])", re.IGNORECASE)
# Spaces and line ends of every kind but those that keep a number and its unit together.
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_JOINER = "\u2060"


def label(words: str) -> str:
    """`words` for a place that reads markdown: shown as they are, on one line."""
    one_line = _SPACES.sub(" ", words).strip()
    return _SHORTCODE.sub(f":{_JOINER}", _MARKUP.sub(r"\\\1", one_line))


def chart_text(words: str, longest: int | None = None) -> str:
    """`words` for a place in a chart, where plotly understands tags and entities; cut to `longest` characters."""
    one_line = _SPACES.sub(" ", words).strip()
    if longest is not None and len(one_line) > longest:
        one_line = one_line[: longest - 1].rstrip() + "…"
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(words: str) -> str:
    """`words` for a place inside of our own HTML, also inside of an attribute in double quotes."""
    return html.escape(_SPACES.sub(" ", words).strip(), quote=True)
