"""The people's door to the roster."""
