"""The interview about a draft, on a page."""
