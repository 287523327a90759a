"""Messages: sending, reading, changing, deleting."""
