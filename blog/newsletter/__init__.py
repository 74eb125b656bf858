"""The weekly letter: who gets it, what it tells, and that each gets it once."""
