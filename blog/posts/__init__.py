"""Posts: what editors write, and what readers find."""
