"""What opens below an answer is brought into sight: otherwise a click seems to have done nothing."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import streamlit as st

_SCRIPT = Path(__file__).with_name("panel.js")


def bring_into_sight(kind: str, opened: object) -> None:
    """Scroll to the panel of this kind (`panel-KIND-…`) once it is there. What is `opened` makes the script a new one,
    so that the browser runs it for each panel once."""
    script = _SCRIPT.read_text(encoding="utf-8").replace("{{kind}}", kind)
    st.html(f"<script>/* {crc32(repr(opened).encode()):d} */{script}</script>", unsafe_allow_javascript=True)
