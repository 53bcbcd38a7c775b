"""A tab that loses its server says so, and is at work again by itself when the server is back."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from dash.ui.texts import text

_SCRIPT = Path(__file__).with_name("connection.js")


def watch_connection(language: str) -> None:
    """Have the browser watch, once per tab."""
    words = json.dumps(json.dumps(text("offline", language), ensure_ascii=False), ensure_ascii=False)
    script = _SCRIPT.read_text(encoding="utf-8").replace("{{words}}", words)
    with st.container(key="connection"):  # which takes no place on the page: see the looks of the frame
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
