"""The only outbound sockets."""
