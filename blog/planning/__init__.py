"""The overview: board, calendar, and what many posts get at once."""
