"""Bots: making and owning them, what they keep, what they are told; and the server's own."""
