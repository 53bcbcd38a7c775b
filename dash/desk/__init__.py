"""Questions at work, outside of the page or the request that asked them.

desk.py    who works on them, what becomes of their answers, stopping them
turns.py   the bound on them, and whose turn it is
job.py     one of them, as whoever asked watches it
"""

from dash.desk.desk import MOST_KEPT, SECONDS_BETWEEN_LOOKS, Desk, OwnDesk, open_desk
from dash.desk.job import NOBODY, AnswerDict, Ask, Job
from dash.desk.turns import MOST_AT_WORK, MOST_AT_WORK_OF_ONE, MOST_WAITING, MOST_WAITING_OF_ONE

__all__ = [
    "MOST_AT_WORK",
    "MOST_AT_WORK_OF_ONE",
    "MOST_KEPT",
    "MOST_WAITING",
    "MOST_WAITING_OF_ONE",
    "NOBODY",
    "SECONDS_BETWEEN_LOOKS",
    "AnswerDict",
    "Ask",
    "Desk",
    "Job",
    "OwnDesk",
    "open_desk",
]
