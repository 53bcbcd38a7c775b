"""The board: a standing picture of governed metrics, and the answers that people pinned below it.

bar.py        the range and the filters for all cards          asking.py   the question that a card opens as
planning.py   a card → the plan of a question of that meaning  pins.py     pinned answers, kept and arranged
running.py    cards run, a few at a time, and are kept         refreshing.py  pinned plans run again
showing.py    what is on a card                                checking.py faults of knowledge/board.yaml
"""

from dash.board.bar import Bar, opening_bar
from dash.board.running import Board, Standing
from dash.board.showing import Shown

__all__ = ["Bar", "Board", "Shown", "Standing", "opening_bar"]
