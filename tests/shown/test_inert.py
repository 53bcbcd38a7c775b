"""Words of strangers where markup is read: they are one paragraph of text, whatever is written in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dash.shown.inert import inert, plain, unlinked

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = st.text(alphabet=st.sampled_from("ab1 .)(!#*_-+=~`[]<>|\\&;:/@\n\t\"'^w\u202e\u200b"), max_size=16)


@given(SIGNS | st.text(max_size=40))
def test_any_words_are_one_paragraph_of_text(words: str) -> None:
    line = inert(words)
    tokens = MARKDOWN.parse(line)
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert {child.type for token in tokens for child in token.children or ()} <= {"text", "text_special"}
    assert "://" not in line and "www." not in line.lower()
    assert inert(line) == line


@pytest.mark.parametrize(
    "words",
    [
        "Leader: shipping (34%), up 3.2 points from last week; 1.5 h of 2 h.",
        "−12% · support_threads_data.status_changed_at · $4.20 & more",
        "Какой resolution rate по retention кейсам за январь?",
        "12,5 % · «résolu» — «ja!»",
    ],
)
def test_ordinary_sentences_stay_as_they_are(words: str) -> None:
    assert inert(words) == words


@pytest.mark.parametrize(("words", "shown"), [
    ("https://evil.example", "https(:)⁄⁄evil(.)example"),
    ("steam://run and mailto:ann@evil.com", "steam:⁄⁄run and mailto(:)ann@evil(.)com"),
    ("Where the data: come from, the file: none, v1.2.3", "Where the data: come from, the file: none, v1.2.3"),
])  # fmt: skip
def test_nothing_is_made_a_link_of(words: str, shown: str) -> None:
    assert unlinked(words) == shown


@given(SIGNS | st.text(max_size=40))
def test_what_makes_no_link_is_no_markup_either(words: str) -> None:
    tokens = MARKDOWN.parse(plain(words))
    assert {child.type for token in tokens for child in token.children or ()} <= {"text", "text_special"}
