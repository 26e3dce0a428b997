"""The outside world of rosters: calendars as other programs write, serve and read them (iCalendar, RFC 5545)."""
