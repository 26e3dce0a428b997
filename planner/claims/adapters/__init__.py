"""Formats in which sightings come, one module each; formats.py names them. A new one: copy its neighbour."""
