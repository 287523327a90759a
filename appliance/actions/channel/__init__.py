"""Channels: what they are, who sees them, who is in them."""
