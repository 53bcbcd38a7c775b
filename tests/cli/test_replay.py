"""`dash replay`: a conversation in a terminal."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_a_conversation_is_shown_as_a_transcript_or_as_json(dash_with_data: Run) -> None:
    shown = dash_with_data("replay", "T-000013")
    assert shown.returncode == 0
    assert shown.stdout.startswith("T-000013")
    assert "message customer" in shown.stdout
    found = json.loads(dash_with_data("replay", "T-000013", "--json").stdout)
    assert found["conversation"]["id"] == "T-000013"
    assert found["totals"]["events"] == len(found["events"])


def test_a_conversation_that_does_not_exist_is_one_sentence_and_exit_code_1(dash_with_data: Run) -> None:
    missing = dash_with_data("replay", "T-999999")
    assert missing.returncode == 1
    assert missing.stderr.strip().endswith("There is no conversation T-999999.")
