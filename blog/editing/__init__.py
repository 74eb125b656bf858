"""Writing side by side: what a save carries, what the open form remembers, and who else is at it."""
