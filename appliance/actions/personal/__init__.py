"""What people keep, choose and do for themselves."""
