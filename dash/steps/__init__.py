"""The steps of a question, one public function each: ground → plan → guard → execute → interpret.

Steps never import each other; `dash/ask.py` is the only place that knows their order.
"""
