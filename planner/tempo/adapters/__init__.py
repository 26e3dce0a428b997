"""The outside world of the tempo: the calendars of countries."""
