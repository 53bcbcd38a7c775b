"""What a service with a small screen gets, and what strangers' words become."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.ops.delivery.messages import LONGEST_STRANGE, strange
from dash.ops.delivery.wire import fit


@given(st.lists(st.text("ab ", max_size=30), min_size=1, max_size=30), st.integers(40, 400))
def test_a_text_that_is_too_long_loses_its_middle_and_keeps_where_to_read_on(lines: list[str], most: int) -> None:
    text = "\n".join([*lines, "Open the list"])
    short = fit(text, most)
    assert len(short) <= most and short.endswith("Open the list")
    assert short == text if len(text) <= most else "…" in short


@given(st.text(max_size=300))
def test_strangers_words_neither_mention_nor_link_nor_break_a_line(words: str) -> None:
    line = strange(words)
    assert not set(line) & set("@<>[]|\n\r\t\x1b\u202e\u200b") and "://" not in line
    assert not re.search(r"[^\s.]\.[a-z]{2}", line)
    assert len(line) <= LONGEST_STRANGE


@pytest.mark.parametrize(("words", "shown"), [
    ("see evil.com/x, evil.co.uk", "see evil(.)com/x, evil(.)co(.)uk"),
    ("пример.рф и evil。com", "пример(.)рф и evil(.)com"),
    ("http://evil.com", "http(:)⁄⁄evil(.)com"),
    ("mailto:ann tel:123", "mailto(:)ann tel(:)123"),
    ("http 10.0.0.1/x", "http 10(.)0.0.1/x"),
    ("*bold* `code` ~gone~", "∗bold∗ ˋcodeˋ ∼gone∼"),
    ("error: v1.2.3 after 3.5 s. Next", "error: v1.2.3 after 3.5 s. Next"),
])  # fmt: skip
def test_what_chats_and_mail_programs_would_make_a_link_of_is_text(words: str, shown: str) -> None:
    assert strange(words) == shown
