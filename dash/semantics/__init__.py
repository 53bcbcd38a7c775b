"""Meaning in governed terms: the model of what can be asked, moments in time, and the one compiler to SQL."""
