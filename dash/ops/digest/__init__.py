"""What is sent of itself: the morning list of stuck tickets, and the week in numbers.

what changed since this target heard last   stuck.py
the main numbers and one chart              weekly.py, chart.py
to whom, once                               sending.py
"""
