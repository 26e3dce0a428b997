"""What people fill in on the roster's pages."""
