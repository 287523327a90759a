"""What is said of the API."""
