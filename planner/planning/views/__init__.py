"""The people's door to planning."""
