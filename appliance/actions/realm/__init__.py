"""The organization: its settings, its things, and how people come into it."""
