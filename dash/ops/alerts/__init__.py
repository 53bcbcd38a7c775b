"""Alerts: rules over governed metrics, judged from time to time, told once when they fire and once when they clear.

knowledge/alerts.yaml          the rules                                   file.py, checking.py
rule → number                  the query that a question would get         reading.py
number → state                 hysteresis, minimum volume, cool-down       judging.py
states, announcements          kept for ever                               episodes.py, watching.py
"""
