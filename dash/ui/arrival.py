"""Where a link leads when one has to sign in first: there, once that is done.

The provider brings everybody back to the front page, so the browser's tab remembers where they wanted to go. The server
has no part in it: an address in a cookie or in the sign-in itself could be somebody else's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

_SCRIPT = Path(__file__).with_name("arrival.js")


def remember_link() -> None:
    """At the door: this tab wants to come back here."""
    _run("door")


def follow_link() -> None:
    """Inside: go where this tab wanted to go, if it came from the door just now."""
    _run("inside")


def _run(at: Literal["door", "inside"]) -> None:
    script = _SCRIPT.read_text(encoding="utf-8").replace("{{at}}", at)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
