"""The Learnings page."""

from dash.ui.frame import show_frame
from dash.ui.learnings.page import show_learnings

frame = show_frame()
service = frame.open()
if service is not None:
    show_learnings(service, frame.language)
