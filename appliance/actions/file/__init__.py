"""Uploaded files, and pictures made of them."""
