"""Dash as tools of the Model Context Protocol, for assistants that people already talk to (docs/mcp.md).

    server.py         the tools together, and what an assistant is told about them
    calls.py          one call: on whose behalf, with which right, in a thread, stopped when nobody waits
    asking.py         ask, run_vetted_query, read_rows
    catalogue.py      list_metrics, describe_metric, list_vetted_queries
    conversations.py  find_conversations, replay_conversation
    stuck.py          stuck_tickets
    strangers.py      what customers wrote, marked as data and without signs that nobody sees
    http.py           the same tools over streamable HTTP, as an ASGI application

An assistant reads everything that a tool returns, so nothing here is longer than it has to be, and whatever the
database holds comes under a key of its own that says that it is data.
"""

from dash.serve.mcp.server import mcp_server

__all__ = ["mcp_server"]
