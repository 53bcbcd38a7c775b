"""Synonyms with alternatives: one line of a file, several phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.knowledge.alternatives import expand_phrase
from dash.knowledge.formats import MetricFile


@pytest.mark.parametrize(
    ("phrase", "phrases"),
    [
        ("stuck tickets", ["stuck tickets"]),
        ("stuck (tickets|cases)", ["stuck tickets", "stuck cases"]),
        ("(not|not yet) ready (now|)", ["not ready now", "not ready", "not yet ready now", "not yet ready"]),
        ("chat(s|)", ["chats", "chat"]),
    ],
)
def test_alternatives_become_phrases(phrase: str, phrases: list[str]) -> None:
    assert expand_phrase(phrase) == phrases


@pytest.mark.parametrize("phrase", ["stuck (tickets", "stuck tickets)", "((a|b) c|d)"])
def test_half_a_parenthesis_is_a_fault_of_the_file(phrase: str) -> None:
    with pytest.raises(ValueError, match="parenthesis"):
        expand_phrase(phrase)
    with pytest.raises(ValueError, match="parenthesis"):
        MetricFile.model_validate({"name": "n", "synonyms": {"en": [phrase]}})


_WORD = st.text("abcdé", min_size=1, max_size=4)


@given(st.lists(st.lists(_WORD, min_size=1, max_size=3), min_size=1, max_size=4))
def test_every_choice_is_met_once(slots: list[list[str]]) -> None:
    phrases = expand_phrase(" ".join(f"({'|'.join(slot)})" for slot in slots))
    assert len(phrases) == len(set(phrases))
    assert set(phrases) >= {" ".join(slot[i % len(slot)] for slot in slots) for i in range(3)}
