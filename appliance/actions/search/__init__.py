"""Narrows, and reading what is in them."""
