"""The deeds: one function per thing a person can do."""
