"""The parts of bench/dispatch.py: a channel, ours, the peers, and what is measured of all of them alike."""
