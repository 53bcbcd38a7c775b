"""What the address of the Knowledge page says: `?view=write&draft=…`, `?entry=metric:csat`."""

from __future__ import annotations

from typing import Literal, get_args

import streamlit as st

View = Literal["catalogue", "write", "asked", "check"]
VIEWS: tuple[View, ...] = get_args(View)
_OWN = ("view", "entry", "draft")


def current(name: str) -> str:
    """What the address says under a name, "" for nothing; nobody has checked it."""
    return st.query_params.get(name) or ""


def go(**places: str) -> None:
    """Show this from now on. What is not named is left."""
    for name in _OWN:
        if name in st.query_params and name not in places:
            del st.query_params[name]
    for name, value in places.items():
        if value and (name, value) != ("view", "catalogue"):
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
