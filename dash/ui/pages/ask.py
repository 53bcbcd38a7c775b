"""The Ask page."""

from dash.ui.conversation import open_named_answer, show_conversation
from dash.ui.frame import show_frame
from dash.ui.proposed import show_proposed
from dash.ui.sidebar import show_new_thread, show_side

frame = show_frame()
place = show_new_thread(frame)
service = frame.open()
if service is not None:
    opened = open_named_answer(service)
    show_side(service, frame.language, place)
    show_proposed(service, frame.language)
    show_conversation(service, opened)
