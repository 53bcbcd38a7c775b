"""Questions from Slack, as it sends them by its documentation of the Events API, answered at an endpoint of our own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dash.access import may
from dash.database import Database
from dash.errors import SettingsError
from dash.records import Viewer
from dash.serve.agentos.slack import SlackInterface, question_of
from dash.serve.agentos.text import slack_text
from dash.serve.bounds import MOST_BODY_BYTES
from dash.settings import Settings, SlackSettings
from tests.listening import listening
from tests.serve.conftest import Served, served
from tests.serve.test_asking import eventually

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
QUESTION = "How many tickets did AI handle this week by category?"
LEAD, STRANGER = "U0LEAD", "U0STRANGER"
BOT = "U0BOT"
CHALLENGE = {"token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd", "type": "url_verification"}


@dataclass
class Slack:
    """What Slack got, and the server that it sends events to."""

    served: Served
    messages: list[dict[str, Any]] = field(default_factory=list)

    def send(self, body: dict[str, Any], **changed: Any) -> httpx2.Response:
        """Send an event as Slack does; `changed` are other headers."""
        content, now = json.dumps(body).encode(), str(int(changed.pop("at", time.time())))
        signed = hmac.new(
            changed.pop("secret", SECRET).encode(), b"v0:" + now.encode() + b":" + content, hashlib.sha256
        )
        headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={signed.hexdigest()}"}
        with self.served.client() as client:
            return client.post(
                "/slack/events", content=content, headers={"Content-Type": "application/json"} | headers | changed
            )


def event(text: str, user: str = LEAD, *, ts: str = "1515449522.000016", **more: Any) -> dict[str, Any]:
    """A mention, with every field that the documentation shows."""
    outer = {name: more.pop(name) for name in ("event_id", "is_ext_shared_channel") if name in more}
    return {
        "token": "XXYYZZ",
        "team_id": "T123ABC456",
        "api_app_id": "A123ABC456",
        "event": {
            "type": "app_mention", "user": user, "text": f"<@{BOT}> {text}", "ts": ts, "channel": "C123ABC456",
            "event_ts": ts,
        } | more,
        "type": "event_callback",
        "event_id": f"Ev{hash((text, user, ts)):x}",
        "event_time": 1515449522,
        "authorizations": [
            {"enterprise_id": None, "team_id": "T123ABC456", "user_id": BOT, "is_bot": True,
             "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6ImFwcF9tZW50aW9uIn0",
    } | outer  # fmt: skip


@pytest.fixture(scope="module")
def slack(api: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    """A Slack of our own, and a server with an app of it."""
    messages: list[dict[str, Any]] = []

    async def post(request: Request) -> JSONResponse:
        messages.append(
            await request.json() | {"token": request.headers["authorization"], "method": request.path_params["method"]}
        )
        return JSONResponse({"ok": True, "ts": "1"})

    access = tmp_path_factory.mktemp("slack") / "access.yaml"
    access.write_text(f'people: {{"https://slack.com#{LEAD}": lead}}\n', encoding="utf-8")
    with listening(Starlette(routes=[Route("/api/{method}", post, methods=["POST"])])) as url:
        settings = replace(api.dash.settings, access=access, slack=SlackSettings("xoxb-1", SECRET, f"{url}/api/"))
        with served(settings) as running:
            yield Slack(running, messages)


@pytest.fixture(autouse=True)
def forgotten(slack: Slack) -> None:
    """Each test begins without messages."""
    slack.messages.clear()


def heard(slack: Slack, count: int = 1) -> list[dict[str, Any]]:
    """The messages, once there are so many."""
    assert eventually(lambda: len(slack.messages) >= count), slack.messages
    return slack.messages


def test_a_mention_is_answered_in_its_thread_and_a_follow_up_leans_on_it(slack: Slack) -> None:
    assert slack.send(event(QUESTION)).json() == {"ok": True}
    (said,) = heard(slack)
    assert (said["method"], said["channel"], said["thread_ts"]) == (
        "chat.postMessage", "C123ABC456", "1515449522.000016",
    )  # fmt: skip
    assert (said["token"], said["unfurl_links"], said["unfurl_media"]) == ("Bearer xoxb-1", False, False)
    assert "```\nCategory" in said["text"]
    slack.send(event("And last month?", ts="1515449599.000001", thread_ts="1515449522.000016"))
    assert "```\nCategory" in heard(slack, 2)[1]["text"]
    (thread,) = slack.served.dash.threads.list(f"https://slack.com#{LEAD}", 10)
    assert len(slack.served.dash.threads.turns(thread.id)) == 2


def test_a_direct_message_is_a_question_without_a_mention(slack: Slack) -> None:
    slack.send(event(QUESTION, ts="3.1", type="message", channel_type="im", channel="D1"))
    (said,) = heard(slack)
    assert said["channel"] == "D1" and "```\nCategory" in said["text"]
    assert question_of(event("Tickets &gt; 5 stars?")) == "Tickets > 5 stars?"


def test_whoever_has_no_role_hears_what_to_do(slack: Slack) -> None:
    slack.send(event(QUESTION, STRANGER))
    assert "ask an administrator" in heard(slack)[0]["text"]


def test_who_may_do_more_elsewhere_only_asks_where_a_channel_listens() -> None:
    asked: list[Viewer] = []

    async def reply(viewer: Viewer, session: str, question: str) -> str:
        asked.append(viewer)
        return "Yes."

    def ops(user: str) -> Viewer:
        return Viewer(user, sees_personal=True, roles=frozenset({"ops"}))

    interface = SlackInterface(SlackSettings("xoxb-1", SECRET), ops, reply, lambda event_id: True)
    assert asyncio.run(interface._text("Ev1", "U1", "session", "Why?")) == "Yes."
    assert (asked[0].sees_personal, asked[0].only, may(asked[0], "ask")) == (False, {"ask"}, True)


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"secret": "another"}, 403), ({"at": time.time() - 3600}, 403), ({"X-Slack-Signature": "v0=\u00e9"}, 403),
     ({"X-Slack-Signature": ""}, 403), ({"X-Slack-Request-Timestamp": "soon"}, 403)],
)  # fmt: skip
def test_what_slack_has_not_signed_now_is_refused(slack: Slack, changed: dict[str, Any], status: int) -> None:
    encoded = {name: value.encode("latin-1") if isinstance(value, str) and name.startswith("X-") else value
               for name, value in changed.items()}  # fmt: skip
    assert slack.send(event("How many?", ts="5.1"), **encoded).status_code == status
    assert not slack.messages


def test_strangers_pay_for_their_address_and_do_not_shut_slack_out(fresh_database: Database) -> None:
    settings = replace(fresh_database.settings, slack=SlackSettings("xoxb-1", SECRET))
    with served(settings, address_rate=1) as running:
        ours = Slack(running)
        assert [ours.send(CHALLENGE).status_code for _ in range(3)] == [200] * 3
        assert [ours.send(CHALLENGE, secret="another").status_code for _ in range(2)] == [403, 429]
        assert ours.send(CHALLENGE).status_code == 200


def test_a_body_without_end_is_not_read_for_its_signature(slack: Slack) -> None:
    with slack.served.client() as client:
        parts = iter([b"x" * MOST_BODY_BYTES, b"x"])
        assert client.post("/slack/events", content=parts).status_code == 413


def test_what_is_no_question_of_a_person_among_us_is_passed_over(slack: Slack) -> None:
    again = event(QUESTION, ts="6.1")
    for data in (
        event(QUESTION, ts="6.2", bot_id="B1"),
        event(QUESTION, ts="6.3", subtype="message_changed"),
        event(QUESTION, ts="6.4", is_ext_shared_channel=True),
        event(QUESTION, ts="6.5", type="message", channel_type="channel"),
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added", "user": LEAD}},
        again,
        again,  # sent again, as after a lost acknowledgement
    ):
        assert slack.send(data).status_code == 200
    slack.send(event(QUESTION, ts="6.9"))
    heard(slack, 2)
    assert {said["thread_ts"] for said in slack.messages} == {"6.1", "6.9"} and len(slack.messages) == 2


def test_an_event_that_reaches_two_processes_is_answered_by_one(slack: Slack) -> None:
    again = event(QUESTION, ts="7.1")
    with served(slack.served.dash.settings) as other:  # with a memory of its own
        both = (slack, Slack(other))
        for _ in range(2):
            assert [one.send(again).json() for one in both] == [{"ok": True}] * 2
        both[1].send(event(QUESTION, ts="7.9"))
        assert eventually(lambda: {said["thread_ts"] for said in slack.messages} == {"7.1", "7.9"})
    assert len(slack.messages) == 2


def test_slack_makes_sure_that_the_address_is_ours(slack: Slack) -> None:
    assert slack.send(CHALLENGE).json() == {"challenge": CHALLENGE["challenge"]}


def test_without_its_settings_there_is_no_slack(ann: httpx2.Client) -> None:
    assert ann.post("/slack/events", json={}).status_code == 404


def test_one_of_the_two_settings_is_not_enough_and_both_may_stand_in_files(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DASH_SLACK_SIGNING_SECRET"):
        Settings.from_env({"DASH_SLACK_TOKEN": "xoxb-1"})
    (tmp_path / "token").write_text("xoxb-1\n", encoding="utf-8")
    read = Settings.from_env({"DASH_SLACK_TOKEN_FILE": str(tmp_path / "token"), "DASH_SLACK_SIGNING_SECRET": "s3cret"})
    assert read.slack == SlackSettings("xoxb-1", "s3cret") and "s3cret" not in repr(read) and "xoxb" not in repr(read)


def test_a_value_of_the_database_calls_nobody_and_leaves_no_block(slack: Slack) -> None:
    hostile = "evil.com <!channel> ```*so* <https://evil.example.com|x> &lt;"
    answer = {
        "headline": f"Leader: {hostile}", "context": [], "caveats": [], "choices": [], "language": "en",
        "columns": [{"name": "a", "label": "A", "unit": "text", "role": "attribute"}] * 2,
        "rows": [[hostile, "b"]],
    }  # fmt: skip
    text = slack_text(answer, slack.served.dash.knowledge)
    assert "<" not in text and ">" not in text and text.count("```") == 2 and text.endswith("\n```")
    assert "://" not in text and ".com" not in text and text.count("evil(.)com") == 2
