"""Groups of people, and the permissions that name them."""
