"""The Learnings page and its parts."""
