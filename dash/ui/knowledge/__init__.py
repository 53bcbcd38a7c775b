"""The Knowledge page and its parts."""
