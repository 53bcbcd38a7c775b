"""Dash for support: plain-language questions about support data, answered with numbers that can be trusted.

Importing this package does nothing and costs nothing; `dash.ask.Dash.open(Settings.from_env())` starts the product.
"""
