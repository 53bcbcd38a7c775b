"""The Ask page."""

from dash.ui.conversation import show_conversation
from dash.ui.opening import open_service
from dash.ui.session import interface_language
from dash.ui.sidebar import show_sidebar, show_threads

language = interface_language()
place = show_sidebar(language)
service = open_service(language)
if service is not None:
    show_threads(service, language, place)
    show_conversation(service)
