"""What administrators see of the server itself, and do with it."""
