"""The Learnings page."""

from dash.ui.learnings.page import show_learnings

from dash.ui.frame import show_frame

frame = show_frame()
service = frame.open()
if service is not None:
    show_learnings(service, frame.language)
