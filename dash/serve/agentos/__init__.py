"""Dash as an agent of Agno's AgentOS, for what speaks its protocol: `POST /agents/dash/runs` streams the steps of a
question and its answer, and a control plane can connect.

    agent.py      our answering path as the agent: events, sessions as threads, cancelling
    text.py       an answer as the text of a chat
    slack.py      questions that people ask in Slack
    endpoint.py   AgentOS behind our entrance, and of it only what we answer for
    alive.py      a stream that is not silent while a question waits

AgentOS is open by default, keeps sessions of its own and allows scripts of its makers' pages. Here it has no database,
no key and no origin of its own: who asks is decided before it hears of a request, and of it only that is there which
answers questions.
"""

from dash.serve.agentos.endpoint import AgentOsEndpoint, Door

__all__ = ["AgentOsEndpoint", "Door"]
