"""Pages of publishing: the calendar, scheduling, one post, the register of channels."""
