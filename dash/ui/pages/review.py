"""The Review page."""

from dash.ui.frame import show_frame
from dash.ui.review.page import show_review

frame = show_frame()
service = frame.open()
if service is not None:
    show_review(service, frame.language)
