"""The page reads questions from many threads at once, with one reader."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from dash.language import tokens
from dash.language.reader import Reader

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WORDS = ["обращениями", "категориям", "эскалированные", "resolution", "conversations", "escalated", "срочность"]


def test_stems_are_the_same_from_every_thread() -> None:
    rng = random.Random(1)
    words = [f"{rng.choice(WORDS)}{rng.choice('абвгabc')}{number % 97}" for number in range(4_000)]
    tokens._stem.cache_clear()
    alone = [tokens.stem_word(word) for word in words]
    tokens._stem.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(tokens.stem_word, words))
    tokens._stem.cache_clear()
    assert together == alone


def test_questions_mean_the_same_from_every_thread(reader: Reader) -> None:
    questions = [
        "How many tickets last week?",
        "Какой resolution rate по retention кейсам за январь?",
        "top 5 categories by number of tickets this year",
        "сколько обращений из Германии в октябре кроме почты",
    ]

    def query(question: str) -> object:
        read, spans = reader.ground(question, NOW, "UTC")
        return reader.read(question, read, spans, NOW, "UTC").readings[0].query

    alone = [query(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(query, questions * 25)) == alone * 25
