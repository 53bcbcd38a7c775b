"""Slack as an interface of AgentOS: a mention or a direct message is a question, its answer comes into the same thread.

Who asks is whom Slack names in a message that it has signed: `https://slack.com#USER`, as when people sign in with
Slack, with the roles that the access file gives this name. What is said in a channel everybody there reads, so whoever
asks may do nothing here but ask and sees no personal data, and in a channel shared with another company nobody is
answered at all.

AgentOS has an interface of its own for Slack; its parts are used, and not the whole: it leaves the bot's name in the
question, fetches the files that are sent along, whatever their size, and waits for Slack when the server starts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

from agno.os.interfaces.base import BaseInterface
from agno.os.interfaces.slack.helpers import (
    extract_event_context,
    send_slack_message_async,
    should_respond,
    strip_bot_mention,
)
from agno.os.interfaces.slack.security import verify_slack_signature
from fastapi import APIRouter, BackgroundTasks
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dash.errors import DashError, InternalError
from dash.records import Viewer
from dash.serve.withheld import told
from dash.settings import SlackSettings

logger = logging.getLogger(__name__)

ISSUER = "https://slack.com"
_BROKE = "Something broke inside Dash; its log says what."

Reply = Callable[[Viewer, str, str], Awaitable[str]]


class SlackInterface(BaseInterface):
    """`reply` answers a question of a viewer in a session of theirs, as Slack's text; `viewer` says who somebody is;
    `take` says whether an event is a new one, which it is once for all processes together."""

    type = "slack"
    prefix = "/slack"
    authenticates_own_requests = True

    def __init__(
        self, settings: SlackSettings, viewer: Callable[[str], Viewer], reply: Reply, take: Callable[[str], bool]
    ) -> None:
        self.tags = ["Slack"]
        self._secret = settings.signing_secret
        self._client = AsyncWebClient(token=settings.token, base_url=settings.api_url)
        self._viewer, self._reply, self._take = viewer, reply, take

    def get_router(self, use_async: bool = True, **kwargs: Any) -> APIRouter:
        """What AgentOS mounts."""
        self.router = APIRouter(prefix=self.prefix)
        self.router.add_api_route("/events", self._receive, methods=["POST"], include_in_schema=False)
        return self.router

    def has_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether Slack has sent this, within the last five minutes."""
        signed = (headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", ""))
        # Signs beyond ASCII cannot be compared, and are in no signature.
        return signed[1].isascii() and verify_slack_signature(body, *signed, signing_secret=self._secret)

    async def _receive(self, request: Request, background: BackgroundTasks) -> dict[str, Any]:
        """Take an event. Slack sends it again unless it is taken within three seconds, so answering comes after."""
        body = await request.body()
        if not self.has_signed(request.headers, body):
            raise HTTPException(403)
        try:
            data = json.loads(body)
        except ValueError as error:
            raise HTTPException(400) from error
        if not isinstance(data, dict):
            raise HTTPException(400)
        if data.get("type") == "url_verification":
            return {"challenge": data.get("challenge")}
        if is_question(data) and isinstance(data.get("event_id"), str):
            background.add_task(self._answer, data)
        return {"ok": True}

    async def _answer(self, data: Mapping[str, Any]) -> None:
        """Answer what somebody asked, unless it was taken before; whatever happens, they hear of it."""
        context = extract_event_context(data["event"])
        channel, thread = context["channel_id"], context["thread_id"]
        try:
            text = await self._text(data["event_id"], context["user"], f"slack:{channel}:{thread}", question_of(data))
            if text is None:
                return
            await send_slack_message_async(self._client, channel, thread, text, unfurl_links=False, unfurl_media=False)
        except (SlackClientError, OSError, TimeoutError) as error:
            logger.error("Slack did not take an answer: %s", type(error).__name__)

    async def _text(self, event_id: str, user: str, session: str, question: str) -> str | None:
        try:
            if not await asyncio.to_thread(self._take, event_id):
                return None
            viewer = await asyncio.to_thread(self._viewer, user)
            # Everybody in the channel reads it, whatever whoever asks may see.
            viewer = replace(viewer, sees_personal=False, only=frozenset({"ask"}))
            return await self._reply(viewer, session, question)
        except InternalError:
            logger.exception("A question from Slack broke.")
            return _BROKE
        except DashError as error:
            return told(error)


def is_question(data: Mapping[str, Any]) -> bool:
    """Whether an event is a person's mention of us or their direct message, where nobody of another company listens."""
    event = data.get("event")
    if not isinstance(event, dict) or data.get("is_ext_shared_channel"):
        return False
    # Edits, joins, bots and files have a subtype or a bot's id.
    by_a_person = event.get("user") and not event.get("bot_id") and not event.get("subtype")
    return bool(by_a_person and event.get("text") and event.get("channel") and should_respond(event, True))


def question_of(data: Mapping[str, Any]) -> str:
    """The words without the mention of us, and as they were typed: Slack escapes three signs.

    "<@U0BOT> tickets &gt; 5?" → "tickets > 5?"
    """
    us = (data.get("authorizations") or [{}])[0].get("user_id")
    return unescape(strip_bot_mention(str(data["event"]["text"]), us))
