"""Strangers' words where only marked-up text can be shown."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dash.ui.inert import chart_text, label


def test_markdown_in_a_label_is_escaped() -> None:
    assert label("**a** [b](c) `d` $e$ <b>") == r"\*\*a\*\* \[b\]\(c\) \`d\` \$e\$ \<b\>"


def test_an_emoji_or_icon_code_in_a_label_stays_letters_but_a_time_is_left_alone() -> None:
    assert ":material" not in label("see :material/bolt: now")
    assert ":smile" not in label("a :smile: b")
    assert label("at 10:30 sharp: now") == "at 10:30 sharp: now"


def test_a_label_is_one_line() -> None:
    assert label("# a\n\n- b") == r"\# a \- b"


def test_a_chart_text_holds_no_tags_and_is_cut() -> None:
    assert chart_text("<a href='x'>y</a> & z") == "&lt;a href='x'&gt;y&lt;/a&gt; &amp; z"
    assert chart_text("a" * 50, 10) == "a" * 9 + "…"


@given(st.text())
def test_a_label_shows_the_same_characters(words: str) -> None:
    unescaped = re.sub(r"\\(.)", r"\1", label(words)).replace("\u2060", "")
    assert unescaped.split() == words.replace("\u2060", "").split()


@given(st.text())
def test_a_chart_text_never_opens_a_tag(words: str) -> None:
    assert "<" not in chart_text(words)
