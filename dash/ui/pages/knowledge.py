"""The Knowledge page."""

from dash.ui.frame import show_frame
from dash.ui.knowledge.page import show_knowledge

frame = show_frame()
service = frame.open()
if service is not None:
    show_knowledge(service, frame.language)
