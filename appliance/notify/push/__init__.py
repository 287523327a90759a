"""What a push says, and in which form each road takes it."""
