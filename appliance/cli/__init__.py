"""The `appliance` commands."""
