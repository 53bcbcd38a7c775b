"""The settings of a language model: a key alone is enough, what is wrong is one sentence, and no secret is shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dash.errors import SettingsError
from dash.llm.exchange import is_loopback, seconds_to_wait
from dash.llm.prices import Price, Prices, parse_prices
from dash.settings import DEFAULT_MODEL, Budget, LlmSettings, Settings
from tests.conftest import NOW

KEY = "sk-do-not-show-me"


def read(**environment: str) -> LlmSettings | None:
    return Settings.from_env({"DASH_HOME": "/home/of/dash", **environment}).llm


def test_a_key_alone_is_enough() -> None:
    assert read(OPENAI_API_KEY=KEY) == LlmSettings(api_key=KEY, prices=Path("/home/of/dash/prices.yaml"))


def test_a_server_that_needs_no_key_needs_a_model() -> None:
    ollama = {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}
    found = read(**ollama, DASH_MODEL="qwen2.5-coder")
    assert found is not None
    assert (found.api_key, found.base_url, found.model) == (None, ollama["OPENAI_BASE_URL"], "qwen2.5-coder")
    assert read(**ollama) is None


@pytest.mark.parametrize(
    "environment",
    [{}, {"DASH_MODEL": "gpt-x"}, {"OPENAI_API_KEY": "  "}, {"OPENAI_API_KEY": KEY, "DASH_MODEL": "off"}],
)
def test_without_a_model_nothing_changes(environment: dict[str, str]) -> None:
    assert read(**environment) is None


def test_a_model_that_is_off_does_not_look_at_its_other_settings() -> None:
    assert read(OPENAI_API_KEY="two words", DASH_MODEL="off", DASH_MODEL_CALLS="many") is None


def test_every_setting_is_read() -> None:
    found = read(
        OPENAI_API_KEY=KEY,
        OPENAI_BASE_URL="https://models.example.com/v1",
        DASH_MODEL="small",
        DASH_MODEL_SQL="large",
        DASH_FALLBACK_MODELS="second, third,",
        DASH_REASONING_EFFORT="low",
        DASH_REASONING_EFFORT_SQL="high",
        DASH_MODEL_DEADLINE="90",
        DASH_MODEL_CALLS="3",
        DASH_BUDGET_QUESTION_TOKENS="none",
        DASH_BUDGET_USER_TOKENS="100000",
        DASH_BUDGET_DAY_USD="2.5",
        DASH_PRICES="/etc/prices.yaml",
    )
    assert found == LlmSettings(
        api_key=KEY,
        base_url="https://models.example.com/v1",
        model="small",
        models={"sql": "large"},
        fallbacks=("second", "third"),
        effort="low",
        efforts={"sql": "high"},
        deadline_seconds=90.0,
        calls=3,
        question=Budget(),
        user=Budget(tokens=100_000),
        day=Budget(usd=2.5),
        prices=Path("/etc/prices.yaml"),
    )
    assert [found.model_for(purpose) for purpose in ("plan", "sql", "prose")] == ["small", "large", "small"]
    assert [found.effort_for(purpose) for purpose in ("plan", "sql", "prose")] == ["low", "high", "low"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", f"{KEY} {KEY}"),
        ("OPENAI_API_KEY", f"{KEY}\nInjected: header"),
        ("OPENAI_API_KEY", "ключ-do-not-show-me"),
        ("OPENAI_BASE_URL", "do-not-show-me.example.com/v1"),
        ("OPENAI_BASE_URL", "ftp://ann:do-not-show-me@example.com"),
        ("OPENAI_BASE_URL", "http://"),
        ("OPENAI_BASE_URL", "http://[::1/v1"),
        ("OPENAI_BASE_URL", "http://example.com:99999/v1"),
        ("DASH_REASONING_EFFORT", "extreme"),
        ("DASH_REASONING_EFFORT_SQL", "extreme"),
        ("DASH_MODEL_DEADLINE", "soon"),
        ("DASH_MODEL_DEADLINE", "0"),
        ("DASH_MODEL_CALLS", "0"),
        ("DASH_BUDGET_DAY_TOKENS", "-1"),
        ("DASH_BUDGET_USER_USD", "$5"),
    ],
)
def test_a_wrong_value_names_its_variable_and_shows_no_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        read(**{"OPENAI_API_KEY": KEY, name: value})
    assert str(wrong.value).startswith(name)
    assert "do-not-show-me" not in str(wrong.value)


def test_settings_show_neither_key_nor_address_and_can_be_a_key_of_a_cache() -> None:
    environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://ann:secret@example.com/v1"}
    settings = Settings.from_env({"DASH_HOME": "/h", "DASH_MODEL_SQL": "large", **environment})
    assert "do-not-show-me" not in f"{settings} {settings!r}" and "secret" not in repr(settings)
    other = Settings.from_env({"DASH_HOME": "/h", "DASH_MODEL_SQL": "other", **environment})
    assert len({settings, other}) == 2


VARIABLES = [
    "DASH_MODEL",
    "DASH_MODEL_SQL",
    "DASH_FALLBACK_MODELS",
    "DASH_MODEL_CALLS",
    "DASH_MODEL_DEADLINE",
    "DASH_BUDGET_DAY_USD",
    "DASH_BUDGET_DAY_TOKENS",
    "DASH_REASONING_EFFORT",
    "DASH_PRICES",
    "OPENAI_BASE_URL",
]


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text()))
@example({"DASH_PRICES": "~0"})
def test_no_text_in_a_variable_is_more_than_a_settings_error(environment: dict[str, str]) -> None:
    try:
        found = read(OPENAI_API_KEY=KEY, **environment)
    except SettingsError:
        return
    assert found is None or found.model


def test_prices_are_for_a_million_tokens(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(f"{DEFAULT_MODEL}: {{input: 0.75, output: 4.5}}\n'llama:3b': {{input: 0, output: 0}}\n")
    prices = Prices.load(path)
    assert prices.cost_usd(DEFAULT_MODEL, 2_000_000, 1_000_000) == pytest.approx(6.0)
    assert prices.cost_usd("llama:3b", 10**9, 10**9) == 0.0
    assert prices.cost_usd("unknown", 1, 1) is None


def test_without_a_file_nothing_has_a_price(tmp_path: Path) -> None:
    assert Prices.load(None).models == Prices.load(tmp_path / "none.yaml").models == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- gpt", "1: this is no list of prices by model"),
        ("gpt: 3", "1: this is no price of gpt"),
        ("a: {input: 1, output: 1}\ngpt: {input: 1}", "2: this is no price of gpt"),
        ("gpt: {input: 1, output: 2, cached: 3}", "1: this is no price of gpt"),
        ("gpt: {input: -1, output: 2}", "1: this is no price of gpt"),
        ("gpt: {input: .nan, output: 2}", "1: this is no price of gpt"),
        ("gpt: {input: true, output: 2}", "1: this is no price of gpt"),
        ("gpt: {input: 1, output: 2}\ngpt: {input: 1, output: 3}", "2: the key gpt stands twice"),
        ("gpt: {input: 1", "1: a bracket opens here"),
        ("gpt: !!python/object/apply:os.system [ls]", "1: the tag"),
    ],
)
def test_a_broken_prices_file_says_where_and_what(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError) as wrong:
        Prices.load(path)
    assert f"{path}:{words}" in str(wrong.value)


def test_a_prices_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        Prices.load(path)


amounts = st.decimals(min_value=0, max_value=10_000, places=4)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9.:/-]*[a-z]", fullmatch=True), st.tuples(amounts, amounts)))
def test_prices_come_back_as_they_were_written(prices: dict[str, tuple[Decimal, Decimal]]) -> None:
    lines = [f"'{model}': {{input: {first}, output: {second}}}" for model, (first, second) in prices.items()]
    read_back = parse_prices("\n".join(lines), "prices.yaml")
    assert read_back == {model: Price(float(first), float(second)) for model, (first, second) in prices.items()}


@given(st.text())
def test_no_text_of_a_prices_file_is_more_than_a_settings_error(text: str) -> None:
    try:
        parse_prices(text, "prices.yaml")
    except SettingsError:
        return


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:10 GMT"}, 10.0),
        ({"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers, NOW) == seconds


@given(st.text())
def test_no_header_makes_us_wait_for_something_that_is_no_time(text: str) -> None:
    seconds = seconds_to_wait({"retry-after": text}, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://localhost/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)
def test_no_proxy_stands_before_a_server_on_this_machine(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
